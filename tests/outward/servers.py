"""Real servers on this machine, for what calls outward: one that answers, one that only counts."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Arrived:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What a receiver answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Receiver:
    """An HTTP server that keeps what came and answers with `answer(arrived)`."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.answer: Callable[[Arrived], Reply] = lambda _arrived: Reply()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def replies(self, *replies: int) -> None:
        """Answer with these statuses in turn, and with the last one from then on."""
        left = list(replies)
        self.answer = lambda _arrived: Reply(left.pop(0) if len(left) > 1 else left[0])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                arrived = Arrived(self.path, headers, body)
                owner.arrived.append(arrived)
                reply = owner.answer(arrived)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                try:
                    self.wfile.write(reply.body)
                except (BrokenPipeError, ConnectionResetError):
                    return  # the caller has heard enough

            def log_message(self, *_said: object) -> None:
                return

        return Handler


@contextmanager
def receiving() -> Iterator[Receiver]:
    made = Receiver()
    try:
        yield made
    finally:
        made.close()


class Door:
    """Accepts connections and does with each what the test wants; counts them."""

    def __init__(self, treat: Callable[[socket.socket], None], host: str = "127.0.0.1") -> None:
        self._socket = socket.create_server((host, 0))
        self.port = int(self._socket.getsockname()[1])
        self.accepted = 0
        self._treat = treat
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _peer = self._socket.accept()
            except OSError:
                return  # closed by the test
            self.accepted += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection:
            try:
                self._treat(connection)
            except OSError:
                return  # the caller went away

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(2)


@contextmanager
def door(
    treat: Callable[[socket.socket], None] = lambda _connection: None, host: str = "127.0.0.1"
) -> Iterator[Door]:
    """A door of this machine; by default it closes each connection at once."""
    made = Door(treat, host)
    try:
        yield made
    finally:
        made.close()

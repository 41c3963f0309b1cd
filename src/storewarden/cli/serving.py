"""The web server: waitress, bound before anything is started, ended without cutting an answer."""

import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.utils.translation import gettext as _
from waitress.server import create_server

from storewarden import clock
from storewarden.stores.errors import Refusal

LARGEST_BODY = 16_000_000
FINISH_WITHIN_S = 20.0
LOOK_EVERY_S = 0.5

# waitress has no types; this says once what is used of it.
_create_server: Callable[..., Any] = create_server


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections. Raises Refusal with the reason in words."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, ValueError) as error:  # ValueError: no name that could be looked up
        raise _cannot_listen(host, port, error) from None


def _cannot_listen(host: str, port: int, error: OSError | ValueError) -> Refusal:
    reason = getattr(error, "strerror", None) or str(error)
    where = {"host": host[:80], "port": port, "reason": reason}
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return Refusal(
            "port_in_use",
            _("Port %(port)d on %(host)s is in use by another program.") % where,
            _("Stop that program, or choose another port with --port or STOREWARDEN_PORT."),
        )
    return Refusal(
        "cannot_listen",
        _("Cannot listen on %(host)s port %(port)d: %(reason)s.") % where,
        _("Choose another address with --host, or another port with --port (above 1023)."),
    )


class WebServer:
    """Serves the pages on a bound socket until it is asked to stop; then answers what is open."""

    def __init__(self, bound: socket.socket, *, threads: int, behind_proxy: bool) -> None:
        headers = {"x-forwarded-proto", "x-forwarded-for"}
        proxy = {"trusted_proxy": "*", "trusted_proxy_headers": headers}
        self._server = _create_server(
            WSGIHandler(),
            sockets=[bound],
            threads=threads,
            ident="storewarden",
            max_request_body_size=LARGEST_BODY,
            inbuf_overflow=LARGEST_BODY + 1,  # else large bodies, with tokens, go to a file
            clear_untrusted_proxy_headers=False,  # /metrics must see that somebody forwards
            **(proxy if behind_proxy else {}),
        )
        self._stopping = False
        host, port = bound.getsockname()[:2]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def ask_to_stop(self) -> None:
        """May be called from another thread or a signal handler."""
        self._stopping = True
        self._server.trigger.pull_trigger()

    def run(self) -> None:
        while not self._stopping:
            self._turn()
        self._server.accepting = False
        self._server.del_channel(self._server._map)  # the port is free; open answers go on
        self._server.socket.close()
        until = clock.monotonic_s() + FINISH_WITHIN_S
        while self._busy() and clock.monotonic_s() < until:
            self._turn()
        self._server.task_dispatcher.shutdown()
        self._server.asyncore.close_all(self._server._map)

    def _turn(self) -> None:
        server = self._server
        server.asyncore.loop(
            timeout=LOOK_EVERY_S, map=server._map, use_poll=server.adj.asyncore_use_poll, count=1
        )

    def _busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(one.requests or one.total_outbufs_len for one in channels)


@contextmanager
def on_stop_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on SIGTERM and SIGINT until the block ends."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    kinds = (signal.SIGTERM, signal.SIGINT)
    before = {kind: signal.signal(kind, handle) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)

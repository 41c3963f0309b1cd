"""The shortest way from a signed body to the sandbox's answer: no socket, and no HTTP client.

A year of calls is mostly HTTP machinery otherwise. What is signed, sent, refused and answered is
the same; `Transport.over_wsgi` stays the way of every other test.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from temu_openapi.transport import WireAnswer, WireFailure

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class InProcess:
    """A transport of temu_openapi over a WSGI application."""

    def __init__(self, app: App) -> None:
        self._app = app

    def post(self, url: str, body: bytes, timeout_s: float) -> WireAnswer:
        told: list[Any] = []
        try:
            answer = b"".join(self._app(environ(url, body), lambda *said: told.extend(said[:2])))
        except (ConnectionError, TimeoutError) as error:
            late = isinstance(error, TimeoutError)
            raise WireFailure("timeout" if late else "connection", sent=True) from None
        headers = {name.lower(): value for name, value in told[1]}
        return WireAnswer(int(told[0].split()[0]), headers, answer)


def environ(url: str, body: bytes) -> dict[str, Any]:
    place = urlsplit(url)
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": place.path,
        "QUERY_STRING": place.query,
        "SERVER_NAME": place.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

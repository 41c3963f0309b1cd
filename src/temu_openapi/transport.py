"""The door to the network: the only module that knows an HTTP client.

One request, one answer, or one ``WireFailure`` that says whether the request can have arrived.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

import httpx2

from temu_openapi.clock import Clock, SystemClock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_ANSWER_BYTES = 32 * 1024 * 1024
CONNECT_TIMEOUT_S = 5.0
USER_AGENT = "temu-openapi/0.1"

_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)


@dataclass(frozen=True)
class WireAnswer:
    """An HTTP answer; header names in lower case. The body stays out of the ``repr``."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class WireFailure(Exception):
    """No whole answer came.

    ``sent`` is false only when it is certain that the request never left this machine.
    """

    def __init__(self, reason: Literal["timeout", "connection", "garbled"], *, sent: bool) -> None:
        super().__init__(f"No answer: {reason}, {'sent' if sent else 'not sent'}.")
        self.reason = reason
        self.sent = sent


class Transport:
    """Posts bytes. Keeps connections open between calls; threads may share one."""

    def __init__(
        self,
        http: httpx2.BaseTransport | None = None,
        *,
        trust_env: bool = False,
        clock: Clock | None = None,
    ) -> None:
        """``trust_env`` lets the environment's proxy settings and certificates count."""
        self._clock = clock or SystemClock()
        self._http = httpx2.Client(
            transport=http,
            trust_env=trust_env,
            follow_redirects=False,
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
        )

    @classmethod
    def over_network(cls, *, trust_env: bool = False) -> Self:
        """The real network."""
        return cls(trust_env=trust_env)

    @classmethod
    def over_wsgi(cls, app: "WSGIApplication", *, clock: Clock | None = None) -> Self:
        """A WSGI application in this process, without sockets.

        Where the application raises ConnectionError or TimeoutError, that is what the caller would
        see of a connection that broke or hung after the request had arrived.
        """
        return cls(httpx2.WSGITransport(app=app), clock=clock)

    def post(self, url: str, body: bytes, timeout_s: float) -> WireAnswer:
        """Send a JSON body; raises WireFailure. ``timeout_s`` limits the whole exchange."""
        try:
            return self._exchange(url, body, timeout_s)
        except (httpx2.TransportError, httpx2.DecodingError, ConnectionError, TimeoutError) as why:
            failure = _failure_of(why)
        # Raised outside the handler: the HTTP client's error holds the request, and so the token.
        raise failure

    def close(self) -> None:
        """Close the open connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exchange(self, url: str, body: bytes, timeout_s: float) -> WireAnswer:
        deadline_s = self._clock.monotonic_s() + timeout_s
        limits = httpx2.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))
        headers = {"Content-Type": "application/json"}
        with self._http.stream(
            "POST", url, content=body, headers=headers, timeout=limits
        ) as answer:
            whole = self._read(answer.iter_bytes(), deadline_s)
        return WireAnswer(answer.status_code, dict(answer.headers.items()), whole)

    def _read(self, chunks: Iterable[bytes], deadline_s: float) -> bytes:
        whole = bytearray()
        for chunk in chunks:
            whole += chunk
            if len(whole) > MAX_ANSWER_BYTES:
                raise WireFailure("garbled", sent=True)
            if self._clock.monotonic_s() > deadline_s:
                raise WireFailure("timeout", sent=True)
        return bytes(whole)


def _failure_of(error: Exception) -> WireFailure:
    if isinstance(error, httpx2.DecodingError):
        return WireFailure("garbled", sent=True)
    late = isinstance(error, (httpx2.TimeoutException, TimeoutError))
    return WireFailure("timeout" if late else "connection", sent=not isinstance(error, _NOT_SENT))

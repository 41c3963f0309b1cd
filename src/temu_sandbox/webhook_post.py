"""How a webhook leaves the sandbox: over a loopback socket, or into an application in process.

A ``Post`` takes address, headers and body, and gives a :class:`Reply`; it never raises for what a
receiver can do wrong.
"""

import http.client
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.test import Client

from temu_sandbox.clock import monotonic_s

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ANSWER_WITHIN_S = 0.5
"""Temu counts anything but HTTP 200 within 500 ms as a failure."""


@dataclass(frozen=True)
class Reply:
    """A receiver's answer; ``status`` 0: none came, and ``why`` says what happened instead."""

    status: int
    took_s: float = 0.0
    why: str = ""

    @property
    def good(self) -> bool:
        return self.status == http.client.OK and self.took_s <= ANSWER_WITHIN_S

    def __str__(self) -> str:
        text = f"HTTP {self.status}" if self.status else self.why
        return text if self.took_s <= ANSWER_WITHIN_S else f"{text}, too late"


Post = Callable[[str, Mapping[str, str], bytes], Reply]


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine by its own words, without asking for its name."""
    return _loopback_host(url) is not None


def _loopback_host(url: str) -> str | None:
    """The host to connect to; None for any that is not this machine."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or parts.port == 0:
            return None
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
        return host if ipaddress.ip_address(host).is_loopback else None
    except ValueError:
        return None


def over_loopback(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Send to this machine; nothing ever leaves it. Temu itself calls https addresses only."""
    host = _loopback_host(url)
    if host is None:
        return Reply(0, why="the sandbox calls http addresses of this machine only")
    parts = urlsplit(url)
    began_s = monotonic_s()
    connection = http.client.HTTPConnection(host, parts.port or 80, timeout=ANSWER_WITHIN_S)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target or "/", body, {"Host": parts.netloc, **headers})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return Reply(0, monotonic_s() - began_s, type(error).__name__)
    finally:
        connection.close()
    return Reply(status, monotonic_s() - began_s)


def over_wsgi(app: "WSGIApplication") -> Post:
    """Hand webhooks to an application in this process, which takes no time at all."""
    client = Client(app)

    def post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        try:
            answer = client.post(parts.path, base_url=base, data=body, headers=dict(headers))
        except (ConnectionError, TimeoutError) as error:
            return Reply(0, why=type(error).__name__)
        return Reply(answer.status_code)

    return post

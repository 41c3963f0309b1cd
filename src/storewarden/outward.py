"""The one door for HTTP calls to addresses that a person gave.

    answer = outward.post("https://erp.example.test/hook", body, {"Content-Type": "text/plain"})

The host is resolved once, every address that it has is judged, and the connection goes to one of
these very addresses: a name that changes its mind between the judgement and the call gains
nothing. Only addresses of the public internet are reached, over HTTPS. A host in `allow` may also
lie in the owner's own network (private, loopback and carrier addresses) and speak plain HTTP.
Redirects are not followed, the environment's proxies are not used, certificates are verified.

Raises NotAllowed (nothing was connected to) or NoAnswer, each with a `reason`: a stable word, and
never a part of the URL, which may hold a secret of its owner's.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit

import httpcore2

from storewarden import __version__, clock

LONGEST_URL = 2000
KEPT_BYTES = 4096
PORTS = {"http": 80, "https": 443}
USER_AGENT = f"Storewarden/{__version__}"
HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Sockets wait in the machine's time, whatever clock the product runs on.
MACHINE = clock.SystemSource()

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
Headers = Mapping[str, str]

# IANA's special-purpose registries: what is not the public internet.
NOT_PUBLIC_4 = [
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# Of IPv6 only this block is handed out to the internet. Outside it lie ::1, ::, what maps or
# embeds an IPv4 address (::ffff:0:0/96, ::/96, 64:ff9b::/96), fc00::/7, fe80::/10 and ff00::/8.
PUBLIC_6 = ip_network("2000::/3")
# Teredo and other protocols' own, documentation, 6to4.
NOT_PUBLIC_6 = [
    ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# Never 169.254.0.0/16 nor fe80::/10: there the secrets of rented machines are handed out.
OWN_NETWORK = [
    ip_network(text)
    for text in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10",
        "::1/128", "fc00::/7",
    )
]  # fmt: skip


class NotAllowed(Exception):
    """The address may not be called. Nothing was connected to."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoAnswer(Exception):
    """No answer came: `no_such_host`, `connection`, `tls`, `timeout` or `garbled`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; header names in lower case. `beginning`: its first 4 KB, for people."""

    status: int
    headers: Headers
    beginning: bytes = field(repr=False)


@dataclass(frozen=True)
class Limits:
    """How long a call may take: until connected, and altogether."""

    connect_s: float = 5.0
    total_s: float = 15.0


@dataclass(frozen=True)
class Target:
    """A URL taken apart. `literal` is its host where that is an address and no name."""

    scheme: str
    host: str
    port: int
    path: str
    allowed: bool
    literal: Address | None

    @property
    def authority(self) -> str:
        """The host as the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


class _Left:
    """What is left of the time for a call."""

    def __init__(self, total_s: float) -> None:
        self._end = MACHINE.monotonic_s() + total_s

    def seconds(self) -> float:
        left = self._end - MACHINE.monotonic_s()
        if left <= 0:
            raise NoAnswer("timeout")
        return left


LIMITS = Limits()


def system_addresses(host: str, port: int) -> list[str]:
    """What the machine's resolver says. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def post(
    url: str,
    body: bytes,
    headers: Headers,
    *,
    allow: frozenset[str] = frozenset(),
    limits: Limits = LIMITS,
    resolve: Resolver = system_addresses,
) -> Answer:
    """Send a body and say what came back. Raises NotAllowed or NoAnswer."""
    target = target_of(url, allow)
    left = _Left(limits.total_s)
    addresses = _judged(target, _addresses(target, resolve, left))
    try:
        return _exchange(target, body, headers, _Checked(addresses, limits.connect_s, left))
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        reason = _reason_of(error)
    # Raised outside the handler: the library's error holds the request, and so its signature.
    raise NoAnswer(reason)


def target_of(url: str, allow: frozenset[str] = frozenset()) -> Target:
    """Judge a URL by itself, without asking the network. Raises NotAllowed."""
    parts, port = _taken_apart(url)
    host = _host(parts.hostname or "")
    allowed = host in allow
    if parts.scheme != "https" and not allowed:
        raise NotAllowed("https_required")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?[]")
    whole = f"{path}?{query}" if query else path
    target = Target(parts.scheme, host, port, whole, allowed, _literal(host))
    if target.literal is not None:
        _judged(target, [target.literal])
    return target


def host_of(url: str) -> str:
    """The host of a URL as `allow` names it: lower case, no trailing dot. Raises NotAllowed."""
    return _host(_taken_apart(url)[0].hostname or "")


def may_reach(address: Address, *, allowed: bool) -> bool:
    """Whether an address is of the public internet, or of the own network where that is allowed."""
    if isinstance(address, IPv4Address):
        public = address.is_global and not any(address in one for one in NOT_PUBLIC_4)
    else:
        public = address in PUBLIC_6 and not any(address in one for one in NOT_PUBLIC_6)
    return public or (allowed and any(address in one for one in OWN_NETWORK))


def _taken_apart(url: str) -> tuple[SplitResult, int]:
    """Refuses what two readers of a URL could read in two ways."""
    if not 0 < len(url) <= LONGEST_URL or any(map(_strange, url)):
        raise NotAllowed("bad_url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("bad_url") from None
    if parts.scheme not in PORTS:
        raise NotAllowed("scheme")
    if "@" in parts.netloc:
        raise NotAllowed("user_info")
    if port == 0:
        raise NotAllowed("bad_url")
    return parts, port or PORTS[parts.scheme]


def _strange(letter: str) -> bool:
    return letter in ' "<>\\^`{|}' or not letter.isprintable()


def _host(name: str) -> str:
    """A host in its one spelling. An address written in an odd way (decimal, octal, hexadecimal,
    shortened) is refused, since resolvers read it as something else than people do."""
    if ":" in name:
        return _literal_6(name)
    try:
        host = name.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        raise NotAllowed("bad_host") from None
    if not HOST.fullmatch(host) or len(host) > 253:
        raise NotAllowed("bad_host")
    if NUMBER.fullmatch(host.rpartition(".")[2]) and _literal(host) is None:
        raise NotAllowed("odd_address")
    return host


def _literal_6(name: str) -> str:
    address = _literal(name)
    if not isinstance(address, IPv6Address) or address.scope_id:
        raise NotAllowed("bad_host")
    return str(address)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _judged(target: Target, addresses: Sequence[Address]) -> Sequence[Address]:
    """The addresses, when each of them may be reached; a mixture is refused as a whole."""
    if not all(may_reach(one, allowed=target.allowed) for one in addresses):
        raise NotAllowed("private_address")
    return addresses


def _addresses(target: Target, resolve: Resolver, left: _Left) -> Sequence[Address]:
    """Ask once. In a thread of its own: a resolver cannot be told how long it may take."""
    if target.literal is not None:
        return [target.literal]
    thread = ThreadPoolExecutor(1)
    asked = thread.submit(resolve, target.host, target.port)
    thread.shutdown(wait=False)
    try:
        found = asked.result(left.seconds())
    except TimeoutError:
        raise NoAnswer("timeout") from None
    except OSError:
        found = []
    if not found:
        raise NoAnswer("no_such_host")
    return [ip_address(text) for text in found]


class _Checked(httpcore2.NetworkBackend):
    """Connects to the judged addresses alone, whatever name the client library asks for."""

    def __init__(self, addresses: Sequence[Address], connect_s: float, left: _Left) -> None:
        self._addresses, self._connect_s, self._left = addresses, connect_s, left
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: object = None,
    ) -> httpcore2.NetworkStream:
        trial = _Left(self._connect_s)
        failed: Exception = httpcore2.ConnectError()
        for address in self._addresses:
            wait_s = min(trial.seconds(), self._left.seconds())
            try:
                stream = self._sockets.connect_tcp(str(address), port, wait_s)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _Timed(stream, self._left)
        raise failed


class _Timed(httpcore2.NetworkStream):
    """A stream whose every step gets what is left of the whole, so that drops cannot add up."""

    def __init__(self, stream: httpcore2.NetworkStream, left: _Left) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left.seconds())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left.seconds())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._left.seconds())
        return _Timed(inner, self._left)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


@cache
def _certificates() -> ssl.SSLContext:
    """The machine's certificates, read once; names are verified."""
    return httpcore2.default_ssl_context()


def _exchange(target: Target, body: bytes, headers: Headers, network: _Checked) -> Answer:
    own = {"Host": target.authority, "User-Agent": USER_AGENT}
    sent: list[tuple[bytes | str, bytes | str]] = [*own.items(), *headers.items()]
    url = httpcore2.URL(
        scheme=target.scheme, host=target.host, port=target.port, target=target.path
    )
    with (
        httpcore2.ConnectionPool(_certificates(), network_backend=network) as pool,
        pool.stream("POST", url, headers=sent, content=body) as answer,
    ):
        told = {_text(name).lower(): _text(value) for name, value in answer.headers}
        return Answer(answer.status, told, _beginning(answer.iter_stream()))


def _text(header: bytes) -> str:
    return header.decode("latin-1")


def _beginning(chunks: Iterator[bytes]) -> bytes:
    """The first 4 KB. The status has been heard, so a rest that breaks off or hangs is no fault."""
    kept = bytearray()
    broken = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, NoAnswer)
    with suppress(*broken):
        for chunk in chunks:
            kept += chunk
            if len(kept) >= KEPT_BYTES:
                break
    return bytes(kept[:KEPT_BYTES])


def _reason_of(error: Exception) -> str:
    if isinstance(error, httpcore2.TimeoutException):
        return "timeout"
    if isinstance(error, httpcore2.ProtocolError):
        return "garbled"
    # The library keeps the machine's own error as the first argument.
    return "tls" if any(isinstance(one, ssl.SSLError) for one in error.args) else "connection"

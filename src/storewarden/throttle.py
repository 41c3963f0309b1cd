"""How often something may be tried: at most so many times in any stretch of time, by key.

    WRONG = Limit(30, 3600)
    wait_s = WRONG.take(client_of(request))     # 0.0: go on

What is counted lives in this process. `storewarden serve` is one process, so there a limit is
exact; N servers side by side allow N times as much, and a restart begins at none. So a limit
slows guessing and spares Temu and the database; it is never all that stands before a secret.
Time is the monotonic one of `clock`: setting the machine's clock frees nobody.
"""

from collections import OrderedDict, deque
from contextlib import suppress
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

from storewarden import clock

MOST_KEYS = 10_000
HOME_BITS = 64
"""An IPv6 network that is handed out whole: one home, so one client."""


class Limit:
    """At most `times` tries in any `seconds`, for each key.

    `keys` are remembered at most; those not tried for longest are forgotten first.
    """

    def __init__(self, times: int, seconds: float, *, keys: int = MOST_KEYS) -> None:
        self.times, self.seconds, self._most = times, seconds, keys
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str = "") -> float:
        """Count a try. 0.0: it may go on; else it was not counted, and the seconds to wait."""
        with self._lock:
            now = clock.monotonic_s()
            tries = self._recent(key, now)
            wait_s = self._wait_s(tries, now)
            if not wait_s:
                tries.append(now)
                self._keep(key, tries)
            return wait_s

    def give_back(self, key: str = "") -> None:
        """A try that turned out not to count."""
        with self._lock, suppress(KeyError, IndexError):
            self._tries[key].pop()

    def wait_s(self, key: str = "") -> float:
        """Seconds until a try would be allowed; 0.0 when it is now. Counts nothing."""
        with self._lock:
            now = clock.monotonic_s()
            return self._wait_s(self._recent(key, now), now)

    def count(self, key: str = "") -> int:
        """How many tries count at this moment."""
        with self._lock:
            return len(self._recent(key, clock.monotonic_s()))

    def forget(self) -> None:
        """Begin at none, for every key."""
        with self._lock:
            self._tries.clear()

    def _recent(self, key: str, now: float) -> deque[float]:
        """The tries that still count. One from the future was made on another clock."""
        tries = self._tries.get(key, deque())
        while tries and not now - self.seconds < tries[0] <= now:
            tries.popleft()
        return tries

    def _wait_s(self, tries: deque[float], now: float) -> float:
        return tries[0] + self.seconds - now if len(tries) >= self.times else 0.0

    def _keep(self, key: str, tries: deque[float]) -> None:
        self._tries[key] = tries
        self._tries.move_to_end(key)
        if len(self._tries) > self._most:
            self._tries.popitem(last=False)


def client_of(request: HttpRequest) -> str:
    """Who asks, as a key: an IPv4 address, or the home that an IPv6 address lies in.

    X-Forwarded-For is believed only behind a proxy of the owner's (STOREWARDEN_HTTPS), and of
    it only the last entry, which that proxy wrote: the others are whatever the client sent.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.CONFIG.https else ""
    return _home(told.rpartition(",")[2]) or _home(request.META.get("REMOTE_ADDR", "")) or "unknown"


def _home(text: str) -> str:
    """An address in its one spelling, without a port; "" when it is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), HOME_BITS), strict=False))

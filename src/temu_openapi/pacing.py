"""The rate an app key is allowed: kept, shared fairly, and learnt from refusals.

Sources: 20 calls a second of one app key to begin with (partner-api.md 8 [DOC]); more than two
semi-consignment stock calls a second of one shop are reported to fail (cn-pa-api.md 6.2 [M]).
"""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Protocol

from temu_openapi.clock import Clock

RATE_PER_S = 20.0
SHOP_RATE_PER_S = 2.0

_CREEP_PER_S = 0.05
_LEAST_SHARE = 0.05
_ONE_LESSON_S = 1.0
# Calls do not arrive as evenly as they start, so a tenth of Temu's burst is not counted on.
_BURST_S = 0.9
_ALMOST_ONE = 1.0 - 1e-9


class Pacer(Protocol):
    """Lets calls start when their app key may; a process or a whole fleet may share one."""

    def acquire(self, app_key: str, *, shop: str | None, shop_limited: bool, urgent: bool) -> None:
        """Return when the call may start. ``shop_limited`` calls also keep their shop's rate."""
        ...

    def refused(self, app_key: str) -> None:
        """Temu said that this app key calls too often."""
        ...


@dataclass(eq=False)
class _Ticket:
    shop: str
    shop_limited: bool
    urgent: bool


class LocalPacer:
    """Paces the threads of one process.

    A token bucket an app key with a burst of nearly one second's calls. Urgent callers start before
    all that wait in the background, who take turns by shop. A refusal halves the rate and empties
    the bucket; the rate creeps back by a twentieth of its full value a second.
    """

    def __init__(
        self,
        clock: Clock,
        rate_per_s: float = RATE_PER_S,
        shop_rate_per_s: float = SHOP_RATE_PER_S,
    ) -> None:
        if rate_per_s <= 0 or shop_rate_per_s <= 0:
            raise ValueError("A pace is a number of calls a second above zero.")
        self._clock = clock
        self._rate_per_s = rate_per_s
        self._shop_rate_per_s = shop_rate_per_s
        self._lock = threading.Lock()
        self._lanes: dict[str, _Lane] = {}

    def acquire(
        self,
        app_key: str,
        *,
        shop: str | None = None,
        shop_limited: bool = False,
        urgent: bool = False,
    ) -> None:
        """Wait for this call's turn. Limited calls without a shop count as one shop's."""
        ticket = _Ticket(shop or "", shop_limited, urgent)
        with self._lock:
            lane = self._lane(app_key)
            lane.join(ticket)
        try:
            while (wait_s := self._start_or_wait(lane, ticket)) > 0:
                self._clock.sleep(wait_s)
        except BaseException:
            with self._lock:
                lane.leave(ticket)
            raise

    def refused(self, app_key: str) -> None:
        """Halve the rate; refusals within one second are one lesson."""
        with self._lock:
            self._lane(app_key).slow_down(self._clock.monotonic_s())

    def rate_per_s(self, app_key: str) -> float:
        """The rate now in force."""
        with self._lock:
            lane = self._lane(app_key)
            lane.refill(self._clock.monotonic_s())
            return lane.rate_per_s

    def _start_or_wait(self, lane: "_Lane", ticket: _Ticket) -> float:
        with self._lock:
            return lane.start_or_wait_s(ticket, self._clock.monotonic_s())

    def _lane(self, app_key: str) -> "_Lane":
        if app_key not in self._lanes:
            now_s = self._clock.monotonic_s()
            self._lanes[app_key] = _Lane(self._rate_per_s, self._shop_rate_per_s, now_s)
        return self._lanes[app_key]


class _Lane:
    """Who waits for one app key, and what it may still spend. Knows no clock and no lock."""

    def __init__(self, full_rate_per_s: float, shop_rate_per_s: float, now_s: float) -> None:
        self.rate_per_s = full_rate_per_s
        self._full_rate_per_s = full_rate_per_s
        self._shop_slot_s = 1.0 / shop_rate_per_s
        self._tokens = self._burst()
        self._filled_at_s = now_s
        self._lesson_at_s = -_ONE_LESSON_S + now_s
        self._urgent: deque[_Ticket] = deque()
        self._background: OrderedDict[tuple[str, bool], deque[_Ticket]] = OrderedDict()
        self._shop_ready_at_s: dict[str, float] = {}

    def join(self, ticket: _Ticket) -> None:
        """Stand in line: with the urgent ones, or with the others of the same shop."""
        self._queue(ticket).append(ticket)

    def leave(self, ticket: _Ticket) -> None:
        """Leave the line, having started or given up; the shop's next one waits its turn."""
        queue = self._queue(ticket)
        if ticket in queue:
            queue.remove(ticket)
        if not ticket.urgent:
            self._to_the_end((ticket.shop, ticket.shop_limited))

    def start_or_wait_s(self, ticket: _Ticket, now_s: float) -> float:
        """0 when the call starts now; else the seconds after which to ask again."""
        self.refill(now_s)
        if self._tokens < _ALMOST_ONE or self._first(now_s) is not ticket:
            return self._wait_s(ticket, now_s)
        self._tokens -= 1.0
        if ticket.shop_limited:
            self._shop_ready_at_s[ticket.shop] = now_s + self._shop_slot_s
        self.leave(ticket)
        return 0.0

    def slow_down(self, now_s: float) -> None:
        """Learn from a refusal."""
        self.refill(now_s)
        self._tokens = 0.0
        if now_s - self._lesson_at_s >= _ONE_LESSON_S:
            self._lesson_at_s = now_s
            self.rate_per_s = max(self.rate_per_s / 2, self._full_rate_per_s * _LEAST_SHARE)

    def refill(self, now_s: float) -> None:
        """Bring rate and bucket up to this moment."""
        passed_s = max(0.0, now_s - self._filled_at_s)
        self._filled_at_s = now_s
        crept = self.rate_per_s + self._full_rate_per_s * _CREEP_PER_S * passed_s
        self.rate_per_s = min(self._full_rate_per_s, crept)
        self._tokens = min(self._burst(), self._tokens + passed_s * self.rate_per_s)

    def _burst(self) -> float:
        return max(1.0, self.rate_per_s * _BURST_S)

    def _queue(self, ticket: _Ticket) -> deque[_Ticket]:
        if ticket.urgent:
            return self._urgent
        return self._background.setdefault((ticket.shop, ticket.shop_limited), deque())

    def _to_the_end(self, key: tuple[str, bool]) -> None:
        if self._background[key]:
            self._background.move_to_end(key)
        else:
            del self._background[key]

    def _first(self, now_s: float) -> _Ticket | None:
        heads = (queue[0] for queue in self._background.values())
        for ticket in (*self._urgent, *heads):
            if self._shop_wait_s(ticket, now_s) <= 0:
                return ticket
        return None

    def _shop_wait_s(self, ticket: _Ticket, now_s: float) -> float:
        if not ticket.shop_limited:
            return 0.0
        return self._shop_ready_at_s.get(ticket.shop, now_s) - now_s

    def _wait_s(self, ticket: _Ticket, now_s: float) -> float:
        """Never longer than until the turn can come: all counted here must start before."""
        place = self._queue(ticket).index(ticket)
        ahead = place if ticket.urgent or ticket.shop_limited else place + len(self._urgent)
        slot_s = 1.0 / self.rate_per_s
        by_key_s = (ahead + 1 - self._tokens) * slot_s
        # A caller whose turn is another's first looks again soon: that thread is about to start.
        return max(by_key_s, self._shop_wait_s(ticket, now_s), slot_s / 10)

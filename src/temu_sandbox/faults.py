"""Seeded trouble at the gateways and with webhooks: what Temu and the net do on a bad day."""

import threading
from collections.abc import Collection
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase

from waitress.channel import ClientDisconnected

from temu_sandbox.chance import seeded

KINDS = {
    "latency": "answers `ms` milliseconds late",
    "hang": "answers `seconds` late (bounded to 60), the effect happens too",
    "throttle": "refuses with 4000004, nothing happens",
    "system_exception": "refuses with 4000000, nothing happens",
    "bad_gateway": "HTTP 502 with an HTML page, nothing happens",
    "outage": "the connection is dropped, nothing happens",
    "lost_response": "the effect happens, the connection is dropped without an answer",
    "half_body": "the effect happens, half of the JSON answer arrives",
    "shuffle_ties": "orders that share a sort time come in another order at every call",
}
WEBHOOK_KINDS = {
    "lost_webhook": "a webhook is never sent, and Temu takes it for delivered",
    "unheard_webhook": "a webhook arrives, its answer does not: it is sent again later",
    "double_webhook": "a webhook is sent twice in a row",
    "late_webhook": "a webhook comes after all others that are due, the newest first",
}
"""For these ``api_type`` is a pattern of event codes."""

ALL_KINDS = {**KINDS, **WEBHOOK_KINDS}
_MAX_HANG_S = 60.0


class DroppedConnectionError(ClientDisconnected, ConnectionResetError):
    """No answer will come.

    Served by waitress it closes the connection without a byte; in process (WSGI) it reaches the
    caller as a ConnectionResetError.
    """


@dataclass(frozen=True)
class Fault:
    """One rule. It applies to calls whose type matches ``api_type`` (a glob; None: all) in
    ``area`` (cn, pa, us, eu, global; None: all), skips the first ``after`` of them, then strikes
    with ``probability``, at most ``times`` times (None: until cleared).
    """

    kind: str
    api_type: str | None = None
    area: str | None = None
    times: int | None = None
    probability: float = 1.0
    after: int = 0
    ms: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in ALL_KINDS:
            known = ", ".join(ALL_KINDS)
            raise ValueError(f"There is no fault {self.kind!r}; choose from: {known}.")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability {self.probability} is not between 0 and 1.")

    @property
    def delay_s(self) -> float:
        """How long a latency or hang makes the caller wait."""
        return self.ms / 1000 if self.kind == "latency" else min(self.seconds, _MAX_HANG_S)

    def concerns(self, area: str, api_type: str) -> bool:
        return self.area in (None, area) and fnmatchcase(api_type, self.api_type or "*")


@dataclass
class _Rule:
    fault: Fault
    seen: int = 0
    struck: int = 0


class Faults:
    """The rules in force; safe to use from several threads. Kept in memory only."""

    def __init__(self, seed: int) -> None:
        self._chance = seeded("faults", seed)
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._rules.append(_Rule(fault))
        return fault

    def clear(self, kind: str | None = None) -> None:
        """Take away all rules, or those of one kind."""
        with self._lock:
            self._rules = [r for r in self._rules if kind is not None and r.fault.kind != kind]

    def told(self) -> list[dict[str, object]]:
        """The rules with how often each was seen and struck."""
        with self._lock:
            return [{**asdict(r.fault), "seen": r.seen, "struck": r.struck} for r in self._rules]

    def striking(
        self, area: str, api_type: str, among: Collection[str] = tuple(KINDS)
    ) -> dict[str, Fault]:
        """The faults that hit this call (or webhook), by kind; asking counts as one call."""
        with self._lock:
            return {
                rule.fault.kind: rule.fault
                for rule in self._rules
                if rule.fault.kind in among
                and rule.fault.concerns(area, api_type)
                and self._strikes(rule)
            }

    def _strikes(self, rule: _Rule) -> bool:
        rule.seen += 1
        fault = rule.fault
        if rule.seen <= fault.after or (fault.times is not None and rule.struck >= fault.times):
            return False
        if self._chance.random() >= fault.probability:
            return False
        rule.struck += 1
        return True

"""How many calls a second Temu takes: of an app key, of a shop's stock calls, of event permits."""

import threading
from collections.abc import Hashable
from dataclasses import dataclass

from temu_sandbox.clock import WorldClock

# Timestamps are large floats; their rounding must not cost a call.
_ROUNDING = 1e-5


@dataclass
class _Bucket:
    tokens: float
    at_s: float


class RateLimits:
    """Buckets that hold one second's calls and refill evenly.

    ``app_rate_per_s``: 20 to begin with (partner-api.md 8 [DOC]). ``shop_stock_rate_per_s``: more
    than 2 semi stock calls a second a shop are reported to fail (cn-pa-api.md 6.2 [M]).
    ``message_update_rate_per_s``: 1 (partner-api.md 7 [DOC]); whether of an app or of a token is
    not said, so of an app, which is stricter. None: no limit. Whether Temu counts by bucket, by
    sliding or by fixed second is UNKNOWN.
    """

    def __init__(self, clock: WorldClock) -> None:
        self.app_rate_per_s: float | None = 20.0
        self.shop_stock_rate_per_s: float | None = 2.0
        self.message_update_rate_per_s: float | None = 1.0
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[Hashable, _Bucket] = {}

    def app_may(self, app_key: str) -> bool:
        """Take one call of the app key, if there is one left."""
        return self._take(("app", app_key), self.app_rate_per_s)

    def shop_may_stock(self, mall_id: int) -> bool:
        """Take one semi stock call of the shop, if there is one left."""
        return self._take(("stock", mall_id), self.shop_stock_rate_per_s)

    def app_may_update_events(self, app_key: str) -> bool:
        """Take one ``bg.tmc.message.update`` of the app key, if there is one left."""
        return self._take(("events", app_key), self.message_update_rate_per_s)

    def _take(self, key: Hashable, rate_per_s: float | None) -> bool:
        if rate_per_s is None:
            return True
        with self._lock:
            now = self._clock.now()
            bucket = self._buckets.setdefault(key, _Bucket(rate_per_s, now))
            earned = max(0.0, now - bucket.at_s) * rate_per_s
            bucket.tokens, bucket.at_s = min(rate_per_s, bucket.tokens + earned), now
            if bucket.tokens < 1 - _ROUNDING:
                return False
            bucket.tokens -= 1
            return True

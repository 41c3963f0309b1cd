"""One app key, one pace, over all processes of this machine.

Inside a process `LocalPacer` decides who goes first; here each start also
takes the next slot of the app key from a small locked file in the data
folder, so that a command beside the server cannot push it over Temu's rate.
On several machines each has its own file: give each a part of the rate with
TEMU_CALLS_PER_SECOND (docs/decisions/0005-one-pace.md).
"""

import fcntl
import hashlib
import os
import struct
from pathlib import Path

from temu_openapi import LocalPacer
from temu_openapi.clock import Clock

MARK = struct.Struct("<d")
FARTHEST_S = 5.0  # a mark beyond this is of a clock that was set back


class SharedPacer:
    """A pacer as temu_openapi wants it; `rate_per_s` calls a second for each app key."""

    def __init__(self, clock: Clock, folder: Path, rate_per_s: float) -> None:
        self._clock, self._folder, self._rate = clock, folder, rate_per_s
        self._local = LocalPacer(clock, rate_per_s=rate_per_s)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def acquire(
        self,
        app_key: str,
        *,
        shop: str | None = None,
        shop_limited: bool = False,
        urgent: bool = False,
    ) -> None:
        """Wait for a slot of this app key."""
        self._local.acquire(app_key, shop=shop, shop_limited=shop_limited, urgent=urgent)
        wait_s = self._take(app_key) - self._clock.now_s()
        if wait_s > 0:
            self._clock.sleep(wait_s)

    def refused(self, app_key: str) -> None:
        """Temu said that this was too fast."""
        self._local.refused(app_key)

    def _take(self, app_key: str) -> float:
        """The moment (POSIX seconds) at which the next call may start."""
        name = hashlib.sha256(app_key.encode()).hexdigest()[:16]
        handle = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            mark = self._advance(handle)
        finally:
            os.close(handle)
        return mark - 1.0  # a second's calls may start at once

    def _advance(self, handle: int) -> float:
        now = self._clock.now_s()
        raw = os.pread(handle, MARK.size, 0)
        before = MARK.unpack(raw)[0] if len(raw) == MARK.size else 0.0
        if before > now + FARTHEST_S:
            before = now
        mark = float(max(before, now) + 1.0 / self._rate)
        os.pwrite(handle, MARK.pack(mark), 0)
        return mark

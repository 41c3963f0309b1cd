"""The one door through which time comes into this library."""

import time
from typing import Protocol


class Clock(Protocol):
    """What the library needs of time; a test or a simulation brings its own."""

    def now_s(self) -> float:
        """POSIX seconds, for the timestamps that are signed."""
        ...

    def monotonic_s(self) -> float:
        """Seconds that never run backwards, for pacing and time limits."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let this many seconds pass for the calling thread."""
        ...


class SystemClock:
    """The machine's own time."""

    def now_s(self) -> float:
        return time.time()

    def monotonic_s(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

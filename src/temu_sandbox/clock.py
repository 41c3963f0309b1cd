"""The sandbox's time: the only place that asks the machine for it."""

import threading
import time


def monotonic_s() -> float:
    """The machine's own seconds, for how long an answer took."""
    return time.monotonic()


class WorldClock:
    """Temu's clock as this world sees it, in POSIX seconds.

    ``WorldClock()`` follows the machine plus an offset; ``WorldClock(fixed_at_s=...)`` stands
    still and moves only by :meth:`advance` or :meth:`sleep`, so tests never wait.
    """

    def __init__(self, fixed_at_s: float | None = None) -> None:
        self._fixed_at_s = fixed_at_s
        self._offset_s = 0.0
        self._lock = threading.Lock()

    @property
    def fixed(self) -> bool:
        return self._fixed_at_s is not None

    @property
    def offset_s(self) -> float:
        """How far this clock has been moved by :meth:`advance`."""
        return self._offset_s

    def now(self) -> float:
        """POSIX seconds with fractions."""
        start_s = time.time() if self._fixed_at_s is None else self._fixed_at_s
        return start_s + self._offset_s

    def now_s(self) -> int:
        """Whole POSIX seconds, the unit of the wire."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._offset_s += seconds

    def sleep(self, seconds: float) -> None:
        """Wait; a clock that stands still moves on instead of waiting."""
        if self.fixed:
            self.advance(seconds)
        else:
            time.sleep(seconds)

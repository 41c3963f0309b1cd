"""The one door through which time comes into the product.

A simulation or a test replaces the source with `running_on`; nothing else in
`storewarden` asks the machine what time it is (ruff's banned-api says so).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol


class Source(Protocol):
    """Where time comes from: POSIX seconds, monotonic seconds, and waiting."""

    def now_s(self) -> float: ...
    def monotonic_s(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class SystemSource:
    """The machine's own clock."""

    def now_s(self) -> float:
        return time.time()

    def monotonic_s(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


_source: Source = SystemSource()


def source() -> Source:
    """The clock in use, for those who need to hand it on (the Temu client)."""
    return _source


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.fromtimestamp(_source.now_s(), UTC)


def monotonic_s() -> float:
    return _source.monotonic_s()


def sleep(seconds: float) -> None:
    _source.sleep(seconds)


@contextmanager
def running_on(other: Source) -> Iterator[None]:
    """Run on another clock, in every thread, until the block ends."""
    global _source
    before, _source = _source, other
    try:
        yield
    finally:
        _source = before

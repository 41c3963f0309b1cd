"""Which tokens are due for renewal, and since or until when. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

DEFAULT_DAYS = 14
FEWEST_DAYS, MOST_DAYS = 1, 365
CHOICES = (7, 14, 30, 60, 90)
RUN_LASTS = timedelta(hours=12)
"""A run that nobody went on with for so long is over, and its skipped stores come again."""


def is_due(usable: bool, expires_at: datetime, now: datetime, days: int) -> bool:
    """A token is due when it is dead, or ends within so many days."""
    return not usable or expires_at <= now + timedelta(days=days)


def due_at(usable: bool, expires_at: datetime, died_at: datetime | None, now: datetime) -> datetime:
    """The moment that puts a store in its place: a dead token is due since it died."""
    return expires_at if usable else min(died_at or now, expires_at)


def days_of(text: str) -> int:
    """The days that an address asks for; what is no such number is as good as none."""
    fits = text.isascii() and text.isdigit() and len(text) < 5
    return int(text) if fits and FEWEST_DAYS <= int(text) <= MOST_DAYS else DEFAULT_DAYS


def run_is_over(last_deed: datetime | None, now: datetime) -> bool:
    return last_deed is None or not timedelta(0) <= now - last_deed < RUN_LASTS


def place(behind: Iterable[str], to_come: Iterable[str]) -> tuple[int, int]:
    """Which store of how many stands before the person: 3 of 7. Past the last: 8 of 7."""
    past = set(behind)
    return len(past) + 1, len(past | set(to_come))

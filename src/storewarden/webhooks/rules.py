"""What is decided about deliveries: pure values in, values out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Nine tries over two days, each gap longer than the one before.
GAPS = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=8),
    timedelta(hours=12),
    timedelta(hours=20),
)
SPREAD = 0.05
LONGEST_WAIT = timedelta(hours=6)
"""No receiver can put a try off for longer than this by `Retry-After`."""
GIVE_UP_AFTER = timedelta(days=5)
BOTH_SECRETS_FOR = timedelta(hours=24)
MOST_SECRETS = 5
LEASE = timedelta(seconds=60)
"""Longer than the longest call (outward.LIMITS), so that a lease that ran out means a killed
process and no slow receiver."""
KEPT_FOR = timedelta(days=30)


def wants(types: Sequence[str], event: str) -> bool:
    """An endpoint that names no type wants all of them."""
    return not types or event in types


def delivered(status: int) -> bool:
    """Every 2xx is a yes; a redirect is none."""
    return 200 <= status < 300


def is_gone(status: int | None) -> bool:
    """410 Gone: the receiver wants nothing any more."""
    return status == 410


def is_unwell(status: int | None) -> bool:
    """Nothing, too many or a fault of its own: the receiver is left alone until the next look."""
    return status is None or status == 429 or status >= 500


def next_try(failed: int, now: datetime, spread: float, asked: timedelta) -> datetime | None:
    """When to try again after so many failures in a row; None: no more. `spread` (0 to 1) keeps
    deliveries apart that failed together, `asked` is what the receiver wants to be left alone."""
    if failed > len(GAPS):
        return None
    gap = GAPS[failed - 1] * (1 + SPREAD * (2 * spread - 1))
    return now + max(gap, min(asked, LONGEST_WAIT))


def gives_up(failing_since: datetime | None, now: datetime) -> bool:
    """An endpoint that took nothing for five days is switched off."""
    return failing_since is not None and now - failing_since >= GIVE_UP_AFTER


def retry_after(header: str, now: datetime) -> timedelta:
    """The `Retry-After` header, in seconds or as a date; nothing when it is neither."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 86_400))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return timedelta(0)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(0), aware - now)

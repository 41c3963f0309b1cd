"""Tables of tokens, decided by values alone: spoilt shop ids, and when to try or give up. Pure."""

import re
from datetime import datetime, timedelta

LONGEST_SHOP_ID = 40
MANGLED = re.compile(r"[+-]?\d+([.,]\d*)?E[+-]?\d+|\d+[.,]0+", re.IGNORECASE)

# How long a claimed row belongs to who claimed it: the check of four tokens with its repetitions.
LEASE = timedelta(minutes=5)
# Temu did not answer: the gaps before a row is tried again. After the last try it is refused.
GAPS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
START_WITHIN = timedelta(hours=1)
SETTLE_WITHIN = timedelta(hours=24)
WATCHED_FOR = timedelta(minutes=2)
"""Who handed in a table looks on for so long."""


def is_mangled(text: str) -> bool:
    """A shop id that Excel made a number of: 6.34E+14, or 634418000000101.0."""
    return bool(MANGLED.fullmatch(text))


def is_shop_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_SHOP_ID


def try_again_at(silences: int, now: datetime) -> datetime | None:
    """When a row is due again after this many silences; None: it is given up."""
    return now + GAPS[silences - 1] if silences <= len(GAPS) else None


def may_start(handed_in: datetime, now: datetime) -> bool:
    """Tokens that nobody starts are not kept for longer than an hour."""
    return now - handed_in < START_WITHIN


def is_too_old(handed_in: datetime, now: datetime) -> bool:
    """Nor are those of a table that could not be worked off within a day."""
    return now - handed_in >= SETTLE_WITHIN


def is_news(handed_in: datetime, now: datetime) -> bool:
    """A table that took its time has come to its end unseen, and that is told."""
    return now - handed_in >= WATCHED_FOR

"""The life of a renewal link. Pure: values and a time in, a value out.

A link works until it expires, is revoked, or tokens were saved with it; its use ends it, so a
used link is one whose end is the moment of its use. Who saves with it claims it first: then
`used_at` lies ahead, and nobody else may save until that moment. A claim is given back when
Temu refuses the tokens, and lapses by itself should the process die on the way.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

DEFAULT_HOURS = 72
FEWEST_HOURS, MOST_HOURS = 1, 168
SECRET_BYTES = 32
LONGEST_SAVE = timedelta(minutes=5)
INSTANT = timedelta(microseconds=1)


class LinkState(StrEnum):
    OPEN = "open"
    OPENED = "opened"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


WORKS = frozenset({LinkState.OPEN, LinkState.OPENED})


def state(
    expires_at: datetime,
    now: datetime,
    *,
    opened_at: datetime | None = None,
    used_at: datetime | None = None,
    revoked_at: datetime | None = None,
    archived: bool = False,
) -> LinkState:
    """What has become of a link. Archiving its store revokes it."""
    if used_at == expires_at:
        return LinkState.USED
    if revoked_at is not None or archived:
        return LinkState.REVOKED
    if now >= expires_at:
        return LinkState.EXPIRED
    return LinkState.OPEN if opened_at is None else LinkState.OPENED


def claimed_until(expires_at: datetime, now: datetime) -> datetime:
    """How long one person has for saving: never to the very end, which would look like a use."""
    return min(now + LONGEST_SAVE, expires_at - INSTANT)


def hashed(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

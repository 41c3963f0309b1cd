"""What stands in the calendar: values and a time in, a value out."""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storewarden.stores.rules import USABLE, CredentialState, Held, standing

SECRET_BYTES = 32
REMIND_BEFORE = (timedelta(days=14), timedelta(days=3), timedelta(days=1))
LOOK_AGAIN = timedelta(hours=6)


class What(StrEnum):
    """What happens to a token at the moment that its event stands at."""

    ENDS = "ends"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Entry:
    """The event of one token, without words."""

    what: What
    at: datetime
    cause: str = ""


def entry(held: Held, died_at: datetime | None, now: datetime) -> Entry:
    """A token that works stands at its end; one that died early at the moment it did, and goes
    back to its end when it works again."""
    verdict = standing(held, now)
    if verdict.state in USABLE:
        return Entry(What.ENDS, held.expires.at)
    if now >= held.expires.at and verdict.state is CredentialState.EXPIRED:
        return Entry(What.ENDED, held.expires.at, verdict.cause)
    return Entry(What.STOPPED, died_at or held.expires.at, verdict.cause)


def uid(credential: uuid.UUID, fingerprint: str) -> str:
    """One name for a token in its slot: a moved date changes its event, a new token has another.

    Hashed, so that a calendar does not hold the fingerprint.
    """
    digest = hashlib.sha256(f"{credential}:{fingerprint}".encode()).hexdigest()
    return f"{digest[:32]}@storewarden"


def secret_text(raw: bytes) -> str:
    """Random bytes as they stand in an address."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hash_of(secret: str) -> str:
    """What is stored of a secret. It is random and long, so one plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

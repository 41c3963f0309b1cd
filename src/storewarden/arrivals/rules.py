"""What is decided about messages that come by themselves.

Pure: values and a time in, a value out. No database, no clock, no network.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from storewarden.marketplaces.events import EventStanding, EventTopic, MarketEvent

MOST_BYTES = 64 * 1024
"""The documented events have a few hundred bytes."""

LAST_RETRY_AFTER = timedelta(hours=27, minutes=42)
"""Temu tries again after 2, 10 and 30 minutes, three times after an hour, twice after twelve."""

OLDEST = timedelta(hours=30)
"""A message may be this old. Whether a retry carries the time of the first try or its own is not
documented, so the last retry of the oldest kind must still be taken, with two hours to spare for
clocks and for a machine that was off."""

FARTHEST_AHEAD = timedelta(hours=1)
"""A message may be dated this far in the future: our clock may be behind."""

KEPT_FOR = timedelta(days=7)
"""Longer than a message can be replayed, so a replay always meets the row of the first one."""

ASK_EVERY = timedelta(hours=24)
ASK_AGAIN_IF_UNREACHABLE = timedelta(hours=1)
ASKING_TAKES_AT_MOST = timedelta(minutes=10)


class Lead(StrEnum):
    """What a message led to."""

    PULL = "pull"
    PULLED_ALREADY = "pulled_already"
    NO_STORE = "no_store"
    NO_TOKEN = "no_token"
    AT_REST = "at_rest"
    TEST = "test"
    UNKNOWN = "unknown"


def is_stale(sent_at: datetime, now: datetime) -> bool:
    """Whether a genuine message is too old, or too far ahead, to be a delivery or a retry."""
    return not now - OLDEST <= sent_at <= now + FARTHEST_AHEAD


def dedup_key(app_id: uuid.UUID, event: MarketEvent) -> str:
    """The same for the same news (partner-api.md 7: event, PO, order, status, update time).

    Temu gives no id. An event that tells no time of change is told apart by the time at which it
    was sent, else a second change of the same order would be taken for the first.
    """
    moment = event.changed_at or event.sent_at
    parts = (
        str(app_id),
        event.code,
        event.mall_id,
        event.po,
        event.order_sn,
        event.case_sn,
        event.status,
        moment.isoformat(),
        event.mark,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def lead_without_store(topic: str) -> Lead | None:
    """What follows from the topic alone; None when it depends on the store."""
    if topic == EventTopic.TEST:
        return Lead.TEST
    return None if topic == EventTopic.ORDERS else Lead.UNKNOWN


def is_covered(tried_at: datetime | None, received_at: datetime) -> bool:
    """Whether a pull that began after the message came has asked for its news already."""
    return tried_at is not None and tried_at > received_at


def lacking(standing: EventStanding) -> list[str]:
    """The events to ask for: subscribed, of use, and not let through yet."""
    return [code for code in standing.wanted if code not in standing.permitted]


def has_all(wanted: Sequence[str], permitted: Sequence[str]) -> bool:
    """Whether everything of use is let through; False while there is nothing of use."""
    return bool(wanted) and set(wanted) <= set(permitted)


def is_due_to_ask(
    ask_after: datetime | None, spoken_of: str, fingerprint: str, now: datetime
) -> bool:
    """Whether to ask about a token's events: never asked, a new token, or a day later."""
    return ask_after is None or spoken_of != fingerprint or ask_after <= now

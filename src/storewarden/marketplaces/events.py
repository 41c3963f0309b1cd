"""The seam, where the marketplace speaks first: events, in the product's own words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventTopic(StrEnum):
    """What an event is about, and so which pull it announces."""

    ORDERS = "orders"
    TEST = "test"
    UNKNOWN = "unknown"


class BadEvent(Exception):
    """A message that is not believed: `malformed` or `forged`. Nothing of it is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class MarketEvent:
    """A genuine message of the marketplace: what it announces, no more than ids and times.

    `sent_at` is signed. `changed_at` is when the thing changed, where the event says so; `mark`
    tells events apart that say nothing else we know.
    """

    code: str
    topic: EventTopic
    sent_at: datetime
    mall_id: str = ""
    po: str = ""
    order_sn: str = ""
    case_sn: str = ""
    status: str = ""
    changed_at: datetime | None = None
    mark: str = ""


@dataclass(frozen=True)
class EventStanding:
    """Which events a store's token brings: subscribed by the app, let through for the store.

    `wanted` are those subscribed ones that lead to something here. `stopped`: the marketplace has
    stopped sending to the app.
    """

    subscribed: tuple[str, ...]
    wanted: tuple[str, ...]
    permitted: tuple[str, ...]
    stopped: bool


@dataclass(frozen=True)
class EventPermits:
    """What the marketplace answered to a wish for events; `said` is its own word on the rest."""

    permitted: tuple[str, ...]
    said: str = ""

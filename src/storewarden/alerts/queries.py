"""What the pages and commands ask about alerts, messages and channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from storewarden import clock, keyset
from storewarden.alerts import rules
from storewarden.alerts.answering import answerable, ringing
from storewarden.alerts.letters import Entry, Item, entries_of, stores_of
from storewarden.alerts.models import Alert, Channel, Delivery, Message, WatchSettings
from storewarden.stores import queries as stores
from storewarden.stores.models import Store
from storewarden.stores.rules import Outage, StoreState

SHOWN = 100
NAMED = 2
FEW = 5
RAISED, SENT = keyset.Order("raised_at"), keyset.Order("at")


@dataclass(frozen=True)
class AlertLine:
    """An alert as a page shows it. `rings`: nobody has answered it."""

    alert: Alert
    entry: Entry
    rings: bool


@dataclass(frozen=True)
class MessageLine:
    """A message, what it says about each store, and what came of it on each channel."""

    message: Message
    entries: Sequence[Entry]
    deliveries: Sequence[Delivery]

    @property
    def first(self) -> Sequence[Entry]:
        return self.entries[:FEW]

    @property
    def rest(self) -> Sequence[Entry]:
        return self.entries[FEW:]

    @property
    def more(self) -> int:
        return len(self.rest)


def ringing_count() -> int:
    return ringing(clock.now()).count()


def open_alerts() -> tuple[list[AlertLine], int]:
    """What is not over, and the unread news: first what rings, the gravest first. With it how
    many more there are."""
    now = clock.now()
    rows = _current(now)
    loud = Case(When(pk__in=ringing(now).values("pk"), then=Value(0)), default=Value(1),
                output_field=IntegerField())  # fmt: skip
    some = list(rows.annotate(loud=loud).order_by("loud", "grade", "-raised_at", "-pk")[:SHOWN])
    more = rows.count() - SHOWN if len(some) == SHOWN else 0
    return alert_lines(some, now), more


def _current(now: datetime) -> QuerySet[Alert]:
    """What can be answered; news that were read belong to the past."""
    read = Q(closed_at__isnull=False, seen_at__isnull=False)
    return _shown(answerable(now).exclude(read))


def past_alerts(turn: keyset.Turn) -> keyset.Page[Alert]:
    return keyset.read(_shown(Alert.objects.filter(closed_at__isnull=False)), RAISED, turn)


def _shown(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    return rows.select_related("store", "seen_by")


def alert_lines(rows: Sequence[Alert], now: datetime) -> list[AlertLine]:
    return [AlertLine(one, entry_of(one), rings(one, now)) for one in rows]


def rings(alert: Alert, now: datetime) -> bool:
    return rules.is_loud(alert.seen_at, alert.snoozed_until, now)


def entry_of(alert: Alert) -> Entry:
    item: Item = {"kind": alert.kind, **alert.data}
    return Entry(item, alert.store, [str(item["token"])] if item.get("token") else [])


def find_alert(pk: int) -> Alert | None:
    return _shown(Alert.objects.filter(pk=pk)).first()


def message_page(turn: keyset.Turn) -> tuple[list[MessageLine], keyset.Page[Message]]:
    """The messages, newest first, in a number of queries that does not grow with them."""
    outcomes = Prefetch("deliveries", Delivery.objects.select_related("channel").order_by("pk"))
    page = keyset.read(Message.objects.prefetch_related(outcomes), SENT, turn)
    stores = stores_of([item for row in page.rows for item in row.items])
    return [_line(row, stores) for row in page.rows], page


def _line(message: Message, stores: dict[str, Store]) -> MessageLine:
    return MessageLine(message, entries_of(message.items, stores), list(message.deliveries.all()))


@dataclass(frozen=True)
class Banner:
    """What every page says on top: stores that do not work, and an outage."""

    expired: Sequence[Store]
    outage: Outage | None

    @property
    def named(self) -> Sequence[Store]:
        return self.expired[:NAMED]

    @property
    def more(self) -> int:
        return max(0, len(self.expired) - NAMED)


def banner() -> Banner:
    """In two queries."""
    dead = Store.objects.filter(told_state=StoreState.EXPIRED, archived_at__isnull=True)
    found = dead.only("id", "nickname", "marketplace").order_by("nickname")
    return Banner(list(found), stores.outage(clock.now()))


def channels() -> list[Channel]:
    """All channels; those that fail first."""
    rows = list(Channel.objects.order_by("name"))
    return sorted(rows, key=lambda one: not (one.on and one.failing_since))


def watch_settings() -> WatchSettings:
    return WatchSettings.objects.filter(pk=1).first() or WatchSettings(pk=1)

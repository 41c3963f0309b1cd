"""Orders as pages show them: words and tones made ready, so that templates only place them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from storewarden.marketplaces.base import OrderState
from storewarden.orders import rules, wording
from storewarden.orders.models import Order, OrderEvent, OrderLine, OrderPull
from storewarden.orders.wording import Plain

TABS = (
    OrderState.TO_SHIP,
    OrderState.PARTLY_SHIPPED,
    OrderState.ON_HOLD,
    OrderState.SHIPPED,
    OrderState.COMPLETED,
    OrderState.CANCELLED,
    OrderState.UNKNOWN,
)
SELDOM = (OrderState.PARTLY_SHIPPED, OrderState.UNKNOWN)


@dataclass(frozen=True)
class Words:
    """A word with its tone."""

    words: str
    tone: str


@dataclass(frozen=True)
class LineShown:
    """A line of an order, with its labels in words."""

    line: OrderLine
    state: Words
    notes: tuple[Plain, ...]

    @property
    def pieces(self) -> int:
        """Pieces of the product: units times the pieces in each."""
        return self.line.quantity * self.line.pieces_each


@dataclass(frozen=True)
class OrderShown:
    """An order of the list or of its own page."""

    order: Order
    state: Words
    deadline: Words | None
    notes: tuple[Plain, ...]
    lines: tuple[LineShown, ...]


@dataclass(frozen=True)
class Tab:
    """A state above the list, with how many orders are in it."""

    state: str
    words: str
    count: int
    current: bool


def state_words(state: str) -> Words:
    return Words(wording.state(state), wording.state_tone(state))


def plain_words(codes: Iterable[str]) -> tuple[Plain, ...]:
    """Labels and warnings in words, the gravest first, each once."""
    gravity = {"bad": 0, "warn": 1, "info": 2}
    found = [wording.plain(code) for code in dict.fromkeys(codes)]
    return tuple(sorted(found, key=lambda one: gravity[one.tone]))


def shown(order: Order, now: datetime) -> OrderShown:
    """Everything about an order in words. The count-down stands while it still has to leave."""
    deadline = None
    if order.due_at is not None:
        told = rules.ship_by_words(order.ship_by, now)
        deadline = Words(wording.deadline(told), told.tone)
    lines = tuple(
        LineShown(line, state_words(line.state), plain_words((*line.labels, *line.warnings)))
        for line in order.lines.all()
    )
    notes = plain_words((*order.labels, *order.warnings))
    return OrderShown(order, state_words(order.state), deadline, notes, lines)


def tabs(counts: dict[str, int], current: str) -> list[Tab]:
    """One tab a state (seldom ones only when there are any), and all."""
    made = [
        Tab(state, wording.state(state), counts[state], state == current)
        for state in TABS
        if counts[state] or state not in SELDOM or state == current
    ]
    return [*made, Tab("all", _("All"), sum(counts.values()), current == "all")]


@dataclass(frozen=True)
class EventShown:
    """One line of the timeline."""

    at: datetime
    who: str
    words: str


def worst_first(pull: OrderPull) -> tuple[bool, float]:
    """To sort pulls by: those that fail, then those that are longest ago."""
    finished = pull.finished_at
    return pull.failing_since is None, finished.timestamp() if finished else 0.0


def timeline(events: Iterable[OrderEvent]) -> list[EventShown]:
    return [EventShown(one.at, one.who, wording.event(one)) for one in events]

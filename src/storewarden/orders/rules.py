"""What is decided about orders: windows of a pull, when a read is whole, what a change means.

Pure: values and a time in, a value out. No database, no clock, no network.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec

from storewarden.marketplaces.base import MarketOrder, OrderState, OrderWindow, Unreadable
from storewarden.orders.reasons import noted

OVERLAP = timedelta(hours=1)
LONGEST_WINDOW = timedelta(days=7)
ONE_SECOND = timedelta(seconds=1)
PULL_EVERY = timedelta(minutes=1)
NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)
SOON = timedelta(hours=24)

OPEN_STATES = frozenset({OrderState.TO_SHIP, OrderState.PARTLY_SHIPPED})
"""States in which something still has to leave the warehouse."""

LARGEST = 2**31 - 1
_LENGTHS = {"po": 64, "status_code": 20, "region_id": 20, "payment": 20}
_LINE_LENGTHS = {
    "order_sn": 64,
    "goods_id": 40,
    "sku_id": 40,
    "product_sku_id": 40,
    "code": 200,
    "fulfilment": 40,
}


def whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def windows(
    good_until: datetime,
    now: datetime,
    overlap: timedelta = OVERLAP,
    longest: timedelta = LONGEST_WINDOW,
) -> Iterator[OrderWindow]:
    """Closed windows of update times from the last good moment to now, ascending.

    An hour of overlap, as ERPs do (partner-api.md 4.3 [HELP]); none longer
    than a week, so that a first fill can resume where it stopped. A cursor
    that lies ahead (the clock was set back) reads the last hour again.
    """
    end = whole_second(now)
    start = min(whole_second(good_until) - overlap, end - overlap)
    while start <= end:
        stop = min(start + longest, end)
        yield OrderWindow(start, stop)
        start = stop + ONE_SECOND


def halves(window: OrderWindow) -> tuple[OrderWindow, OrderWindow] | None:
    """The window cut in two by time; None when it is a single second."""
    seconds = int((window.end - window.start).total_seconds())
    if seconds == 0:
        return None
    middle = window.start + timedelta(seconds=seconds // 2)
    return OrderWindow(window.start, middle), OrderWindow(middle + ONE_SECOND, window.end)


def complete(totals: Sequence[int], distinct: Collection[str]) -> bool:
    """Whether pages read by number hold every order of a window.

    Temu pages by number, descending by update time. An order that changes
    while pages are read leaves the closed window and shifts the others up one
    place; ties at a page's edge may be listed in another order by each call.
    So a read is whole only if every page told the same total and as many
    different orders were seen.
    """
    return len(set(totals)) == 1 and len(distinct) == totals[0]


@dataclass
class Tally:
    """What the reads of one window have shown so far.

    Reads are united while they tell one total. When the total changes the
    count begins anew: an order that has left the window would stand in for
    one that was never seen.
    """

    totals: list[int]
    seen: set[str]

    @classmethod
    def empty(cls) -> "Tally":
        return cls([], set())

    def add(self, totals: Iterable[int], seen: Iterable[str]) -> bool:
        """Count one more read; True when the window is whole now."""
        told = list(totals)
        if self.totals and set(told) != {self.totals[0]}:
            self.totals, self.seen = [], set()
        if len(set(told)) != 1:
            return False
        self.totals.extend(told)
        self.seen.update(seen)
        return complete(self.totals, self.seen)


def key_of(bad: Unreadable) -> str:
    """The PO of an unreadable order, or a mark of its content when it has none."""
    if bad.po.strip():
        return bad.po.strip().replace("\x00", "")[:64]
    content = msgspec.json.encode(bad.raw, order="sorted", enc_hook=str)
    return f"?{blake2b(content, digest_size=12).hexdigest()}"


def digest(order: MarketOrder) -> str:
    """A mark of an order's content; the same mark means that nothing has to be written.

    The update time stands outside: one that moved alone changes nothing for us,
    and the detail of an order does not tell it.
    """
    content = msgspec.json.encode(replace(order, updated_at=None))
    return blake2b(content, digest_size=16).hexdigest()


def fault_of(order: MarketOrder) -> str:
    """Why an order that was read cannot be kept, as `reasons` notes it; "" when it can."""
    too_long = _too_long(order, _LENGTHS)
    if not order.po.strip():
        return noted("no_number")
    if too_long:
        return too_long
    numbers = [line.order_sn for line in order.lines]
    if len(set(numbers)) < len(numbers):
        return noted("line_twice")
    return next((fault for line in order.lines if (fault := _line_fault(line))), "")


def _line_fault(line: object) -> str:
    fields = ("quantity", "ordered_quantity", "cancelled_quantity", "pieces_each")
    for name in fields:
        if not 0 <= getattr(line, name) <= LARGEST:
            return noted("no_pieces", field=name, number=getattr(line, name))
    return _too_long(line, _LINE_LENGTHS)


def _too_long(thing: object, lengths: dict[str, int]) -> str:
    for name, longest in lengths.items():
        text = getattr(thing, name)
        if len(text) > longest:
            return noted("too_long", field=name, length=len(text), most=longest)
        if "\x00" in text:
            return noted("nul_character", field=name)
    return ""


def is_stale(
    came: datetime | None, kept: datetime | None, read_at: datetime, written_at: datetime
) -> bool:
    """Whether what came in is older than what is kept.

    By Temu's update times where both are told; else what was asked for before
    the row was last written says nothing new (the next pull asks again).
    """
    if came is not None and kept is not None and came != kept:
        return came < kept
    return read_at < written_at


def due_at(state: str, ship_by: datetime | None) -> datetime | None:
    """The deadline of an order that still has to leave; None when nothing has to."""
    if state not in OPEN_STATES:
        return None
    return ship_by or NO_DEADLINE


def end_of_today(now: datetime, zone: ZoneInfo) -> datetime:
    """Midnight at the end of the day that it is in the zone."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)


@dataclass(frozen=True)
class Deadline:
    """How a ship-by deadline is told: the words' kind, how many, and the tone."""

    kind: str
    number: int
    tone: str


def ship_by_words(ship_by: datetime | None, now: datetime) -> Deadline:
    """late / hours / days, with a tone; `wording.deadline` puts it into the reader's language."""
    if ship_by is None or ship_by == NO_DEADLINE:
        return Deadline("none", 0, "muted")
    left = ship_by - now
    if left < timedelta(0):
        hours = -left // timedelta(hours=1)
        return (
            Deadline("late_hours", hours, "bad")
            if hours < 48
            else Deadline("late_days", hours // 24, "bad")
        )
    if left < timedelta(hours=1):
        return Deadline("minutes", left // timedelta(minutes=1), "warn")
    if left < timedelta(hours=48):
        return Deadline("hours", left // timedelta(hours=1), "warn" if left < SOON else "ok")
    return Deadline("days", left // timedelta(days=1), "ok")

"""The authorization timeline as a picture: tokens as bars over months, today's line, their ends.

Pure: tokens and a time in, a layout out. Places along the time are per cent of the
picture's width, so that it fits any screen; heights are pixels.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from storewarden.stores.rules import EXPIRING_WITHIN

BACK = timedelta(days=90)
BEYOND = timedelta(days=14)
LONGEST = timedelta(days=365)
SHORTEST = timedelta(days=30)
THINNEST = 0.25
"""A token that lived for an hour is still to be seen."""
ROW, BAR, THICK_BAR, LANE = 24, 7, 12, 10
QUARTERS_FROM = 9
"""With this many months a narrow screen names only the first of each quarter."""


class Tone(StrEnum):
    """How a bar is drawn: a token of the past, one that works, ends soon, or is dead."""

    PAST = "past"
    OK = "ok"
    SOON = "soon"
    BAD = "bad"


class Part(StrEnum):
    """The stretch of a validity that was lived, that is to come, or that an early end cut off."""

    LIVED = "lived"
    COMING = "coming"
    LOST = "lost"


@dataclass(frozen=True)
class Token:
    """One token that a slot (`order:us`) has or had. `held`: it is the one in the slot now."""

    slot: str
    entered_at: datetime
    expires_at: datetime
    last4: str = ""
    estimated: bool = False
    ended_at: datetime | None = None
    end_cause: str = ""
    held: bool = False
    usable: bool = False

    @property
    def early(self) -> bool:
        """It stopped before its date; an estimated date was only a guess."""
        return self.ended_at is not None and self.ended_at < self.expires_at

    @property
    def renewed(self) -> bool:
        """It made way for the next one in its slot, as is meant."""
        return not self.held and self.end_cause == "replaced"

    def end(self, now: datetime) -> datetime:
        """Where its bar ends: its date, its early end, or now where it outlives an estimate."""
        if self.ended_at is not None and (self.early or self.estimated):
            return self.ended_at
        outlived = self.held and self.usable and self.estimated
        return max(self.expires_at, now) if outlived else self.expires_at

    def tone(self, now: datetime) -> Tone:
        if not self.held:
            return Tone.PAST
        if not self.usable:
            return Tone.BAD
        return Tone.SOON if self.expires_at - now <= EXPIRING_WITHIN else Tone.OK


@dataclass(frozen=True)
class Window:
    """The stretch of time that a picture shows."""

    start: datetime
    end: datetime
    now: datetime

    def place(self, moment: datetime) -> float:
        """Per cent from the left, not cut at the edges."""
        return 100 * ((moment - self.start) / (self.end - self.start))

    def shows(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end


def window(now: datetime, ahead_days: int) -> Window:
    """So many days ahead, and as many back, 90 at most."""
    ahead = timedelta(days=ahead_days)
    return Window(now - min(BACK, ahead), now + ahead, now)


def fitted(tokens: Iterable[Token], now: datetime) -> Window:
    """All of a store's tokens, but no more than a year back or ahead."""
    held = list(tokens)
    first = min((one.entered_at for one in held), default=now)
    last = max((one.expires_at for one in held), default=now)
    start = max(now - LONGEST, min(first - BEYOND, now - SHORTEST))
    return Window(start, min(now + LONGEST, max(last + BEYOND, now + SHORTEST)), now)


@dataclass(frozen=True)
class Bar:
    """A stretch of a token's validity: per cent from the left and wide, pixels from the top."""

    left: float
    width: float
    top: float
    height: int
    tone: Tone
    part: Part

    @property
    def x(self) -> str:
        return f"{self.left:.2f}%"

    @property
    def y(self) -> str:
        return f"{self.top:g}"

    @property
    def wide(self) -> str:
        return f"{self.width:.2f}%"


@dataclass(frozen=True)
class Mark:
    """Where a token ends: on its date (perhaps an estimated one) or early."""

    left: float
    middle: float
    tone: Tone
    early: bool = False
    estimated: bool = False

    @property
    def x(self) -> str:
        return f"{self.left:.2f}%"

    @property
    def y(self) -> str:
        return f"{self.middle:g}"


@dataclass(frozen=True)
class Row:
    """A store, or a slot on a store's own page: its name, where it leads, and what is drawn."""

    name: str
    url: str
    top: int
    lanes: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    tokens: tuple[Token, ...]

    @property
    def height(self) -> int:
        return row_height(self.lanes)

    @property
    def stopped(self) -> bool:
        """A token that is in its slot now does not work."""
        return any(one.held and not one.usable for one in self.tokens)

    @property
    def next_end(self) -> datetime | None:
        """When the first of its working tokens ends."""
        return min((one.expires_at for one in self.tokens if one.usable), default=None)


@dataclass(frozen=True)
class Tick:
    """The first of a month."""

    left: float
    at: datetime
    minor: bool

    @property
    def x(self) -> str:
        return f"{self.left:.2f}%"


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    window: Window
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]

    @property
    def height(self) -> int:
        return sum(row.height for row in self.rows)

    @property
    def today(self) -> str:
        return f"{self.window.place(self.window.now):.2f}%"


@dataclass(frozen=True)
class Named:
    """What a row of the picture is made of."""

    name: str
    tokens: Sequence[Token]
    url: str = ""


def draw(named: Iterable[Named], shown: Window) -> Picture:
    """Rows beneath one another, in each a lane for every slot."""
    rows: list[Row] = []
    top = 0
    for one in named:
        rows.append(_row(one, shown, top))
        top += rows[-1].height
    return Picture(shown, tuple(rows), tuple(ticks(shown)))


def row_height(lanes: int) -> int:
    """High enough to be hit with a finger, and for all of its lanes."""
    return max(ROW, 4 + lanes * LANE)


def by_slot(tokens: Iterable[Token]) -> dict[str, list[Token]]:
    """Product first, then the areas; in each the oldest token first."""
    found: dict[str, list[Token]] = {}
    for one in sorted(tokens, key=lambda one: (not one.slot.startswith("product"), one.slot)):
        found.setdefault(one.slot, []).append(one)
    return {
        slot: sorted(some, key=lambda one: (one.held, one.entered_at))
        for slot, some in found.items()
    }


def _row(named: Named, shown: Window, top: int) -> Row:
    lanes = by_slot(named.tokens)
    thick = THICK_BAR if len(lanes) <= 1 else BAR
    first = top + (row_height(len(lanes)) - LANE * len(lanes)) / 2 + LANE / 2
    bars: list[Bar] = []
    marks: list[Mark] = []
    for number, tokens in enumerate(lanes.values()):
        middle = first + number * LANE
        for one, following in _with_following(tokens):
            bars += _bars(one, following, shown, middle - thick / 2, thick)
            marks += _marks(one, shown, middle)
    drawn = tuple(one for tokens in lanes.values() for one in tokens)
    return Row(named.name, named.url, top, len(lanes), tuple(bars), tuple(marks), drawn)


def _with_following(tokens: Sequence[Token]) -> Iterator[tuple[Token, datetime]]:
    """Each token, with when the next one came into its slot, else its own date."""
    nexts = [*(one.entered_at for one in tokens[1:]), tokens[-1].expires_at]
    return zip(tokens, nexts, strict=True)


def _bars(
    token: Token, following: datetime, shown: Window, top: float, height: int
) -> Iterator[Bar]:
    tone = token.tone(shown.now)
    for start, stop, part in _stretches(token, following, shown.now):
        if stop > start and stop > shown.start and start < shown.end:
            left = min(_cut(shown.place(start)), 100 - THINNEST)
            width = max(THINNEST, _cut(shown.place(stop)) - left)
            yield Bar(left, width, top, height, tone, part)


def _stretches(
    token: Token, following: datetime, now: datetime
) -> Iterator[tuple[datetime, datetime, Part]]:
    end = token.end(now)
    turn = min(max(now, token.entered_at), end)
    yield token.entered_at, turn, Part.LIVED
    yield turn, end, Part.COMING
    if token.early and not token.renewed:
        yield end, min(token.expires_at, following), Part.LOST


def _cut(place: float) -> float:
    return min(100.0, max(0.0, place))


def _marks(token: Token, shown: Window, middle: float) -> Iterator[Mark]:
    tone = token.tone(shown.now)
    end = token.end(shown.now)
    if token.renewed:
        return
    if token.early and shown.shows(end):
        yield Mark(shown.place(end), middle, tone, early=True)
    elif not token.early and shown.shows(token.expires_at):
        yield Mark(shown.place(token.expires_at), middle, tone, estimated=token.estimated)


def ticks(shown: Window) -> Iterator[Tick]:
    """The first of each month inside, where the window's times are."""
    months = list(_months(shown))
    many = len(months) >= QUARTERS_FROM
    for at in months:
        yield Tick(shown.place(at), at, minor=many and at.month % 3 != 1)


def _months(shown: Window) -> Iterator[datetime]:
    at = next_month(shown.start)
    while at <= shown.end:
        yield at
        at = next_month(at)


def next_month(moment: datetime) -> datetime:
    """The beginning of the month after this moment's, in the moment's own zone."""
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return moment.replace(
        year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


@dataclass(frozen=True)
class Due:
    """How many stores have a working token that ends in this month."""

    month: datetime
    stores: int


def due(tokens_of: Iterable[Sequence[Token]], now: datetime, months: int = 4) -> list[Due]:
    """The next quarter at a glance: the rest of this month, and the three after it."""
    starts = [now]
    for _number in range(months):
        starts.append(next_month(starts[-1]))
    ends = [[one.expires_at for one in tokens if one.held and one.usable] for tokens in tokens_of]
    return [
        Due(start, sum(any(start <= end < stop for end in some) for some in ends))
        for start, stop in pairwise(starts)
    ]

"""Keyset pages: the next page begins after the last row shown, however deep. No OFFSET."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
Mark = tuple[datetime | None, Any]
PAGE = 50
LONGEST_CURSOR = 150


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; `newer` and `older` are cursors for `before` and `after`, "" at an end."""

    rows: Sequence[Row]
    newer: str
    older: str


@dataclass(frozen=True)
class Turn:
    """Where to read: after or before a cursor (at most one is set; both empty: from the top)."""

    after: str = ""
    before: str = ""
    size: int = PAGE


@dataclass(frozen=True)
class Order:
    """Descending by `column` (a time; None: by key alone) and then by primary key."""

    column: str | None = None

    def names(self, *, backwards: bool) -> list[str]:
        sign = "" if backwards else "-"
        return [sign + name for name in (self.column, "pk") if name]

    def past(self, mark: Mark, *, backwards: bool) -> Q:
        """Rows that come after (backwards: before) this mark."""
        compare = "gt" if backwards else "lt"
        moment, key = mark
        beyond = Q(**{f"pk__{compare}": key})
        if self.column is None or moment is None:
            return beyond
        same = Q(**{self.column: moment}) & beyond
        # The first condition lets the index seek; the second keeps ties apart.
        return Q(**{f"{self.column}__{compare}e": moment}) & (
            Q(**{f"{self.column}__{compare}": moment}) | same
        )

    def cursor(self, row: Model) -> str:
        moment: datetime | None = getattr(row, self.column) if self.column else None
        text = f"{moment.isoformat() if moment else ''}|{row.pk}"
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(rows: QuerySet[Row], order: Order, turn: Turn) -> Page[Row]:
    """One page in one query. A cursor that is none (a mistyped address) reads from the top."""
    after, before = mark_of(rows.model, turn.after), mark_of(rows.model, turn.before)
    backwards = before is not None and after is None
    mark = before if backwards else after
    wanted: Any = rows if mark is None else rows.filter(order.past(mark, backwards=backwards))
    found = list(wanted.order_by(*order.names(backwards=backwards))[: turn.size + 1])
    more, shown = len(found) > turn.size, found[: turn.size]
    if backwards:
        shown.reverse()
        return _page(shown, order.cursor, newer=more, older=True)
    return _page(shown, order.cursor, newer=mark is not None, older=more)


def mark_of(model: type[Model], cursor: str) -> Mark | None:
    """The place a cursor stands for, None when it is empty or no cursor of ours."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, pk = text.partition("|")
        at = datetime.fromisoformat(moment) if moment else None
        key = model._meta.pk.to_python(pk)
    except (ValueError, NotBase64, ValidationError):
        return None
    moment_fits = at is None or (at.tzinfo is not None and 1990 <= at.year <= 9000)
    key_fits = key is not None and (not isinstance(key, int) or 0 <= key < 2**63)
    return (at, key) if moment_fits and key_fits else None


def _page(
    rows: list[Row], cursor: Callable[[Model], str], *, newer: bool, older: bool
) -> Page[Row]:
    first = cursor(rows[0]) if rows and newer else ""
    last = cursor(rows[-1]) if rows and older else ""
    return Page(rows, first, last)

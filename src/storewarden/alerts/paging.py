"""Keyset pages by a time and the row's id, newest first. What is no cursor reads from the top."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
Mark = tuple[datetime, Any]
SIZE = 25
LONGEST_CURSOR = 150


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows; `newer` and `older` are cursors for `before` and `after`, "" at an end."""

    rows: Sequence[Row]
    newer: str
    older: str


@dataclass(frozen=True)
class Turn:
    """Where to read: after or before a cursor; both empty: from the top."""

    after: str = ""
    before: str = ""
    size: int = SIZE


def read(rows: QuerySet[Row], column: str, turn: Turn) -> Page[Row]:
    """One page in one query."""
    after, before = _mark(rows.model, turn.after), _mark(rows.model, turn.before)
    backwards = before is not None and after is None
    mark = before if backwards else after
    sign = "" if backwards else "-"
    wanted = rows if mark is None else rows.filter(_past(column, mark, backwards=backwards))
    found = list(wanted.order_by(f"{sign}{column}", f"{sign}pk")[: turn.size + 1])
    more, shown = len(found) > turn.size, found[: turn.size]
    if backwards:
        shown.reverse()
    newer = more if backwards else mark is not None
    older = backwards or more
    return Page(
        shown,
        _cursor(shown[0], column) if shown and newer else "",
        _cursor(shown[-1], column) if shown and older else "",
    )


def _past(column: str, mark: Mark, *, backwards: bool) -> Q:
    compare = "gt" if backwards else "lt"
    moment, pk = mark
    same = Q(**{column: moment, f"pk__{compare}": pk})
    # The first condition lets the index seek; the second keeps ties apart.
    return Q(**{f"{column}__{compare}e": moment}) & (Q(**{f"{column}__{compare}": moment}) | same)


def _cursor(row: Model, column: str) -> str:
    text = f"{getattr(row, column).isoformat()}|{row.pk}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _mark(model: type[Model], cursor: str) -> Mark | None:
    """The place that a cursor stands for, None when it is no cursor of ours."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, pk = text.partition("|")
        at, key = datetime.fromisoformat(moment), model._meta.pk.to_python(pk)
    except (ValueError, NotBase64, ValidationError):
        return None
    fits = at.tzinfo is not None and 1990 <= at.year <= 9000
    return (at, key) if fits and (not isinstance(key, int) or 0 <= key < 2**63) else None

"""Keyset pages: a page begins after the last row of the one before, at any depth alike."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows, and the cursors of the pages beside it ("" at the ends)."""

    rows: list[Row]
    newer: str
    older: str


@dataclass(frozen=True)
class Cursor:
    """The column that a list is sorted by, with the row's id for equal values."""

    column: str
    up: bool

    @classmethod
    def of(cls, column: str, *, up: bool = False) -> "Cursor":
        return cls(column, up)

    def order(self, *, forwards: bool) -> tuple[str, str]:
        sign = "" if self.up == forwards else "-"
        return f"{sign}{self.column}", f"{sign}id"

    def beyond(self, mark: str, *, forwards: bool) -> Q:
        """The rows on the far side of the row that `mark` names."""
        value, pk = unmarked(mark)
        way = "gt" if self.up == forwards else "lt"
        past = Q(**{f"{self.column}__{way}": value}) | Q(**{f"pk__{way}": pk})
        # The first condition alone lets the database jump into its index.
        return Q(**{f"{self.column}__{way}e": value}) & past

    def mark(self, row: Model) -> str:
        value: datetime = getattr(row, self.column)
        text = json.dumps([value.isoformat(), row.pk])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unmarked(mark: str) -> tuple[datetime, int]:
    """Raises ValueError when the text is no cursor of ours."""
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
        value, pk = json.loads(text)
        moment = datetime.fromisoformat(value)
    except (binascii.Error, ValueError, TypeError, RecursionError) as problem:
        raise ValueError("This is no place in the list.") from problem
    if not isinstance(pk, int) or not 0 < pk < 2**63 or moment.tzinfo is None:
        raise ValueError("This is no place in the list.")
    return moment, pk


def cut(rows: QuerySet[Row], cursor: Cursor, after: str, before: str, size: int) -> Page[Row]:
    """The page after one mark, or before another, or the first."""
    forwards = not before or bool(after)
    mark = after or before
    if mark:
        rows = rows.filter(cursor.beyond(mark, forwards=forwards))
    found = list(rows.order_by(*cursor.order(forwards=forwards))[: size + 1])
    more, found = len(found) > size, found[:size]
    if not forwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    newer = cursor.mark(found[0]) if (bool(mark) if forwards else more) else ""
    older = cursor.mark(found[-1]) if (more if forwards else True) else ""
    return Page(found, newer, older)

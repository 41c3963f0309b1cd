"""The rows of this area, and of the outbox beneath it, that go with a deleted store."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from storewarden.outbox.models import StoredHappening
from storewarden.stores.erasing import Eraser, Rows, of_tables
from storewarden.stores.models import (
    AuthorizationEvent,
    Credential,
    RenewalLink,
    Store,
    TableRow,
    TokenRecord,
)

HAPPENINGS = of_tables(Rows(StoredHappening, "store_id"))
OWN = of_tables(Rows(AuthorizationEvent), Rows(RenewalLink), Rows(TokenRecord), Rows(Credential))
ROWS_READ_AT_ONCE = 2_000


def lines_of_tables(store_id: UUID) -> list[UUID]:
    """Lines of the tables that people handed in, which became this store or name it."""
    store = Store.objects.filter(pk=store_id).first()
    if store is None:
        return []
    rows = TableRow.objects.filter(Q(store__isnull=True) | Q(store=store_id)).order_by()
    told = rows.values_list("pk", "store_id", "asked", "findings")
    marks = {store.mall_id, store.nickname, str(store_id)}
    return [
        pk
        for pk, of, asked, findings in told.iterator(ROWS_READ_AT_ONCE)
        if of == store_id or not marks.isdisjoint(texts([asked, findings]))
    ]


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    else:
        yield str(value)


def _erase_lines(store_id: UUID, limit: int) -> int:
    lines = TableRow.objects.filter(pk__in=lines_of_tables(store_id)[:limit])
    return lines.delete()[0]


LINES = Eraser(lambda store_id: len(lines_of_tables(store_id)), _erase_lines)

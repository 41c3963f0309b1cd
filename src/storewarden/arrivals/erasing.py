"""What goes with a deleted store: the messages about it, and what is known of its events."""

from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from storewarden.arrivals.models import Arrival, EventFeed
from storewarden.stores.erasing import Eraser, Rows, of_tables
from storewarden.stores.models import Store

_OWNED = of_tables(Rows(EventFeed, "credential__store"), Rows(Arrival))


def _waiting(store_id: UUID) -> QuerySet[Arrival]:
    """Messages that were not looked at yet name the shop, and belong to no store so far."""
    malls = Store.objects.filter(pk=store_id).values("mall_id")
    return Arrival.objects.filter(settled_at__isnull=True, mall_id__in=malls).order_by()


def _count(store_id: UUID) -> int:
    return _OWNED.count(store_id) + _waiting(store_id).count()


def _erase_some(store_id: UUID, limit: int) -> int:
    owned = _OWNED.erase_some(store_id, limit)
    if owned:
        return owned
    some = _waiting(store_id).values("pk")[:limit]
    return Arrival.objects.filter(pk__in=some)._raw_delete(DEFAULT_DB_ALIAS)


ERASER = Eraser(_count, _erase_some)

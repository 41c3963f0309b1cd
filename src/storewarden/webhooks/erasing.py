"""What goes with a deleted store: the deliveries that told of it, with their tries."""

from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from storewarden.stores.erasing import Eraser
from storewarden.webhooks.models import Attempt, Delivery


def _deliveries(store_id: UUID) -> QuerySet[Delivery]:
    """Deliveries whose text names the store: it holds the store's id."""
    return Delivery.objects.filter(payload__contains=str(store_id)).order_by()


def _count(store_id: UUID) -> int:
    return _deliveries(store_id).count()


def _erase_some(store_id: UUID, limit: int) -> int:
    some = list(_deliveries(store_id).values_list("pk", flat=True)[:limit])
    Attempt.objects.filter(delivery__in=some)._raw_delete(DEFAULT_DB_ALIAS)
    return Delivery.objects.filter(pk__in=some)._raw_delete(DEFAULT_DB_ALIAS)


ERASER = Eraser(_count, _erase_some)

"""What goes with a deleted store: its alerts and rungs, and what messages said about it."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from storewarden.alerts.models import Alert, Message, Rung
from storewarden.stores.erasing import Eraser, Rows, of_tables

ROWS = of_tables(Rows(Rung, "credential__store"), Rows(Alert))


def _messages(store_id: UUID) -> QuerySet[Message]:
    """The messages that speak of a store: an item holds its id as text."""
    said = Message.objects.annotate(said=Cast("items", TextField()))
    return said.filter(said__contains=str(store_id)).order_by()


def _count(store_id: UUID) -> int:
    return ROWS.count(store_id) + _messages(store_id).count()


def _erase_some(store_id: UUID, limit: int) -> int:
    return ROWS.erase_some(store_id, limit) or _forget(store_id, limit)


def _forget(store_id: UUID, limit: int) -> int:
    some = list(_messages(store_id).values_list("pk", flat=True)[:limit])
    for pk in some:
        _leave_out(pk, str(store_id))
    return len(some)


@transaction.atomic
def _leave_out(message_id: UUID, store_id: str) -> None:
    """A message that spoke of this store alone goes as a whole."""
    row = Message.objects.select_for_update().get(pk=message_id)
    row.items = [item for item in row.items if item.get("store") != store_id]
    if row.items:
        row.save(update_fields=["items"])
    else:
        row.delete()


ERASER = Eraser(_count, _erase_some)

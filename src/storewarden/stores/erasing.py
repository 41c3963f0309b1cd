"""What goes when a store is deleted: every area tells how its rows are counted and erased.

Layers go down only, so stores cannot reach into the areas above. An area that keeps rows of
a store registers here, once, in its `AppConfig.ready()`:

    erasing.register("orders", erasing.of_tables(Rows(OrderLine, "order__store"), Rows(Order)))
    erasing.register("shipping", …, before=("orders",))    # its rows point at rows of orders

Tables that point at others of the area come before those. Where no path leads from a row to
its store, an area gives functions of its own (`Eraser`). They must bear to be called again at
any time, also when nothing is left, hold few rows in memory, and leave nothing that names the
store: no id, shop id, nickname or number of an order. Meanwhile the store's own row is still
there; its happenings in the outbox are gone, so that nothing is handed on any more.

The rows of this area and of the outbox need no registration; they go with the store itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store, StoreDeletion

Counting = Callable[[UUID], int]
"""How many rows of this store there are."""
ErasingSome = Callable[[UUID, int], int]
"""Erase that many rows of this store at most, in one short step; 0: nothing is left."""


@dataclass(frozen=True)
class Eraser:
    """How an area's rows of a store are counted, and erased a few at a time."""

    count: Counting
    erase_some: ErasingSome


_erasers: dict[str, Eraser] = {}
_before: dict[str, tuple[str, ...]] = {}


def register(name: str, eraser: Eraser, *, before: Iterable[str] = ()) -> None:
    """Have an area's rows erased with a store; `before` the areas at whose rows its own point."""
    _erasers[name], _before[name] = eraser, tuple(before)


def erasers() -> dict[str, Eraser]:
    """All areas, each before those that its rows point at."""
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(_erasers, ()))
    for name, pointed_at in _before.items():
        for other in pointed_at:
            order.add(other, name)
    return {name: _erasers[name] for name in order.static_order() if name in _erasers}


@dataclass(frozen=True)
class Rows:
    """The rows of one table; `path` leads from a row to its store."""

    model: type[Model]
    path: str = "store"

    def of(self, store_id: UUID) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.filter(**{self.path: store_id})
        return rows.order_by()

    def erase(self, store_id: UUID, limit: int) -> int:
        """By the database alone: what the rows hold never comes into memory."""
        some = self.of(store_id).values("pk")[:limit]
        return self.model._default_manager.filter(pk__in=some)._raw_delete(DEFAULT_DB_ALIAS)


def of_tables(*tables: Rows) -> Eraser:
    """Erase whole tables of a store, in this order."""

    def count(store_id: UUID) -> int:
        return sum(one.of(store_id).count() for one in tables)

    def erase_some(store_id: UUID, limit: int) -> int:
        for one in tables:
            if erased := one.erase(store_id, limit):
                return erased
        return 0

    return Eraser(count, erase_some)


def leaving() -> QuerySet[StoreDeletion, UUID]:
    """The ids of the stores that are being deleted: they stand in no list any more."""
    rows = StoreDeletion.objects.filter(finished_at__isnull=True)
    return rows.order_by().values_list("store_id", flat=True)


def refuse_leaving(store: Store) -> None:
    """For deeds that would bring a store back. Call it inside their transaction."""
    row = Store.objects.select_for_update(no_key=True).filter(pk=store.pk).first()
    if row is None or leaving().filter(store_id=store.pk).exists():
        raise Refusal(
            "being_deleted",
            _("“%(store)s” is being deleted right now.") % {"store": store.nickname},
            _("Wait until that has finished; then the same shop can be connected as a new store."),
        )

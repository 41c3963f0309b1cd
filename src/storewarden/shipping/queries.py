"""What pages, commands and jobs ask about parcels."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from storewarden.orders.models import Order
from storewarden.shipping.models import Carrier, Parcel, ShipFromWarehouse
from storewarden.shipping.rules import SURELY_LISTED_AFTER

PARCELS_A_LOOK = 50
NEEDS_A_LOOK = (
    Parcel.State.REFUSED,
    Parcel.State.UNKNOWN,
    Parcel.State.PLANNED,
    Parcel.State.SENDING,
)


def due_sends(now: datetime) -> list[int]:
    """Planned parcels whose turn it is, oldest first."""
    rows = Parcel.objects.filter(_due(now), state=Parcel.State.PLANNED)
    return _ids(rows)


def due_lookups(now: datetime) -> list[int]:
    """Parcels whose outcome is unknown, and those whose sender has died."""
    unknown = _due(now) & Q(state=Parcel.State.UNKNOWN)
    orphaned = Q(state=Parcel.State.SENDING, sent_at__lte=now - SURELY_LISTED_AFTER)
    return _ids(Parcel.objects.filter(unknown | orphaned))


def due_read_backs(now: datetime) -> list[int]:
    """Confirmed parcels of which Temu's number is still to be read."""
    return _ids(Parcel.objects.filter(state=Parcel.State.CONFIRMED, look_after__lte=now))


def _due(now: datetime) -> Q:
    return Q(look_after__isnull=True) | Q(look_after__lte=now)


def _ids(rows: QuerySet[Parcel]) -> list[int]:
    return list(rows.order_by("id").values_list("pk", flat=True)[:PARCELS_A_LOOK])


def parcels_of(order: Order) -> list[Parcel]:
    """An order's parcels with what is in them, newest first, in two queries."""
    rows = Parcel.objects.filter(order=order).prefetch_related("items__line")
    return list(rows.order_by("-planned_at", "-id"))


def carriers_for(order: Order) -> list[Carrier]:
    """The carriers known for an order's region, by name."""
    rows = Carrier.objects.filter(marketplace=order.store.marketplace, region_id=order.region_id)
    return list(rows.order_by("name"))


def ship_from_for(order: Order) -> list[ShipFromWarehouse]:
    """The store's warehouses that serve an order's region, the default first."""
    rows = ShipFromWarehouse.objects.filter(
        store=order.store, area=order.area, region_id__in=(order.region_id, "")
    )
    return list(rows.order_by("-default", "name"))


def queue(state: str = "", size: int = 200) -> list[Parcel]:
    """Parcels that are not settled well: refused, unknown, waiting; newest first.

    A refused one leaves the queue when its order has been shipped by another parcel.
    """
    rows = Parcel.objects.select_related("order__store").filter(_unsettled())
    if state:
        rows = rows.filter(state=state)
    return list(rows.order_by("-planned_at", "-id")[:size])


def queue_counts() -> dict[str, int]:
    """How many parcels of the queue are in each state."""
    rows = Parcel.objects.filter(_unsettled()).order_by().values_list("state")
    kept = dict(rows.annotate(Count("id")))
    return {state: kept.get(state, 0) for state in NEEDS_A_LOOK}


def _unsettled() -> Q:
    waiting = (Parcel.State.PLANNED, Parcel.State.SENDING, Parcel.State.UNKNOWN)
    refused = Q(state=Parcel.State.REFUSED, order__due_at__isnull=False)
    return Q(state__in=waiting) | refused

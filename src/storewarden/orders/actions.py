"""What can be done about orders."""

from collections.abc import Mapping
from typing import Any

from storewarden import clock
from storewarden.marketplaces.base import Access, TokenKind, Unreadable
from storewarden.marketplaces.registry import marketplace
from storewarden.orders.models import Order, OrderEvent, OrderPull
from storewarden.orders.pulling import (
    AlreadyPulling,
    LeaseLost,
    NotWhole,
    Progress,
    Pulled,
    pull_orders,
)
from storewarden.orders.recording import Recorded, record_orders
from storewarden.stores.queries import not_held, usable_credentials

__all__ = [
    "AlreadyPulling",
    "LeaseLost",
    "NotWhole",
    "Progress",
    "Pulled",
    "Recorded",
    "ask_for_pull",
    "mark_stopped",
    "note_event",
    "pull_orders",
    "read_again",
    "record_orders",
]


def note_event(
    order: Order, who: str, deed: str, detail: Mapping[str, Any] | None = None
) -> OrderEvent:
    """Write one line into an order's timeline."""
    return OrderEvent.objects.create(
        order=order, at=clock.now(), who=who, deed=deed, detail=dict(detail or {})
    )


def read_again(order: Order, access: Access, *, urgent: bool = False) -> Recorded:
    """Ask the marketplace for one order now, and keep what it says.

    Raises Refused or Unreachable; then nothing is stored.
    """
    asked = clock.now()
    told = marketplace(order.store.marketplace).order(access, order.po, urgent=urgent)
    if isinstance(told, Unreadable):
        recorded = record_orders(order.store, order.area, [], [told], read_at=asked)
    else:
        recorded = record_orders(order.store, order.area, [told], read_at=asked)
    order.refresh_from_db()
    return recorded


def ask_for_pull(store_id: str = "") -> int:
    """Make every running store's pull (or one store's) due at once: a person waits."""
    rows = OrderPull.objects.filter(credential__store__archived_at__isnull=True)
    if store_id:
        rows = rows.filter(credential__store_id=store_id)
    return rows.update(tried_at=None)


def mark_stopped() -> int:
    """Note at the cursors of tokens that no longer work since when they stand still.

    Such a token is not asked to pull, so no failed pull tells it; when it is
    back the orders missed meanwhile are counted from this moment.
    """
    working = [one.pk for one in usable_credentials(TokenKind.ORDER)]
    still = OrderPull.objects.filter(
        not_held(clock.now(), "credential__store__"),
        failing_since__isnull=True,
        finished_at__isnull=False,
        credential__store__archived_at__isnull=True,
        credential__store__paused_at__isnull=True,
    ).exclude(credential__in=working)
    found = list(still.values_list("pk", flat=True))
    if found:
        rows = OrderPull.objects.filter(pk__in=found)
        rows.update(failing_since=clock.now(), failure="token_not_usable")
    return len(found)

"""What pages, commands and other areas ask about orders. No OFFSET anywhere."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet, Sum
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.marketplaces.base import OrderState, TokenKind
from storewarden.orders import wording
from storewarden.orders.models import (
    Order,
    OrderCount,
    OrderEvent,
    OrderInbox,
    OrderLine,
    OrderPull,
)
from storewarden.orders.paging import Cursor, Page, cut
from storewarden.orders.rules import PULL_EVERY
from storewarden.stores.columns import Progress
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store
from storewarden.stores.queries import usable_credentials

ROWS_A_PAGE = 50
MATCHES = 500
"""A search looks at this many matches of each kind and no more, however common the text."""


class NoSuchOrder(Refusal):
    """No order has this PO, or several stores have it."""


@dataclass(frozen=True)
class Wanted:
    """How the list is narrowed and sorted; empty: no limit.

    `sort` is "newest", or "deadline": only orders that still have to leave,
    the most urgent first.
    """

    store_id: str = ""
    state: str = ""
    area: str = ""
    text: str = ""
    sort: str = "newest"


def order_page(
    wanted: Wanted, *, after: str = "", before: str = "", size: int = ROWS_A_PAGE
) -> Page[Order]:
    """One page of the list, with lines and store, in two queries (a search adds four).

    `after` and `before` are the cursors of the page before. Raises ValueError
    for a cursor that is none.
    """
    rows = _narrowed(wanted).select_related("store").prefetch_related("lines")
    cursor = Cursor.of("due_at", up=True) if wanted.sort == "deadline" else Cursor.of("listed_at")
    return cut(rows, cursor, after, before, size)


def _narrowed(wanted: Wanted) -> QuerySet[Order]:
    rows = Order.objects.all()
    if wanted.store_id:
        rows = rows.filter(store_id=wanted.store_id)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.area:
        rows = rows.filter(area=wanted.area)
    if wanted.sort == "deadline":
        rows = rows.filter(due_at__isnull=False)
    if wanted.text.strip():
        rows = rows.filter(pk__in=matches(wanted.text))
    return rows


def is_capped(text: str) -> bool:
    """Whether a search has more matches than it looks at."""
    return len(matches(text)) >= MATCHES


def matches(text: str) -> set[int]:
    """Orders whose PO is or begins with the text, or with exactly this order number,
    SKU code or tracking number."""
    sought = text.replace("\x00", "").strip()[:200]
    if not sought:
        return set()
    lines = OrderLine.objects.order_by("-id")
    found: list[Iterable[int]] = [
        _with_po(sought),
        lines.filter(order_sn=sought).values_list("order_id", flat=True)[:MATCHES],
        lines.filter(code=sought).exclude(code="").values_list("order_id", flat=True)[:MATCHES],
        Order.objects.filter(parcels__tracking_number=sought).values_list("pk", flat=True)[
            :MATCHES
        ],
    ]
    return {one for some in found for one in some}


def _with_po(sought: str) -> Iterable[int]:
    rows = Order.objects.order_by("-po")
    if connection.vendor == "sqlite":
        # LIKE does not use SQLite's index; a range of texts does.
        rows = rows.filter(po__gte=sought, po__lt=sought + "\U0010ffff")
    else:
        rows = rows.filter(po__startswith=sought)
    return rows.values_list("pk", flat=True)[:MATCHES]


def counts(store_id: str = "", area: str = "") -> dict[str, int]:
    """How many orders there are in each state; every state is named."""
    rows = OrderCount.objects.all()
    if store_id:
        rows = rows.filter(store_id=store_id)
    if area:
        rows = rows.filter(area=area)
    kept = dict(rows.values_list("state").annotate(Sum("number")).order_by())
    return {state.value: kept.get(state.value, 0) for state in OrderState}


def late_count(now: datetime) -> int:
    """How many orders have not left although their deadline has passed."""
    return Order.objects.filter(due_at__lt=now).count()


def most_urgent(size: int = 5) -> list[Order]:
    """The orders that have to leave first."""
    rows = Order.objects.filter(due_at__isnull=False).select_related("store")
    return list(rows.order_by("due_at", "id")[:size])


@dataclass(frozen=True)
class OrderFile:
    """Everything an order's page shows of this area."""

    order: Order
    lines: Sequence[OrderLine]
    events: Sequence[OrderEvent]


def order_file(pk: int) -> OrderFile | None:
    """One order with lines and timeline, in three queries."""
    timeline = Prefetch("events", OrderEvent.objects.order_by("-at", "-id"))
    rows = Order.objects.select_related("store").prefetch_related("lines", timeline)
    order = rows.filter(pk=pk).first()
    if order is None:
        return None
    return OrderFile(order, list(order.lines.all()), list(order.events.all())[:200])


def find_order(po: str, store: Store | None = None) -> Order:
    """An order by its PO. Raises NoSuchOrder."""
    sought = po.replace("\x00", "").strip()[:64]
    rows = Order.objects.select_related("store").filter(po=sought)
    found = list((rows.filter(store=store) if store else rows)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise NoSuchOrder(
            "several_orders",
            _("Two stores have an order %(po)s.") % {"po": sought},
            _("Name the store as well."),
        )
    raise NoSuchOrder(
        "no_such_order",
        _("There is no order “%(po)s”.") % {"po": sought},
        _("Copy the PO number from Seller Central, or pull the orders first."),
    )


def inbox(store_id: str = "") -> list[OrderInbox]:
    """Orders that could not be read and still cannot, newest first (at most 200)."""
    rows = OrderInbox.objects.select_related("store").filter(solved_at__isnull=True)
    if store_id:
        rows = rows.filter(store_id=store_id)
    return list(rows.order_by("-last_seen_at", "-id")[:200])


def inbox_count() -> int:
    return OrderInbox.objects.filter(solved_at__isnull=True).count()


def unknown_orders() -> list[Order]:
    """Orders in a state that we do not know, newest first (at most 200)."""
    rows = Order.objects.filter(state=OrderState.UNKNOWN).select_related("store")
    return list(rows.order_by("-listed_at", "-id")[:200])


def pulls(store_id: str = "") -> list[OrderPull]:
    """How each order token's pull stands."""
    rows = OrderPull.objects.select_related("credential__store").filter(
        credential__store__archived_at__isnull=True
    )
    if store_id:
        rows = rows.filter(credential__store_id=store_id)
    return list(rows.order_by("credential__store__nickname", "credential__area"))


def due_pulls(now: datetime, *, store_id: str = "", at_once: bool = False) -> list[Credential]:
    """Order tokens to pull with now: none running, the last try a minute ago; oldest first."""
    usable = usable_credentials(TokenKind.ORDER)
    if store_id:
        usable = [one for one in usable if str(one.store_id) == store_id]
    cursors = {row.credential_id: row for row in OrderPull.objects.filter(credential__in=usable)}
    due = [one for one in usable if _is_due(cursors.get(one.pk), now, at_once=at_once)]
    return sorted(due, key=lambda one: _tried_at(cursors.get(one.pk), now))


def _is_due(cursor: OrderPull | None, now: datetime, *, at_once: bool) -> bool:
    if cursor is None:
        return True
    if cursor.leased_until is not None and cursor.leased_until > now:
        return False
    return at_once or cursor.tried_at is None or now - cursor.tried_at >= PULL_EVERY


def _tried_at(cursor: OrderPull | None, now: datetime) -> datetime:
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return never if cursor is None else cursor.tried_at or never


def is_pulling(now: datetime, store_id: str = "") -> tuple[int, int] | None:
    """Orders read and expected of the pulls that run; None when none runs."""
    rows = OrderPull.objects.filter(leased_until__gt=now)
    if store_id:
        rows = rows.filter(credential__store_id=store_id)
    sums = rows.aggregate(done=Sum("window_done"), total=Sum("window_total"))
    return None if sums["done"] is None else (sums["done"], sums["total"])


def last_pulls(stores: Sequence[UUID]) -> dict[UUID, datetime | None]:
    """For each store the last moment at which all of its order tokens had been pulled."""
    rows = OrderPull.objects.filter(credential__store__in=stores)
    ends: dict[UUID, list[datetime | None]] = defaultdict(list)
    for store, end in rows.values_list("credential__store", "finished_at"):
        ends[store].append(end)
    return {store: _earliest(told) for store, told in ends.items()}


def _earliest(ends: Sequence[datetime | None]) -> datetime | None:
    """None as long as one of them has never been reached."""
    reached = [end for end in ends if end is not None]
    return min(reached) if len(reached) == len(ends) else None


def progress_of(store: Store) -> list[Progress]:
    """The order pulls of a store that are running or have failed, for its own page."""
    now = clock.now()
    return [
        Progress(
            _("Orders (%(area)s)") % {"area": row.credential.area.upper()},
            row.window_done,
            row.window_total,
            running=row.leased_until is not None and row.leased_until > now,
            failure=wording.why_not_pulled(row.failure),
        )
        for row in OrderPull.objects.filter(credential__store=store).select_related("credential")
    ]

"""What pages, commands and jobs ask about stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet

from storewarden import keyset
from storewarden.catalog.models import Listing, ListingSku
from storewarden.catalog.queries import search_words
from storewarden.clock import now
from storewarden.inventory import rules
from storewarden.inventory.models import ShownStock, StockDeed, StockWork
from storewarden.marketplaces.base import TokenKind
from storewarden.stores.models import Credential, Store
from storewarden.stores.queries import usable_credentials

NEWEST = keyset.Order()
OPEN = (ShownStock.Push.DUE, ShownStock.Push.SENT)
NEEDS_A_HAND = (ShownStock.Push.REFUSED, ShownStock.Push.DIFFERS)


@dataclass(frozen=True)
class Wanted:
    """How the stock table is narrowed; empty: no limit.

    `push` is a state of ShownStock.Push; "refused" takes in what was read back
    different, since both need a hand.
    """

    store: Store | None = None
    text: str = ""
    push: str = ""


def live_figures() -> QuerySet[ShownStock]:
    """Figures of listings that are on the marketplace, in stores that are not archived."""
    return ShownStock.objects.filter(
        gone_at__isnull=True,
        sku__removed_at__isnull=True,
        sku__listing__removed_at__isnull=True,
        sku__store__archived_at__isnull=True,
    )


def stock(wanted: Wanted, turn: keyset.Turn) -> keyset.Page[ShownStock]:
    """One page of the stock table in one query, last added first."""
    rows = live_figures().select_related("sku__listing", "sku__store")
    if wanted.store is not None:
        rows = rows.filter(sku__store=wanted.store)
    if wanted.push:
        refused = wanted.push == ShownStock.Push.REFUSED
        rows = rows.filter(push__in=NEEDS_A_HAND if refused else [wanted.push])
    for word in search_words(wanted.text):
        rows = rows.filter(_matching(word))
    return keyset.read(rows, NEWEST, turn)


def _matching(word: str) -> Q:
    own = Q(sku__code__icontains=word) | Q(sku__sku_id=word) | Q(warehouse_id=word)
    return own | Q(sku__listing__name__icontains=word) | Q(sku__listing__skc_id=word)


def figure(pk: int) -> ShownStock | None:
    """One figure with its SKU, listing and store, None when there is none."""
    rows = ShownStock.objects.select_related("sku__listing", "sku__store")
    return rows.filter(pk=pk).first() if 0 < pk < 2**63 else None


def figures_of(sku: ListingSku) -> list[ShownStock]:
    """What one SKU shows in each warehouse."""
    rows = ShownStock.objects.select_related("sku__listing", "sku__store")
    return list(rows.filter(sku=sku, gone_at__isnull=True).order_by("warehouse_id"))


def figures_of_listing(listing: Listing) -> list[ShownStock]:
    """What one listing's SKUs show, by SKU and warehouse."""
    rows = live_figures().select_related("sku__listing", "sku__store")
    return list(rows.filter(sku__listing=listing).order_by("sku_id", "warehouse_id"))


def refused_count() -> int:
    """Figures that need a hand: refused, or read back different."""
    return live_figures().filter(push__in=NEEDS_A_HAND).count()


def push_log(
    turn: keyset.Turn, store: Store | None = None, one: ShownStock | None = None
) -> keyset.Page[StockDeed]:
    """The log of stock deeds, newest first: of one figure, one store, or all."""
    rows = StockDeed.objects.select_related("figure__sku__listing", "figure__sku__store")
    if store is not None:
        rows = rows.filter(figure__sku__store=store)
    if one is not None:
        rows = rows.filter(figure=one)
    return keyset.read(rows, NEWEST, turn)


def open_figures(listing: Listing) -> list[ShownStock]:
    """The figures of a listing that are to be sent or read back. One we may not see is never."""
    rows = live_figures().select_related("sku").filter(sku__listing=listing, push__in=OPEN)
    return list(rows.exclude(push=ShownStock.Push.DUE, shown__isnull=True))


def listings_to_push(store: Store, limit: int) -> list[Listing]:
    """Listings with figures to send or read back, those that wait longest first."""
    waiting = (
        live_figures()
        .filter(sku__store=store, push__in=OPEN)
        .exclude(push=ShownStock.Push.DUE, shown__isnull=True)
    )
    oldest = waiting.values("sku__listing").annotate(since=Min("wanted_at")).order_by("since")
    ids = [row["sku__listing"] for row in oldest[:limit]]
    found = Listing.objects.select_related("store").in_bulk(ids)
    return [found[pk] for pk in ids]


def due_pushes() -> list[Credential]:
    """Product tokens of stores that have figures to push now and that nobody is pushing."""
    moment = now()
    held = Q(push_leased_until__gt=moment) | Q(look_after__gt=moment)
    resting = set(StockWork.objects.filter(held).values_list("store_id", flat=True))
    waiting = ShownStock.objects.filter(push__in=OPEN, sku__store__stock_push_on=True)
    stores = set(waiting.values_list("sku__store_id", flat=True).distinct())
    if not stores:
        return []
    return [
        one
        for one in usable_credentials(TokenKind.PRODUCT)
        if one.store_id in stores and one.store_id not in resting
    ]


def to_read(store: Store | None = None) -> QuerySet[Listing]:
    """Listings whose stock is due to be read: never read, or their listed quantity moved since.

    The list tells each SKU's total for 100 listings a call, a reading costs one call
    a listing (cn-pa-api.md 6.5 [I]). One that was refused rests for an hour.
    """
    rows = Listing.objects.filter(removed_at__isnull=True, store__archived_at__isnull=True)
    rows = rows if store is None else rows.filter(store=store)
    moved = Q(stock_read__read_at__lt=F("quantity_changed_at"))
    never = Q(stock_read__isnull=True) | Q(stock_read__read_at__isnull=True)
    rested = now() - rules.RETRY_READ_AFTER
    resting = Q(stock_read__failure__gt="", stock_read__tried_at__gt=rested)
    return rows.filter(moved | never).exclude(resting)


def listings_to_read(store: Store, limit: int) -> list[Listing]:
    """The listings to read next, those never read first."""
    rows = to_read(store).select_related("store")
    return list(rows.order_by(F("stock_read__read_at").asc(nulls_first=True), "-listed_at")[:limit])


def due_reads() -> list[Credential]:
    """Product tokens of stores with listings to read that nobody is reading now."""
    reading = StockWork.objects.filter(store=OuterRef("pk"), read_leased_until__gt=now())
    due = to_read().filter(store=OuterRef("pk"))
    stores = Store.objects.filter(Exists(due), ~Exists(reading))
    ids = set(stores.values_list("pk", flat=True))
    return [one for one in usable_credentials(TokenKind.PRODUCT) if one.store_id in ids]


def work_of(store: Store) -> StockWork | None:
    """When the store's stock was last pushed, and why it could not be."""
    return StockWork.objects.filter(store=store).first()


def last_pushes(stores: Sequence[UUID]) -> dict[UUID, datetime | None]:
    """For each store the last moment at which a stock figure was pushed."""
    rows = (
        ShownStock.objects.filter(sku__store__in=stores)
        .values_list("sku__store")
        .annotate(Max("pushed_at"))
    )
    return dict(rows)

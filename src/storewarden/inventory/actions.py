"""What can be done about stock: read it, set a figure, refresh a store's listings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from storewarden import clock
from storewarden.catalog.leases import LeaseHeldError, held
from storewarden.catalog.models import Listing, ListingSku
from storewarden.inventory import queries, rules, wording
from storewarden.inventory.models import ShownStock, StockDeed, StockRead, StockWork
from storewarden.inventory.recording import record_read, write_deed
from storewarden.marketplaces.base import (
    ABOUT_THE_TOKEN,
    Access,
    Refused,
    StoreType,
)
from storewarden.marketplaces.registry import marketplace
from storewarden.people.actions import Actor
from storewarden.stores.access import using
from storewarden.stores.models import Credential, Store

Progress = Callable[[int, int], None]
READ_AT_ONCE = 200
"""Listings a refresh reads before it lets others have their turn: 100 s at 2 calls a second."""


@dataclass(frozen=True)
class StockOf:
    """The stock of one listing as the marketplace shows it, and when it was asked."""

    listing: Listing
    figures: tuple[ShownStock, ...]
    read_at: datetime


@dataclass(frozen=True)
class Refreshed:
    """How many listings were read, how many the marketplace refused, how many are still due."""

    read: int
    refused: int
    left: int


def read_stock(credential: Credential, listing: Listing, *, urgent: bool = False) -> StockOf:
    """Read one listing's stock per warehouse. Raises Refused and Unreachable; then nothing changes
    but the note of the failure."""
    with using(credential) as access:
        return read_with(access, listing, urgent=urgent)


def read_with(access: Access, listing: Listing, *, urgent: bool) -> StockOf:
    """The same with the vault open already."""
    asked_at = clock.now()
    store = listing.store
    try:
        figures = marketplace(store.marketplace).stock(
            access, StoreType(store.store_type), listing.skc_id, urgent=urgent
        )
    except Refused as refusal:
        _note_refused(listing, refusal, asked_at)
        raise
    with transaction.atomic():
        rows = record_read(listing, figures, asked_at)
    return StockOf(listing, tuple(rows), asked_at)


def _note_refused(listing: Listing, refusal: Refused, tried_at: datetime) -> None:
    if refusal.cause in ABOUT_THE_TOKEN:
        return
    StockRead.objects.update_or_create(
        listing=listing,
        defaults={
            "tried_at": tried_at,
            "their_code": str(refusal.code)[:20],
            "failure": refusal.message[:300],
        },
    )


def refresh_stock(
    credential: Credential,
    *,
    limit: int = READ_AT_ONCE,
    urgent: bool = False,
    progress: Progress | None = None,
) -> Refreshed:
    """Read the stock of the listings that are due for it, those never read first.

    One call a listing, 2 a second a store. A listing that is refused is left for an
    hour. Raises Refusal (busy), Unreachable, and Refused about the token.
    """
    work = work_of(credential.store)
    try:
        with held(work, "read_leased_until") as lease, using(credential) as access:
            due = queries.listings_to_read(credential.store, limit)
            read = 0
            for number, listing in enumerate(due, 1):
                lease.renew()
                read += _read_one(access, listing, urgent)
                if progress is not None:
                    progress(number, len(due))
    except LeaseHeldError:
        raise wording.busy(credential.store.nickname) from None
    left = queries.to_read(credential.store).count()
    return Refreshed(read, len(due) - read, left)


def _read_one(access: Access, listing: Listing, urgent: bool) -> bool:
    try:
        read_with(access, listing, urgent=urgent)
    except Refused as refusal:
        if refusal.cause in ABOUT_THE_TOKEN:
            raise
        return False
    return True


def work_of(store: Store) -> StockWork:
    work, _made = StockWork.objects.get_or_create(store=store)
    return work


def set_figure(sku: ListingSku, warehouse_id: str, quantity: str | int, actor: Actor) -> ShownStock:
    """Say what a SKU shall show in a warehouse; it is pushed by the next look.

    `warehouse_id` may be empty where the SKU is in one warehouse only. Raises
    Refusal with nothing stored: no quantity, a warehouse that it is not in, a
    figure that Temu does not show, pushing switched off, store paused or archived.
    """
    number = rules.quantity_of(quantity)
    if isinstance(number, rules.BadQuantity):
        raise wording.bad_quantity(number)
    with transaction.atomic():
        figure, store = _figure(sku, warehouse_id), Store.objects.get(pk=sku.store_id)
        against = rules.may_set(figure.shown, figure.gone_at is not None, store_now(store))
        if against is not None:
            raise wording.may_not(against, store.nickname)
        _want(figure, number, actor)
    return figure


def _want(figure: ShownStock, number: int, actor: Actor) -> None:
    now = clock.now()
    figure.wanted, figure.wanted_at, figure.wanted_by = number, now, actor.name
    figure.push = ShownStock.Push.DUE
    figure.their_code = figure.their_message = ""
    figure.save(
        update_fields=[
            "wanted", "wanted_at", "wanted_by", "push", "their_code", "their_message",
        ]
    )  # fmt: skip
    write_deed(
        figure, StockDeed.Deed.SET, before=figure.shown, after=number, at=now, who=actor.name
    )


def _figure(sku: ListingSku, warehouse_id: str) -> ShownStock:
    rows = list(
        ShownStock.objects.select_for_update(of=("self",))
        .select_related("sku__listing", "sku__store")
        .filter(sku=sku, gone_at__isnull=True)
    )
    name = sku.code or sku.sku_id
    if not rows:
        raise wording.never_read(name)
    wanted = warehouse_id.strip()
    if not wanted and len(rows) == 1:
        return rows[0]
    for row in rows:
        if row.warehouse_id == wanted:
            return row
    raise wording.no_such_warehouse(name, [row.warehouse_id for row in rows])


def store_now(store: Store) -> rules.StoreNow:
    """What of a store decides whether its figures may be set."""
    return rules.StoreNow(
        store.stock_push_on, store.paused_at is not None, store.archived_at is not None
    )

"""Sending figures to the marketplace and reading them back.

Temu's answer to a write says nothing about any SKU (cn-pa-api.md 6.2 [D]), so a
figure is done only when a reading made after the write shows it. Only absolute
figures are sent, so one whose outcome is unknown stays due and is sent again;
for full consignment the seam reads afresh before it makes a difference of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from storewarden import clock
from storewarden.catalog.leases import LeaseHeldError, held
from storewarden.catalog.models import Listing
from storewarden.inventory import queries, rules, wording
from storewarden.inventory.actions import read_with, work_of
from storewarden.inventory.models import ShownStock, StockDeed, StockWork
from storewarden.inventory.recording import settle
from storewarden.marketplaces.base import (
    ABOUT_THE_TOKEN,
    Access,
    Cause,
    MarketplaceError,
    Refused,
    StockTarget,
    StoreType,
)
from storewarden.marketplaces.registry import marketplace
from storewarden.stores.access import using
from storewarden.stores.models import Credential, Store

Push, Deed = ShownStock.Push, StockDeed.Deed
# Refusals that say nothing about the figure: it stays due.
NOT_ABOUT_THE_FIGURE = ABOUT_THE_TOKEN | {Cause.THROTTLED, Cause.UNWELL, Cause.CLOCK_OFF}
LISTINGS_A_LOOK = 100


@dataclass(frozen=True)
class PushedStock:
    """What became of the figures that were due: read back equal, different, refused by the
    marketplace; `waiting` are still to be sent or read back."""

    done: int
    differs: int
    refused: int
    waiting: int


@dataclass
class _Run:
    """One look at the due figures of one store, while the lease is held."""

    credential: Credential
    access: Access
    urgent: bool
    touched: set[int] = field(default_factory=set)

    def listing(self, listing: Listing) -> None:
        """Send what is due of one listing in one call, then read all of it back."""
        open_figures = queries.open_figures(listing)
        self.touched.update(one.pk for one in open_figures)
        due = [one for one in open_figures if one.push == Push.DUE]
        if due:
            self._send(listing, due)
        read_with(self.access, listing, urgent=self.urgent)

    def _send(self, listing: Listing, due: Sequence[ShownStock]) -> None:
        """One call; when it is refused, one for each figure, so that only the bad one stays."""
        try:
            self._set(listing, due)
        except Refused as refusal:
            if refusal.cause in NOT_ABOUT_THE_FIGURE:
                raise
            if len(due) == 1:
                settle(due[0], Push.REFUSED, Deed.REFUSED, str(refusal.code), refusal.message)
                return
            for one in due:
                self._send(listing, [one])

    def _set(self, listing: Listing, due: Sequence[ShownStock]) -> None:
        store = listing.store
        targets = [
            StockTarget(one.sku.sku_id, one.warehouse_id, one.wanted)
            for one in due
            if one.wanted is not None
        ]
        marketplace(store.marketplace).set_stock(
            self.access, StoreType(store.store_type), listing.skc_id, targets, urgent=self.urgent
        )
        with transaction.atomic():
            for one in due:
                settle(one, Push.SENT, Deed.SENT)


def push_due(credential: Credential, *, urgent: bool = False) -> PushedStock:
    """Push the figures of a store that are due, one call a listing, and read them back.

    Raises Refusal (pushing is off, another process is at it), Unreachable and
    Refused about the token; figures then stay due. Any other refusal is written
    on the figure that it is about.
    """
    store = Store.objects.get(pk=credential.store_id)
    if not store.stock_push_on:
        raise wording.may_not(rules.Against.PUSH_OFF, store.nickname)
    work = work_of(store)
    try:
        with held(work, "push_leased_until") as lease, using(credential) as access:
            run = _Run(credential, access, urgent)
            for listing in queries.listings_to_push(store, LISTINGS_A_LOOK):
                lease.renew()
                _one(run, listing)
    except LeaseHeldError:
        raise wording.busy(store.nickname) from None
    except MarketplaceError as error:
        _note_failure(work, error)
        raise
    return _note_pushed(work, run.touched)


def _one(run: _Run, listing: Listing) -> None:
    """A refused reading is noted on its listing and does not stop the others."""
    try:
        run.listing(listing)
    except Refused as refusal:
        if refusal.cause in NOT_ABOUT_THE_FIGURE:
            raise


def _note_failure(work: StockWork, error: MarketplaceError) -> None:
    work.look_after = clock.now() + rules.RETRY_AFTER_OUTAGE
    work.failure = error.reason[:300]
    work.save(update_fields=["look_after", "failure"])


def _note_pushed(work: StockWork, touched: set[int]) -> PushedStock:
    states = list(ShownStock.objects.filter(pk__in=touched).values_list("push", flat=True))
    waiting = states.count(Push.DUE) + states.count(Push.SENT)
    again = clock.now() + rules.RETRY_AFTER_OUTAGE if waiting else None
    work.look_after, work.failure = again, ""
    if touched:
        work.pushed_at = clock.now()
    work.save(update_fields=["look_after", "failure", "pushed_at"])
    return PushedStock(
        states.count(Push.DONE), states.count(Push.DIFFERS), states.count(Push.REFUSED), waiting
    )

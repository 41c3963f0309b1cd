"""What can be done about listings: pull them, ask for a pull."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.catalog import rules
from storewarden.catalog.leases import Lease, LeaseHeldError, held
from storewarden.catalog.models import CatalogPull, Listing
from storewarden.catalog.recording import Tally, record
from storewarden.marketplaces.base import (
    LISTINGS_A_PAGE,
    Access,
    ListingPage,
    MarketplaceError,
)
from storewarden.marketplaces.registry import marketplace
from storewarden.stores.access import using
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store

BEGINNING = ["round", "again", "next_page", "began_at", "steady", "total", "done"]
Progress = Callable[[int, int], None]
"""Told after each page: listings read, listings in all."""


@dataclass(frozen=True)
class Pulled:
    """What a pull brought.

    `total` listings are in the marketplace's list; `new` and `changed` count what
    this run wrote (a run that resumes counts from where it resumed), `removed`
    those marked as gone. `complete` False: the list changed each time it was
    read, so nothing was marked as gone; the next pull does that.
    """

    total: int
    new: int
    changed: int
    removed: int
    complete: bool


def pull_listings(
    credential: Credential, *, urgent: bool = False, progress: Progress | None = None
) -> Pulled:
    """Read all listings of a store and record them; a pull that was cut off goes on.

    One transaction a page. Raises Refusal (another process is at it), Refused and
    Unreachable (what was read stays recorded, and the next pull resumes).
    """
    pull, _made = CatalogPull.objects.get_or_create(store=credential.store)
    try:
        with held(pull) as lease:
            pull.refresh_from_db()
            return _Pull(credential, pull, lease, urgent, progress).run()
    except LeaseHeldError:
        raise _busy(credential.store) from None


def ask_pull(store: Store) -> CatalogPull:
    """Ask for a pull now; the engine's next look finds it."""
    pull, _made = CatalogPull.objects.get_or_create(store=store)
    pull.asked_at = clock.now()
    pull.save(update_fields=["asked_at"])
    return pull


class _Pull:
    """One run of a pull, while the lease is held."""

    def __init__(
        self,
        credential: Credential,
        pull: CatalogPull,
        lease: Lease,
        urgent: bool,
        progress: Progress | None,
    ) -> None:
        self.credential, self.pull, self.lease = credential, pull, lease
        self.urgent, self.progress = urgent, progress
        self.tally = Tally()

    def run(self) -> Pulled:
        if not rules.may_resume(self.pull.next_page, self.pull.began_at, clock.now()):
            self._begin(again=False)
        try:
            with using(self.credential) as access:
                complete = self._read_list(access) or self._read_again(access)
        except MarketplaceError as error:
            self._note_failure(error)
            raise
        return self._finish(complete)

    def _read_again(self, access: Access) -> bool:
        """The list changed while it was read: read it once more, and no more than that."""
        if self.pull.again:
            return False
        self._begin(again=True)
        return self._read_list(access)

    def _begin(self, *, again: bool) -> None:
        pull = self.pull
        pull.round, pull.again, pull.next_page = pull.round + 1, again, 1
        pull.began_at, pull.steady, pull.total, pull.done = clock.now(), True, 0, 0
        pull.save(update_fields=BEGINNING)

    def _read_list(self, access: Access) -> bool:
        """Read to the last page; True when no listing can have slipped through."""
        market = marketplace(self.credential.store.marketplace)
        while True:
            number = self.pull.next_page
            page = market.listings(access, number, urgent=self.urgent)
            self.lease.renew()
            self._record(page)
            rows = len(page.listings)
            if rules.last_page(rows, number, page.total, LISTINGS_A_PAGE):
                return rules.complete(self._seen(), page.total, self.pull.steady)

    def _record(self, page: ListingPage) -> None:
        pull = self.pull
        with transaction.atomic():
            self.tally += record(self.credential.store, page.listings, pull.round, clock.now())
            pull.steady = pull.steady and pull.total in (page.total, 0)
            pull.next_page, pull.total = pull.next_page + 1, page.total
            pull.done += len(page.listings)
            pull.save(update_fields=["next_page", "steady", "total", "done"])
        if self.progress is not None:
            self.progress(pull.done, pull.total)

    def _seen(self) -> int:
        rows = Listing.objects.filter(store=self.credential.store, seen_round=self.pull.round)
        return rows.count()

    def _finish(self, complete: bool) -> Pulled:
        pull, now = self.pull, clock.now()
        with transaction.atomic():
            removed = self._mark_removed() if complete else 0
            pull.next_page, pull.finished_at, pull.asked_at = 1, now, None
            pull.failed_at, pull.failure = None, ""
            pull.save(
                update_fields=["next_page", "finished_at", "asked_at", "failed_at", "failure"]
            )
        return Pulled(pull.total, self.tally.new, self.tally.changed, removed, complete)

    def _mark_removed(self) -> int:
        rows = Listing.objects.filter(store=self.credential.store, removed_at__isnull=True)
        return rows.exclude(seen_round=self.pull.round).update(removed_at=clock.now())

    def _note_failure(self, error: MarketplaceError) -> None:
        self.pull.failed_at, self.pull.failure = clock.now(), error.reason[:300]
        self.pull.save(update_fields=["failed_at", "failure"])


def _busy(store: Store) -> Refusal:
    return Refusal(
        "busy",
        _("The listings of “%(store)s” are being pulled already.") % {"store": store.nickname},
        _("Wait until that pull is done; the listings page shows how far it is."),
    )

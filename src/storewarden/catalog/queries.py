"""What pages, commands and other areas ask about listings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from storewarden import keyset
from storewarden.catalog import rules
from storewarden.catalog.models import CatalogPull, Listing, ListingSku
from storewarden.clock import now
from storewarden.marketplaces.base import TokenKind
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store
from storewarden.stores.queries import live_stores, usable_credentials, why_not

NEWEST = keyset.Order("listed_at")
LONGEST_SEARCH = 100
REMOVED = "removed"


@dataclass(frozen=True)
class Wanted:
    """How the list of listings is narrowed; empty: no limit.

    `status` is the marketplace's own word, or "removed". Without it removed
    listings are left out.
    """

    store: Store | None = None
    text: str = ""
    status: str = ""


@dataclass(frozen=True)
class Counts:
    """Listings on the marketplace, SKUs in them, and listings that are gone from it."""

    listings: int
    skus: int
    removed: int


class NoSuchSku(Refusal):
    """No SKU of the store has this code or id, or several have it."""


def listings(wanted: Wanted, turn: keyset.Turn, also: Sequence[str] = ()) -> keyset.Page[Listing]:
    """One page, newest first: one query for listings, one for SKUs, one for each of `also`."""
    rows = Listing.objects.select_related("store").filter(store__archived_at__isnull=True)
    rows = _narrowed(rows, wanted).prefetch_related(_live_skus(), *also)
    return keyset.read(rows, NEWEST, turn)


def _narrowed(rows: QuerySet[Listing], wanted: Wanted) -> QuerySet[Listing]:
    rows = rows.filter(removed_at__isnull=wanted.status != REMOVED)
    if wanted.store is not None:
        rows = rows.filter(store=wanted.store)
    if wanted.status and wanted.status != REMOVED:
        rows = rows.filter(status=wanted.status)
    for word in search_words(wanted.text):
        rows = rows.filter(_matching(word))
    return rows


def search_words(text: str) -> list[str]:
    """The first five words of a search, without what no database can look for."""
    return text.replace("\x00", "")[:LONGEST_SEARCH].split()[:5]


def _matching(word: str) -> Q:
    skus = ListingSku.objects.filter(Q(code__icontains=word) | Q(sku_id=word))
    own = Q(name__icontains=word) | Q(code__icontains=word) | Q(skc_id=word) | Q(product_id=word)
    return own | Q(pk__in=skus.values("listing_id"))


def _live_skus() -> "Prefetch[str]":
    return Prefetch("skus", ListingSku.objects.filter(removed_at__isnull=True))


def listing(pk: int, also: Sequence[str] = ()) -> Listing | None:
    """One listing with its store and SKUs, None when there is none."""
    rows = Listing.objects.select_related("store").prefetch_related(_live_skus(), *also)
    return rows.filter(pk=pk).first() if 0 < pk < 2**63 else None


def statuses() -> list[str]:
    """The marketplace's words for the state of a listing that occur."""
    found = Listing.objects.order_by("status").values_list("status", flat=True).distinct()
    return [status for status in found if status]


def counts(store: Store | None = None) -> Counts:
    """How many listings and SKUs there are, of one store or of all that are not archived."""
    rows = Listing.objects.filter(store__archived_at__isnull=True)
    rows = rows if store is None else rows.filter(store=store)
    here, gone = Q(removed_at__isnull=True), Q(removed_at__isnull=False)
    found = rows.aggregate(listings=Count("pk", filter=here), removed=Count("pk", filter=gone))
    skus = ListingSku.objects.filter(listing__in=rows.filter(here), removed_at__isnull=True)
    return Counts(found["listings"], skus.count(), found["removed"])


def find_sku(store: Store, text: str) -> ListingSku:
    """A SKU of a store by the seller's own code or the marketplace's id. Raises NoSuchSku."""
    word = text.replace("\x00", "").strip()[:200]
    rows = ListingSku.objects.select_related("listing", "store").filter(
        Q(sku_id=word) | Q(code=word), store=store, removed_at__isnull=True
    )
    found = list(rows[:2]) if word else []
    if len(found) == 1:
        return found[0]
    raise _ambiguous(store, word) if found else _unknown(store, word)


def _unknown(store: Store, word: str) -> NoSuchSku:
    return NoSuchSku(
        "no_such_sku",
        _("“%(store)s” has no SKU “%(sku)s”.") % {"store": store.nickname, "sku": word[:80]},
        _("Use the SKU code or the SKU id as the listings show them, or pull the listings first."),
    )


def _ambiguous(store: Store, word: str) -> NoSuchSku:
    return NoSuchSku(
        "several_skus",
        _("Several SKUs of “%(store)s” have the code “%(sku)s”.")
        % {"store": store.nickname, "sku": word[:80]},
        _("Use the SKU id instead; the listings show it."),
    )


def pulls() -> dict[str, CatalogPull]:
    """How far each live store's pull has come, by the store's id."""
    rows = CatalogPull.objects.filter(store__in=live_stores())
    return {str(pull.store_id): pull for pull in rows}


def pull_of(store: Store) -> CatalogPull | None:
    return CatalogPull.objects.filter(store=store).first()


def due_pulls() -> list[Credential]:
    """The product tokens whose store is due for a pull now and is not being pulled."""
    moment, known = now(), pulls()
    return [
        one
        for one in usable_credentials(TokenKind.PRODUCT)
        if _is_due(known.get(str(one.store_id)), moment)
    ]


def _is_due(pull: CatalogPull | None, moment: datetime) -> bool:
    if pull is None:
        return True
    if pull.leased_until is not None and pull.leased_until > moment:
        return False
    return rules.due(pull.finished_at, pull.asked_at, pull.failed_at, moment)


def product_credential(store: Store) -> Credential:
    """The store's product stock token, if it can be used now. Raises Refusal saying why not."""
    found = usable_credentials(TokenKind.PRODUCT, store)
    if found:
        return found[0]
    raise Refusal("token_not_usable", why_not(store, TokenKind.PRODUCT))

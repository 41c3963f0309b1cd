"""The pages of listings."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storewarden import engine
from storewarden.catalog import actions, queries
from storewarden.catalog.models import CatalogPull, Listing
from storewarden.catalog.wording import TONES, status_label
from storewarden.keyset import Turn
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store
from storewarden.stores.queries import live_stores
from storewarden.stores.wording import silence

FIGURES = ("skus__stock",)


@dataclass(frozen=True)
class PullCard:
    """How far one store's pull is, as the page shows it."""

    store: Store
    pull: CatalogPull
    running: bool

    @property
    def html_id(self) -> str:
        return f"pull-{self.store.pk}"

    @property
    def text(self) -> str:
        if self.running:
            return ""
        if self.pull.failure:
            return _("The pull stopped: %(why)s") % {"why": silence(self.pull.failure)}
        return _("All listings are read. Reload the page to see them.")


@dataclass(frozen=True)
class Line:
    """One listing as the list shows it."""

    listing: Listing

    @property
    def state(self) -> str:
        return queries.REMOVED if self.listing.removed_at else self.listing.status

    @property
    def label(self) -> str:
        return status_label(self.state)

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "muted")


def chosen_store(request: HttpRequest) -> Store | None:
    """The store that the address names; None when it names none of ours."""
    try:
        key = UUID(request.GET.get("store") or request.POST.get("store") or "")
    except ValueError:
        return None
    return live_stores().filter(pk=key).first()


def turn_of(request: HttpRequest) -> Turn:
    """The page that the address asks for."""
    return Turn(after=request.GET.get("after", ""), before=request.GET.get("before", ""))


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The listings of all stores or one, newest first."""
    store = chosen_store(request)
    wanted = queries.Wanted(store, request.GET.get("q", ""), request.GET.get("status", "")[:40])
    stores = list(live_stores())
    page = queries.listings(wanted, turn_of(request), also=FIGURES)
    context = {
        "page": page,
        "lines": [Line(one) for one in page.rows],
        "wanted": wanted,
        "stores": stores,
        "statuses": [(one, status_label(one)) for one in [*queries.statuses(), queries.REMOVED]],
        "counts": queries.counts(store),
        "cards": _cards(stores),
    }
    return render(request, "catalog/index.html", context)


def _cards(stores: list[Store]) -> list[PullCard]:
    """The pulls that are under way or waiting."""
    known = queries.pulls()
    pulls = [(one, known[str(one.pk)]) for one in stores if str(one.pk) in known]
    return [PullCard(one, pull, True) for one, pull in pulls if _running(pull)]


def _running(pull: CatalogPull) -> bool:
    waits_after_failure = bool(pull.failure) and pull.leased_until is None
    return not waits_after_failure and (pull.asked_at is not None or pull.next_page > 1)


@require_GET
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """One listing; its stock comes from inventory's own part of the page."""
    found = queries.listing(pk)
    if found is None:
        raise Http404(_("There is no such listing."))
    context = {"listing": found, "line": Line(found)}
    return render(request, "catalog/listing.html", context)


@require_POST
def pull(request: HttpRequest) -> HttpResponse:
    """Pull one store's listings now, or all stores'."""
    store = chosen_store(request)
    if store is None and request.POST.get("store"):
        raise Http404(_("There is no such store."))
    asked = [one for one in ([store] if store else live_stores()) if _ask(request, one)]
    if asked:
        messages.success(request, _("The listings are being pulled."))
    where = reverse("catalog:index")
    return redirect(f"{where}?store={store.pk}" if store else where)


def _ask(request: HttpRequest, store: Store) -> bool:
    try:
        queries.product_credential(store)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    actions.ask_pull(store)
    engine.submit("catalog.pull", str(store.pk))
    return True


@require_GET
def progress(request: HttpRequest, store_id: UUID) -> HttpResponse:
    """How far a pull is: the part of the page that asks again by itself."""
    store = live_stores().filter(pk=store_id).first()
    found = queries.pull_of(store) if store else None
    if store is None or found is None:
        raise Http404(_("There is no such pull."))
    card = PullCard(store, found, _running(found))
    return render(request, "catalog/_progress.html", {"card": card})

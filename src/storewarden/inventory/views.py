"""The pages of stock: the table, a figure set in place, the log."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storewarden import engine
from storewarden.catalog.models import Listing
from storewarden.catalog.queries import listing as find_listing
from storewarden.catalog.queries import product_credential
from storewarden.catalog.views import chosen_store, turn_of
from storewarden.inventory import actions, queries, rules, wording
from storewarden.inventory.models import ShownStock, StockDeed
from storewarden.marketplaces.base import Refused, Unreachable
from storewarden.people.queries import actor_of
from storewarden.stores.errors import Refusal
from storewarden.stores.queries import live_stores


@dataclass(frozen=True)
class Row:
    """One figure as the table shows it.

    `error` is what was wrong with what was typed. `watched`: somebody has just
    set it here, so the row asks for itself again until its figure is settled.
    """

    figure: ShownStock
    error: str = ""
    watched: bool = False

    @property
    def words(self) -> wording.Words:
        return wording.state_of(self.figure)

    @property
    def label(self) -> str:
        return str(wording.PUSH_LABELS[ShownStock.Push(self.figure.push)])

    @property
    def asks_again(self) -> bool:
        on_its_way = self.figure.push in queries.OPEN and self.figure.sku.store.stock_push_on
        return self.watched and on_its_way

    @property
    def may_set(self) -> bool:
        return (
            rules.may_set(self.figure.shown, self.figure.gone_at is not None, self._store) is None
        )

    @property
    def _store(self) -> rules.StoreNow:
        return actions.store_now(self.figure.sku.store)


def _states() -> list[tuple[str, str]]:
    return [(state, str(wording.PUSH_LABELS[state])) for state in ShownStock.Push if state]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What every SKU shows in every warehouse, and what it shall show."""
    wanted = queries.Wanted(
        chosen_store(request), request.GET.get("q", ""), request.GET.get("push", "")[:10]
    )
    page = queries.stock(wanted, turn_of(request))
    context = {
        "page": page,
        "rows": [Row(figure) for figure in page.rows],
        "wanted": wanted,
        "stores": list(live_stores()),
        "states": _states(),
        "refused": queries.refused_count(),
        "tab": "refused" if wanted.push == ShownStock.Push.REFUSED else "stock",
    }
    return render(request, "inventory/index.html", context)


@require_GET
def of_listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The stock of one listing, as a part of its page."""
    rows = [Row(figure) for figure in queries.figures_of_listing(_listing(pk))]
    return render(request, "inventory/_table.html", {"rows": rows})


@require_GET
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """One row, which asks for itself again while its figure is on its way."""
    return render(request, "inventory/_row.html", {"row": Row(_figure(pk), watched=True)})


@require_POST
def set_figure(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a figure in place; it is on its way at once."""
    found = _figure(pk)
    try:
        written = request.POST.get("quantity", "")
        actions.set_figure(found.sku, found.warehouse_id, written, actor_of(request))
    except Refusal as refusal:
        return _refused(request, found, refusal)
    engine.submit("inventory.push", str(found.sku.store_id))
    said = _("Stock set. It is sent to Temu now and read back.")
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        return redirect("inventory:index")
    row = Row(_figure(pk), watched=True)
    response = render(request, "inventory/_row.html", {"row": row})
    response["HX-Trigger"] = json.dumps({"say": said})
    return response


def _refused(request: HttpRequest, found: ShownStock, refusal: Refusal) -> HttpResponse:
    if request.headers.get("HX-Request"):
        row = Row(found, error=str(refusal))
        return render(request, "inventory/_row.html", {"row": row}, status=422)
    context = {"sentence": refusal.sentence, "next_step": refusal.next_step, "code": refusal.code}
    return render(request, "web/refused.html", context, status=422)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one listing's stock from Temu now."""
    found = _listing(pk)
    try:
        actions.read_stock(product_credential(found.store), found, urgent=True)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    except Refused as refused:
        words = wording.their_refusal(str(refused.code), refused.message)
        messages.error(request, f"{words.sentence} {words.next_step}")
    except Unreachable:
        messages.error(request, _("Temu could not be reached. Nothing changed; try again."))
    else:
        messages.success(request, _("The stock was read from Temu just now."))
    return redirect("catalog:listing", pk)


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Every figure set, pushed, refused or found different, and by whom."""
    store = chosen_store(request)
    page = queries.push_log(turn_of(request), store)
    rows = [(deed, wording.DEED_LABELS[StockDeed.Deed(deed.deed)]) for deed in page.rows]
    context = {"page": page, "rows": rows, "store": store, "stores": list(live_stores())}
    return render(
        request, "inventory/log.html", {**context, "tab": "log", "refused": queries.refused_count()}
    )


def _figure(pk: int) -> ShownStock:
    found = queries.figure(pk)
    if found is None:
        raise Http404(_("There is no such figure."))
    return found


def _listing(pk: int) -> Listing:
    found = find_listing(pk)
    if found is None:
        raise Http404(_("There is no such listing."))
    return found

"""The pages of the order desk."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storewarden import clock, engine
from storewarden.marketplaces.base import OrderState
from storewarden.orders import queries, showing
from storewarden.orders.actions import ask_for_pull
from storewarden.orders.forms import OrderFilter
from storewarden.orders.models import Order
from storewarden.orders.paging import Page
from storewarden.orders.rules import OPEN_STATES
from storewarden.stores.queries import live_stores

PULLS_SHOWN = 5


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list of orders: what has to leave next comes first."""
    form = OrderFilter(request.GET)
    form.is_valid()
    wanted = _wanted(form.cleaned_data)
    page = _page(wanted, request)
    now = clock.now()
    context = {
        "form": form,
        "wanted": wanted,
        "state": wanted.state or "all",
        "tabs": showing.tabs(queries.counts(wanted.store_id, wanted.area), wanted.state or "all"),
        "page": page,
        "rows": [showing.shown(order, now) for order in page.rows],
        "inbox": queries.inbox_count(),
        "has_stores": live_stores().exists(),
        "capped": bool(wanted.text) and queries.is_capped(wanted.text),
        **_progress(wanted.store_id),
    }
    return render(request, "orders/index.html", context)


def _wanted(asked: dict[str, Any]) -> queries.Wanted:
    store = asked.get("store")
    text = asked.get("q", "")
    state = asked.get("state") or ("all" if text else OrderState.TO_SHIP.value)
    sort = asked.get("sort") or ("deadline" if state in OPEN_STATES else "newest")
    if state not in OPEN_STATES and state != "all":
        sort = "newest"  # what has left, or may not leave yet, has no deadline
    return queries.Wanted(
        str(store.pk) if store else "",
        "" if state == "all" else state,
        asked.get("area", ""),
        text,
        sort,
    )


def _page(wanted: queries.Wanted, request: HttpRequest) -> Page[Order]:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        return queries.order_page(wanted, after=after, before=before)
    except ValueError:
        return queries.order_page(wanted)


def _progress(store_id: str) -> dict[str, Any]:
    """Whether a pull runs, how far it is, and how the last ones ended."""
    running = queries.is_pulling(clock.now(), store_id)
    done, total = running or (0, 0)
    pulls = sorted(queries.pulls(store_id), key=showing.worst_first)
    return {
        "pulling": running is not None,
        "pull_done": done,
        "pull_total": total,
        "pulls": pulls[:PULLS_SHOWN],
        "more_pulls": max(0, len(pulls) - PULLS_SHOWN),
        "pull_asked": any(row.tried_at is None for row in pulls),
        "pull_store": store_id,
    }


@require_POST
def pull(request: HttpRequest) -> HttpResponse:
    """Pull now: every store, or the one that the list is narrowed to."""
    form = OrderFilter(request.POST)
    form.is_valid()
    store = form.cleaned_data.get("store")
    wanted = [store] if store else list(live_stores())
    for one in wanted:
        ask_for_pull(str(one.pk))
        engine.submit("orders.pull", str(one.pk))
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        messages.info(request, _("The orders are being pulled."))
        return redirect("orders:index")
    context = {**_progress(str(store.pk) if store else ""), "pulling": True}
    response = render(request, "orders/_pulling.html", context)
    response["HX-Trigger"] = json.dumps({"say": _("The orders are being pulled.")})
    return response


@require_GET
def pulling(request: HttpRequest) -> HttpResponse:
    """How far the pull is; asked every two seconds while one runs."""
    form = OrderFilter(request.GET)
    form.is_valid()
    store = form.cleaned_data.get("store")
    context = _progress(str(store.pk) if store else "")
    context["pulling"] = context["pulling"] or context["pull_asked"]
    return render(request, "orders/_pulling.html", context)


@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return order_response(request, pk)


def order_response(
    request: HttpRequest, pk: int, extra: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """An order's page; other areas add what their part of it needs."""
    file = queries.order_file(pk)
    if file is None:
        raise Http404
    context = {
        "order": file.order,
        "shown": showing.shown(file.order, clock.now()),
        "timeline": showing.timeline(file.events),
        **(extra or {}),
    }
    return render(request, "orders/order.html", context, status=status)


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Orders that could not be read, with the reason, and those in a state nobody knows."""
    context = {"rows": queries.inbox(), "unknown": queries.unknown_orders()}
    return render(request, "orders/inbox.html", context)

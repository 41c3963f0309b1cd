"""Shipping an order from its page, and the queue of parcels that need a look."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from storewarden import engine
from storewarden.marketplaces.base import Refused, Unreachable
from storewarden.orders.models import Order
from storewarden.orders.views import order_response
from storewarden.people.queries import actor_of
from storewarden.shipping import actions, queries, showing, wording
from storewarden.shipping.forms import ShipForm
from storewarden.shipping.models import Parcel
from storewarden.stores.errors import Refusal


@require_POST
def plan(request: HttpRequest, order_pk: int) -> HttpResponse:
    """Ship an order: write the command, have it sent, show what comes of it."""
    order = get_object_or_404(Order.objects.select_related("store"), pk=order_pk)
    form = ShipForm(order, request.POST)
    if form.is_valid():
        try:
            parcel = _planned(request, order, form)
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            engine.submit("shipping.send", str(parcel.pk), key=str(parcel.pk))
            return _answer(request, order, _("The parcel is being confirmed to Temu."))
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        context = showing.desk(order, form)
        return render(request, "shipping/_desk.html", context, status=422)
    return order_response(request, order.pk, {"ship_form": form}, status=422)


def _planned(request: HttpRequest, order: Order, form: ShipForm) -> Parcel:
    asked = form.cleaned_data
    return actions.plan_parcel(
        order,
        carrier=asked["carrier"],
        tracking=asked["tracking"],
        warehouse_id=asked["warehouse"],
        actor=actor_of(request),
    )


def _answer(request: HttpRequest, order: Order, said: str, *, good: bool = True) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        (messages.info if good else messages.error)(request, said)
        return redirect("orders:order", order.pk)
    response = render(request, "shipping/_desk.html", {**showing.desk(order), "asked": True})
    response["HX-Trigger"] = json.dumps({"say" if good else "say-error": said})
    return response


@require_POST
def lists(request: HttpRequest, order_pk: int) -> HttpResponse:
    """Read carriers and warehouses from Temu anew, for one order's region."""
    order = get_object_or_404(Order.objects.select_related("store"), pk=order_pk)
    try:
        actions.refresh_carriers(order.store, order.area, order.region_id, urgent=True)
        actions.refresh_ship_from(order.store, order.area, urgent=True)
    except Refusal as no:
        return _answer(request, order, str(no), good=False)
    except Refused as no:
        told = wording.told(str(no.code), no.message)
        return _answer(request, order, f"{told.sentence} {told.next_step}", good=False)
    except Unreachable:
        said = _("Temu could not be reached. Try again in a minute.")
        return _answer(request, order, said, good=False)
    return _answer(request, order, _("Carriers and warehouses are up to date."))


@require_GET
def parcel(request: HttpRequest, pk: int) -> HttpResponse:
    """The ship part of an order's page, asked again while a parcel is under way."""
    found = get_object_or_404(Parcel.objects.select_related("order__store"), pk=pk)
    response = render(request, "shipping/_desk.html", showing.desk(found.order))
    if found.state not in showing.UNDER_WAY:
        response["HX-Trigger"] = json.dumps({"say": wording.outcome(found).sentence})
    return response


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Parcels that are not settled well, with what to check."""
    asked = request.GET.get("state", "")
    state = asked if asked in queries.NEEDS_A_LOOK else ""
    counts = queries.queue_counts()
    context = {
        "state": state,
        "tabs": showing.tabs(counts, state),
        "rows": [showing.shown(one) for one in queries.queue(state)],
    }
    return render(request, "shipping/index.html", context)

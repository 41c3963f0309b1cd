"""Settings › Developer apps: app key and secret an area."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from storewarden.marketplaces.base import Marketplace
from storewarden.marketplaces.registry import all_marketplaces
from storewarden.people.queries import actor_of
from storewarden.stores import actions, columns, wording
from storewarden.stores.errors import Refusal
from storewarden.stores.forms import AppForm
from storewarden.stores.models import DeveloperApp
from storewarden.stores.views.answers import refused


def market_of_apps() -> Marketplace:
    """Developer apps are a thing of the first marketplace, until another one has them too."""
    return all_marketplaces()[0]


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def apps(request: HttpRequest) -> HttpResponse:
    """The list, and the form for another one."""
    market = market_of_apps()
    form = AppForm(market, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and saved(request, market, form):
        return redirect("stores:apps")
    rows = DeveloperApp.objects.annotate(stores=Count("credentials__store", distinct=True))
    have = {one.area for one in rows}
    lacking = [wording.AREA_NAMES.get(one, one) for one in market.app_areas() if one not in have]
    page = {"form": form, "apps": rows, "market": market, "lacking": lacking}
    page["parts"] = columns.app_parts(list(rows))
    return render(request, "stores/apps.html", page, status=422 if form.errors else 200)


def saved(request: HttpRequest, market: Marketplace, form: AppForm) -> bool:
    """Save the app; what is refused stands beside the form."""
    given = form.cleaned_data
    known = DeveloperApp.objects.filter(
        marketplace=market.key, area=given["area"], app_key=given["app_key"]
    ).exists()
    try:
        app = actions.add_app(
            market.key, given["area"], given["app_key"], given["secret"], actor_of(request)
        )
    except IntegrityError:  # two clicks at the same moment: the other one has saved it
        known, app = True, DeveloperApp(area=given["area"], app_key=given["app_key"])
    except Refusal as no:
        form.add_error(None, f"{no.sentence} {no.next_step}")
        return False
    area = wording.AREA_NAMES.get(app.area, app.area)
    words = (
        _("The app of the %(area)s area is registered; its secret is the new one.")
        if known
        else _("The app of the %(area)s area is registered.")
    )
    messages.success(request, words % {"area": area})
    return True


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first; refused while a store's token belongs to the app."""
    app = DeveloperApp.objects.filter(pk=pk).first()
    if app is None:
        raise Http404
    if request.method != "POST":
        return render(request, "stores/remove_app.html", {"app": app})
    try:
        actions.remove_app(app, actor_of(request))
    except Refusal as no:
        return refused(request, no, reverse("stores:apps"))
    messages.success(request, _("The app “%s” is removed.") % app.app_key)
    return redirect("stores:apps")

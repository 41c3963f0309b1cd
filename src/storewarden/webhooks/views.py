"""Settings › Webhooks: endpoints, their log, and one delivery."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storewarden import clock, engine
from storewarden.catalog.views import turn_of
from storewarden.people.queries import actor_of
from storewarden.stores.errors import Refusal
from storewarden.stores.views.answers import is_partial, refused
from storewarden.vault import Secret
from storewarden.webhooks import actions, queries, types, wording
from storewarden.webhooks.forms import EndpointForm
from storewarden.webhooks.models import Delivery, Endpoint

SOON = timedelta(seconds=15)
"""A delivery that is due within this is watched by its page."""
JOB = "webhooks.deliver_due"
TABS = (Delivery.State.DUE, Delivery.State.DONE, Delivery.State.FAILED)


@dataclass(frozen=True)
class Row:
    """One endpoint as the list shows it."""

    endpoint: Endpoint
    waiting: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The endpoints, and the events that there are."""
    waiting = queries.waiting()
    rows = [Row(one, waiting.get(one.pk, 0)) for one in queries.endpoints()]
    return render(request, "webhooks/index.html", {"rows": rows, "events": types.all_types()})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form; its answer shows the secret, once."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.add_endpoint(form.wanted(), actor_of(request))
        except Refusal as no:
            form.refuse(no)
        else:
            return shown_once(request, made, secret)
    return form_page(request, form)


def form_page(
    request: HttpRequest, form: EndpointForm, endpoint: Endpoint | None = None
) -> HttpResponse:
    page = {"form": form, "endpoint": endpoint, "events": types.all_types()}
    return render(request, "webhooks/form.html", page, status=422 if form.errors else 200)


def shown_once(
    request: HttpRequest, endpoint: Endpoint, secret: Secret, *, renewed: bool = False
) -> HttpResponse:
    """The one page that has a secret in clear. It is no redirect, so that nothing keeps it."""
    page = {"endpoint": endpoint, "secret": secret.reveal(), "renewed": renewed}
    return render(request, "webhooks/secret_shown.html", page | {"both_for": wording.both_for()})


@require_safe
def endpoint(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One endpoint with the log of its deliveries."""
    shown = endpoint_or_404(pk)
    state = request.GET.get("state", "")
    state = state if state in TABS else ""
    page: dict[str, Any] = {
        "endpoint": shown,
        "page": queries.deliveries(shown, turn_of(request), state),
        "state": state,
        "tabs": TABS,
        "old_secret_until": queries.old_secret_until(shown, clock.now()),
        "waiting": queries.waiting().get(shown.pk, 0),
    }
    return render(request, "webhooks/endpoint.html", page)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another address, description or choice of events."""
    shown = endpoint_or_404(pk)
    form = EndpointForm(request.POST if request.method == "POST" else None, shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_endpoint(shown, form.wanted())
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved. It holds for what happens from now on."))
            return redirect("webhooks:endpoint", pk)
    return form_page(request, form, endpoint_or_404(pk))


@require_http_methods(["GET", "POST"])
def secret(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first; then shows a new secret, once."""
    shown = endpoint_or_404(pk)
    if request.method != "POST":
        page = {"endpoint": shown, "both_for": wording.both_for()}
        return render(request, "webhooks/secret.html", page)
    try:
        made = actions.rotate_secret(shown)
    except Refusal as no:
        return refused(request, no, url_of(shown))
    return shown_once(request, shown, made, renewed=True)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first; then forgets the endpoint and its log."""
    shown = endpoint_or_404(pk)
    if request.method != "POST":
        return render(request, "webhooks/remove.html", {"endpoint": shown})
    actions.remove_endpoint(shown)
    messages.success(request, _("The endpoint is removed; nothing more is sent there."))
    return redirect("webhooks:index")


@require_POST
def switch(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """On or off; a second click changes nothing."""
    shown = endpoint_or_404(pk)
    if deed not in ("on", "off"):
        raise Http404
    if deed == "on":
        actions.switch_on(shown)
        messages.success(request, _("Switched on. It is told of what happens from now on."))
    else:
        actions.switch_off(shown, Endpoint.Off.BY_HAND, actor_of(request).name)
        messages.success(request, _("Switched off. Nothing is sent there."))
    return redirect("webhooks:endpoint", pk)


@require_POST
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an event that says nothing happened; its page shows how it goes."""
    shown = endpoint_or_404(pk)
    try:
        sent = actions.send_test(shown)
    except Refusal as no:
        return refused(request, no, url_of(shown))
    engine.submit(JOB)
    return redirect("webhooks:delivery", pk, sent.pk)


@require_safe
def delivery(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One delivery: what was sent, and how each try went."""
    shown = delivery_or_404(pk, number)
    page = {
        "delivery": shown,
        "endpoint": shown.endpoint,
        "attempts": queries.attempts(shown),
        "poll": shown.next_at is not None and shown.next_at <= clock.now() + SOON,
    }
    name = "webhooks/_delivery.html" if is_partial(request) else "webhooks/delivery.html"
    return render(request, name, page)


@require_POST
def redeliver(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Send it once more, now."""
    shown = delivery_or_404(pk, number)
    back = reverse("webhooks:delivery", args=[pk, number])
    try:
        actions.redeliver(shown)
    except Refusal as no:
        return refused(request, no, back)
    engine.submit(JOB)
    messages.success(request, _("It is sent once more, under the same id."))
    return redirect(back)


def endpoint_or_404(pk: UUID) -> Endpoint:
    found = queries.endpoint(pk)
    if found is None:
        raise Http404
    return found


def delivery_or_404(pk: UUID, number: int) -> Delivery:
    found = queries.delivery(number, pk)
    if found is None:
        raise Http404
    return found


def url_of(shown: Endpoint) -> str:
    return reverse("webhooks:endpoint", args=[shown.pk])

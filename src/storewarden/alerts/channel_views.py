"""Settings › Reminders: the channels, and when the reminder of the day goes out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storewarden.alerts import channels, queries, sending, wording
from storewarden.alerts.addresses import SERVICES, Address
from storewarden.alerts.forms import ChannelForm, DigestForm, complain
from storewarden.alerts.models import Channel
from storewarden.people.queries import actor_of
from storewarden.stores.errors import Refusal


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The channels and their state, the ladder, and the hour of the digest."""
    return render(request, "alerts/channels.html", listing(hours_form()))


@require_POST
def hours(request: HttpRequest) -> HttpResponse:
    form = DigestForm(request.POST)
    if not form.is_valid():
        return render(request, "alerts/channels.html", listing(form), status=422)
    channels.keep_hours(form.cleaned_data["digest_hour"], form.cleaned_data["time_zone"])
    messages.success(request, _("Saved."))
    return redirect("alerts:channels")


def hours_form() -> DigestForm:
    now = queries.watch_settings()
    return DigestForm(initial={"digest_hour": now.digest_hour, "time_zone": now.time_zone})


def listing(form: DigestForm) -> dict[str, Any]:
    return {"channels": queries.channels(), "form": form}


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which service the new channel goes through."""
    return render(request, "alerts/choose.html", {"services": SERVICES.values()})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, service: str) -> HttpResponse:
    """The few fields that a service needs."""
    fields = service_or_404(service)(data_of(request), prefix="at")
    form = ChannelForm(data_of(request), initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and all([form.is_valid(), fields.is_valid()]):
        made = added(request, form, fields)
        if made is not None:
            words = _("“%(name)s” is added. Send a test to see whether it arrives.")
            messages.success(request, words % {"name": made.name})
            return redirect("alerts:channels")
    return filled(request, "alerts/add.html", {"form": form, "fields": fields})


def added(request: HttpRequest, form: ChannelForm, fields: Address) -> Channel | None:
    """The new channel; None when it is refused, which then stands beside the form."""
    told = form.cleaned_data
    who = actor_of(request)
    try:
        return channels.add(told["name"], fields.address(), told["language"], told["role"], who)
    except Refusal as no:
        complain(fields if no.cause.startswith(("address", "channel_is")) else form, no)
        return None


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another name, language or person."""
    channel = channel_or_404(pk)
    now = {"name": channel.name, "language": channel.language, "role": channel.role}
    form = ChannelForm(data_of(request), initial=now)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            channels.change(channel, told["name"], told["language"], told["role"])
        except Refusal as no:
            complain(form, no)
        else:
            messages.success(request, _("“%(name)s” is changed.") % {"name": channel.name})
            return redirect("alerts:channels")
    page = {"form": form, "channel": channel, "services": SERVICES.values()}
    return filled(request, "alerts/change.html", page)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def readdress(request: HttpRequest, pk: UUID, service: str) -> HttpResponse:
    """Another address, of the same service or another."""
    channel = channel_or_404(pk)
    fields = service_or_404(service)(data_of(request), prefix="at")
    if request.method == "POST" and fields.is_valid():
        try:
            channels.replace_address(channel, fields.address())
        except Refusal as no:
            complain(fields, no)
        else:
            words = _("“%(name)s” has its new address. Send a test to see whether it arrives.")
            messages.success(request, words % {"name": channel.name})
            return redirect("alerts:channels")
    return filled(request, "alerts/address.html", {"fields": fields, "channel": channel})


@require_POST
def switch(request: HttpRequest, pk: UUID, deed: str) -> HttpResponse:
    """On or off; a second click changes nothing."""
    channel = channel_or_404(pk)
    words = {"on": _("“%(name)s” is switched on."), "off": _("“%(name)s” is switched off.")}
    if deed not in words:
        raise Http404
    channels.switch(channel, deed == "on")
    messages.success(request, words[deed] % {"name": channel.name})
    return redirect("alerts:channels")


@require_POST
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a test now and say what came of it."""
    channel = channel_or_404(pk)
    name = {"name": channel.name}
    done = sending.send_test(channel)
    if done.state == "sent":
        text = _("The test went out on “%(name)s”. Look whether it has arrived.") % name
        messages.success(request, text)
    else:
        why = wording.failure(done.failure)
        text = _("The test did not go out on “%(name)s”.") % name
        messages.error(request, f"{text} {why.sentence} {why.next_step}")
    return redirect("alerts:channels")


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first; then forgets the channel and its address."""
    channel = channel_or_404(pk)
    if request.method != "POST":
        return render(request, "alerts/remove.html", {"channel": channel})
    channels.remove(channel)
    messages.success(request, _("“%(name)s” is removed.") % {"name": channel.name})
    return redirect("alerts:channels")


def filled(request: HttpRequest, template: str, page: dict[str, Any]) -> HttpResponse:
    """A form's page; 422 when something in it is wrong."""
    wrong = any(page[name].errors for name in ("form", "fields") if name in page)
    return render(request, template, page, status=422 if wrong else 200)


def data_of(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def service_or_404(key: str) -> type[Address]:
    if key not in SERVICES:
        raise Http404
    return SERVICES[key]


def channel_or_404(pk: UUID) -> Channel:
    found = Channel.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found

"""The pages of alerts: what rings, what is past, what was sent; and the bell."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from storewarden import clock
from storewarden.alerts import answering, queries, rules, wording
from storewarden.alerts.models import Alert
from storewarden.keyset import Turn
from storewarden.people.models import User
from storewarden.stores.errors import Refusal
from storewarden.stores.views.answers import refused, way_back

ROWS_A_PAGE = 25

Answer = Callable[[Alert, User, datetime | None], None]


def snoozing(how_long: str) -> Answer:
    return lambda alert, _person, seen: answering.snooze(alert, how_long, seen)


ANSWERS: dict[str, Answer] = {
    "acknowledge": answering.acknowledge,
    "ring-again": lambda alert, _person, _seen: answering.ring_again(alert),
    **{f"snooze-{name}": snoozing(name) for name in rules.SNOOZES},
}


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    return redirect("alerts:index")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is open: first what rings, the gravest first."""
    lines, more = queries.open_alerts()
    page = {
        "lines": lines,
        "more": more,
        "ringing": sum(line.rings for line in lines),
        "until": clock.now(),
        "snoozes": wording.SNOOZES,
        "tab": "open",
    }
    return render(request, "alerts/index.html", page)


@require_safe
def past(request: HttpRequest) -> HttpResponse:
    page = queries.past_alerts(turn_of(request))
    lines = queries.alert_lines(page.rows, clock.now())
    return render(request, "alerts/past.html", {"page": page, "lines": lines, "tab": "past"})


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Every message and what came of it on each channel."""
    lines, page = queries.message_page(turn_of(request))
    return render(request, "alerts/messages.html", {"page": page, "lines": lines, "tab": "sent"})


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, which each page asks for once a minute."""
    return render(request, "alerts/_bell.html", {"ringing": queries.ringing_count()})


@require_POST
def answer(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Acknowledge, snooze, or let it ring again."""
    alert = queries.find_alert(pk)
    if deed not in ANSWERS or alert is None:
        raise Http404
    try:
        ANSWERS[deed](alert, person_of(request), seen_of(request))
    except Refusal as no:
        return refused(request, no, reverse("alerts:index"))
    messages.success(request, said(alert, deed))
    return redirect(way_back(request, reverse("alerts:index")))


@require_POST
def acknowledge_all(request: HttpRequest) -> HttpResponse:
    """What rang when the page was made; what came since goes on ringing."""
    number = answering.acknowledge_all(person_of(request), seen_of(request) or clock.now())
    text = ngettext("%(n)d alert is acknowledged.", "%(n)d alerts are acknowledged.", number)
    messages.success(request, text % {"n": number})
    return redirect("alerts:index")


def said(alert: Alert, deed: str) -> str:
    name = {"store": alert.store.nickname if alert.store else _("Temu does not answer")}
    if deed == "acknowledge":
        return _("“%(store)s” is acknowledged. It rings again when less time is left.") % name
    if deed == "ring-again":
        return _("“%(store)s” rings again.") % name
    return _("“%(store)s” is snoozed.") % name


def person_of(request: HttpRequest) -> User:
    person = request.user
    assert isinstance(person, User)  # noqa: S101  # LoginRequiredMiddleware lets nobody else in
    return person


def seen_of(request: HttpRequest) -> datetime | None:
    """The moment that the form carries; None when there is none that can be read."""
    try:
        moment = parse_datetime(request.POST.get("seen", "")[:40])
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def turn_of(request: HttpRequest) -> Turn:
    return Turn(request.GET.get("after", ""), request.GET.get("before", ""), ROWS_A_PAGE)

"""The address that a marketplace calls, and one button for people."""

from uuid import UUID

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from storewarden import clock
from storewarden.arrivals import actions, rules
from storewarden.arrivals.queries import app_at, takes_events
from storewarden.marketplaces.events import BadEvent
from storewarden.stores.models import DeveloperApp

STATUS = {"malformed": 400, "forged": 401, "stale": 403, "too_long": 413, "busy": 503}
log = structlog.get_logger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """A message of the marketplace: verified, kept, answered; one look-up and one row.

    Temu wants 200 within 500 ms and tries again otherwise, so a message that was kept before is
    answered like a new one. What is not believed leaves nothing behind.
    """
    app = app_at(market, pk)
    if app is None:
        return _answer(404)
    body = request.read(rules.MOST_BYTES + 1)
    if len(body) > rules.MOST_BYTES:
        return _refused(app, "too_long")
    try:
        event = actions.read(app, request.headers, body)
    except BadEvent as no:
        return _refused(app, no.reason)
    if rules.is_stale(event.sent_at, clock.now()):
        return _refused(app, "stale")
    try:
        actions.keep(app, event)
    except actions.Busy:
        return _refused(app, "busy")
    return _answer(200)


def _refused(app: DeveloperApp, why: str) -> HttpResponse:
    log.warning("arrivals.refused", app=str(app.pk), why=why)
    return _answer(STATUS[why])


def _answer(status: int) -> HttpResponse:
    return JsonResponse({"result": {}}, status=status)


@require_POST
def ask_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person has changed something at the marketplace and does not want to wait a day."""
    app = DeveloperApp.objects.filter(pk=pk).first()
    if app is None or not takes_events(app):
        raise Http404
    actions.ask_again(app)
    messages.success(request, _("Temu is asked about the events of this app within a minute."))
    return redirect("stores:apps")

"""The feed itself, for calendar programs, and Settings › Calendar, where feeds are made."""

import math
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from storewarden import clock
from storewarden.calendars import actions, queries
from storewarden.calendars.forms import OWN_NAMES, FeedForm
from storewarden.calendars.ics import CONTENT_TYPE, Sheet
from storewarden.calendars.models import CalendarFeed
from storewarden.people.queries import actor_of
from storewarden.stores.errors import Refusal
from storewarden.throttle import Limit, client_of
from storewarden.vault import Secret

WRONG = Limit(60, 3600)
"""Wrong addresses from one client. A program that still asks for a revoked feed is no guesser."""


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a secret address; a revoked one is no longer there."""
    client = client_of(request)
    if wait_s := WRONG.take(client):
        return too_often(wait_s)
    found = queries.feed_of(secret)
    if found is not None:
        WRONG.give_back(client)
    if found is None or found.revoked_at is not None:
        return plainly(404, _("There is no such calendar: it was revoked, or never was."))
    return told(request, found)


def too_often(wait_s: float) -> HttpResponse:
    words = _("Too many wrong addresses were tried from here. Wait an hour, then try again.")
    answer = plainly(429, words)
    answer["Retry-After"] = str(math.ceil(wait_s))
    return answer


def plainly(status: int, words: str) -> HttpResponse:
    """A sentence for a program that has no use for a page."""
    return HttpResponse(words + "\n", status=status, content_type="text/plain; charset=utf-8")


def told(request: HttpRequest, found: CalendarFeed) -> HttpResponse:
    """The feed as it stands now, or only that nothing has changed since it was read last."""
    sheet = Sheet(found, queries.lines(found, clock.now()), settings.CONFIG.public_url)
    actions.note_read(found)
    same = get_conditional_response(request, etag=sheet.etag)
    answer = same if isinstance(same, HttpResponseNotModified) else written(sheet)
    answer["ETag"] = sheet.etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def written(sheet: Sheet) -> HttpResponse:
    answer = HttpResponse(sheet.text(), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = 'inline; filename="storewarden.ics"'
    answer["Content-Language"] = sheet.feed.language
    answer["X-Robots-Tag"] = "noindex"
    return answer


@dataclass(frozen=True)
class Shown:
    """A feed as the page lists it."""

    feed: CalendarFeed
    language: str


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The feeds, and the form for another one. A new address is shown in this answer alone."""
    bound = request.POST if request.method == "POST" else None
    form = FeedForm(bound, language=request.LANGUAGE_CODE)
    made = tried(request, form) if form.is_bound and form.is_valid() else None
    page = {
        "form": FeedForm(language=request.LANGUAGE_CODE) if made else form,
        "made": made,
        "address": address_of(request, made.secret) if made else "",
        "live": [shown(one) for one in queries.live_feeds()],
        "revoked": [shown(one) for one in queries.revoked_feeds()],
        "site": settings.CONFIG.public_url,
    }
    return render(request, "calendars/index.html", page, status=422 if form.errors else 200)


def tried(request: HttpRequest, form: FeedForm) -> actions.Made | None:
    """Make the feed; what is refused stands beside the form."""
    given = form.cleaned_data
    try:
        return actions.make(
            given["name"],
            given["language"],
            actor_of(request),
            with_nicknames=given["with_nicknames"],
        )
    except Refusal as no:
        form.add_error("name", f"{no.sentence} {no.next_step}")
        return None


def address_of(request: HttpRequest, secret: Secret) -> str:
    """The whole address: under the one that people use, if that is set."""
    path = reverse("calendar_feed", args=[secret.reveal()])
    site = settings.CONFIG.public_url
    return site + path if site else request.build_absolute_uri(path)


def shown(one: CalendarFeed) -> Shown:
    return Shown(one, dict(OWN_NAMES).get(one.language, one.language))


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks first; a second click changes nothing."""
    found = CalendarFeed.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return render(request, "calendars/revoke.html", {"feed": found})
    actions.revoke(found, actor_of(request))
    messages.success(request, _("The calendar “%s” is revoked.") % found.name)
    return redirect("calendars:index")

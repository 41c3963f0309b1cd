"""The page behind a renewal link: no sign-in, one store's nickname, its token fields, no more.

It has no session and no other link into the product. Django's own guard against forms of other
sites is off here: it rests on cookies, and on an Origin that browsers withhold under
`Referrer-Policy: no-referrer`. The secret in the address takes its place. A form of another site
would have to know it, and who knows it needs nobody else's browser.
"""

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import retarget

from storewarden.stores import actions
from storewarden.stores.errors import Refusal
from storewarden.stores.models import RenewalLink
from storewarden.stores.renewal import actions as links
from storewarden.stores.renewal.actions import BeingUsed, LinkEnded, TooManyTries
from storewarden.stores.renewal.cards import (
    OutsideCard,
    of_bad_form,
    of_check,
    of_refusal,
)
from storewarden.stores.renewal.forms import OwnTokensForm
from storewarden.stores.views.adding import blocks, start_sync
from storewarden.stores.views.answers import is_partial
from storewarden.throttle import client_of
from storewarden.vault import Secret

Opened = Callable[[HttpRequest, RenewalLink, str], HttpResponse]
Behind = Callable[[HttpRequest, str], HttpResponse]
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
}


def behind_a_link(page: Opened) -> Behind:
    """Only with the secret of a link that works, in that link's language, and kept by nobody."""

    @login_not_required
    @csrf_exempt
    @sensitive_post_parameters()
    @wraps(page)
    def view(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            response = opened(page, request, secret)
        except LinkEnded:
            response = ended(request)
        except TooManyTries as no:
            response = too_many(request, no)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return view


def opened(page: Opened, request: HttpRequest, secret: str) -> HttpResponse:
    link = links.open_link(Secret(secret), client_of(request))
    if link is None:
        raise LinkEnded
    with translation.override(link.language):
        response = page(request, link, secret)
    response["Content-Language"] = link.language
    return response


def ended(request: HttpRequest) -> HttpResponse:
    """The same for a link that was used, revoked, has expired, or never was: which is not told."""
    return shut(request, LinkEnded, 404)


def too_many(request: HttpRequest, no: TooManyTries) -> HttpResponse:
    response = shut(request, lambda: TooManyTries(no.wait_s), 429)
    response["Retry-After"] = str(ceil(no.wait_s))
    return response


def shut(request: HttpRequest, why: Callable[[], Refusal], status: int) -> HttpResponse:
    """A refusal in every language of ours: whose language it should be is not known."""
    said: list[tuple[str, Refusal]] = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.append((code, why()))
    return render(request, "stores/renewal_shut.html", {"said": said}, status=status)


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, link: RenewalLink, secret: str) -> HttpResponse:
    """The form; and saving what was filled in, which ends the link."""
    if request.method != "POST":
        if request.method == "GET":
            links.note_opened(link)
        return show(request, link, secret, OwnTokensForm(link.store))
    form = OwnTokensForm(link.store, request.POST)
    if not form.is_valid():
        return show(request, link, secret, form, of_bad_form(link.store.marketplace, form))
    try:
        links.use_link(link, form.pasted(form.store_type))
    except actions.CheckRefused as no:
        card = of_check(link.store.marketplace, form, no.card)
        return show(request, link, secret, form, card)
    except BeingUsed as no:
        return show(request, link, secret, form, of_refusal(no))
    start_sync()
    return done(request, link)


@behind_a_link
@require_POST
def check(request: HttpRequest, link: RenewalLink, secret: str) -> HttpResponse:
    """Ask Temu about what was pasted; nothing is stored."""
    form = OwnTokensForm(link.store, request.POST)
    if not form.is_valid():
        return show(request, link, secret, form, of_bad_form(link.store.marketplace, form))
    found = links.check_link(link, form.pasted(form.store_type))
    return show(request, link, secret, form, of_check(link.store.marketplace, form, found))


def show(
    request: HttpRequest,
    link: RenewalLink,
    secret: str,
    form: OwnTokensForm,
    card: OutsideCard | None = None,
) -> HttpResponse:
    """The card alone for htmx, else the whole page with it."""
    status = 200 if card is None or card.ok else 422
    if card is not None and is_partial(request):
        return render(request, "stores/_renewal_card.html", {"answer": card}, status=status)
    page: dict[str, Any] = {
        "nickname": link.store.nickname,
        "works_until": link.expires_at,
        "form": form,
        "parts": blocks(form, [form.store_type], None),
        "answer": card,
        "save_url": reverse("renewal:renew", args=[secret]),
        "check_url": reverse("renewal:check", args=[secret]),
    }
    return render(request, "stores/renewal.html", page, status=status)


def done(request: HttpRequest, link: RenewalLink) -> HttpResponse:
    """It is saved; for htmx in place of the form."""
    page = {"nickname": link.store.nickname, "title": _("Saved")}
    if not is_partial(request):
        return render(request, "stores/renewal_done.html", page)
    answer = render(request, "stores/_renewal_done.html", page)
    answer["HX-Reswap"] = "outerHTML show:window:top"
    return retarget(answer, "#renewal")

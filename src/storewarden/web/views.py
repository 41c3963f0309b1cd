"""Refusals in plain words: what Django's handlers show."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

OUTSIDE = "web/door.html"


def refusal(
    request: HttpRequest, status: int, heading: str, sentence: str, next_step: str
) -> HttpResponse:
    """A page that says no: in the frame for those signed in, without it for others."""
    words = {"heading": heading, "sentence": sentence, "next_step": next_step}
    user = getattr(request, "user", None)  # absent when refused before anybody asked who it is
    if status >= 500 or user is None or not user.is_authenticated:
        words["layout"] = OUTSIDE
    return render(request, "web/refused.html", words, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(
        request,
        400,
        _("This could not be read"),
        _("The browser sent something that Storewarden cannot read, so nothing was done."),
        _("Go back, check what you entered or pasted, and send it again."),
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(
        request,
        403,
        _("You may not do this"),
        _("Your account does not have the permission that this needs."),
        _("Ask the owner for it."),
    )


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(
        request,
        404,
        _("There is no such page"),
        _("Nothing stands at this address: it was mistyped, or what it showed is gone."),
        _("Look for the order or the store by the search on top of the pages."),
    )


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    return refusal(
        request,
        500,
        _("Something broke"),
        _("Storewarden made a mistake. It is written down in the log of this machine."),
        _("Try again. If it happens again, send the log to the one who runs this machine."),
    )


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refusal(
        request,
        403,
        _("This form is too old"),
        _("You signed in or out since the form was opened, or the browser keeps no cookies."),
        _("Nothing was done. Go back, reload the page, and send the form again."),
    )

"""The way in: signing in, the first visit, and the language of the pages."""

from typing import Any

from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from storewarden.people.actions import CannotMakeOwner, create_owner, keep_preferences
from storewarden.people.models import User
from storewarden.people.queries import nobody_yet
from storewarden.web.views import refusal


class SignIn(LoginView):
    """allauth's sign-in; bad input is answered 422, and the person's language comes along."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        person = self.request.user
        if isinstance(person, User) and person.language:
            remember_language(response, person.language)
        return response


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class FirstVisitForm(forms.Form):
    """Who shall be the owner."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 10 characters."),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Password again"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return given


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def first_visit(request: HttpRequest) -> HttpResponse:
    """Make the owner while there is nobody; afterwards this page is closed."""
    if not nobody_yet():
        return closed(request)
    form = FirstVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return settle(request, form)
    return show(request, form)


def closed(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("home")
    return refusal(
        request,
        409,
        _("There is an owner already"),
        _("This page makes the first person only, and somebody was first."),
        _("Sign in instead, or ask the owner for access."),
    )


def settle(request: HttpRequest, form: FirstVisitForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        person = create_owner(given["email"], given["password"], first_only=True)
    except CannotMakeOwner as problem:
        form.add_error(None, str(problem))
        return show(request, form)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, _("You are the owner now, and signed in."))
    return redirect("home")


def show(request: HttpRequest, form: FirstVisitForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/first_visit.html", {"form": form}, status=status)


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Django's own language switch; a signed-in person's choice is kept for other browsers too."""
    language = request.POST.get("language", "")
    response: HttpResponse = set_language(request)
    if isinstance(request.user, User) and check_for_language(language):
        keep_preferences(request.user, language=language)
    return response

"""What a person sets for himself: language and time zone."""

import zoneinfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from storewarden.people.actions import keep_preferences
from storewarden.people.models import User

OWN_NAMES = {"en": "English", "zh-hans": "简体中文"}
# The database of zones also has names kept for old machines; people look for Area/City.
AREAS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/")
MORE_AREAS = ("Indian/", "Pacific/")


def languages() -> list[tuple[str, str]]:
    return [(code, OWN_NAMES.get(code, code)) for code, _name in settings.LANGUAGES]


def zones() -> list[tuple[str, str]]:
    names = sorted(zoneinfo.available_timezones())
    cities = [
        (name, name.replace("_", " ")) for name in names if name.startswith(AREAS + MORE_AREAS)
    ]
    return [("", _("As this browser says")), ("UTC", "UTC"), *cities]


class PreferencesForm(forms.Form):
    """Language and time zone of the reader."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=languages)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=zones,
        required=False,
        help_text=gettext_lazy("All times on the pages are shown in this zone."),
    )


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)  # noqa: S101  # LoginRequiredMiddleware lets nobody else in
    now = {"language": person.language or request.LANGUAGE_CODE, "time_zone": person.time_zone}
    form = PreferencesForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        return settle(request, person, form.cleaned_data)
    context = {"form": form, "zone_now": timezone.get_current_timezone_name()}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/preferences.html", context, status=status)


def settle(request: HttpRequest, person: User, given: dict[str, str]) -> HttpResponse:
    keep_preferences(person, language=given["language"], time_zone=given["time_zone"])
    with translation.override(given["language"]):
        messages.success(request, _("Saved. These pages now follow your language and time zone."))
    response = redirect("preferences")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        given["language"],
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response

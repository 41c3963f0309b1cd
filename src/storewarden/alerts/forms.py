"""What a person enters about reminders. Secrets are never rendered back."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from storewarden.alerts import channels, wording
from storewarden.alerts.models import Channel
from storewarden.stores.errors import Refusal

# The database of zones also has names kept for old machines; people look for Area/City.
OF_PLACES = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip
OWN_NAMES = {"en": "English", "zh-hans": "简体中文"}


def languages() -> list[tuple[str, str]]:
    return [(code, OWN_NAMES.get(code, code)) for code, _name in settings.LANGUAGES]


def zones() -> list[tuple[str, str]]:
    names = sorted(name for name in available_timezones() if name.startswith(OF_PLACES))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def hours() -> list[tuple[int, str]]:
    return [(hour, f"{hour:02d}:00") for hour in range(24)]


class Name(forms.Field):
    """A channel's name."""

    def clean(self, value: Any) -> str:
        try:
            return channels.clean_name(value or "")
        except Refusal as no:
            raise ValidationError(str(no), code=no.cause) from None


class ChannelForm(forms.Form):
    """What a channel is called, and whom it speaks to in which language."""

    name = Name(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For you, such as “Anna's phone” or “Group of the warehouse”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of its messages"), choices=languages)
    role = forms.ChoiceField(
        label=gettext_lazy("Whom it reaches"),
        choices=list(wording.ROLES.items()),
        initial=Channel.Role.FIRST,
        help_text=gettext_lazy(
            "The second person is told when nobody has acknowledged for 24 hours that three days "
            "or less are left, and when no channel of the first person works."
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["name"].widget.is_required = False  # said by us, in words


class DigestForm(forms.Form):
    """When the reminder of the day goes out."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Reminder of the day at"), choices=hours, coerce=int
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=zones,
        help_text=gettext_lazy("The times in all messages are told in this zone."),
    )


def complain(form: forms.Form, no: Refusal) -> None:
    """A refusal beside the field that it is about."""
    about = "name" if no.cause.startswith("channel_name") else None
    form.add_error(about if about in form.fields else None, str(no))

"""What a person types to make a feed, judged by `naming`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from storewarden.calendars import naming
from storewarden.stores.errors import Refusal

OWN_NAMES = (("en", "English"), ("zh-hans", "简体中文"))


class FeedName(forms.Field):
    """Who reads the calendar."""

    def clean(self, value: Any) -> str:
        try:
            return naming.clean_name(value or "")
        except Refusal as no:
            raise ValidationError(f"{no.sentence} {no.next_step}", code=no.cause) from None


class FeedForm(forms.Form):
    """A new feed: its name, its language, and whether it names the stores."""

    name = FeedName(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Who reads it, such as “Phone of Li”. You revoke it by this name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 80}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=OWN_NAMES,
        error_messages={
            "required": gettext_lazy("Choose the language of the calendar."),
            "invalid_choice": gettext_lazy("There is no such language. Choose one of the list."),
        },
    )
    with_nicknames = forms.BooleanField(
        label=gettext_lazy("Name the stores by their nicknames"),
        help_text=gettext_lazy(
            "Without it the events say “a store”. Tokens and shop ids are never in it."
        ),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, language: str = "en") -> None:
        super().__init__(data, initial={"language": language, "with_nicknames": True})
        for field in self.fields.values():
            field.widget.is_required = False  # said by us, in words

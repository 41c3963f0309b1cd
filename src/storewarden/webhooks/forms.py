"""What a person writes about an endpoint."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from storewarden.stores.errors import Refusal
from storewarden.webhooks import types
from storewarden.webhooks.actions import Wanted
from storewarden.webhooks.models import Endpoint

AS_WRITTEN = {
    "autocomplete": "off",
    "autocapitalize": "off",
    "spellcheck": "false",
    "inputmode": "url",
    "class": "mono",
}
FIELDS = {
    "description_too_long": "description",
    "description_unprintable": "description",
    "type_unknown": "types",
}


def choices() -> list[tuple[str, str]]:
    return [(one.name, one.name) for one in types.all_types()]


class EndpointForm(forms.Form):
    """An endpoint, new or changed. What is written is judged by the action."""

    url = forms.CharField(
        required=False,
        label=_("Address"),
        help_text=_("Where events are sent, beginning with https://."),
        widget=forms.TextInput(attrs=AS_WRITTEN),
    )
    description = forms.CharField(
        required=False,
        label=_("Description"),
        help_text=_("For yourself: which program receives it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    own_network = forms.BooleanField(
        required=False,
        label=_("This address lies in my own network"),
        help_text=_(
            "Allows private addresses such as 192.168.1.20, and plain http://, for this host alone."
        ),
    )
    types = forms.MultipleChoiceField(
        required=False,
        choices=choices,
        error_messages={
            "invalid_choice": _("There is no such event. Choose events of the list."),
            "invalid_list": _("There is no such event. Choose events of the list."),
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, endpoint: Endpoint | None = None
    ) -> None:
        known = endpoint or Endpoint()
        names = ("url", "description", "own_network", "types")
        super().__init__(data, initial={name: getattr(known, name) for name in names})

    @property
    def chosen(self) -> list[str]:
        """The events that are ticked."""
        return list(self["types"].value() or [])

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(given["url"], given["description"], given["types"], given["own_network"])

    def refuse(self, no: Refusal) -> None:
        """Say beside the field what the action did not take."""
        self.add_error(FIELDS.get(no.cause, "url"), f"{no.sentence} {no.next_step}")

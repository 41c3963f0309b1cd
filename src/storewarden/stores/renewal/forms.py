"""What is typed to make a renewal link, and the token fields of a store that exists."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext_lazy

from storewarden.marketplaces.base import Slot, StoreType
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import rules
from storewarden.stores.forms import TokensForm, field_of
from storewarden.stores.models import Store
from storewarden.stores.renewal.rules import DEFAULT_HOURS, FEWEST_HOURS, MOST_HOURS

HOURS_UNFIT = gettext_lazy("Write a whole number of hours from 1 to 168.")


def languages() -> list[tuple[str, str]]:
    """Each language in its own words: the one who opens the link may not read another."""
    return [(code, own_name(code)) for code, _name in settings.LANGUAGES]


def own_name(language: str) -> str:
    return str(get_language_info(language)["name_local"])


class LinkForm(forms.Form):
    """The language of a link's page, and how long it works."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of its page"),
        choices=languages,
        error_messages={
            "required": gettext_lazy("Choose a language."),
            "invalid_choice": gettext_lazy("There is no page in this language. Choose another."),
        },
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Hours it works"),
        help_text=gettext_lazy("From 1 to 168, which is a week."),
        initial=DEFAULT_HOURS,
        min_value=FEWEST_HOURS,
        max_value=MOST_HOURS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": HOURS_UNFIT,
            "invalid": HOURS_UNFIT,
            "min_value": HOURS_UNFIT,
            "max_value": HOURS_UNFIT,
        },
    )


def slots_of(store: Store) -> list[Slot]:
    """The slots that a store uses: those it has a token in, and those of a kind that it needs."""
    kind = StoreType(store.store_type)
    held = {str(one) for one in store.credentials.all()}
    have = {slot.partition(":")[0] for slot in held}
    lacking = [one for one in rules.required_kinds(kind) if one not in have]
    slots = marketplace(store.marketplace).slots(kind)
    return [slot for slot in slots if str(slot) in held or slot.kind in lacking]


class OwnTokensForm(TokensForm):
    """A field for each slot that a store uses."""

    def __init__(self, store: Store, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(marketplace(store.marketplace), StoreType(store.store_type), data)
        self.store, every = store, self.slots
        self.slots = slots_of(store)
        for slot in every:
            if slot not in self.slots:
                del self.fields[field_of(slot)]

    @property
    def store_type(self) -> StoreType:
        return StoreType(self.store.store_type)

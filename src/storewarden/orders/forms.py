"""What can be asked of the order list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from storewarden.orders import wording
from storewarden.stores.queries import live_stores

AREAS = [("", gettext_lazy("All areas")), ("us", "US"), ("eu", "EU"), ("global", "Global")]
SORTS = [
    ("deadline", gettext_lazy("Ship-by deadline first")),
    ("newest", gettext_lazy("Newest first")),
]
SELECT = {"class": "form-select"}


class OrderFilter(forms.Form):
    """The filters above the list; what cannot be read narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("PO, order, SKU code or tracking number"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "class": "form-control",
                "placeholder": gettext_lazy("PO, order, SKU or tracking number"),
            }
        ),
    )
    store = forms.ModelChoiceField(
        label=gettext_lazy("Store"),
        queryset=live_stores().none(),
        required=False,
        empty_label=gettext_lazy("All stores"),
        widget=forms.Select(attrs=SELECT),
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Area"), choices=AREAS, required=False, widget=forms.Select(attrs=SELECT)
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order of the list"),
        choices=SORTS,
        required=False,
        widget=forms.Select(attrs=SELECT),
    )
    state = forms.ChoiceField(
        choices=[("", ""), ("all", ""), *((word, "") for word in wording.STATES)],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["store"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = live_stores()

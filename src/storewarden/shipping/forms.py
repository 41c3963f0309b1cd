"""The form that ships an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from storewarden.orders.models import Order
from storewarden.shipping import queries, rules, wording


class ShipForm(forms.Form):
    """Carrier, tracking number and warehouse. What is wrong stands at its field."""

    carrier = forms.ChoiceField(
        label=gettext_lazy("Carrier"),
        error_messages={"required": gettext_lazy("Choose the carrier.")},
    )
    tracking = forms.CharField(
        label=gettext_lazy("Tracking number"),
        help_text=gettext_lazy("Letters and digits, as on the carrier's label."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    warehouse = forms.ChoiceField(
        label=gettext_lazy("Leaves from"),
        error_messages={
            "required": gettext_lazy("Choose the warehouse that the parcel leaves from.")
        },
    )

    def __init__(self, order: Order, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "ship_%s"
        carriers = [(one.carrier_id, one.name) for one in queries.carriers_for(order)]
        places = queries.ship_from_for(order)
        self._choose("carrier", [("", gettext_lazy("Choose…")), *carriers])
        self._choose("warehouse", [(one.warehouse_id, str(one)) for one in places])
        self.ready = bool(carriers) and bool(places)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_tracking(self) -> str:
        number = rules.clean_tracking(self.cleaned_data["tracking"])
        fault = rules.tracking_fault(number)
        if fault:
            told = wording.told(fault)
            raise forms.ValidationError(f"{told.sentence} {told.next_step}")
        return number

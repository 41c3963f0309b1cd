"""What a person types about stores and developer apps, judged by `naming`.

Tokens and secrets are never rendered back: a refused form has empty fields.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storewarden import clock
from storewarden.marketplaces.base import Marketplace, Slot, StoreType
from storewarden.stores import naming, wording
from storewarden.stores.actions import ORDERS_BACK, Choices
from storewarden.stores.checks import Pasted
from storewarden.stores.errors import Refusal
from storewarden.vault import Secret

# Temu opened in September 2022.
FIRST_ORDERS = date(2022, 9, 1)
SECRETIVE = {
    "autocomplete": "off",
    "autocapitalize": "off",
    "spellcheck": "false",
    "class": "mono",
}


def invalid(no: Refusal) -> ValidationError:
    """A refusal as the error of a field: what is wrong, and what to do."""
    return ValidationError(f"{no.sentence} {no.next_step}".strip(), code=no.cause)


class Nickname(forms.Field):
    """A store's nickname; empty is fine where it is only checked."""

    def clean(self, value: Any) -> str:
        if not self.required and not (value or "").strip():
            return ""
        try:
            return naming.clean_nickname(value or "")
        except Refusal as no:
            raise invalid(no) from None


class Token(forms.Field):
    """A pasted token, cleaned; None where nothing was pasted."""

    def __init__(self, market: str, label: str) -> None:
        widget = forms.PasswordInput(render_value=False, attrs=SECRETIVE)
        super().__init__(required=False, label=label, widget=widget)
        self.market = market

    def clean(self, value: Any) -> Secret | None:
        try:
            return naming.clean_token(self.market, value or "")
        except Refusal as no:
            raise invalid(no) from None


def field_of(slot: Slot) -> str:
    """The name of a slot's field."""
    return f"token-{slot.kind}-{slot.area}"


def slot_label(slot: Slot) -> str:
    name = wording.slot_name(slot)
    return name[:1].upper() + name[1:]


class TokensForm(forms.Form):
    """A field a slot. `accept_missing`: go on without the permissions that lack."""

    accept_missing = forms.BooleanField(
        required=False, label=gettext_lazy("Go on without the permissions that are missing")
    )

    def __init__(
        self,
        market: Marketplace,
        store_type: StoreType,
        data: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.market, self.slots = market, market.slots(store_type)
        for slot in self.slots:
            self.fields[field_of(slot)] = Token(market.key, slot_label(slot))

    def pasted(self, store_type: StoreType) -> Pasted:
        """What was pasted, for the slots that were filled."""
        given = {slot: self.cleaned_data.get(field_of(slot)) for slot in self.slots}
        return Pasted(
            store_type,
            {slot: token for slot, token in given.items() if token is not None},
            self.market.key,
            self.cleaned_data["accept_missing"],
        )


class AddForm(TokensForm):
    """+ Add New Store. `saving` False: only checked, so a nickname is not needed yet."""

    store_type = forms.ChoiceField(
        label=gettext_lazy("Store type"),
        choices=[(key, label) for key, label in wording.STORE_TYPES.items()],
        initial=StoreType.SEMI,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={
            "required": gettext_lazy("Choose the store type."),
            "invalid_choice": gettext_lazy("There is no such store type. Choose one of the two."),
        },
    )
    nickname = Nickname(
        label=gettext_lazy("Store nickname"),
        help_text=gettext_lazy("Your own name for it, up to 80 characters. Buyers never see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    orders_since = forms.DateField(
        required=False,
        label=gettext_lazy("Bring in orders since"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("This is no date. Write it like 2026-01-31.")},
    )
    stock_push_on = forms.BooleanField(
        required=False,
        label=gettext_lazy("Push stock figures to this store"),
        help_text=gettext_lazy(
            "Best left off until your listings are mapped. It can be changed later."
        ),
    )

    def __init__(
        self, market: Marketplace, data: Mapping[str, Any] | None = None, *, saving: bool = True
    ) -> None:
        chosen = StoreType.FULL if data and data.get("store_type") == "full" else StoreType.SEMI
        super().__init__(market, chosen, data, initial={"orders_since": default_since()})
        self.fields["nickname"].required = saving
        self.fields["nickname"].widget.is_required = False  # said by us, in words

    def clean_nickname(self) -> str:
        name: str = self.cleaned_data["nickname"]
        return name

    def clean_orders_since(self) -> date | None:
        since: date | None = self.cleaned_data["orders_since"]
        if since is not None and since > today():
            raise ValidationError(_("This date lies ahead. Choose today or an earlier day."))
        if since is not None and since < FIRST_ORDERS:
            raise ValidationError(_("Temu has no orders from before September 2022."))
        return since

    @property
    def chosen_type(self) -> StoreType:
        return StoreType(self.cleaned_data["store_type"])

    def choices(self) -> Choices:
        since: date | None = self.cleaned_data["orders_since"]
        begin = (
            datetime.combine(since, time.min, timezone.get_current_timezone()) if since else None
        )
        return Choices(begin, self.cleaned_data["stock_push_on"])


def today() -> date:
    """Today where the reader is."""
    return timezone.localtime(clock.now()).date()


def default_since() -> date:
    return today() - timedelta(days=ORDERS_BACK.days)


class RenameForm(forms.Form):
    """Another nickname."""

    nickname = Nickname(
        label=gettext_lazy("Store nickname"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class AppKey(forms.Field):
    def clean(self, value: Any) -> str:
        try:
            return naming.clean_app_key(value or "")
        except Refusal as no:
            raise invalid(no) from None


class AppSecret(forms.Field):
    def clean(self, value: Any) -> Secret:
        secret = Secret((value or "").strip())
        try:
            naming.refuse_bad_secret(secret)
        except Refusal as no:
            raise invalid(no) from None
        return secret


class AppForm(forms.Form):
    """A developer app: area, key, and the secret, which is write-only."""

    area = forms.ChoiceField(
        label=gettext_lazy("Area"),
        error_messages={
            "required": gettext_lazy("Choose the area of the app."),
            "invalid_choice": gettext_lazy("There is no such area. Choose one of the list."),
        },
    )
    app_key = AppKey(
        label=gettext_lazy("App key"),
        widget=forms.TextInput(attrs=SECRETIVE),
    )
    secret = AppSecret(
        label=gettext_lazy("App secret"),
        help_text=gettext_lazy("Kept encrypted on this machine and never shown again."),
        widget=forms.PasswordInput(render_value=False, attrs=SECRETIVE),
    )

    def __init__(self, market: Marketplace, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        areas = [(area, wording.AREA_NAMES.get(area, area)) for area in market.app_areas()]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]  # a ChoiceField
        for field in self.fields.values():
            field.widget.is_required = False  # said by us, in words

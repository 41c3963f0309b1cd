"""The words of `wording.py` as filters, so that every page says the same."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from storewarden.marketplaces.base import Permission, Slot, TokenKind
from storewarden.stores import wording
from storewarden.stores.checking import Finding

register = template.Library()


@register.filter
def store_state(state: str) -> str:
    """`authorized` → Authorized."""
    return str(wording.STORE_STATES.get(state, state))


@register.filter
def token_state(state: str) -> str:
    """`scope_missing` → Permission missing."""
    return str(wording.CREDENTIAL_STATES.get(state, state))


@register.filter
def store_type_name(store_type: str) -> str:
    return str(wording.STORE_TYPES.get(store_type, store_type))


@register.filter
def area_name(area: str) -> str:
    return str(wording.AREA_NAMES.get(area, area))


@register.filter
def slot_name(slot: Slot | str | Any) -> str:
    """A slot, a credential or `order:us` → Order shipping token (US), to begin a line with."""
    name = wording.slot_name(str(slot))
    return name[:1].upper() + name[1:]


@register.filter
def side_name(slot: Slot | str | Any) -> str:
    """A slot in one word, where there is little room: Product, or the area of its orders."""
    kind, _colon, area = str(slot).partition(":")
    if kind == TokenKind.PRODUCT:
        return pgettext("token slot", "Product")
    return str(wording.AREA_NAMES.get(area, area)) if area else _("Orders")


@register.filter
def side_names(slots: Iterable[Slot | str | Any]) -> str:
    return wording.listed(side_name(one) for one in slots)


@register.filter
def silence(reason: str) -> str:
    """`timeout` → no answer in time."""
    return wording.silence(reason)


@register.filter
def listed(texts: Iterable[Any]) -> str:
    return wording.listed(texts)


@register.filter
def labelled(label: str, text: str) -> str:
    return wording.labelled(label, text)


@register.filter
def deed_name(deed: str) -> str:
    return str(wording.DEEDS.get(deed, deed))


@register.filter
def why(cause: str) -> wording.Words:
    """Why a token or store does not work."""
    return wording.state_cause(cause)


@register.filter
def in_words(finding: Finding) -> wording.Words:
    return wording.finding(finding)


@register.filter
def purpose(permission: Permission) -> str:
    """What a permission is for."""
    return _(permission.purpose)


@register.filter
def purposes(permissions: Iterable[Permission]) -> str:
    return wording.listed(purpose(one) for one in permissions)


@register.filter
def moment(text: str) -> datetime | None:
    """A time that was noted as text."""
    return parse_datetime(text) if text else None

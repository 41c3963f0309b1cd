"""The words of `wording.py` as filters, so that every page says the same."""

from django import template

from storewarden.orders import wording

register = template.Library()


@register.filter
def why_not_pulled(reason: str) -> str:
    """`timeout` → no answer in time."""
    return wording.why_not_pulled(reason)


@register.filter
def why_not_read(reason: str) -> str:
    """`no_number` → The order has no number."""
    return wording.why_not_read(reason)

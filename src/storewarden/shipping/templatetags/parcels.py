"""The ship part of an order's page, for the page of the area below."""

from typing import Any

from django import template

from storewarden.orders.models import Order
from storewarden.shipping import showing

register = template.Library()


@register.inclusion_tag("shipping/_desk.html", takes_context=True)
def ship_desk(context: dict[str, Any], order: Order) -> dict[str, Any]:
    """Parcels and ship form; `ship_form` in the page's context is a form with errors to show."""
    return showing.desk(order, context.get("ship_form"))

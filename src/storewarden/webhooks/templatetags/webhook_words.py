"""The words of `wording.py` as filters, so that every page says the same."""

from django import template

from storewarden.webhooks import wording
from storewarden.webhooks.models import Attempt, Delivery, Endpoint
from storewarden.webhooks.wording import Look

register = template.Library()


@register.filter
def endpoint_look(endpoint: Endpoint) -> Look:
    return wording.endpoint_look(endpoint)


@register.filter
def delivery_look(delivery: Delivery) -> Look:
    return wording.delivery_look(delivery)


@register.filter
def attempt_look(attempt: Attempt) -> Look:
    return wording.attempt_look(attempt)


@register.filter
def delivery_state(state: str) -> str:
    """`due` → Waiting."""
    return str(wording.STATES[state])


@register.filter
def no_success(reason: str) -> str:
    """`timeout` → no answer in time."""
    return wording.why(reason)


@register.filter
def why_off(endpoint: Endpoint) -> str:
    return wording.off_sentence(endpoint)

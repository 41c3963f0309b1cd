"""How an address is told to people who enter it elsewhere."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag(takes_context=True)
def callback_address(context: dict[str, Any], path: str) -> str:
    """The whole address: under STOREWARDEN_URL, else under the one by which the page was opened."""
    public: str = settings.CONFIG.public_url
    return f"{public}{path}" if public else str(context["request"].build_absolute_uri(path))


@register.filter
def is_public(address: str) -> bool:
    """Whether Temu would take the address at all: it wants https."""
    return address.startswith("https://")

"""The authorization timeline of a store as a part of its own page."""

from typing import Any

from django import template

from storewarden.stores.models import Store
from storewarden.stores.timeline.views import of_store

register = template.Library()


@register.inclusion_tag("stores/_timeline.html")
def store_timeline(store: Store) -> dict[str, Any]:
    """The picture of one store's tokens, a row for each slot."""
    return {"shown": of_store(store), "alone": True}

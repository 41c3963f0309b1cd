"""The bell and the banner of every page, and the words of alerts as filters."""

from collections.abc import Iterable

from django import template

from storewarden.alerts import links, queries, wording
from storewarden.alerts.forms import OWN_NAMES
from storewarden.alerts.letters import one_line
from storewarden.stores.wording import Words

register = template.Library()


@register.inclusion_tag("alerts/_bell.html")
def bell() -> dict[str, object]:
    """How many alerts ring, with the way to them. One query."""
    return {"ringing": queries.ringing_count()}


@register.inclusion_tag("alerts/_banner.html")
def desk_banner() -> dict[str, object]:
    """Stores that do not work, and an outage, for as long as it is so. Two queries."""
    return {"banner": queries.banner()}


@register.filter
def message_kind(kind: str) -> str:
    """`digest` → Reminder of the day."""
    return str(wording.MESSAGE_KINDS.get(kind, kind))


@register.filter
def role_name(role: str) -> str:
    return str(wording.ROLES.get(role, role))


@register.filter
def why_sent(why: str) -> str:
    return str(wording.WHYS.get(why, why))


@register.filter
def delivery_state(state: str) -> str:
    return str(wording.DELIVERY_STATES.get(state, state))


@register.filter
def failure(code: str) -> Words:
    """Why a message did not go out."""
    return wording.failure(code)


@register.filter
def failure_sentence(code: str) -> str:
    return wording.failure(code).sentence


@register.filter
def language_name(code: str) -> str:
    """A language in its own words."""
    return OWN_NAMES.get(code, code)


@register.filter
def areas(codes: Iterable[str]) -> str:
    return wording.areas(codes)


@register.filter
def plainly(name: str) -> str:
    """A name that cannot turn the direction of the text around it."""
    return one_line(name)


@register.simple_tag
def renew_queue() -> str:
    """Where stores are renewed one after another."""
    return links.queue()

"""The events that endpoints can be told of. An area registers its own in its `ready()`:

types.register("order.created", gettext_lazy("A new order has come in."))
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST = "webhook.test"
"""Sent by hand alone, to one endpoint."""


@dataclass(frozen=True)
class EventType:
    """A stable name for programs, and what it means for people."""

    name: str
    meaning: str | Promise


_types: dict[str, EventType] = {}


def register(name: str, meaning: str | Promise) -> None:
    """Let endpoints be told of happenings of this type."""
    _types[name] = EventType(name, meaning)


def all_types() -> list[EventType]:
    """In the order of registration."""
    return list(_types.values())


def is_known(name: str) -> bool:
    return name in _types


register("store.connected", _("A store was connected, or connected again."))
register("store.expiring", _("A store's authorization ends within 30 days."))
register("store.expired", _("A store no longer works: a token is past its date or was refused."))
register("store.recovered", _("A store that did not work is authorized again."))
register("store.archived", _("A store was archived: its tokens are destroyed, its data is kept."))
register(
    "authorization.scope_missing",
    _("A token works, but lacks a permission, so part of the work cannot be done."),
)
register("orders.recovered", _("Orders that were missed while a token was dead have come in."))

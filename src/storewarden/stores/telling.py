"""Telling the outbox what became of a store: each change of its state once.

`Store.told_state` is what was told last. A change is found at once after a deed or a probe, and
by the look when time alone made it.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from storewarden import clock
from storewarden.outbox.actions import publish
from storewarden.stores import rules
from storewarden.stores.models import Credential, Store
from storewarden.stores.queries import changed_states, standing


def store_told(store: Store) -> dict[str, Any]:
    """A store as programs are told of it."""
    return {
        "id": str(store.pk),
        "mall_id": store.mall_id,
        "nickname": store.nickname,
        "type": store.store_type,
    }


def token_told(row: Credential) -> dict[str, Any]:
    """A token's slot and end; nothing of the token itself."""
    return {
        "kind": row.kind,
        "area": row.area,
        "expires_at": row.expires_at.isoformat(),
        "days_left": rules.days_left(row.expires_at, clock.now()),
    }


def tell(store: Store) -> str:
    """Tell what the store's state has become, if it is another than was told. Returns the type."""
    return _tell(Store.objects.prefetch_related("credentials").get(pk=store.pk))


def tell_all() -> int:
    """Find the stores whose state time has changed, and tell. Returns how many."""
    changed = list(changed_states(clock.now()))
    for store_id in changed:
        _tell(Store.objects.prefetch_related("credentials").get(pk=store_id))
    return len(changed)


@transaction.atomic
def _tell(store: Store) -> str:
    now = clock.now()
    found = standing(store, now)
    mine = Store.objects.filter(pk=store.pk, told_state=store.told_state)
    if found.state == store.told_state or not mine.update(told_state=found.state):
        return ""
    type_ = rules.tale(store.told_state, found.state)
    if type_:
        data = {
            "store": store_told(store),
            "state": found.state,
            "cause": found.cause,
            "token": _which(store.credentials.all(), found.slot),
        }
        publish(type_, data, store_id=store.pk)
    return type_


def _which(rows: Iterable[Credential], side: str) -> dict[str, Any] | None:
    """The token that a standing's `slot` speaks of: `product` or `order:us`."""
    kind, _colon, area = side.partition(":")
    found = (one for one in rows if one.kind == kind and area in ("", one.area))
    return next((token_told(one) for one in found), None)

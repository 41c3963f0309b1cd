"""Writing happenings, and handing them on."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction

from storewarden import clock
from storewarden.outbox.handlers import Happening, all_handlers
from storewarden.outbox.models import StoredHappening

AT_ONCE = 200
KEPT_FOR = timedelta(days=30)
log = structlog.get_logger(__name__)


def publish(
    kind: str, data: Mapping[str, Any], *, store_id: uuid.UUID | None = None
) -> StoredHappening:
    """Write a happening (`kind`: store.expired, …). Call it inside the transaction of the deed
    that it tells."""
    return StoredHappening.objects.create(
        type=kind, at=clock.now(), data=dict(data), store_id=store_id
    )


def spread() -> int:
    """Hand on what has not been handed on, oldest first. Returns how many."""
    waiting = StoredHappening.objects.filter(spread_at__isnull=True).values_list("pk", flat=True)
    return sum(_try(pk) for pk in waiting[:AT_ONCE])


def _try(pk: int) -> int:
    """One that cannot be handed on waits for the next look, and stops no other."""
    try:
        return _spread_one(pk)
    except Exception:  # a fault of a handler: told in the log, and tried again
        log.exception("outbox.not_spread", happening=pk)
        return 0


@transaction.atomic
def _spread_one(pk: int) -> int:
    mine = StoredHappening.objects.filter(pk=pk, spread_at__isnull=True)
    if not mine.update(spread_at=clock.now()):
        return 0  # another process was first
    row = StoredHappening.objects.get(pk=pk)
    told = Happening(row.key, row.type, row.at, row.data, row.store_id)
    for handler in all_handlers():
        handler(told)
    return 1


def forget_spread() -> int:
    """Delete what was handed on more than 30 days ago."""
    old = StoredHappening.objects.filter(spread_at__lt=clock.now() - KEPT_FOR)
    return old.delete()[0]

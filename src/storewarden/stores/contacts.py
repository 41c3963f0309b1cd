"""Whether an area answers at all: an outage is one thing for all stores, and about no token."""

from datetime import datetime

import structlog

from storewarden.stores.models import Contact

log = structlog.get_logger(__name__)
NOT_AN_OUTAGE = frozenset({"throttled", "computing"})
"""Silences of a marketplace that is there: too many calls, or figures that are not ready."""


def heard(market: str, area: str, now: datetime, silence: str = "") -> None:
    """Keep that an area answered, or that it did not (`silence`: why); log when that changes."""
    if silence in NOT_AN_OUTAGE:
        return
    row, _new = Contact.objects.get_or_create(
        marketplace=market, area=area, defaults={"asked_at": now}
    )
    if bool(silence) != bool(row.silent_since):
        log.warning("area.silent" if silence else "area.answers", area=area, why=silence)
    row.asked_at, row.reason = now, silence[:200]
    if silence:
        row.silent_since = row.silent_since or now
    else:
        row.silent_since, row.answered_at = None, now
    row.save()

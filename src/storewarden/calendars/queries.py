"""Feeds, and what stands in them."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from storewarden.calendars import rules
from storewarden.calendars.models import CalendarFeed
from storewarden.stores.errors import Refusal
from storewarden.stores.models import AuthorizationEvent, Credential
from storewarden.stores.queries import held

REVOKED_SHOWN = 20
READ = (
    "kind",
    "area",
    "state",
    "cause",
    "expires_at",
    "expires_estimated",
    "entered_at",
    "died_at",
    "fingerprint",
    "store__marketplace",
    "store__nickname",
)


@dataclass(frozen=True)
class Line:
    """One event: everything that it says, and nothing that changes by looking at it."""

    uid: str
    entry: rules.Entry
    estimated: bool
    market: str
    store_id: uuid.UUID
    nickname: str
    slot: str
    sequence: int
    changed_at: datetime


def live_feeds() -> Sequence[CalendarFeed]:
    """The feeds that can be read; there are 50 at most."""
    return list(CalendarFeed.objects.filter(revoked_at__isnull=True))


def revoked_feeds() -> Sequence[CalendarFeed]:
    """Those revoked last."""
    rows = CalendarFeed.objects.filter(revoked_at__isnull=False)
    return list(rows.order_by("-revoked_at")[:REVOKED_SHOWN])


def find_feed(text: str) -> CalendarFeed:
    """A live feed by its name or id. Raises Refusal."""
    wanted = text.strip()
    by = Q(name=wanted)
    with suppress(ValueError):  # no id: then it is a name
        by |= Q(pk=uuid.UUID(wanted))
    rows = CalendarFeed.objects.filter(by, revoked_at__isnull=True)
    found = rows.first() if wanted and "\x00" not in wanted else None
    if found is None:
        raise Refusal(
            "no_such_feed",
            _("There is no calendar called “%(name)s”.") % {"name": wanted[:80]},
            _("`storewarden calendar list` shows them."),
        )
    return found


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed behind an address, also a revoked one: both are found by the same look."""
    return CalendarFeed.objects.filter(secret_hash=rules.hash_of(secret)).first()


def lines(feed: CalendarFeed, now: datetime) -> list[Line]:
    """The events of all live tokens, in two queries however many stores there are."""
    rows = Credential.objects.filter(store__archived_at__isnull=True).exclude(token_sealed="")
    rows = rows.select_related("store").only(*READ).order_by("expires_at", "id")
    changes = _changes()
    return [_line(feed, one, changes, now) for one in rows]


Changes = dict[tuple[uuid.UUID, str, str], tuple[int, datetime]]


def _changes() -> Changes:
    """How often, and when last, a token's slot changed; ("", "") stands for the whole store."""
    rows = AuthorizationEvent.objects.filter(store__archived_at__isnull=True).order_by()
    counted = rows.values_list("store_id", "kind", "area").annotate(Count("id"), Max("at"))
    return {(store, kind, area): (often, last) for store, kind, area, often, last in counted}


def _line(feed: CalendarFeed, row: Credential, changes: Changes, now: datetime) -> Line:
    never = (0, row.entered_at)
    own = changes.get((row.store_id, row.kind, row.area), never)
    whole = changes.get((row.store_id, "", ""), never)
    return Line(
        rules.uid(row.pk, row.fingerprint),
        rules.entry(held(row), row.died_at, now),
        row.expires_estimated,
        row.store.marketplace,
        row.store_id,
        row.store.nickname if feed.with_nicknames else "",
        f"{row.kind}:{row.area}",
        own[0] + whole[0],
        max(own[1], whole[1], row.entered_at),
    )

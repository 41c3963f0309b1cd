"""What is done with messages that come by themselves; the only writers of this area.

`keep` runs while the marketplace waits for our answer: one row, no call. What follows from the
row is done by the jobs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from storewarden import clock
from storewarden.arrivals import rules
from storewarden.arrivals.models import Arrival, EventFeed
from storewarden.arrivals.rules import Lead
from storewarden.arrivals.writing import Busy, GroupWriter
from storewarden.marketplaces.base import Refused, TokenKind, Unreachable
from storewarden.marketplaces.events import EventPermits, EventStanding, MarketEvent
from storewarden.marketplaces.registry import marketplace
from storewarden.orders.models import OrderPull
from storewarden.stores.access import app_secret, using
from storewarden.stores.models import Credential, DeveloperApp, Store
from storewarden.stores.queries import is_usable

AT_ONCE = 1000
FORGET_AT_ONCE = 5000

__all__ = ["Busy", "ask_again", "forget", "hear", "keep", "read", "settle"]

log = structlog.get_logger(__name__)
_writer = GroupWriter()
Pulls = Mapping[UUID, datetime | None]
Led = tuple[Lead, Credential | None, Store | None]


def read(app: DeveloperApp, headers: Mapping[str, str], body: bytes) -> MarketEvent:
    """A message to an app's address, verified with the app's secret. Raises BadEvent."""
    market = marketplace(app.marketplace)
    return market.read_event(app.area, app.app_key, app_secret(app), headers, body)


def keep(app: DeveloperApp, event: MarketEvent) -> None:
    """Write a message down, durably. News that is there already changes nothing. May raise Busy."""
    row = Arrival(
        app=app,
        dedup_key=rules.dedup_key(app.pk, event),
        code=event.code,
        topic=event.topic,
        mall_id=event.mall_id,
        po=event.po,
        order_sn=event.order_sn,
        case_sn=event.case_sn,
        status=event.status,
        changed_at=event.changed_at,
        sent_at=event.sent_at,
        received_at=clock.now(),
    )
    _writer.write(row)


def settle() -> int:
    """Make the pulls due that the waiting messages announce, one a store and area.

    Returns how many messages were settled.
    """
    waiting = Arrival.objects.filter(settled_at__isnull=True).select_related("app")
    rows = list(waiting.order_by("id")[:AT_ONCE])
    if rows:
        _settle(rows)
    return len(rows)


def _settle(rows: Sequence[Arrival]) -> None:
    stores = _stores_of(rows)
    tokens = _tokens_of(stores.values())
    pulls = dict(
        OrderPull.objects.filter(credential__in=tokens.values()).values_list(
            "credential_id", "tried_at"
        )
    )
    led: dict[Led, list[Arrival]] = defaultdict(list)
    for row in rows:
        store = stores.get((row.app.marketplace, row.mall_id))
        token = tokens.get((store.pk, row.app.area)) if store else None
        led[_lead(row, store, token, pulls), token, store].append(row)
    with transaction.atomic():
        for (lead, token, store), news in led.items():
            if lead is Lead.PULL and token is not None:
                _make_due(token, max(row.received_at for row in news))
            _mark(news, lead, store)
    log.info("arrivals.settled", messages=len(rows), groups=len(led))


def _stores_of(rows: Iterable[Arrival]) -> dict[tuple[str, str], Store]:
    malls = {row.mall_id for row in rows if row.mall_id}
    found = Store.objects.filter(mall_id__in=malls)
    return {(one.marketplace, one.mall_id): one for one in found}


def _tokens_of(stores: Iterable[Store]) -> dict[tuple[UUID, str], Credential]:
    found = Credential.objects.filter(kind=TokenKind.ORDER, store__in=list(stores))
    return {(one.store_id, one.area): one for one in found.select_related("store")}


def _lead(row: Arrival, store: Store | None, token: Credential | None, pulls: Pulls) -> Lead:
    alone = rules.lead_without_store(row.topic)
    if alone is not None:
        return alone
    if store is None:
        return Lead.NO_STORE
    if store.paused_at or store.archived_at:
        return Lead.AT_REST  # the pull after the rest begins where the last one ended
    if token is None or not is_usable(token, clock.now()):
        return Lead.NO_TOKEN
    covered = rules.is_covered(pulls.get(token.pk), row.received_at)
    return Lead.PULLED_ALREADY if covered else Lead.PULL


def _make_due(token: Credential, newest: datetime) -> None:
    """A pull that runs right now is followed by another one: it may have read past the news."""
    OrderPull.objects.filter(credential=token, tried_at__lte=newest).update(tried_at=None)


def _mark(rows: Iterable[Arrival], lead: Lead, store: Store | None) -> None:
    """Of a shop that is no store here (any more) no number stays."""
    mine = Arrival.objects.filter(pk__in=[row.pk for row in rows], settled_at__isnull=True)
    blank = {} if store else dict.fromkeys(("mall_id", "po", "order_sn", "case_sn"), "")
    mine.update(settled_at=clock.now(), led_to=lead, store=store, **blank)


def forget() -> int:
    """Delete what is older than a week, but not the newest message of an app."""
    before = clock.now() - rules.KEPT_FOR
    return sum(_forget(app, before) for app in DeveloperApp.objects.all())


def _forget(app: DeveloperApp, before: datetime) -> int:
    rows = Arrival.objects.filter(app=app)
    newest = rows.order_by("-received_at").first()
    if newest is None:
        return 0
    old = rows.filter(received_at__lt=before, settled_at__isnull=False).exclude(pk=newest.pk)
    ids = list(old.order_by("received_at").values_list("pk", flat=True)[:FORGET_AT_ONCE])
    return Arrival.objects.filter(pk__in=ids).delete()[0]


def hear(credential: Credential) -> None:
    """Ask which events a token brings, and have those let through that are lacking."""
    feed = _claimed(credential)
    if feed is None:
        return
    market = marketplace(credential.store.marketplace)
    permits = EventPermits(())
    try:
        with using(credential) as access:
            standing = market.events(access)
            lacking = rules.lacking(standing)
            if lacking:
                permits = market.subscribe(access, lacking)
    except Unreachable:
        _ask_again_after(feed, rules.ASK_AGAIN_IF_UNREACHABLE)
    except Refused as no:
        _ask_again_after(feed, rules.ASK_EVERY, no.reason)
    else:
        _heard(feed, standing, permits)


def _claimed(credential: Credential) -> EventFeed | None:
    """The token's row, if it is due and no other process asks about it."""
    now, mark = clock.now(), credential.fingerprint
    feed, _new = EventFeed.objects.get_or_create(
        credential=credential, defaults={"ask_after": now, "fingerprint": mark}
    )
    if not rules.is_due_to_ask(feed.ask_after, feed.fingerprint, mark, now):
        return None
    mine = EventFeed.objects.filter(
        pk=feed.pk, ask_after=feed.ask_after, fingerprint=feed.fingerprint
    )
    until = now + rules.ASKING_TAKES_AT_MOST
    if not mine.update(ask_after=until, fingerprint=mark):
        return None
    feed.refresh_from_db()
    return feed


def _ask_again_after(feed: EventFeed, wait: timedelta, said: str = "") -> None:
    feed.ask_after = clock.now() + wait
    feed.said = said[:500] or feed.said
    feed.save(update_fields=["ask_after", "said"])


def _heard(feed: EventFeed, standing: EventStanding, permits: EventPermits) -> None:
    now = clock.now()
    feed.subscribed, feed.wanted = list(standing.subscribed), list(standing.wanted)
    feed.permitted = sorted({*standing.permitted, *permits.permitted})
    feed.stopped, feed.said = standing.stopped, permits.said[:500]
    feed.heard_at, feed.ask_after = now, now + rules.ASK_EVERY
    feed.save()
    if permits.permitted or permits.said:
        log.info("arrivals.asked", credential=str(feed.credential_id), said=permits.said)


def ask_again(app: DeveloperApp) -> int:
    """Have the events of all tokens of an app asked about at once: a person has changed something.

    Returns of how many tokens.
    """
    rows = EventFeed.objects.filter(credential__app=app)
    return rows.update(ask_after=clock.now())

"""What pages and jobs ask about messages that come by themselves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse

from storewarden import clock
from storewarden.arrivals import rules, wording
from storewarden.arrivals.models import Arrival, EventFeed
from storewarden.marketplaces.base import TokenKind
from storewarden.marketplaces.events import EventTopic
from storewarden.marketplaces.registry import marketplace
from storewarden.stores.models import Credential, DeveloperApp
from storewarden.stores.queries import usable_credentials

DAY = timedelta(days=1)
CODES_SHOWN = 12
SILENT_SHOWN = 5


@dataclass(frozen=True)
class CodeLine:
    """One kind of message: how many came in the last day, and whether it leads to anything."""

    code: str
    number: int
    known: bool


@dataclass(frozen=True)
class SilentStore:
    """A store whose events do not come, and why."""

    nickname: str
    why: str


@dataclass(frozen=True)
class AppEvents:
    """What an app's part of the page says about the messages it gets."""

    path: str
    last_at: datetime | None
    last_day: int
    codes: tuple[CodeLine, ...]
    stores: int
    hearing: int
    silent: tuple[SilentStore, ...]
    more_silent: int
    notice: str


def app_at(market: str, pk: UUID) -> DeveloperApp | None:
    """The app behind an address, if its area has events."""
    app = DeveloperApp.objects.filter(marketplace=market, pk=pk).first()
    return app if app is not None and takes_events(app) else None


def takes_events(app: DeveloperApp) -> bool:
    return app.area in marketplace(app.marketplace).event_areas()


def due_to_ask(now: datetime) -> list[Credential]:
    """Order tokens whose events to ask about now; those never asked about first."""
    usable = usable_credentials(TokenKind.ORDER)
    feeds = {row.credential_id: row for row in EventFeed.objects.filter(credential__in=usable)}
    due = [one for one in usable if _is_due(one, feeds.get(one.pk), now)]
    return sorted(due, key=lambda one: one.pk in feeds)


def _is_due(credential: Credential, feed: EventFeed | None, now: datetime) -> bool:
    if feed is None:
        return True
    return rules.is_due_to_ask(feed.ask_after, feed.fingerprint, credential.fingerprint, now)


def app_events(apps: Sequence[DeveloperApp]) -> Mapping[UUID, AppEvents]:
    """For each app with events what its part of the page says; in three queries."""
    with_events = [app for app in apps if takes_events(app)]
    if not with_events:
        return {}
    codes, last = _codes_of(with_events), _last_of(with_events)
    tokens = _tokens_of(with_events)
    return {
        app.pk: _told(app, codes[app.pk], last.get(app.pk), tokens[app.pk]) for app in with_events
    }


def _codes_of(apps: Sequence[DeveloperApp]) -> dict[UUID, list[CodeLine]]:
    rows = Arrival.objects.filter(app__in=apps, received_at__gte=clock.now() - DAY)
    counted = rows.order_by().values_list("app", "code", "topic").annotate(Count("pk"))
    found: dict[UUID, list[CodeLine]] = defaultdict(list)
    for app, code, topic, number in counted:
        found[app].append(CodeLine(code, number, topic != EventTopic.UNKNOWN))
    return found


def _last_of(apps: Sequence[DeveloperApp]) -> dict[UUID, datetime]:
    newest = Arrival.objects.filter(app=OuterRef("pk")).order_by("-received_at")
    rows = DeveloperApp.objects.filter(pk__in=[app.pk for app in apps])
    asked = rows.annotate(last=Subquery(newest.values("received_at")[:1]))
    return dict(asked.values_list("pk", "last"))


def _tokens_of(apps: Sequence[DeveloperApp]) -> dict[UUID, list[Credential]]:
    rows = Credential.objects.filter(
        app__in=apps, kind=TokenKind.ORDER, store__archived_at__isnull=True
    )
    found: dict[UUID, list[Credential]] = defaultdict(list)
    for one in rows.select_related("store", "event_feed").order_by("store__nickname"):
        found[one.app_id].append(one)
    return found


def _told(
    app: DeveloperApp, codes: list[CodeLine], last: datetime | None, tokens: list[Credential]
) -> AppEvents:
    feeds = [getattr(one, "event_feed", None) for one in tokens]
    silent = [
        SilentStore(one.store.nickname, wording.why_silent(feed))
        for one, feed in zip(tokens, feeds, strict=True)
        if not _hears(feed)
    ]
    return AppEvents(
        path=reverse("arrivals:receive", kwargs={"market": app.marketplace, "pk": app.pk}),
        last_at=last,
        last_day=sum(one.number for one in codes),
        codes=tuple(sorted(codes, key=lambda one: (-one.number, one.code))[:CODES_SHOWN]),
        stores=len(tokens),
        hearing=len(tokens) - len(silent),
        silent=tuple(silent[:SILENT_SHOWN]),
        more_silent=len(silent[SILENT_SHOWN:]),
        notice=_notice(feeds),
    )


def _hears(feed: EventFeed | None) -> bool:
    return feed is not None and rules.has_all(feed.wanted, feed.permitted) and not feed.stopped


def _notice(feeds: Iterable[EventFeed | None]) -> str:
    """What concerns the app as a whole, by what was last heard."""
    heard = {one.heard_at: one for one in feeds if one is not None and one.heard_at is not None}
    return wording.of_app(heard[max(heard)]) if heard else ""

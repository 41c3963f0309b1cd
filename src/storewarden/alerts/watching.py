"""The look of the watch: which rungs were reached, what is open, and who is told.

Everything follows from rows and the time, so a look that was missed is made good by the next.
One look at a time: it holds the row of settings until it is done.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from storewarden import clock
from storewarden.alerts import composing, rules
from storewarden.alerts.models import Alert, Rung, WatchSettings
from storewarden.outbox.actions import publish
from storewarden.people.queries import home_zone
from storewarden.stores import queries, telling
from storewarden.stores import rules as life
from storewarden.stores.models import Credential

COLUMNS = ("store_id", "fingerprint", *queries.COLUMNS[1:])
"""What a look needs of a token; of most it changes nothing."""
HORIZON = timedelta(days=max(rules.LADDER) + 1)


@dataclass
class Looked:
    """What a look did: rungs newly reached, alerts closed, messages made."""

    reached: int = 0
    closed: int = 0
    messages: list[str] = field(default_factory=list)


@transaction.atomic
def look() -> Looked:
    """Note what is due about every token, keep the alerts true, and make the messages."""
    now, done = clock.now(), Looked()
    settings = _only_one_look()
    tokens = _tokens(now)
    known, open_ = _known(tokens), _open_alerts()
    for one in tokens:
        _look_at(one, known[one.pk], open_[one.pk], now, done)
    done.closed += _close_archived(now)
    done.messages += composing.compose(settings, now)
    return done


def _only_one_look() -> WatchSettings:
    WatchSettings.objects.get_or_create(pk=1, defaults={"time_zone": str(home_zone())})
    return WatchSettings.objects.select_for_update().get(pk=1)


def _tokens(now: datetime) -> list[Credential]:
    """The tokens that end soon, that do not work, or about which an alert is open."""
    soon = Q(expires_at__lte=now + HORIZON)
    bad = ~Q(state__in=life.USABLE) | Q(cause=life.CORE_MISSING)
    told = Q(
        pk__in=Alert.objects.filter(closed_at=None, credential__isnull=False).values("credential")
    )
    rows = Credential.objects.filter(soon | bad | told, store__archived_at__isnull=True)
    return list(rows.exclude(token_sealed="").only(*COLUMNS).order_by("pk"))


def _known(tokens: Sequence[Credential]) -> dict[UUID, set[int]]:
    """The rungs that are on record for each token as it is now in its slot."""
    found: dict[UUID, set[int]] = defaultdict(set)
    rows = Rung.objects.filter(credential__in=tokens, fingerprint=F("credential__fingerprint"))
    for credential, rung in rows.values_list("credential_id", "rung"):
        found[credential].add(rung)
    return found


def _open_alerts() -> dict[UUID, set[str]]:
    """The kinds of alerts that are open about each token."""
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Alert.objects.filter(closed_at__isnull=True, credential__isnull=False)
    for credential, kind in rows.values_list("credential_id", "kind"):
        found[credential].add(kind)
    return found


def _look_at(
    token: Credential, known: set[int], open_: set[str], now: datetime, done: Looked
) -> None:
    dead = not queries.is_usable(token, now)
    reached = known | {rules.DEAD} if dead else set(rules.reached(token.expires_at, now))
    news = rules.news(reached, known)
    if news.forget:
        _of(token).filter(rung__in=news.forget).delete()
    if news.tell is not None or news.covered:
        _note(token, news, now)
    if news.tell is not None:
        done.reached += 1
        _raise(token, news.tell, now)
        _publish(token, news.tell)
    over = open_ & rules.over(dead=dead, reached=reached)
    if over:
        done.closed += _close(Alert.objects.filter(credential=token, kind__in=over), now)


def _of(token: Credential) -> Any:
    return Rung.objects.filter(credential=token, fingerprint=token.fingerprint)


def _note(token: Credential, news: rules.News, now: datetime) -> None:
    fresh = [(rung, True) for rung in news.covered]
    fresh += [(news.tell, False)] if news.tell is not None else []
    if news.tell is not None:  # what waits to be told is told by the more urgent one
        _of(token).filter(told_at__isnull=True).update(covered=True)
    Rung.objects.bulk_create(
        Rung(
            credential=token,
            fingerprint=token.fingerprint,
            rung=rung,
            covered=covered,
            reached_at=now,
        )
        for rung, covered in fresh
    )


def _raise(token: Credential, rung: int, now: datetime) -> None:
    """Open the token's alert, or let it ring again because less time is left."""
    kind = "dead" if rung == rules.DEAD else "expiring"
    fresh = {
        "grade": rung,
        "data": composing.token_item(token, rung, now),
        "raised_at": now,
        "snoozed_until": None,
        "seen_at": None,
        "seen_by": None,
        "second_at": None,
    }
    row, new = Alert.objects.get_or_create(
        credential=token,
        kind=kind,
        closed_at=None,
        defaults={"store": token.store, "opened_at": now, **fresh},
    )
    if not new:
        Alert.objects.filter(pk=row.pk).update(**fresh)


def _publish(token: Credential, rung: int) -> None:
    """Programs are told of a rung when it is reached; people at the hour of the digest."""
    if rung == rules.DEAD:
        return  # `store.expired` tells it, if the store does not work without this token
    data = {"store": telling.store_told(token.store), "state": "expiring", "cause": ""}
    publish("store.expiring", data | {"token": telling.token_told(token)}, store_id=token.store_id)


def _close_archived(now: datetime) -> int:
    return _close(Alert.objects.filter(store__archived_at__isnull=False), now)


def _close(rows: Any, now: datetime) -> int:
    return int(rows.filter(closed_at__isnull=True).update(closed_at=now))

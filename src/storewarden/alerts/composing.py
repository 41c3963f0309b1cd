"""Which messages are made, of what, and for whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from storewarden.alerts import rules
from storewarden.alerts.models import Alert, Channel, Delivery, Message, Rung, WatchSettings
from storewarden.outbox.handlers import Happening
from storewarden.stores import queries
from storewarden.stores.models import Credential
from storewarden.stores.rules import days_left

Item = dict[str, Any]


def compose(settings: WatchSettings, now: datetime) -> list[str]:
    """Make the messages that are due now. Returns their kinds."""
    made = [_outage(now), _reminders(settings, now), _second_person(now)]
    return [kind for kind in made if kind]


def token_item(token: Credential, rung: int, now: datetime) -> Item:
    """What a message says about a token; no name, for names change and stores go."""
    dead = rung == rules.DEAD
    verdict = queries.verdict(token, now)
    return {
        "kind": "dead" if dead else "expiring",
        "store": str(token.store_id),
        "token": str(token),
        "days": days_left(token.expires_at, now),
        "expires_at": token.expires_at.isoformat(),
        "estimated": token.expires_estimated,
        "cause": verdict.cause if dead else "",
    }


def _reminders(settings: WatchSettings, now: datetime) -> str:
    zone = ZoneInfo(settings.time_zone)
    waiting = _waiting()
    if rules.digest_due(settings.digest_at, now, settings.digest_hour, zone):
        _remember(settings, digest_at=now)
        return _tell_rungs("digest", waiting, settings, now)
    tomorrow = rules.last_digest(now + timedelta(days=1), settings.digest_hour, zone)
    urgent = [
        one for one in waiting if rules.cannot_wait(one.rung, one.credential.expires_at, tomorrow)
    ]
    if not rules.urgent_may_go(settings.urgent_at, now):
        return ""
    return _tell_rungs("urgent", urgent, settings, now)


def _waiting() -> list[Rung]:
    """Rungs still to tell, of tokens that are still in their slots; the gravest first."""
    rows = Rung.objects.filter(
        told_at__isnull=True,
        covered=False,
        fingerprint=F("credential__fingerprint"),
        credential__store__archived_at__isnull=True,
    )
    rows = rows.select_related("credential__store")
    return list(rows.order_by("rung", "credential__expires_at", "pk"))


def _tell_rungs(kind: str, rungs: Sequence[Rung], settings: WatchSettings, now: datetime) -> str:
    if not rungs:
        return ""
    items = [token_item(one.credential, one.rung, now) for one in rungs]
    message = send(kind, items, Channel.Role.FIRST, now)
    Rung.objects.filter(pk__in=[one.pk for one in rungs]).update(message=message, told_at=now)
    if any(one.rung == rules.DEAD for one in rungs) or kind == "urgent":
        _remember(settings, urgent_at=now)
    return kind


def _remember(settings: WatchSettings, **moments: datetime) -> None:
    for name, moment in moments.items():
        setattr(settings, name, moment)
    settings.save(update_fields=list(moments))


def send(kind: str, items: Sequence[Item], role: str, now: datetime) -> Message:
    """Make a message, to go out on every channel of that role. Without one it stays readable
    in the app."""
    message = Message.objects.create(kind=kind, at=now, items=list(items))
    channels = Channel.objects.filter(on=True, role=role)
    Delivery.objects.bulk_create(
        Delivery(message=message, channel=one, why=role, next_at=now) for one in channels
    )
    return message


def _second_person(now: datetime) -> str:
    if not Channel.objects.filter(on=True, role=Channel.Role.SECOND).exists():
        return ""
    rows = Alert.objects.filter(
        closed_at__isnull=True,
        second_at__isnull=True,
        seen_at__isnull=True,
        grade__lte=rules.SECOND_PERSON_FROM,
        credential__isnull=False,
    ).select_related("credential__store")
    due = [one for one in rows if _nobody_acts(one, now)]
    if not due:
        return ""
    items = [token_item(one.credential, one.grade, now) for one in due if one.credential]
    send("second", items, Channel.Role.SECOND, now)
    Alert.objects.filter(pk__in=[one.pk for one in due]).update(second_at=now)
    return "second"


def _nobody_acts(alert: Alert, now: datetime) -> bool:
    told = Rung.objects.filter(
        credential=alert.credential_id, rung=alert.grade, told_at__gte=alert.raised_at
    )
    at = told.values_list("told_at", flat=True).first()
    return at is not None and rules.wants_second_person(
        alert.grade, at, alert.seen_at, alert.snoozed_until, now
    )


def _outage(now: datetime) -> str:
    """One notice for all stores when Temu falls silent, one when it answers again."""
    found = queries.outage(now)
    row = Alert.objects.filter(kind="outage", closed_at__isnull=True).first()
    if found is None:
        return _outage_over(row, now) if row else ""
    item: Item = {"kind": "outage", "areas": list(found.areas), "since": found.since.isoformat()}
    if row is not None:
        Alert.objects.filter(pk=row.pk).update(data=item)
        return ""
    Alert.objects.create(kind="outage", data=item, opened_at=now, raised_at=now)
    send("outage", [item], Channel.Role.FIRST, now)
    return "outage"


def _outage_over(row: Alert, now: datetime) -> str:
    Alert.objects.filter(pk=row.pk).update(closed_at=now)
    send("outage_over", [{**row.data, "kind": "outage_over"}], Channel.Role.FIRST, now)
    return "outage_over"


def take_news(happening: Happening) -> None:
    """Orders that were missed and are in, a renewal link that was used: told to people too."""
    item = _news(happening)
    if item is None:
        return
    Alert.objects.create(
        kind=item["kind"],
        store_id=happening.store_id,
        data=item,
        opened_at=happening.at,
        raised_at=happening.at,
        closed_at=happening.at,
    )
    send("news", [item], Channel.Role.FIRST, happening.at)


def _news(happening: Happening) -> Item | None:
    data, store = happening.data, str(happening.store_id or "")
    if happening.type == "orders.recovered":
        since = datetime.fromisoformat(data["since"])
        if not rules.worth_telling(since, happening.at):
            return None
        kept = {name: data[name] for name in ("area", "orders", "due_today", "since")}
        return {"kind": "recovered", "store": store, **kept}
    if happening.type == "renewal_link.used":
        return {"kind": "link_used", "store": store, "by": data["made_by"]}
    if happening.type == "table.done":
        return {"kind": "table_done", "done": data["done"], "refused": data["refused"]}
    return None

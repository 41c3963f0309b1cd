"""Answers to alerts: acknowledged, snoozed, or let ring again."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.alerts import rules
from storewarden.alerts.models import Alert
from storewarden.alerts.wording import NEWS
from storewarden.people.models import User
from storewarden.stores.errors import Refusal

NEWS_FOR = timedelta(days=7)


class AlertChanged(Refusal):
    """The alert has got graver since the person saw it, or is over."""


def acknowledge(alert: Alert, person: User | None, seen: datetime | None = None) -> None:
    """It stops ringing until less time is left. `seen`: when what the person saw was raised."""
    said = {"seen_at": clock.now(), "seen_by": person, "snoozed_until": None}
    if alert.seen_at is None:
        _answer(alert, seen, **said)


def snooze(alert: Alert, how_long: str, seen: datetime | None = None) -> None:
    """It is quiet for a while, then rings again. Raises Refusal."""
    if how_long not in rules.SNOOZES:
        raise Refusal(
            "snooze_unknown",
            _("There is no such time to snooze."),
            _("Choose one of: %(times)s.") % {"times": ", ".join(rules.SNOOZES)},
        )
    until = clock.now() + rules.SNOOZES[how_long]
    _answer(alert, seen, snoozed_until=until, seen_at=None, seen_by=None)


def ring_again(alert: Alert) -> None:
    """Take an answer back."""
    _answer(alert, None, snoozed_until=None, seen_at=None, seen_by=None)


def acknowledge_all(person: User | None, until: datetime) -> int:
    """Acknowledge what rings and was raised up to that moment. Returns how many."""
    return (
        ringing(clock.now())
        .filter(raised_at__lte=until)
        .update(seen_at=clock.now(), seen_by=person, snoozed_until=None)
    )


def answerable(now: datetime) -> QuerySet[Alert]:
    """Alerts that are not over, and news of the last week, which are over from the beginning."""
    news = Q(kind__in=NEWS, raised_at__gt=now - NEWS_FOR)
    return Alert.objects.filter(Q(closed_at__isnull=True) | news)


def ringing(now: datetime) -> QuerySet[Alert]:
    """What nobody has acknowledged and is not snoozed."""
    quiet = Q(snoozed_until__gt=now)
    return answerable(now).filter(~quiet, seen_at__isnull=True)


def _answer(alert: Alert, seen: datetime | None, **said: object) -> None:
    rows = answerable(clock.now()).filter(pk=alert.pk)
    if seen is not None:
        rows = rows.filter(raised_at=seen)
    if not rows.update(**said):
        raise AlertChanged(
            "alert_changed",
            _("This alert has changed since you saw it, or it is over."),
            _("Look at it again, then answer it."),
        )
    alert.refresh_from_db()

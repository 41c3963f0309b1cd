"""When a person is told of what, and when again: product.md section 3, "Reminders".

Pure: values and a time in, a value out. No database, no clock, no network.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storewarden.stores.rules import days_left

LADDER = (30, 14, 7, 3, 1, 0)
"""Days before the end at which a reminder goes out, once each."""
DEAD = -1
"""The rung of a token that no longer works: ended, or died early."""
SECOND_PERSON_FROM = 3
SECOND_PERSON_AFTER = timedelta(hours=24)
URGENT_GAP = timedelta(minutes=15)
SNOOZES = {"day": timedelta(days=1), "three_days": timedelta(days=3), "week": timedelta(days=7)}
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20))
"""Gaps after a failed delivery; after the last one the other channels take over."""
HICCUP = timedelta(hours=1)


def reached(expires_at: datetime, now: datetime) -> list[int]:
    """The rungs that a living token has reached: 30 when 30 whole days are left, 0 on the last."""
    left = days_left(expires_at, now)
    return [rung for rung in LADDER if left <= rung]


@dataclass(frozen=True)
class News:
    """What is new about a token: the rung to tell, those it speaks for, those to forget.

    Rungs are forgotten when the end moved away, so that they are told again in their time.
    """

    tell: int | None
    covered: tuple[int, ...] = ()
    forget: tuple[int, ...] = ()


def news(now_reached: Collection[int], known: Collection[int]) -> News:
    """One message that says the most urgent thing, also after days without a look."""
    forget = tuple(sorted(set(known) - set(now_reached)))
    fresh = sorted(set(now_reached) - set(known))
    if not fresh:
        return News(None, (), forget)
    lowest_known = min(set(known) & set(now_reached), default=None)
    if lowest_known is not None and lowest_known < fresh[0]:
        return News(None, tuple(fresh), forget)  # something more urgent was told already
    return News(fresh[0], tuple(fresh[1:]), forget)


def over(*, dead: bool, reached: Collection[int]) -> set[str]:
    """The kinds of alerts about a token that are over: it works again, or was renewed."""
    if dead:
        return {"expiring"}
    return {"dead"} if reached else {"dead", "expiring"}


def last_digest(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The last moment, not after now, at which a digest was due: `hour` o'clock in the zone."""
    local = now.astimezone(zone)
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    moment = today if today <= local else today - timedelta(days=1)
    return moment.astimezone(now.tzinfo)


def digest_due(told_at: datetime | None, now: datetime, hour: int, zone: ZoneInfo) -> bool:
    """Once a day; a machine that was off at the hour sends it when it is back."""
    return told_at is None or told_at < last_digest(now, hour, zone)


def cannot_wait(rung: int, expires_at: datetime, next_digest: datetime) -> bool:
    """A token that is dead, or dead before the next digest, is told of at once."""
    return rung == DEAD or expires_at <= next_digest


def urgent_may_go(told_at: datetime | None, now: datetime) -> bool:
    """Eighty stores that die together make one message a quarter of an hour, not eighty."""
    return told_at is None or now - told_at >= URGENT_GAP


def wants_second_person(
    grade: int,
    told_at: datetime,
    seen_at: datetime | None,
    snoozed_until: datetime | None,
    now: datetime,
) -> bool:
    """Nobody acknowledged for 24 hours, and three days or less are left."""
    asleep = snoozed_until is not None and snoozed_until > now
    if grade > SECOND_PERSON_FROM or seen_at is not None or asleep:
        return False
    return now - told_at >= SECOND_PERSON_AFTER


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a failed delivery is tried again; None: no more, the other channels take over."""
    return now + RETRIES[tries - 1] if tries <= len(RETRIES) else None


def is_loud(seen_at: datetime | None, snoozed_until: datetime | None, now: datetime) -> bool:
    """Whether an alert rings: nobody has acknowledged it, and it is not snoozed."""
    return seen_at is None and (snoozed_until is None or snoozed_until <= now)


def worth_telling(missed_since: datetime, now: datetime) -> bool:
    """Orders that came an hour late or more are news; a minute's hiccup of the line is none."""
    return now - missed_since >= HICCUP

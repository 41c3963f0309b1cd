"""Messages go out: claimed by a lease, sent side by side within a time limit, tried again.

A process that dies between claim and record leaves a lease behind; once it has lapsed the message
is sent again. A reminder twice is better than none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from storewarden import clock, meters
from storewarden.alerts import channels, handing_on, letters, outcomes, rules, services
from storewarden.alerts.models import Channel, Delivery, Message, WatchSettings
from storewarden.vault import KeyProblem, SealBroken, Secret

BUDGET_S = 40.0
LEASE = timedelta(minutes=2)
LOOKED_AT = 500
AT_ONCE = 20
# Threads wait in the machine's time, whatever clock the product runs on.
MACHINE = clock.SystemSource()
log = structlog.get_logger(__name__)


@dataclass
class Parcel:
    """One message for one channel, ready to go; `failure` says what came of it."""

    delivery: Delivery
    address: Secret
    title: str
    body: str
    failure: str = outcomes.NO_ANSWER

    def send(self) -> None:
        try:
            self.failure = services.send(self.address, self.title, self.body)
        except Exception as error:  # noqa: BLE001  # a service's own fault fails its message alone
            log.error("channel.broken", channel=self.channel, kind=type(error).__name__)
            self.failure = outcomes.UNEXPECTED

    @property
    def channel(self) -> str:
        return str(self.delivery.channel_id)


_left_behind: dict[UUID, Thread] = {}
"""Calls that did not end in time. A channel has at most one, and no new one while it lasts."""


def deliver() -> int:
    """Send what is due, one message a channel. Returns how many were tried."""
    now = clock.now()
    claimed = [row for row in _first_of_each(_due(now)) if _claim(row, now)]
    if claimed:
        _send_and_settle(claimed)
    return len(claimed)


def _due(now: datetime) -> QuerySet[Delivery]:
    lapsed = Q(state="sending", leased_until__lte=now)
    rows = Delivery.objects.filter(Q(state="due") | lapsed, next_at__lte=now, channel__on=True)
    return rows.select_related("channel", "message").order_by("next_at", "pk")[:LOOKED_AT]


def _first_of_each(rows: QuerySet[Delivery]) -> list[Delivery]:
    """Group robots take 20 messages a minute; one a look is well below."""
    found: dict[UUID, Delivery] = {}
    for row in rows:
        found.setdefault(row.channel_id, row)
    return list(found.values())[:AT_ONCE]


def _claim(row: Delivery, now: datetime) -> bool:
    """Take a delivery for this process alone, until the lease lapses."""
    as_read = Delivery.objects.filter(
        pk=row.pk, state=row.state, tries=row.tries, leased_until=row.leased_until
    )
    row.state, row.tries, row.leased_until = "sending", row.tries + 1, now + LEASE
    return bool(as_read.update(state=row.state, tries=row.tries, leased_until=row.leased_until))


def _send_and_settle(claimed: Sequence[Delivery]) -> None:
    parcels, zone = [], time_zone()
    for delivery in claimed:
        parcel = _packed(delivery, zone)
        if isinstance(parcel, Parcel):
            parcels.append(parcel)
        else:
            _settle(delivery, parcel)
    _send_all(parcels)
    for parcel in parcels:
        _settle(parcel.delivery, parcel.failure)


def time_zone() -> str:
    """The zone in which messages tell their times."""
    row = WatchSettings.objects.filter(pk=1).first()
    return row.time_zone if row else "UTC"


def _packed(delivery: Delivery, zone: str) -> Parcel | str:
    """The parcel, or why there is none."""
    if delivery.channel_id in _left_behind and _left_behind[delivery.channel_id].is_alive():
        return outcomes.HUNG
    try:
        text = letters.letter(delivery.message, delivery.channel, zone)
    except Exception:  # one message that cannot be written holds up no other
        log.exception("message.broken", message=str(delivery.message_id))
        return outcomes.UNEXPECTED
    if text is None:
        return outcomes.NOTHING_LEFT
    try:
        return Parcel(delivery, channels.address_of(delivery.channel), text.title, text.body)
    except (SealBroken, KeyProblem):
        return outcomes.SEALED


def _send_all(parcels: Sequence[Parcel]) -> None:
    """Each in a thread of its own; who does not end in time is left behind."""
    end = MACHINE.monotonic_s() + BUDGET_S
    threads = [Thread(target=one.send, daemon=True) for one in parcels]
    for thread in threads:
        thread.start()
    for thread, parcel in zip(threads, parcels, strict=True):
        thread.join(max(0.0, end - MACHINE.monotonic_s()))
        if thread.is_alive():
            _left_behind[parcel.delivery.channel_id] = thread


@transaction.atomic
def _settle(delivery: Delivery, failure: str) -> None:
    """Write what came of it, unless the lease has lapsed and somebody else has it."""
    now = clock.now()
    mine = Delivery.objects.filter(
        pk=delivery.pk, state="sending", leased_until=delivery.leased_until
    )
    if failure == outcomes.SENT:
        if mine.update(state="sent", sent_at=now, leased_until=None, failure=""):
            _works(delivery, now)
        return
    last = delivery.why == "test" or failure == outcomes.NOTHING_LEFT
    again = None if last else rules.next_try(delivery.tries, now)
    state = "due" if again else "failed"
    done = {"state": state, "failure": failure, "leased_until": None, "next_at": again or now}
    if mine.update(**done) and failure != outcomes.NOTHING_LEFT:
        _fails(delivery.channel, failure, now)
        if again is None and not last:
            handing_on.hand_on(delivery.message, delivery.channel)


def _works(delivery: Delivery, now: datetime) -> None:
    well = {"sent_at": now, "failing_since": None, "failure": ""}
    Channel.objects.filter(pk=delivery.channel_id).update(**well)
    if delivery.why != "test":
        meters.reminder_sent(delivery.message.kind)


def _fails(channel: Channel, failure: str, now: datetime) -> None:
    log.warning("channel.failed", channel=str(channel.pk), cause=outcomes.parts(failure)[0])
    Channel.objects.filter(pk=channel.pk, failing_since=None).update(failing_since=now)
    Channel.objects.filter(pk=channel.pk).update(failure=failure)


def send_test(channel: Channel) -> Delivery:
    """Send a test now and wait for what comes of it. It is not tried again."""
    now = clock.now()
    message = Message.objects.create(kind="test", at=now)
    delivery = Delivery.objects.create(
        message=message, channel=channel, why="test", next_at=now, state="due"
    )
    _claim(delivery, now)
    _send_and_settle([delivery])
    delivery.refresh_from_db()
    return delivery

"""What becomes of a message that a channel does not deliver: another one takes it over."""

from django.db.models import Q

from storewarden import clock
from storewarden.alerts.models import Channel, Delivery, Message

OPEN = ("due", "sending")


def hand_on_all(channel: Channel, why: str) -> None:
    """Give up everything that still waits on a channel. Call it inside a transaction."""
    waiting = Delivery.objects.filter(channel=channel, state__in=OPEN).select_related("message")
    given_up = [one.message for one in waiting if one.why != "test"]
    waiting.update(state="failed", failure=why, leased_until=None)
    for message in given_up:
        hand_on(message, channel)


def hand_on(message: Message, failed: Channel) -> int:
    """Have the message sent on the channels that do not have it yet. Returns on how many.

    While somebody has it, or it is on its way to somebody, nobody else is bothered. Call it
    inside a transaction: of two channels that fail at once, the later one sees the other's end.
    """
    Message.objects.select_for_update().get(pk=message.pk)
    reached = Q(state="sent") | Q(state__in=OPEN)
    if message.deliveries.filter(reached).exclude(channel=failed).exists():
        return 0
    now = clock.now()
    made = Delivery.objects.bulk_create(
        (
            Delivery(message=message, channel=one, why="fallback", next_at=now)
            for one in _next_channels(message, failed)
        ),
        ignore_conflicts=True,
    )
    return len(made)


def _next_channels(message: Message, failed: Channel) -> list[Channel]:
    """Those that work before those that fail, the first person's before the second's."""
    has_it = message.deliveries.values("channel")
    rows = Channel.objects.filter(on=True).exclude(pk=failed.pk).exclude(pk__in=has_it)
    left = list(rows)
    working = [one for one in left if one.failing_since is None] or left
    first = [one for one in working if one.role == Channel.Role.FIRST]
    return first or working

"""Rungs that were reached, alerts that are open, and the messages that went out about them."""

from django.db import models
from django.db.models import Q

from storewarden import chance
from storewarden.people.models import User
from storewarden.stores.models import Credential, Store


class WatchSettings(models.Model):
    """How this desk is told: one row. The digest goes out at `digest_hour` in `time_zone`."""

    digest_hour = models.PositiveSmallIntegerField(default=9)
    time_zone = models.CharField(max_length=64, default="UTC")
    digest_at = models.DateTimeField(null=True, blank=True)
    urgent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.digest_hour}:00 {self.time_zone}"


class Channel(models.Model):
    """Where messages go: an Apprise address, sealed, and whose language they are in.

    `role`: the first person, or the second one who is told when nobody acts.
    `masked` is what may be shown of the address.
    """

    class Role(models.TextChoices):
        FIRST = "first"
        SECOND = "second"

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    name = models.CharField(max_length=80)
    url_sealed = models.TextField()
    service = models.CharField(max_length=60)
    masked = models.CharField(max_length=300)
    language = models.CharField(max_length=12)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.FIRST)
    on = models.BooleanField(default=True)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="one_channel_a_name")]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """One message, in no language yet: `items` say what it is about, the gravest first.

    `kind`: digest, urgent, second, outage, outage_over, news, test.
    """

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    items = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="message_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Delivery(models.Model):
    """One message on one channel. `why`: first, second, fallback or test.

    `state`: due, sending, sent, failed. One that stays `sending` past its lease is sent again:
    a reminder twice is better than none.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    why = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="due")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_a_channel"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state__in=["due", "sending"]), name="delivery_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} on {self.channel_id}: {self.state}"


class Rung(models.Model):
    """A rung of the ladder that a token has reached, once; `rung` -1: it no longer works.

    `message` empty with `covered`: a more urgent rung spoke for it. Empty without: still to tell.
    """

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="rungs")
    fingerprint = models.CharField(max_length=32)
    rung = models.SmallIntegerField()
    reached_at = models.DateTimeField()
    covered = models.BooleanField(default=False)
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="rungs"
    )
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-reached_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "fingerprint", "rung"], name="each_rung_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["reached_at"],
                condition=Q(told_at__isnull=True, covered=False),
                name="rung_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rung} of {self.credential_id}"


class Alert(models.Model):
    """One thing that wants a person, until it is put right; or a piece of news (closed at once).

    `kind`: expiring, dead, outage; news: recovered, link_used, table_done. `grade` is the rung of
    an expiring token; a lower one opens an acknowledged or snoozed alert again.
    """

    kind = models.CharField(max_length=20)
    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    credential = models.ForeignKey(
        Credential, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    grade = models.SmallIntegerField(default=0)
    data = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "kind"],
                condition=Q(closed_at__isnull=True, credential__isnull=False),
                name="one_open_alert_a_token",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(closed_at__isnull=True, kind="outage"),
                name="one_open_outage",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-raised_at"], condition=Q(seen_at__isnull=True), name="alert_unseen"
            ),
            models.Index(fields=["-raised_at", "-id"], name="alert_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.store_id or ''}"

"""What a marketplace told us by itself, and which events it sends for each store."""

from django.db import models
from django.db.models import Q

from storewarden.stores.models import Credential, DeveloperApp, Store


class Arrival(models.Model):
    """One message of a marketplace, kept before it was answered. No buyer's data: ids and times.

    `dedup_key` is the same for the same news, however often it is delivered. `sent_at` is the
    signed time of the message. `settled_at` empty: still to be looked at; then `led_to` says to
    what, and `store` whose it was.
    """

    app = models.ForeignKey(DeveloperApp, on_delete=models.CASCADE, related_name="arrivals")
    dedup_key = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64)
    topic = models.CharField(max_length=10)
    mall_id = models.CharField(max_length=64, blank=True, default="")
    po = models.CharField(max_length=64, blank=True, default="")
    order_sn = models.CharField(max_length=64, blank=True, default="")
    case_sn = models.CharField(max_length=64, blank=True, default="")
    status = models.CharField(max_length=64, blank=True, default="")
    changed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    led_to = models.CharField(max_length=20, blank=True, default="")
    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, null=True, blank=True, related_name="arrivals"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, led_to="")
                | (Q(settled_at__isnull=False) & ~Q(led_to="")),
                name="settled_arrival_led_somewhere",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(settled_at__isnull=True), name="arrival_to_settle"
            ),
            models.Index(fields=["app", "received_at", "code"], name="arrival_app_received"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.po}"


class EventFeed(models.Model):
    """Which events one order token brings, as the marketplace last said.

    `fingerprint` is of the token that was spoken of: a new token may bring none until it is asked
    for. `said` is the marketplace's own word on what it did not let through.
    """

    credential = models.OneToOneField(
        Credential, on_delete=models.CASCADE, related_name="event_feed"
    )
    fingerprint = models.CharField(max_length=32, blank=True, default="")
    subscribed = models.JSONField(default=list)
    wanted = models.JSONField(default=list)
    permitted = models.JSONField(default=list)
    stopped = models.BooleanField(default=False)
    said = models.CharField(max_length=500, blank=True, default="")
    heard_at = models.DateTimeField(null=True, blank=True)
    ask_after = models.DateTimeField()

    def __str__(self) -> str:
        return f"events of {self.credential_id}"

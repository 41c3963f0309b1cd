"""Where happenings are told, what was told, and how each try went."""

from django.db import models
from django.db.models import Q

from storewarden import chance


class Endpoint(models.Model):
    """An address of a seller's own program. `types` empty: every event."""

    class Off(models.TextChoices):
        BY_HAND = "by_hand"
        GONE = "gone"
        FAILING = "failing"

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    url = models.CharField(max_length=1000, unique=True)
    description = models.CharField(max_length=200, blank=True, default="")
    types = models.JSONField(default=list)
    own_network = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254)
    off_at = models.DateTimeField(null=True, blank=True)
    off_why = models.CharField(max_length=10, choices=Off.choices, blank=True, default="")
    off_by = models.CharField(max_length=254, blank=True, default="")
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(off_at__isnull=True, off_why="")
                | Q(off_at__isnull=False, off_why__in=["by_hand", "gone", "failing"]),
                name="endpoint_off_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_on(self) -> bool:
        return self.off_at is None


class SigningSecret(models.Model):
    """A secret that signs for an endpoint. `until` is empty for the one in use; an old one signs
    beside it until then."""

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=Q(until__isnull=True),
                name="one_secret_in_use_an_endpoint",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Delivery(models.Model):
    """One happening on its way to one endpoint, with the exact text that is sent.

    `tries` counts every try, `tries_before` those before the last redelivery, from which the
    gaps between tries are counted anew.
    """

    class State(models.TextChoices):
        DUE = "due"
        SENDING = "sending"
        DONE = "done"
        FAILED = "failed"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    happening_id = models.UUIDField()
    type = models.CharField(max_length=60)
    payload = models.TextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    tries = models.PositiveIntegerField(default=0)
    tries_before = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_try_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_why = models.CharField(max_length=20, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "happening_id"], name="one_delivery_an_endpoint_and_happening"
            ),
            models.CheckConstraint(
                condition=Q(state="due", next_at__isnull=False, finished_at__isnull=True)
                | Q(state="sending", next_at__isnull=False, leased_until__isnull=False)
                | Q(state__in=["done", "failed"], next_at__isnull=True, finished_at__isnull=False),
                name="delivery_state_has_its_times",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="delivery_to_send"
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_endpoint"),
            models.Index(fields=["finished_at"], name="delivery_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"

    @property
    def message_id(self) -> str:
        """What the receiver knows this happening by, the same at every try."""
        return f"msg_{self.happening_id.hex}"


class Attempt(models.Model):
    """One try: the status that was answered, or why none was."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    why = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.status or self.why}"

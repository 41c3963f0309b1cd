"""Developer apps, stores, credentials and what happened to them."""

from django.db import models
from django.db.models import Q

from storewarden import chance


class DeveloperApp(models.Model):
    """App key and secret of one area. A token works only with the app it was issued for."""

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    marketplace = models.CharField(max_length=20)
    area = models.CharField(max_length=10)
    app_key = models.CharField(max_length=128)
    secret_sealed = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["area", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "area", "app_key"], name="one_app_a_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}:{self.app_key}"


class Store(models.Model):
    """One mall, once. Archived stores stay and are re-attached by their mall id."""

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    marketplace = models.CharField(max_length=20)
    mall_id = models.CharField(max_length=40)
    shop_name = models.CharField(max_length=200, blank=True, default="")
    nickname = models.CharField(max_length=80, unique=True)
    store_type = models.CharField(max_length=10)
    connected_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    orders_since = models.DateTimeField()
    stock_push_on = models.BooleanField(default=False)

    class Meta:
        ordering = ["nickname"]
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "mall_id"], name="one_store_a_mall"),
            models.CheckConstraint(condition=~Q(nickname=""), name="store_has_a_nickname"),
        ]

    def __str__(self) -> str:
        return self.nickname


class Credential(models.Model):
    """One token in its slot: store x kind x area. The token is sealed to this row."""

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=10)
    area = models.CharField(max_length=10)
    app = models.ForeignKey(DeveloperApp, on_delete=models.PROTECT, related_name="credentials")
    token_sealed = models.TextField(blank=True, default="")
    fingerprint = models.CharField(max_length=32)
    last4 = models.CharField(max_length=4, blank=True, default="")
    entered_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="unchecked")
    cause = models.CharField(max_length=40, blank=True, default="")
    their_code = models.CharField(max_length=20, blank=True, default="")
    their_message = models.CharField(max_length=500, blank=True, default="")
    expires_at = models.DateTimeField()
    expires_estimated = models.BooleanField(default=False)
    scopes = models.JSONField(default=list)
    proven_at = models.DateTimeField(null=True, blank=True)
    died_at = models.DateTimeField(null=True, blank=True)
    probe_after = models.DateTimeField(null=True, blank=True)
    unreachable_since = models.DateTimeField(null=True, blank=True)
    unreachable_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["kind", "area"]
        constraints = [
            models.UniqueConstraint(fields=["store", "kind", "area"], name="one_token_a_slot"),
        ]
        indexes = [models.Index(fields=["probe_after"], name="credential_probe_after")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.area}"


class TokenRecord(models.Model):
    """Every token a store ever had, by fingerprint: when it began, its end, how it ended."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10)
    area = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=32, db_index=True)
    last4 = models.CharField(max_length=4, blank=True, default="")
    entered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_cause = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["-entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind", "area", "fingerprint"], name="one_record_a_token"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.area} …{self.last4}"


class AuthorizationEvent(models.Model):
    """The history of a store's authorization: when, who, which deed, what Temu said."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    who = models.CharField(max_length=254, blank=True, default="")
    deed = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, blank=True, default="")
    area = models.CharField(max_length=10, blank=True, default="")
    state = models.CharField(max_length=20, blank=True, default="")
    cause = models.CharField(max_length=40, blank=True, default="")
    their_code = models.CharField(max_length=20, blank=True, default="")
    their_message = models.CharField(max_length=500, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["store", "-at"], name="event_store_at")]

    def __str__(self) -> str:
        return f"{self.deed} {self.kind}"

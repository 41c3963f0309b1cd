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
    """One mall, once. Archived stores stay and are re-attached by their mall id.

    `held_until`: its jobs wait while tokens are swapped, at most until then.
    `told_state`: the state that the outbox was last told of.
    """

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
    held_until = models.DateTimeField(null=True, blank=True)
    told_state = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["nickname"]
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "mall_id"], name="one_store_a_mall"),
            models.CheckConstraint(condition=~Q(nickname=""), name="store_has_a_nickname"),
        ]
        indexes = [models.Index(fields=["told_state"], name="store_told_state")]

    def __str__(self) -> str:
        return self.nickname


class Credential(models.Model):
    """One token in its slot: store x kind x area. The token is sealed to this row.

    `proven_how` says how its state was last proven (rules.Proof), `proven_by` who asked.
    """

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
    proven_how = models.CharField(max_length=20, blank=True, default="")
    proven_by = models.CharField(max_length=254, blank=True, default="")
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


class Contact(models.Model):
    """Whether an area of a marketplace answers: since when it is silent, if it is."""

    marketplace = models.CharField(max_length=20)
    area = models.CharField(max_length=10)
    answered_at = models.DateTimeField(null=True, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "area"], name="one_contact_an_area"),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace}:{self.area}"


class RenewalLink(models.Model):
    """A link by which somebody without a sign-in may enter the tokens of one store, once.

    The link's secret is stored as a hash; `language` is that of its page. `used_at` ahead of
    now is a claim of somebody who saves at this moment (link_rules).
    """

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="renewal_links")
    secret_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=12)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"link for {self.store_id}"


class TableJob(models.Model):
    """A table of tokens that a person handed in: to connect stores, or to reauthorize them."""

    class Kind(models.TextChoices):
        CONNECT = "connect"
        RENEW = "renew"

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    marketplace = models.CharField(max_length=20)
    who = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class TableRow(models.Model):
    """One row of such a table. Its tokens are sealed, and destroyed once it is settled.

    `state`: due, running, done, refused. `asked` holds what is no secret: nickname,
    shop id, store type; `findings` why it was refused, as causes with their values.
    """

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    job = models.ForeignKey(TableJob, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    asked = models.JSONField(default=dict)
    tokens_sealed = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, default="due")
    leased_until = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=40, blank=True, default="")
    their_code = models.CharField(max_length=20, blank=True, default="")
    findings = models.JSONField(default=list)
    store = models.ForeignKey(
        Store, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["job", "line"], name="one_row_a_line_of_a_table"),
        ]
        indexes = [
            models.Index(
                fields=["job", "line"], condition=Q(state__in=["due", "running"]), name="row_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line}: {self.state}"


class StoreDeletion(models.Model):
    """The record that a store and all that it had was deleted; the only thing that stays.

    `store_id` is no foreign key, for the store is gone. `removed` counts rows by area.
    """

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    store_id = models.UUIDField(unique=True)
    marketplace = models.CharField(max_length=20)
    mall_id = models.CharField(max_length=40)
    nickname = models.CharField(max_length=80)
    who = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    removed = models.JSONField(default=dict)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"deletion of {self.mall_id}"

"""Calendar feeds: who may read the expiry dates without signing in."""

from django.db import models
from django.db.models import Q

from storewarden import chance


class CalendarFeed(models.Model):
    """One secret address of the calendar. The secret is stored as a hash.

    `with_nicknames`: its events name the store; without it they say only "a store".
    """

    id = models.UUIDField(primary_key=True, default=chance.new_id, editable=False)
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=12)
    with_nicknames = models.BooleanField(default=True)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(revoked_at__isnull=True), name="one_live_feed_a_name"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="feed_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

"""What happened, and whether it has been handed on."""

from django.db import models
from django.db.models import Q

from storewarden import chance


class StoredHappening(models.Model):
    """One happening, in the order of writing. `store_id` is no foreign key: it outlives the store
    it speaks of."""

    key = models.UUIDField(unique=True, default=chance.new_id, editable=False)
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    store_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)
    spread_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(spread_at__isnull=True), name="happening_to_spread"
            ),
            models.Index(fields=["spread_at"], name="happening_spread_at"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"

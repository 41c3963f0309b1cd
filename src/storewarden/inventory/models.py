"""What each listing shows in each of the marketplace's warehouses, and what it shall show."""

from django.db import models
from django.db.models import Q

from storewarden.catalog.models import Listing, ListingSku
from storewarden.stores.models import Store


class ShownStock(models.Model):
    """One SKU in one warehouse of the marketplace ("" for full consignment).

    `shown` None: the marketplace does not let us see it; never zero, never pushed.
    `wanted` None: nothing was ever set here. `gone_at`: the marketplace no longer
    lists this warehouse for the SKU; the row stays for its log.
    """

    class Push(models.TextChoices):
        NONE = "", "nothing to push"
        DUE = "due", "to be pushed"
        SENT = "sent", "sent, not yet read back"
        DONE = "done", "read back and equal"
        REFUSED = "refused", "refused by the marketplace"
        DIFFERS = "differs", "read back and different"

    sku = models.ForeignKey(ListingSku, on_delete=models.CASCADE, related_name="stock")
    warehouse_id = models.CharField(max_length=60, blank=True, default="")
    warehouse_name = models.CharField(max_length=200, blank=True, default="")
    shown = models.IntegerField(null=True, blank=True)
    locked = models.IntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    wanted = models.PositiveIntegerField(null=True, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True)
    wanted_by = models.CharField(max_length=254, blank=True, default="")
    push = models.CharField(max_length=10, choices=Push.choices, blank=True, default="")
    pushed_at = models.DateTimeField(null=True, blank=True)
    their_code = models.CharField(max_length=20, blank=True, default="")
    their_message = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["sku_id", "warehouse_id"]
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse_id"], name="one_figure_a_warehouse"),
            models.CheckConstraint(
                condition=Q(wanted__isnull=True) | Q(wanted__gte=0), name="wanted_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["sku"], condition=Q(push__in=["due", "sent"]), name="stock_push_open"
            ),
            models.Index(fields=["push", "id"], name="stock_push_state"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.warehouse_id}"


class StockDeed(models.Model):
    """Append-only: each figure set, pushed, refused or found different, and by whom."""

    class Deed(models.TextChoices):
        SET = "set", "wanted figure set"
        SENT = "sent", "sent to the marketplace"
        DONE = "done", "read back and equal"
        DIFFERS = "differs", "read back and different"
        REFUSED = "refused", "refused by the marketplace"
        HIDDEN = "hidden", "no longer shown to us, so not pushed"

    figure = models.ForeignKey(ShownStock, on_delete=models.CASCADE, related_name="deeds")
    at = models.DateTimeField()
    who = models.CharField(max_length=254, blank=True, default="")
    deed = models.CharField(max_length=20, choices=Deed.choices)
    before = models.IntegerField(null=True, blank=True)
    after = models.IntegerField(null=True, blank=True)
    their_code = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.deed


class StockRead(models.Model):
    """When the stock of a listing was last asked for, and what went wrong if it did."""

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, related_name="stock_read")
    read_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField()
    their_code = models.CharField(max_length=20, blank=True, default="")
    failure = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.listing_id} at {self.read_at}"


class StockWork(models.Model):
    """The stock jobs of a store: one process pushes at a time, one refreshes at a time.

    `look_after`: after an outage nothing is pushed before this time, unless a
    person asks.
    """

    store = models.OneToOneField(Store, on_delete=models.CASCADE, related_name="stock_work")
    push_leased_until = models.DateTimeField(null=True, blank=True)
    read_leased_until = models.DateTimeField(null=True, blank=True)
    look_after = models.DateTimeField(null=True, blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.store_id} pushed at {self.pushed_at}"

"""Parcels, and the commands that tell the marketplace about them."""

from django.db import models

from storewarden.orders.models import Order, OrderLine
from storewarden.stores.models import Store


class Carrier(models.Model):
    """A carrier of the marketplace's list for one region, kept for a day."""

    marketplace = models.CharField(max_length=20)
    region_id = models.CharField(max_length=20)
    carrier_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "region_id", "carrier_id"], name="one_row_a_carrier"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ShipFromWarehouse(models.Model):
    """A warehouse of the store in the marketplace's books, from which parcels leave."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="ship_from")
    area = models.CharField(max_length=10)
    warehouse_id = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True, default="")
    region_id = models.CharField(max_length=20, blank=True, default="")
    default = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "area", "warehouse_id"], name="one_row_a_ship_from"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.warehouse_id


class Parcel(models.Model):
    """One parcel by the seller's own carrier, and the command that confirms it.

    The row is written before the call; `state` moves
    planned → sending → confirmed | refused | unknown. An unknown outcome is
    looked up, never sent again blindly. `cause` is a stable word (or the
    marketplace's code) that `wording` puts into the reader's language;
    `elsewhere`: confirmed in the marketplace's own pages, not from here.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "to be confirmed"
        SENDING = "sending", "being confirmed"
        CONFIRMED = "confirmed", "confirmed"
        REFUSED = "refused", "refused"
        UNKNOWN = "unknown", "outcome unknown"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="parcels")
    carrier_id = models.CharField(max_length=40)
    carrier_name = models.CharField(max_length=200)
    tracking_number = models.CharField(max_length=100)
    warehouse_id = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=254)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    look_after = models.DateTimeField(null=True, blank=True)
    parcel_sn = models.CharField(max_length=60, blank=True, default="")
    cause = models.CharField(max_length=40, blank=True, default="")
    their_code = models.CharField(max_length=20, blank=True, default="")
    their_message = models.CharField(max_length=500, blank=True, default="")
    warnings = models.JSONField(default=list)
    elsewhere = models.BooleanField(default=False)

    class Meta:
        ordering = ["-planned_at", "-id"]
        indexes = [
            models.Index(fields=["state", "look_after"], name="parcel_state_look"),
            models.Index(fields=["tracking_number"], name="parcel_tracking"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=["planned", "sending", "unknown"]),
                name="one_open_parcel_an_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier_name} {self.tracking_number}"


class ParcelItem(models.Model):
    """How many pieces of an order line are in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="items")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="parcel_items")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parcel", "line"], name="one_item_a_line"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="item_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line_id}"

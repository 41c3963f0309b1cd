"""Parent orders, their lines, and how far each pull has come."""

from django.db import models
from django.db.models import Q

from storewarden.stores.models import Credential, Store

STILL_TO_LEAVE = Q(due_at__isnull=False)


class Order(models.Model):
    """One parent order (PO) of a store.

    `listed_at` is when it was placed, else first seen: never empty, so that
    keyset pages can stand on it. `due_at` is the ship-by deadline while it
    still has to leave (the far future when none is told), else empty.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="orders")
    area = models.CharField(max_length=10)
    po = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=20)
    status_code = models.CharField(max_length=20)
    region_id = models.CharField(max_length=20, blank=True, default="")
    placed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    ship_by = models.DateTimeField(null=True, blank=True)
    deliver_by = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    payment = models.CharField(max_length=20, blank=True, default="")
    labels = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    listed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=32)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-listed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "po"], name="one_row_a_parent_order"),
        ]
        indexes = [
            models.Index(fields=["-listed_at", "-id"], name="order_newest"),
            models.Index(fields=["store", "-listed_at", "-id"], name="order_store_newest"),
            models.Index(fields=["state", "-listed_at", "-id"], name="order_state_newest"),
            models.Index(fields=["store", "state", "-listed_at", "-id"], name="order_store_state"),
            models.Index(fields=["area", "-listed_at", "-id"], name="order_area_newest"),
            models.Index(fields=["area", "state", "-listed_at", "-id"], name="order_area_state"),
            models.Index(fields=["due_at", "id"], condition=STILL_TO_LEAVE, name="order_due"),
            models.Index(
                fields=["area", "due_at", "id"], condition=STILL_TO_LEAVE, name="order_area_due"
            ),
            models.Index(
                fields=["state", "due_at", "id"], condition=STILL_TO_LEAVE, name="order_state_due"
            ),
            models.Index(
                fields=["store", "due_at", "id"], condition=STILL_TO_LEAVE, name="order_store_due"
            ),
        ]

    def __str__(self) -> str:
        return self.po


class OrderLine(models.Model):
    """One order (O): one SKU, and how many of it are still to be sent."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    order_sn = models.CharField(max_length=64)
    state = models.CharField(max_length=20)
    goods_id = models.CharField(max_length=40, blank=True, default="")
    sku_id = models.CharField(max_length=40, blank=True, default="")
    product_sku_id = models.CharField(max_length=40, blank=True, default="")
    code = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=500, blank=True, default="")
    spec = models.CharField(max_length=300, blank=True, default="")
    picture_url = models.CharField(max_length=1000, blank=True, default="")
    quantity = models.PositiveIntegerField()
    ordered_quantity = models.PositiveIntegerField()
    cancelled_quantity = models.PositiveIntegerField(default=0)
    pieces_each = models.PositiveIntegerField(default=1)
    fulfilment = models.CharField(max_length=40, blank=True, default="")
    labels = models.JSONField(default=list)
    warnings = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "order_sn"], name="one_row_a_line"),
        ]
        indexes = [
            models.Index(fields=["order_sn"], name="line_order_sn"),
            models.Index(fields=["code", "-id"], condition=~Q(code=""), name="line_seller_code"),
        ]

    def __str__(self) -> str:
        return self.order_sn


class OrderPull(models.Model):
    """The cursor of one order token: everything updated up to `good_until` is recorded.

    `leased_until` also says who holds the pull: only the process that wrote
    this very moment may move the cursor. `window_done` of `window_total`
    orders of the running read have come in.
    """

    credential = models.OneToOneField(
        Credential, on_delete=models.CASCADE, related_name="order_pull"
    )
    good_until = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")
    window_total = models.PositiveIntegerField(default=0)
    window_done = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.credential_id} until {self.good_until}"


class OrderInbox(models.Model):
    """An order that could not be read: as it came, with the reason; tried again by each pull.

    `last_seen_at` is when it last came in another shape: the same one again
    writes nothing.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="order_inbox")
    area = models.CharField(max_length=10)
    po = models.CharField(max_length=64)
    raw = models.JSONField()
    reason = models.CharField(max_length=300)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["store", "po"], name="one_inbox_row_an_order"),
        ]
        indexes = [
            models.Index(
                fields=["store"], condition=Q(solved_at__isnull=True), name="inbox_unsolved"
            ),
        ]

    def __str__(self) -> str:
        return self.po


class OrderCount(models.Model):
    """How many orders a store has in an area and a state: kept, not counted."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="order_counts")
    area = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "area", "state"], name="one_count_a_state"),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.number}"


class OrderEvent(models.Model):
    """The timeline of an order: first seen, state changed, shipped from here or elsewhere."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    who = models.CharField(max_length=254, blank=True, default="")
    deed = models.CharField(max_length=30)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.deed

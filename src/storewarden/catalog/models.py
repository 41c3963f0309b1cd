"""Listings: what each store offers on the marketplace."""

from django.db import models

from storewarden.stores.models import Store


class Listing(models.Model):
    """One SKC of a store.

    `listed_at` is `created_at`, or when it was first seen where the marketplace
    does not say; `quantity_changed_at` when the list last told another quantity;
    `seen_round` the number of the pull that saw it last (CatalogPull.round).
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="listings")
    product_id = models.CharField(max_length=40)
    skc_id = models.CharField(max_length=40)
    code = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=500, blank=True, default="")
    picture_url = models.CharField(max_length=1000, blank=True, default="")
    status = models.CharField(max_length=40, blank=True, default="")
    sites = models.JSONField(default=list)
    created_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField()
    quantity_changed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()
    seen_round = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["store_id", "skc_id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "skc_id"], name="one_listing_a_skc"),
        ]
        indexes = [
            models.Index(fields=["-listed_at", "-id"], name="listing_newest"),
            models.Index(fields=["store", "-listed_at", "-id"], name="listing_store_newest"),
            models.Index(fields=["store", "seen_round"], name="listing_store_round"),
        ]

    def __str__(self) -> str:
        return f"{self.skc_id} {self.code}"


class ListingSku(models.Model):
    """One SKU offered in one store (店铺SKU)."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="skus")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="listing_skus")
    sku_id = models.CharField(max_length=40)
    code = models.CharField(max_length=200, blank=True, default="")
    spec = models.CharField(max_length=300, blank=True, default="")
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    listed_quantity = models.IntegerField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["store_id", "sku_id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "sku_id"], name="one_row_a_listing_sku"),
        ]
        indexes = [models.Index(fields=["store", "code"], name="listing_sku_code")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.code}"


class CatalogPull(models.Model):
    """How far the pull of a store's listings has come.

    `next_page` above 1: a pull is under way, or was cut off and can go on.
    `round` numbers the passes through the list; `again`: this pass is the second
    one, since the list changed while the first was read; `steady`: each page of
    this pass told the same total. `asked_at`: a person wants a pull now.
    """

    store = models.OneToOneField(Store, on_delete=models.CASCADE, related_name="catalog_pull")
    round = models.PositiveIntegerField(default=0)
    again = models.BooleanField(default=False)
    steady = models.BooleanField(default=True)
    next_page = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"

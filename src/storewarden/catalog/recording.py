"""Writing one page of the marketplace's list into the tables: in bulk, and only what changed.

Called by actions alone, inside their transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storewarden.catalog.models import Listing, ListingSku
from storewarden.marketplaces.base import MarketListing, MarketSku
from storewarden.stores.models import Store

LISTING_FIELDS = ("product_id", "code", "name", "picture_url", "status", "sites", "created_at")
SKU_FIELDS = ("code", "spec", "weight_g", "listed_quantity")
GREATEST = 2**31 - 1


@dataclass(frozen=True)
class Tally:
    """How many listings a page brought that were new, and that had changed."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.new + other.new, self.changed + other.changed)


def record(store: Store, rows: Sequence[MarketListing], seen_round: int, now: datetime) -> Tally:
    """Upsert listings and their SKUs; unchanged rows get only their mark of having been seen."""
    came = {row.skc_id: row for row in rows}
    known = {one.skc_id: one for one in Listing.objects.filter(store=store, skc_id__in=came)}
    held = _known_skus(store, known.values())
    fresh = [
        _Read(store, row, known.get(skc_id), held.get(skc_id, {})) for skc_id, row in came.items()
    ]
    touched = [one for one in fresh if one.differs]
    for one in touched:
        one.apply(now)
    _save(touched, now, seen_round)
    Listing.objects.filter(store=store, skc_id__in=came).update(seen_at=now, seen_round=seen_round)
    new = sum(one.known is None for one in touched)
    return Tally(new, len(touched) - new)


def _known_skus(store: Store, listings: Iterable[Listing]) -> dict[str, dict[str, ListingSku]]:
    held: dict[str, dict[str, ListingSku]] = {}
    skus = ListingSku.objects.filter(store=store, listing__in=[one.pk for one in listings])
    for sku in skus.select_related("listing"):
        held.setdefault(sku.listing.skc_id, {})[sku.sku_id] = sku
    return held


class _Read:
    """One listing as it came, beside the rows that are there."""

    def __init__(
        self, store: Store, came: MarketListing, known: Listing | None, held: dict[str, ListingSku]
    ) -> None:
        self.came, self.known, self.held = came, known, held
        self.row = known or Listing(store=store, skc_id=came.skc_id)
        self.values = _listing_values(came)
        self.skus = {sku.sku_id: _sku_values(sku) for sku in came.skus}

    @property
    def gone(self) -> list[ListingSku]:
        """SKUs that the listing no longer has."""
        return [
            sku for key, sku in self.held.items() if key not in self.skus and not sku.removed_at
        ]

    @property
    def differs(self) -> bool:
        if self.known is None or self.known.removed_at is not None or self.gone:
            return True
        same_skus = all(
            key in self.held and not _sku_differs(self.held[key], values)
            for key, values in self.skus.items()
        )
        return not same_skus or _differs(self.row, self.values)

    def apply(self, now: datetime) -> None:
        """Put what came onto the listing's row (its SKUs follow in `sku_rows`)."""
        if self._quantities_moved():
            self.row.quantity_changed_at = now
        for field, value in self.values.items():
            setattr(self.row, field, value)
        self.row.listed_at = self.came.created_at or (self.known and self.known.listed_at) or now
        self.row.seen_at, self.row.removed_at = now, None

    def sku_rows(self, now: datetime) -> list[ListingSku]:
        for sku in self.gone:
            sku.removed_at = now
        rows = [sku for key, sku in self.held.items() if key not in self.skus]
        for key, values in self.skus.items():
            sku = self.held.get(key) or ListingSku(store=self.row.store, sku_id=key)
            sku.listing, sku.removed_at = self.row, None
            for field, value in values.items():
                setattr(sku, field, value)
            rows.append(sku)
        return rows

    def _quantities_moved(self) -> bool:
        return any(
            key not in self.held or self.held[key].listed_quantity != values["listed_quantity"]
            for key, values in self.skus.items()
        )


def _save(touched: Sequence[_Read], now: datetime, seen_round: int) -> None:
    for one in touched:
        one.row.seen_round = seen_round
    Listing.objects.bulk_create(
        [one.row for one in touched],
        update_conflicts=True,
        unique_fields=["store", "skc_id"],
        update_fields=[
            *LISTING_FIELDS, "listed_at", "quantity_changed_at", "seen_at", "seen_round",
            "removed_at",
        ],
    )  # fmt: skip
    # The same SKU under two listings of a page would be one row twice in one statement.
    skus = {sku.sku_id: sku for one in touched for sku in one.sku_rows(now)}
    ListingSku.objects.bulk_create(
        list(skus.values()),
        update_conflicts=True,
        unique_fields=["store", "sku_id"],
        update_fields=["listing", "removed_at", *SKU_FIELDS],
    )


def _listing_values(came: MarketListing) -> dict[str, Any]:
    return {
        "product_id": _text(came.product_id, 40),
        "code": _text(came.code, 200),
        "name": _text(came.name, 500),
        "picture_url": _text(came.picture_url, 1000),
        "status": _text(came.status, 40),
        "sites": [_text(site, 100) for site in came.sites],
        "created_at": came.created_at,
    }


def _sku_values(came: MarketSku) -> dict[str, Any]:
    return {
        "code": _text(came.code, 200),
        "spec": _text(came.spec, 300),
        "weight_g": _number(came.weight_g, least=0),
        "listed_quantity": _number(came.shown_quantity, least=-GREATEST),
    }


def _differs(row: Listing | ListingSku, values: dict[str, Any]) -> bool:
    return any(getattr(row, field) != value for field, value in values.items())


def _sku_differs(row: ListingSku, values: dict[str, Any]) -> bool:
    return row.removed_at is not None or _differs(row, values)


def _text(text: str, size: int) -> str:
    """Text that both databases take: PostgreSQL stores no NUL, and lengths are limited."""
    return text.replace("\x00", "")[:size]


def _number(value: int | None, *, least: int) -> int | None:
    """A number the column can hold; one beyond it is as good as not told."""
    return value if value is not None and least <= value <= GREATEST else None

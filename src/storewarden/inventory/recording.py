"""Writing what was read from the marketplace, and settling what was sent before.

Called by actions alone, inside their transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from storewarden import clock
from storewarden.catalog.models import Listing, ListingSku
from storewarden.inventory import rules
from storewarden.inventory.models import ShownStock, StockDeed, StockRead
from storewarden.marketplaces.base import StockFigure

Push, Deed = ShownStock.Push, StockDeed.Deed
Cells = dict[tuple[int, str], ShownStock]
READ_FIELDS = ["warehouse_name", "shown", "locked", "read_at", "gone_at"]


def record_read(
    listing: Listing, figures: Iterable[StockFigure], asked_at: datetime
) -> list[ShownStock]:
    """Store the figures of one listing as they were when asked for; settle sent ones.

    Returns the rows of the warehouses that the marketplace listed. A row that was
    read later than `asked_at` is newer and stays.
    """
    rows = _rows(listing)
    came = _came(listing, figures)
    fresh = [_filled(rows, key, figure, asked_at) for key, figure in came.items()]
    ShownStock.objects.bulk_create(
        [row for row in fresh if row.read_at == asked_at],
        update_conflicts=True,
        unique_fields=["sku", "warehouse_id"],
        update_fields=READ_FIELDS,
    )
    _mark_gone([row for key, row in rows.items() if key not in came], asked_at)
    _settle(list(_rows(listing).values()), asked_at)
    StockRead.objects.update_or_create(
        listing=listing,
        defaults={"read_at": asked_at, "tried_at": asked_at, "their_code": "", "failure": ""},
    )
    return [row for key, row in _rows(listing).items() if key in came]


def _rows(listing: Listing) -> Cells:
    rows = ShownStock.objects.select_for_update(of=("self",)).filter(sku__listing=listing)
    return {(row.sku_id, row.warehouse_id): row for row in rows.select_related("sku")}


def _came(listing: Listing, figures: Iterable[StockFigure]) -> dict[tuple[int, str], StockFigure]:
    skus = dict(ListingSku.objects.filter(listing=listing).values_list("sku_id", "pk"))
    return {(skus[one.sku_id], one.warehouse_id[:60]): one for one in figures if one.sku_id in skus}


def _filled(
    rows: Cells, key: tuple[int, str], figure: StockFigure, asked_at: datetime
) -> ShownStock:
    row = rows.get(key) or ShownStock(sku_id=key[0], warehouse_id=key[1])
    if row.read_at is not None and row.read_at > asked_at:
        return row
    row.warehouse_name = figure.warehouse_name.replace("\x00", "")[:200]
    row.shown, row.locked, row.read_at, row.gone_at = figure.quantity, figure.locked, asked_at, None
    return row


def _mark_gone(rows: Sequence[ShownStock], asked_at: datetime) -> None:
    stale = [row.pk for row in rows if row.gone_at is None]
    ShownStock.objects.filter(pk__in=stale).update(gone_at=asked_at, shown=None)


def _settle(rows: Sequence[ShownStock], asked_at: datetime) -> None:
    """Judge what was sent before this reading, and give up what can no longer be seen."""
    for row in rows:
        sent = row.push == Push.SENT and row.pushed_at is not None and row.pushed_at <= asked_at
        if sent and row.wanted is not None:
            done = rules.outcome(row.wanted, row.shown) is rules.Outcome.DONE
            settle(row, Push.DONE if done else Push.DIFFERS, Deed.DONE if done else Deed.DIFFERS)
        elif row.push == Push.DUE and row.shown is None:
            settle(row, Push.REFUSED, Deed.HIDDEN)


def settle(
    row: ShownStock, push: ShownStock.Push, deed: StockDeed.Deed, code: str = "", message: str = ""
) -> bool:
    """Move one figure on, unless a person set another one meanwhile; write its deed."""
    same = ShownStock.objects.filter(pk=row.pk, push=row.push, wanted=row.wanted)
    now = clock.now()
    pushed_at = now if push == Push.SENT else row.pushed_at
    moved = same.update(
        push=push, pushed_at=pushed_at, their_code=code[:20], their_message=message[:500]
    )
    if not moved:
        return False
    write_deed(row, deed, before=row.shown, after=row.wanted, code=code, at=now)
    return True


def write_deed(
    row: ShownStock,
    deed: StockDeed.Deed,
    *,
    before: int | None,
    after: int | None,
    at: datetime,
    code: str = "",
    who: str = "",
) -> None:
    StockDeed.objects.create(
        figure=row, at=at, who=who or row.wanted_by, deed=deed, before=before, after=after,
        their_code=code[:20],
    )  # fmt: skip

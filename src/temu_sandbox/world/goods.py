"""Listings (SKCs, SKUs) and what they show as stock."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from temu_sandbox.world.database import Database
from temu_sandbox.world.directory import Directory
from temu_sandbox.world.ledger import SELLER_CENTRAL, Ledger
from temu_sandbox.world.model import Mall
from temu_sandbox.world.refusals import RefusedError

JIT = ""
"""The warehouse id under which full-consignment virtual stock stands."""

# ``where`` is put together from the words of _filters' callers only; values are always bound.
_COUNT = "SELECT count(*) FROM skcs WHERE {where}"
_PAGE = (
    "SELECT * FROM skcs WHERE {where}"
    " ORDER BY created_at_ms DESC, product_skc_id DESC LIMIT ? OFFSET ?"
)
_FLAGS = {
    "viewable": "UPDATE skus SET viewable = ? WHERE product_sku_id = ?",
    "in_promotion": "UPDATE skus SET in_promotion = ? WHERE product_sku_id = ?",
}


@dataclass(frozen=True)
class Sku:
    """One SKU of a listing; weight in milligrams, lengths in millimetres, as on the wire."""

    product_sku_id: int
    sku_id: int
    product_skc_id: int
    mall_id: int
    ext_code: str
    size: str
    weight_mg: int
    length_mm: int
    width_mm: int
    height_mm: int
    barcode: str
    viewable: bool
    in_promotion: bool
    virtual_stock: int


@dataclass(frozen=True)
class Skc:
    product_skc_id: int
    mall_id: int
    product_id: int
    goods_id: int
    name: str
    colour: str
    ext_code: str
    created_at_ms: int
    site_status: int
    category_id: int
    category_name: str
    skus: tuple[Sku, ...] = ()


@dataclass(frozen=True)
class StockRow:
    """Stock of one SKU in one warehouse; ``quantity`` None: the seller may not see it."""

    product_sku_id: int
    warehouse_id: str
    warehouse_name: str
    quantity: int | None
    temp_lock: int


@dataclass(frozen=True)
class StockChange:
    """Either ``target`` (overwrite) or ``diff`` (add, subtract)."""

    product_sku_id: int
    warehouse_id: str
    target: int | None = None
    diff: int | None = None


class Goods:
    """Reads listings; changes stock all or nothing, one ledger row for each changed cell."""

    def __init__(self, database: Database, directory: Directory, ledger: Ledger) -> None:
        self._database = database
        self._directory = directory
        self._ledger = ledger

    def page(
        self,
        mall_id: int,
        *,
        page: int = 1,
        page_size: int = 100,
        name: str | None = None,
        skc_ids: Sequence[int] | None = None,
        skc_ext_code: str | None = None,
        created_from_ms: int | None = None,
        created_to_ms: int | None = None,
        site_status: int | None = None,
        category_id: int | None = None,
    ) -> tuple[int, list[Skc]]:
        """The total and one page of SKCs, newest first (the real order is not documented)."""
        wanted_ids = json.dumps(list(skc_ids)) if skc_ids else None
        where, values = _filters(
            (
                ("mall_id = ?", mall_id),
                ("instr(name, ?) > 0", name),
                ("ext_code = ?", skc_ext_code),
                ("created_at_ms >= ?", created_from_ms),
                ("created_at_ms <= ?", created_to_ms),
                ("site_status = ?", site_status),
                ("category_id = ?", category_id),
                ("product_skc_id IN (SELECT value FROM json_each(?))", wanted_ids),
            )
        )
        with self._database.reading():
            total = int(self._database.value(_COUNT.format(where=where), values))
            rows = self._database.all(
                _PAGE.format(where=where),
                (*values, page_size, (page - 1) * page_size),
            )
            return total, self._with_skus(rows)

    def skc(self, mall_id: int, product_skc_id: int) -> Skc:
        """One SKC of the mall; Refused 2000000 if the mall has no such SKC."""
        _, found = self.page(mall_id, skc_ids=[product_skc_id])
        if not found:
            raise RefusedError(2000000, why=f"productSkcId {product_skc_id} 不存在")
        return found[0]

    def stock(self, mall_id: int, product_skc_id: int) -> list[StockRow]:
        """One row for each SKU x warehouse of the SKC."""
        self.skc(mall_id, product_skc_id)
        rows = self._database.all(
            "SELECT k.product_sku_id, s.warehouse_id, coalesce(w.name, '') AS warehouse_name,"
            " CASE WHEN k.viewable THEN s.quantity END AS quantity, s.temp_lock"
            " FROM skus k JOIN stock s USING (product_sku_id)"
            " LEFT JOIN warehouses w USING (warehouse_id)"
            " WHERE k.product_skc_id = ? ORDER BY k.product_sku_id, s.warehouse_id",
            (product_skc_id,),
        )
        return [StockRow(**row) for row in rows]

    def change_stock(
        self,
        mall: Mall,
        changes: Sequence[StockChange],
        *,
        area: str = "cn",
        api_type: str = SELLER_CENTRAL,
    ) -> None:
        """Apply all ``changes`` or, if one is refused, none (2000000 with the reason)."""
        with self._database.writing():
            for change in changes:
                before = self._cell(mall, change)
                after = _after(mall, change, before)
                self._database.write(
                    "UPDATE stock SET quantity = ? WHERE product_sku_id = ? AND warehouse_id = ?",
                    (after, change.product_sku_id, change.warehouse_id),
                )
                self._ledger.record(
                    "stock_changed" if change.warehouse_id != JIT else "jit_stock_changed",
                    mall_id=mall.mall_id,
                    subject=str(change.product_sku_id),
                    area=area,
                    api_type=api_type,
                    details={"warehouse_id": change.warehouse_id, "before": before,
                             "after": after, "overwrite": change.diff is None},
                )  # fmt: skip

    def edit_jit(
        self, mall: Mall, product_skc_id: int, diffs: Sequence[StockChange], *, api_type: str
    ) -> None:
        """Change full-consignment virtual stock by differences (cn-pa-api.md 7.1)."""
        skus = {sku.product_sku_id: sku for sku in self.skc(mall.mall_id, product_skc_id).skus}
        for change in diffs:
            sku = skus.get(change.product_sku_id)
            if sku is None:
                raise RefusedError(2000000, why=f"productSkuId {change.product_sku_id} 不存在")
            less = (change.diff or 0) < 0
            if less and sku.in_promotion:
                raise RefusedError(2000037)
            if less and sku.virtual_stock + (change.diff or 0) < 0:
                raise RefusedError(2000038)
        self.change_stock(mall, diffs, area="cn", api_type=api_type)

    def set_sku(self, product_sku_id: int, flags: Mapping[str, bool]) -> None:
        """For control: ``viewable`` (may the seller see the stock), ``in_promotion``."""
        unknown = set(flags) - set(_FLAGS)
        if unknown:
            raise ValueError(f"A SKU has no {', '.join(sorted(unknown))}.")
        for name, value in flags.items():
            self._database.write(_FLAGS[name], (value, product_sku_id))

    def sku(self, mall_id: int, product_sku_id: int) -> sqlite3.Row:
        """The SKU's row; Refused 2000000 when it is not the mall's."""
        row = self._database.one(
            "SELECT * FROM skus WHERE product_sku_id = ? AND mall_id = ?",
            (product_sku_id, mall_id),
        )
        if row is None:
            raise RefusedError(2000000, why=f"productSkuId {product_sku_id} 不存在")
        return row

    def _cell(self, mall: Mall, change: StockChange) -> int:
        sku = self.sku(mall.mall_id, change.product_sku_id)
        if not sku["viewable"]:
            raise RefusedError(2000000, why=f"productSkuId {change.product_sku_id} 无权操作库存")
        quantity = self._database.value(
            "SELECT quantity FROM stock WHERE product_sku_id = ? AND warehouse_id = ?",
            (change.product_sku_id, change.warehouse_id),
        )
        if quantity is None:
            raise RefusedError(
                2000000,
                why=f"productSkuId {change.product_sku_id} 未绑定发货仓 {change.warehouse_id}",
            )
        return int(quantity)

    def _with_skus(self, rows: Sequence[sqlite3.Row]) -> list[Skc]:
        ids = [row["product_skc_id"] for row in rows]
        skus: dict[int, list[Sku]] = {skc_id: [] for skc_id in ids}
        found = self._database.all(
            "SELECT k.*, coalesce((SELECT sum(quantity) FROM stock s"
            " WHERE s.product_sku_id = k.product_sku_id), 0) AS virtual_stock FROM skus k"
            " WHERE product_skc_id IN (SELECT value FROM json_each(?)) ORDER BY product_sku_id",
            (json.dumps(ids),),
        )
        for row in found:
            skus[row["product_skc_id"]].append(_sku(row))
        return [Skc(**row, skus=tuple(skus[row["product_skc_id"]])) for row in rows]


def _after(mall: Mall, change: StockChange, before: int) -> int:
    after = change.target if change.target is not None else before + (change.diff or 0)
    if after < 0:
        raise RefusedError(2000000, why="库存不能小于0")
    if after > mall.stock_cap:
        # cn-pa-api.md 2.4 [C]: the message ends with the greatest number that is allowed.
        raise RefusedError(2000000, why=f"设置库存数量最大上限为{mall.stock_cap}")
    return after


def _sku(row: sqlite3.Row) -> Sku:
    values = dict(row)
    values["viewable"] = bool(values["viewable"])
    values["in_promotion"] = bool(values["in_promotion"])
    return Sku(**values)


def _filters(
    conditions: Sequence[tuple[str, object | None]],
) -> tuple[str, tuple[object, ...]]:
    given = [(sql, value) for sql, value in conditions if value is not None]
    return " AND ".join(sql for sql, _ in given), tuple(value for _, value in given)

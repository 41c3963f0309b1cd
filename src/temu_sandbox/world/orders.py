"""Parent orders and their lines: made in bulk, listed by page, changed one by one."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from temu_sandbox.chance import Chance, seeded
from temu_sandbox.clock import WorldClock
from temu_sandbox.world.database import Database
from temu_sandbox.world.ledger import SELLER_CENTRAL, Ledger
from temu_sandbox.world.model import Order, OrderLine, OrderStatus
from temu_sandbox.world.refusals import RefusedError
from temu_sandbox.world.webhooks import Webhooks

BY_SELLER = "fulfillBySeller"
BY_COOPERATIVE_WAREHOUSE = "fulfillByCooperativeWarehouse"
_COUNTS_KEPT = 256

_LINES = (
    "SELECT l.*, k.sku_id, k.ext_code, k.size, c.product_id, c.goods_id, c.name, c.colour"
    " FROM order_lines l JOIN skus k USING (product_sku_id)"
    " JOIN skcs c USING (product_skc_id)"
    " WHERE l.order_id IN (SELECT value FROM json_each(?)) ORDER BY l.order_sn"
)
# What fills the braces is put together from this module's own words; values are always bound.
_COUNT = "SELECT count(*) FROM orders WHERE {where}"
_IDS = (
    "SELECT id FROM orders WHERE {where} ORDER BY {column} DESC, {tie} DESC"
    " LIMIT :limit OFFSET :offset"
)
_UPDATE = "UPDATE orders SET {settings} WHERE parent_order_sn = ?"
_LABELLED = "EXISTS (SELECT 1 FROM json_each(labels) WHERE {among})"


@dataclass(frozen=True)
class OrderFilter:
    """What ``bg.order.list.v2.get`` can ask for. All time windows are closed, POSIX seconds."""

    mall_id: int
    area: str
    fulfillments: tuple[str, ...] = (BY_SELLER,)
    status: int | None = None
    parent_order_sns: tuple[str, ...] = ()
    created: tuple[int, int] | None = None
    updated: tuple[int, int] | None = None
    confirmed: tuple[int, int] | None = None
    ship_by: tuple[int, int] | None = None
    region_id: int | None = None
    labels: tuple[str, ...] = ()
    sku_id: int | None = None


class Orders:
    """``shuffle_ties``: orders that share the sort time come in another order at every call."""

    def __init__(
        self,
        database: Database,
        clock: WorldClock,
        ledger: Ledger,
        webhooks: Webhooks,
        seed: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ledger = ledger
        self._webhooks = webhooks
        self._ties: Chance = seeded("ties", seed)
        self._counts: dict[OrderFilter, int] = {}

    def page(
        self,
        wanted: OrderFilter,
        *,
        sort: str = "created",
        page: int = 1,
        page_size: int = 10,
        shuffle_ties: bool = False,
    ) -> tuple[int, list[Order]]:
        """The total and one page, descending by ``created`` or ``updated`` time."""
        where, values = _where(wanted)
        tie = f"(id * {self._ties.randrange(1, 10**6)}) % 1000003" if shuffle_ties else "id"
        column = "updated_at_s" if sort == "updated" else "created_at_s"
        with self._database.reading():
            total = self._count(wanted, where, values)
            # Ids first, out of the covering index; then only the rows of this one page.
            ids = self._database.all(
                _IDS.format(where=where, column=column, tie=tie),
                {**values, "limit": page_size, "offset": (page - 1) * page_size},
            )
            return total, self._by_ids([row[0] for row in ids])

    def find(self, mall_id: int, parent_order_sn: str) -> Order | None:
        """One order of the mall with its lines."""
        order_id = self._database.value(
            "SELECT id FROM orders WHERE parent_order_sn = ? AND mall_id = ?",
            (parent_order_sn, mall_id),
        )
        return None if order_id is None else self._by_ids([order_id])[0]

    def get(self, parent_order_sn: str) -> Order:
        """One order of whichever mall; KeyError with a sentence."""
        mall_id = self._database.value(
            "SELECT mall_id FROM orders WHERE parent_order_sn = ?", (parent_order_sn,)
        )
        order = None if mall_id is None else self.find(mall_id, parent_order_sn)
        if order is None:
            raise KeyError(f"There is no order {parent_order_sn} in this sandbox.")
        return order

    def of_mall(self, mall_id: int, limit: int = 100, offset: int = 0) -> list[Order]:
        """The mall's orders of all areas, last changed first."""
        ids = self._database.all(
            "SELECT id FROM orders WHERE mall_id = ? ORDER BY updated_at_s DESC, id DESC"
            " LIMIT ? OFFSET ?",
            (mall_id, limit, offset),
        )
        return self._by_ids([row[0] for row in ids])

    def add(self, orders: Sequence[Order]) -> None:
        """Insert orders with their lines, all in one transaction."""
        with self._database.writing():
            self._counts.clear()
            self._database.write_many(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                map(_order_row, orders),
            )
            self._database.write_many(
                "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?)",
                (_line_row(line) for order in orders for line in order.lines),
            )
            self._webhooks.status_changed(orders)

    def next_id(self) -> int:
        return int(self._database.value("SELECT coalesce(max(id), 0) + 1 FROM orders"))

    def touch(self, parent_order_sns: Sequence[str], at_s: int | None = None) -> None:
        """Change ``updateTime`` as Temu does for reasons of its own; nothing else."""
        self._update(parent_order_sns, {"updated_at_s": self._time(at_s)})

    def set_status(self, order: Order, status: OrderStatus, **columns: int | None) -> None:
        """Move an order and its lines that are not cancelled to ``status``, now."""
        with self._database.writing():
            changed = {"status": int(status), "updated_at_s": self._time(None), **columns}
            self._update([order.parent_order_sn], changed)
            self._database.write(
                "UPDATE order_lines SET status = ? WHERE order_id = ? AND status <> ?",
                (int(status), order.id, int(OrderStatus.CANCELED)),
            )
            if self._webhooks.on:
                self._webhooks.status_changed([self.get(order.parent_order_sn)])

    def change_address(self, parent_order_sn: str, address: Mapping[str, str]) -> Order:
        """The buyer's new address is accepted; fields left out stay made up."""
        with self._database.writing():
            columns = {"address": json.dumps(dict(address)), "updated_at_s": self._time(None)}
            order = self.get(parent_order_sn)
            self._update([parent_order_sn], columns)
            self._webhooks.address_changed(order)
            return self.get(parent_order_sn)

    def confirm(self, parent_order_sn: str) -> None:
        """PENDING is over: the order is to ship, and now has a latest ship time."""
        now_s = self._time(None)
        order = self.get(parent_order_sn)
        if order.status != OrderStatus.PENDING:
            raise ValueError(f"Order {parent_order_sn} is not pending.")
        self.set_status(
            order, OrderStatus.UN_SHIPPING, confirmed_at_s=now_s, ship_by_s=now_s + 172_800
        )

    def cancel(self, parent_order_sn: str, *, api_type: str = SELLER_CENTRAL) -> Order:
        """The buyer (or the seller, by hand) cancels what is not shipped yet."""
        with self._database.writing():
            order = self.get(parent_order_sn)
            if order.status not in (OrderStatus.PENDING, OrderStatus.UN_SHIPPING):
                raise RefusedError(120012004)
            self.set_status(order, OrderStatus.CANCELED)
            self._database.write(
                "UPDATE order_lines SET status = 3, quantity = 0,"
                " cancelled_quantity = original_quantity WHERE order_id = ?",
                (order.id,),
            )
            self._ledger.record(
                "order_cancelled",
                mall_id=order.mall_id,
                subject=parent_order_sn,
                area=order.area,
                api_type=api_type,
                details={"was": order.status},
            )
            cancelled = self.get(parent_order_sn)
            self._webhooks.cancelled(cancelled)
            return cancelled

    def label(self, parent_order_sn: str, labels: Sequence[str]) -> None:
        """Set the parent labels that are 1, e.g. ``pending_buyer_cancellation``."""
        columns = {"labels": json.dumps(list(labels)), "updated_at_s": self._time(None)}
        self._update([parent_order_sn], columns)

    def count(self) -> int:
        return int(self._database.value("SELECT count(*) FROM orders"))

    def _time(self, at_s: int | None) -> int:
        return self._clock.now_s() if at_s is None else at_s

    def _update(self, parent_order_sns: Sequence[str], columns: dict[str, Any]) -> None:
        with self._database.writing():
            self._counts.clear()
            settings = ", ".join(f"{name} = ?" for name in columns)
            self._database.write_many(
                _UPDATE.format(settings=settings),
                [(*columns.values(), sn) for sn in parent_order_sns],
            )

    def _count(self, wanted: OrderFilter, where: str, values: dict[str, Any]) -> int:
        # A pull asks for the same total once a page; any write empties this memory.
        if wanted not in self._counts:
            if len(self._counts) >= _COUNTS_KEPT:
                self._counts.clear()
            total = self._database.value(_COUNT.format(where=where), values)
            self._counts[wanted] = int(total)
        return self._counts[wanted]

    def _by_ids(self, ids: Sequence[int]) -> list[Order]:
        wanted = (json.dumps(list(ids)),)
        with self._database.reading():
            rows = self._database.all(
                "SELECT * FROM orders WHERE id IN (SELECT value FROM json_each(?))", wanted
            )
            lines = self._database.all(_LINES, wanted)
        grouped: dict[int, list[OrderLine]] = {order_id: [] for order_id in ids}
        for line in lines:
            grouped[line["order_id"]].append(_line(line))
        orders = {row["id"]: _order(row, grouped[row["id"]]) for row in rows}
        return [orders[order_id] for order_id in ids]


def _where(wanted: OrderFilter) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"mall_id": wanted.mall_id, "area": wanted.area}
    parts = [
        "mall_id = :mall_id",
        "area = :area",
        _among("fulfillment", wanted.fulfillments, values),
    ]
    for column, exact in (("status", wanted.status), ("region_id", wanted.region_id)):
        if exact is not None:
            values[column] = exact
            parts.append(f"{column} = :{column}")
    for column in ("created", "updated", "confirmed", "ship_by"):
        window: tuple[int, int] | None = getattr(wanted, column)
        if window is not None:
            name = f"{column}_s" if column == "ship_by" else f"{column}_at_s"
            values[f"{column}_from"], values[f"{column}_to"] = window
            parts.append(f"{name} BETWEEN :{column}_from AND :{column}_to")
    if wanted.parent_order_sns:
        parts.append(_among("parent_order_sn", wanted.parent_order_sns, values))
    if wanted.labels:
        inner = _among("value", wanted.labels, values, name="label")
        parts.append(_LABELLED.format(among=inner))
    if wanted.sku_id is not None:
        values["sku_id"] = wanted.sku_id
        parts.append(
            "id IN (SELECT l.order_id FROM order_lines l JOIN skus k USING (product_sku_id)"
            " WHERE k.sku_id = :sku_id)"
        )
    return " AND ".join(parts), values


def _among(
    column: str, options: Sequence[str], values: dict[str, Any], name: str | None = None
) -> str:
    names = [f"{name or column}_{i}" for i in range(len(options))]
    values.update(zip(names, options, strict=True))
    if len(names) == 1:
        return f"{column} = :{names[0]}"
    return f"{column} IN ({', '.join(':' + n for n in names)})"


def _order(row: sqlite3.Row, lines: Sequence[OrderLine]) -> Order:
    values = dict(row)
    values["labels"] = tuple(json.loads(values["labels"]))
    values["warnings"] = tuple(json.loads(values["warnings"]))
    return Order(**values, lines=tuple(lines))


def _line(row: sqlite3.Row) -> OrderLine:
    return OrderLine(
        row["order_sn"], row["order_id"], row["status"], row["quantity"],
        row["original_quantity"], row["cancelled_quantity"], row["product_sku_id"],
        row["sku_id"], row["product_id"], row["goods_id"], row["ext_code"], row["name"],
        f"{row['colour']}/{row['size']}",
    )  # fmt: skip


def _order_row(order: Order) -> tuple[Any, ...]:
    return (
        order.id, order.parent_order_sn, order.mall_id, order.area, order.region_id, order.status,
        order.fulfillment, order.payment_type, order.created_at_s, order.updated_at_s,
        order.confirmed_at_s, order.ship_by_s, order.deliver_by_s, order.shipped_at_s,
        json.dumps(order.labels), json.dumps(order.warnings), order.address,
    )  # fmt: skip


def _line_row(line: OrderLine) -> tuple[Any, ...]:
    return (line.order_sn, line.order_id, line.status, line.quantity, line.original_quantity,
            line.cancelled_quantity, line.product_sku_id)  # fmt: skip

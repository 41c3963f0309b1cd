"""Shipping by the seller's own carrier: the rules of ``bg.logistics.shipment.v2.confirm``.

Rules and codes: partner-api.md 5 (common rules), 5.6, 5.7; partner-contracts.json.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from temu_sandbox.clock import WorldClock
from temu_sandbox.world.addresses import place_of
from temu_sandbox.world.database import Database
from temu_sandbox.world.directory import Directory
from temu_sandbox.world.ledger import SELLER_CENTRAL, Ledger
from temu_sandbox.world.model import Carrier, Mall, Order, OrderStatus, Warehouse
from temu_sandbox.world.orders import Orders
from temu_sandbox.world.refusals import RefusedError

MAX_SUB_PARCELS = 10
_BRAZIL = 29
_COMBINED = 2
_BARRED_BRANDS = {
    "USPS": ("RESTRICT_USPS_SELF_SHIPPING", 120011059),
    "FedEx": ("RESTRICT_FEDEX_SELF_SHIPPING", 120011092),
}
_WAITING = {
    "pending_buyer_cancellation": (120012030, "DENY_CANCELLATION"),
    "pending_buyer_address_change": (120012023, "DENY_ADDRESS_CHANGE"),
    "pending_risk_control_alert": (120012031, "DENY_PARENT_RISK_WARNING"),
}


@dataclass(frozen=True)
class Item:
    """What of an O-order goes into a parcel."""

    parent_order_sn: str
    order_sn: str
    quantity: int


@dataclass(frozen=True)
class SubParcel:
    carrier_id: int
    tracking_number: str
    warehouse_id: str


@dataclass(frozen=True)
class ParcelRequest:
    carrier_id: int
    tracking_number: str
    warehouse_id: str | None
    items: tuple[Item, ...]
    acceptances: tuple[str, ...] = ()
    subs: tuple[SubParcel, ...] = ()


@dataclass(frozen=True)
class ParcelLine:
    """One O-order in one parcel, as ``shipment.v2.get`` shows it."""

    package_sn: str
    order_sn: str
    quantity: int
    carrier_id: int
    carrier_name: str
    tracking_number: str
    main_package_sn: str | None


class Parcels:
    """Ships what passes every rule, all or nothing."""

    def __init__(
        self,
        database: Database,
        clock: WorldClock,
        directory: Directory,
        orders: Orders,
        ledger: Ledger,
    ) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._orders = orders
        self._ledger = ledger

    def confirm(
        self,
        mall: Mall,
        area: str,
        send_type: int,
        requests: Sequence[ParcelRequest],
        *,
        api_type: str = SELLER_CENTRAL,
    ) -> list[str]:
        """Ship; gives the new package numbers. Refused with the documented code otherwise."""
        with self._database.writing():
            orders = self._orders_of(mall, area, requests)
            _check_send_type(send_type, requests)
            for order in orders.values():
                _check_order(order, [r for r in requests if _holds(r, order)])
            if send_type == _COMBINED:
                _check_places(orders.values())
            for request in requests:
                self._check_parcel(
                    mall, request, [orders[i.parent_order_sn] for i in request.items]
                )
            self._check_tracking_numbers(mall, requests)
            for order in orders.values():
                _check_quantities(order, [i for r in requests for i in r.items])
            return self._ship(mall, list(orders.values()), requests, api_type)

    def of_order(self, order: Order) -> list[ParcelLine]:
        """Every parcel line of an order; sub-parcels name their main parcel."""
        rows = self._database.all(
            "SELECT p.package_sn, l.order_sn, l.quantity, p.carrier_id, c.name AS carrier_name,"
            " p.tracking_number, p.main_package_sn FROM parcel_lines l"
            " JOIN parcels p ON p.package_sn = l.package_sn OR p.main_package_sn = l.package_sn"
            " JOIN carriers c USING (carrier_id) WHERE l.order_id = ? ORDER BY p.rowid, l.order_sn",
            (order.id,),
        )
        return [ParcelLine(**row) for row in rows]

    def _orders_of(
        self, mall: Mall, area: str, requests: Sequence[ParcelRequest]
    ) -> dict[str, Order]:
        orders: dict[str, Order] = {}
        for item in (item for request in requests for item in request.items):
            order = orders.get(item.parent_order_sn) or self._orders.find(
                mall.mall_id, item.parent_order_sn
            )
            if order is None:
                raise RefusedError(120012007)
            if order.area != area:
                raise RefusedError(120011072)
            if item.order_sn not in {line.order_sn for line in order.lines}:
                raise RefusedError(120012016)
            orders[order.parent_order_sn] = order
        return orders

    def _check_parcel(self, mall: Mall, request: ParcelRequest, orders: Sequence[Order]) -> None:
        if not request.warehouse_id:
            raise RefusedError(120015527)
        main = SubParcel(request.carrier_id, request.tracking_number, request.warehouse_id)
        for part in (main, *request.subs):
            warehouse = self._warehouse(mall, part.warehouse_id)
            carrier = self._carrier(part.carrier_id)
            _check_tracking(carrier, part.tracking_number)
            for order in orders:
                _check_route(order, warehouse, carrier)
        _check_items(request)

    def _warehouse(self, mall: Mall, warehouse_id: str) -> Warehouse:
        for warehouse in self._directory.warehouses(mall.mall_id):
            if warehouse.warehouse_id == warehouse_id and not warehouse.disabled:
                return warehouse
        raise RefusedError(120011085)

    def _carrier(self, carrier_id: int) -> Carrier:
        carrier = self._directory.carrier(carrier_id)
        if carrier is None:
            raise RefusedError(120015002)
        return carrier

    def _check_tracking_numbers(self, mall: Mall, requests: Sequence[ParcelRequest]) -> None:
        numbers = [number for request in requests for number in _numbers(request)]
        if len(set(numbers)) < len(numbers):
            raise RefusedError(120014003)
        for number in numbers:
            if self._database.one(
                "SELECT 1 FROM parcels WHERE mall_id = ? AND tracking_number = ?",
                (mall.mall_id, number),
            ):
                raise RefusedError(120014004)

    def _ship(
        self,
        mall: Mall,
        orders: Sequence[Order],
        requests: Sequence[ParcelRequest],
        api_type: str,
    ) -> list[str]:
        packages = [self._write_parcel(mall, orders, request) for request in requests]
        for order in orders:
            self._orders.set_status(order, OrderStatus.SHIPPED, shipped_at_s=self._clock.now_s())
            self._ledger.record(
                "order_shipped",
                mall_id=mall.mall_id,
                subject=order.parent_order_sn,
                area=order.area,
                api_type=api_type,
                details={"parcels": _told(order, packages, requests)},
            )
        return packages

    def _write_parcel(self, mall: Mall, orders: Sequence[Order], request: ParcelRequest) -> str:
        main = self._write_package(
            mall, request.carrier_id, request.tracking_number, request.warehouse_id or "", None
        )
        ids = {order.parent_order_sn: order.id for order in orders}
        self._database.write_many(
            "INSERT INTO parcel_lines VALUES (?, ?, ?, ?)",
            [(main, ids[i.parent_order_sn], i.order_sn, i.quantity) for i in request.items],
        )
        for sub in request.subs:
            self._write_package(mall, sub.carrier_id, sub.tracking_number, sub.warehouse_id, main)
        return main

    def _write_package(
        self, mall: Mall, carrier_id: int, number: str, warehouse_id: str, main: str | None
    ) -> str:
        count = int(self._database.value("SELECT coalesce(max(rowid), 0) + 1 FROM parcels"))
        package_sn = f"PK-{88_000_000_000_000_000 + count}"
        self._database.write(
            "INSERT INTO parcels VALUES (?, ?, ?, ?, ?, ?, ?)",
            (package_sn, mall.mall_id, carrier_id, number, warehouse_id, self._clock.now_s(), main),
        )
        return package_sn


def _check_send_type(send_type: int, requests: Sequence[ParcelRequest]) -> None:
    """partner-api.md 5: 0 parent = parcel, 1 one parent in several parcels, 2 several in one."""
    parents = [sorted({item.parent_order_sn for item in request.items}) for request in requests]
    flat = [parent for each in parents for parent in each]
    fits = {
        0: all(len(each) == 1 for each in parents) and len(set(flat)) == len(flat),
        1: len(set(flat)) == 1,
        2: len(requests) == 1,
    }
    if not fits.get(send_type, False):
        raise RefusedError(120011002, why=f"sendType {send_type} does not fit sendRequestList")


def _check_places(orders: Collection[Order]) -> None:
    """Parents in one parcel go to one address."""
    if len({place_of(order) for order in orders}) > 1:
        raise RefusedError(120012015)


def _check_tracking(carrier: Carrier, number: str) -> None:
    if not number.strip():
        raise RefusedError(120014001)
    if re.search(r"[-%#]", number):
        raise RefusedError(120014020)
    if not re.fullmatch(carrier.tracking_pattern, number):
        raise RefusedError(120014022)


def _check_route(order: Order, warehouse: Warehouse, carrier: Carrier) -> None:
    if warehouse.region_id != order.region_id:
        raise RefusedError(120012063)
    if carrier.region_id != order.region_id:
        raise RefusedError(120015037)
    barred, code = _BARRED_BRANDS.get(carrier.brand, ("", 0))
    if barred in order.warnings:
        raise RefusedError(code)


def _check_items(request: ParcelRequest) -> None:
    if len({item.order_sn for item in request.items}) < len(request.items):
        raise RefusedError(120012041, number=request.tracking_number)
    if len(request.subs) > MAX_SUB_PARCELS:
        raise RefusedError(120011098)
    if request.subs and any(item.quantity != 1 for item in request.items):
        raise RefusedError(120011045)


def _check_order(order: Order, requests: Sequence[ParcelRequest]) -> None:
    if order.status in (OrderStatus.SHIPPED, OrderStatus.RECEIPTED):
        raise RefusedError(120012004)
    for label in order.labels:
        code, acceptance = _WAITING.get(label, (0, ""))
        if code and not any(acceptance in request.acceptances for request in requests):
            raise RefusedError(code)
    if order.status != OrderStatus.UN_SHIPPING:
        # No code is documented for a PENDING or cancelled parent; this one says "invalid order".
        raise RefusedError(120012007)
    _check_self_delivery(order)
    _check_company(order, requests)


def _check_self_delivery(order: Order) -> None:
    if "RESTRICT_SELF_SHIPPING" in order.warnings:
        raise RefusedError(120012034)
    if order.payment_type == "COD":
        raise RefusedError(120015528)
    if order.region_id == _BRAZIL:
        raise RefusedError(120015537)


def _check_company(order: Order, requests: Sequence[ParcelRequest]) -> None:
    together = {item.parent_order_sn for request in requests for item in request.items}
    if len(together) > 1 and "signature_required_on_delivery" in order.labels:
        raise RefusedError(120015543)


def _check_quantities(order: Order, items: Sequence[Item]) -> None:
    sent: Counter[str] = Counter()
    for item in items:
        sent[item.order_sn] += item.quantity
    open_lines = [line for line in order.lines if line.status != OrderStatus.CANCELED]
    if any(line.order_sn not in sent for line in open_lines):
        raise RefusedError(120012003)
    if any(sent[line.order_sn] != line.quantity for line in order.lines):
        raise RefusedError(120013002)


def _holds(request: ParcelRequest, order: Order) -> bool:
    return any(item.parent_order_sn == order.parent_order_sn for item in request.items)


def _numbers(request: ParcelRequest) -> Iterator[str]:
    yield request.tracking_number
    yield from (sub.tracking_number for sub in request.subs)


def _told(
    order: Order, packages: Sequence[str], requests: Sequence[ParcelRequest]
) -> list[dict[str, object]]:
    return [
        {
            "package_sn": package_sn,
            "carrier_id": request.carrier_id,
            "tracking_number": request.tracking_number,
            "warehouse_id": request.warehouse_id,
            "items": [
                {"order_sn": item.order_sn, "quantity": item.quantity}
                for item in request.items
                if item.parent_order_sn == order.parent_order_sn
            ],
        }
        for package_sn, request in zip(packages, requests, strict=True)
        if _holds(request, order)
    ]

"""Where a parcel goes: made-up buyers, masked as Temu shows them to a seller's system."""

import json
from collections.abc import Mapping

from temu_sandbox.clock import WorldClock
from temu_sandbox.world.database import Database
from temu_sandbox.world.model import Mall, Order, OrderStatus
from temu_sandbox.world.orders import BY_SELLER, Orders
from temu_sandbox.world.refusals import RefusedError

READS_A_DAY = 6
"""Successful address calls an order, day and app key (partner-api.md 4.5 [DOC-2])."""

_PLACES: Mapping[int, tuple[str, str, str, str, str]] = {
    211: ("United States", "California", "Los Angeles", "90001", "+1 2025550123"),
    76: ("Germany", "Berlin", "Berlin", "10115", "+49 3055500123"),
    210: ("United Kingdom", "England", "London", "EC1A 1BB", "+44 2079460123"),
    160: ("Philippines", "Metro Manila", "Quezon City", "1100", "+63 9175550123"),
}
_ELSEWHERE = ("Elsewhere", "Province", "City", "00000", "+00 5550123")


class Addresses:
    """Reads an order's address once; the count of reads a day is kept."""

    def __init__(self, database: Database, clock: WorldClock, orders: Orders) -> None:
        self._database = database
        self._clock = clock
        self._orders = orders

    def read(self, mall: Mall, area: str, parent_order_sn: str, app_key: str) -> dict[str, object]:
        """The masked address, or Refused with a documented 180020xxx code."""
        order = self._orders.find(mall.mall_id, parent_order_sn)
        if order is None or order.area != area:
            raise RefusedError(180020003)
        if not mall.dpa_signed:
            raise RefusedError(180020008)
        if "RESTRICT_SELF_SHIPPING" in order.warnings:
            raise RefusedError(180020030)
        shippable = order.status in (OrderStatus.UN_SHIPPING, OrderStatus.SHIPPED)
        if not shippable or order.fulfillment != BY_SELLER:
            raise RefusedError(180020004)
        self._count_read(parent_order_sn, app_key)
        return masked_address(order)

    def _count_read(self, parent_order_sn: str, app_key: str) -> None:
        key = (parent_order_sn, self._clock.now_s() // 86_400, app_key)
        with self._database.writing():
            reads = self._database.value(
                "SELECT reads FROM address_reads WHERE parent_order_sn = ? AND day = ?"
                " AND app_key = ?",
                key,
            )
            if (reads or 0) >= READS_A_DAY:
                # The notes give the limit and no code for it; the general business error is used.
                raise RefusedError(2000000, "The address of this order was queried 6 times today.")
            self._database.write(
                "INSERT INTO address_reads VALUES (?, ?, ?, 1)"
                " ON CONFLICT DO UPDATE SET reads = reads + 1",
                key,
            )


def address_of(order: Order) -> dict[str, str]:
    """The clear address: the one given when the order was made, else one made from its number."""
    country, state, city, code, phone = _PLACES.get(order.region_id, _ELSEWHERE)
    made = {
        "receiptName": f"Demo Buyer {order.id}",
        "addressLine1": f"{order.id % 900 + 1} Sandbox Street",
        "postCode": code,
        "regionName1": country,
        "regionName2": state,
        "regionName3": city,
        "mobile": f"{phone}-{order.id % 10_000:04d}",
        "mail": f"demo{order.id}@g.shipping.sandbox.invalid",
    }
    return {**made, **(json.loads(order.address) if order.address else {})}


def place_of(order: Order) -> tuple[str, ...]:
    """What must be equal for two orders to go into one parcel."""
    clear = address_of(order)
    return tuple(clear[name] for name in ("addressLine1", "postCode", "regionName1"))


def masked_address(order: Order) -> dict[str, object]:
    """Masking per country is UNKNOWN in the notes; name and street are shown by first letters."""
    clear = address_of(order)
    name, street = _masked(clear["receiptName"]), _masked(clear["addressLine1"])
    return {
        **clear,
        "receiptName": name,
        "receiptAdditionalName": None,
        "addressLine1": street,
        "addressLine2": None,
        "addressLine3": None,
        "addressLineAll": f"{street}, {clear['regionName3']}, {clear['regionName2']}",
        "regionName4": None,
        "backupMobile": None,
        "taxCode": None,
        "taxCodeType": None,
        "addressExtra": None,
        "warning": {"isRestriction": False, "reason": None},
    }


def _masked(text: str) -> str:
    return " ".join(word[:1] + "***" for word in text.split())

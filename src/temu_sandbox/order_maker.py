"""Orders by the thousand, for tests, benchmarks and the demo."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from temu_sandbox.chance import seeded
from temu_sandbox.world.model import Mall, Order, OrderLine, OrderStatus, area_of_region
from temu_sandbox.world.world import World

_DAY_S = 86_400
_CONFIRM_AFTER_S = 900
_PARENT_BASE = 99_000_000_000_000_000
_LINE_BASE = 88_000_000_000_000_000
_SECOND_LINE_EVERY = 4


@dataclass(frozen=True)
class OrderPlan:
    """What Control.make_orders was asked for."""

    mall: Mall
    n: int
    area: str | None
    region_id: int | None
    status: int
    updated_at_s: int | None
    spacing_s: int
    tie_every: int
    skus: tuple[int, ...]
    quantity: int
    labels: tuple[str, ...]
    warnings: tuple[str, ...]
    fulfillment: str
    payment_type: str
    address: Mapping[str, str]


class OrderMaker:
    """Places a plan's orders in one transaction; gives their PO numbers, oldest first."""

    def __init__(self, world: World) -> None:
        self._world = world

    def make(self, plan: OrderPlan) -> list[str]:
        region_id = _region(plan)
        if plan.n < 1 or plan.tie_every < 1 or plan.quantity < 1:
            raise ValueError("n, tie_every and quantity must be 1 or more.")
        status = OrderStatus(plan.status)
        with self._world.database.writing():
            orders = list(self._orders(plan, region_id, status))
            self._world.orders.add(orders)
        return [order.parent_order_sn for order in orders]

    def _orders(self, plan: OrderPlan, region_id: int, status: OrderStatus) -> Iterator[Order]:
        skus = self._skus(plan)
        first = self._world.orders.next_id()
        newest_s = self._world.clock.now_s() if plan.updated_at_s is None else plan.updated_at_s
        groups = (plan.n - 1) // plan.tie_every
        chance = seeded("orders", self._world.seed, first)
        for index in range(plan.n):
            updated_s = newest_s - (groups - index // plan.tie_every) * plan.spacing_s
            picks = [skus[chance.randrange(len(skus))]]
            if index % _SECOND_LINE_EVERY == _SECOND_LINE_EVERY - 1 and len(skus) > 1:
                picks.append(skus[chance.randrange(len(skus))])
            yield _order(plan, region_id, status, first + index, updated_s, picks)

    def _skus(self, plan: OrderPlan) -> list[int]:
        if plan.skus:
            return [
                self._world.goods.sku(plan.mall.mall_id, s)["product_sku_id"] for s in plan.skus
            ]
        rows = self._world.database.all(
            "SELECT product_sku_id FROM skus WHERE mall_id = ? ORDER BY product_sku_id",
            (plan.mall.mall_id,),
        )
        return [row[0] for row in rows]


def _region(plan: OrderPlan) -> int:
    if plan.mall.kind != "semi":
        raise ValueError("A full-consignment mall has no orders to ship; choose a semi one.")
    region_id = plan.region_id
    if region_id is None:
        region_id = plan.mall.region_in(plan.area or area_of_region(plan.mall.region_ids[0]))
    if region_id is None or plan.area not in (None, area_of_region(region_id)):
        raise ValueError(f"Mall {plan.mall.mall_id} sells in no region of area {plan.area}.")
    return region_id


def _order(
    plan: OrderPlan,
    region_id: int,
    status: OrderStatus,
    order_id: int,
    updated_s: int,
    skus: list[int],
) -> Order:
    created_s = updated_s - _CONFIRM_AFTER_S
    pending = status == OrderStatus.PENDING
    shipped = status in (OrderStatus.SHIPPED, OrderStatus.RECEIPTED)
    return Order(
        id=order_id,
        parent_order_sn=f"PO-{region_id}-{_PARENT_BASE + order_id}",
        mall_id=plan.mall.mall_id,
        area=area_of_region(region_id),
        region_id=region_id,
        status=int(status),
        fulfillment=plan.fulfillment,
        payment_type=plan.payment_type,
        created_at_s=created_s,
        updated_at_s=updated_s,
        confirmed_at_s=None if pending else updated_s,
        ship_by_s=None if pending else updated_s + 2 * _DAY_S,
        deliver_by_s=updated_s + 12 * _DAY_S,
        shipped_at_s=updated_s if shipped else None,
        labels=plan.labels,
        warnings=plan.warnings,
        address=json.dumps(plan.address) if plan.address else None,
        lines=tuple(
            _line(order_id, number, region_id, status, plan.quantity, sku)
            for number, sku in enumerate(skus)
        ),
    )


def _line(
    order_id: int, number: int, region_id: int, status: OrderStatus, quantity: int, sku: int
) -> OrderLine:
    cancelled = quantity if status == OrderStatus.CANCELED else 0
    return OrderLine(
        order_sn=f"{region_id}-{_LINE_BASE + order_id * 10 + number}",
        order_id=order_id,
        status=int(status),
        quantity=quantity - cancelled,
        original_quantity=quantity,
        cancelled_quantity=cancelled,
        product_sku_id=sku,
        # What the goods say about this SKU is joined in when the order is read.
        sku_id=0, product_id=0, goods_id=0, ext_code="", goods_name="", spec="",
    )  # fmt: skip

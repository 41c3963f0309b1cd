"""Orders: Temu's wire in the seam's words."""

from storewarden.marketplaces.base import (
    ORDERS_A_PAGE,
    Access,
    MarketLine,
    MarketOrder,
    OrderPage,
    OrderState,
    OrderWindow,
    Unreadable,
)
from storewarden.marketplaces.temu.errors import translated
from storewarden.marketplaces.temu.tokens import at
from storewarden.marketplaces.temu.wire import app_and_token, client
from temu_openapi import orders as temu_orders

# partner-api.md 4.2; 41 and 51 are documented for local malls only, and kept in case.
STATES = {
    temu_orders.PENDING: OrderState.ON_HOLD,
    temu_orders.UN_SHIPPING: OrderState.TO_SHIP,
    temu_orders.CANCELED: OrderState.CANCELLED,
    temu_orders.SHIPPED: OrderState.SHIPPED,
    temu_orders.PARTIALLY_SHIPPED: OrderState.PARTLY_SHIPPED,
    temu_orders.DELIVERED: OrderState.COMPLETED,
    temu_orders.PARTIALLY_DELIVERED: OrderState.SHIPPED,
}
# Without this list Temu tells of seller-fulfilled orders only.
BOTH_KINDS = ("fulfillBySeller", "fulfillByCooperativeWarehouse")


def page(access: Access, window: OrderWindow, number: int, *, urgent: bool) -> OrderPage:
    """One page of the orders updated in a closed window, latest first."""
    query = temu_orders.OrderQuery(
        page=number,
        page_size=ORDERS_A_PAGE,
        updated_from_s=int(window.start.timestamp()),
        updated_to_s=int(window.end.timestamp()),
        fulfillment_types=BOTH_KINDS,
        sort_by="updateTime",
    )
    with translated():
        temu, credentials = client(urgent=urgent), app_and_token(access)
        found = temu_orders.order_page(temu, *credentials, query, shop=access.mall_id)
    bad = tuple(_unreadable(one) for one in found.unreadable)
    return OrderPage(found.total, tuple(_order(one) for one in found.orders), bad)


def one(access: Access, po: str, *, urgent: bool) -> MarketOrder | Unreadable:
    """One parent order, read alone: the list's row, which also has the update time."""
    query = temu_orders.OrderQuery(
        page_size=1, parent_order_sns=(po,), fulfillment_types=BOTH_KINDS
    )
    with translated():
        temu, credentials = client(urgent=urgent), app_and_token(access)
        found = temu_orders.order_page(temu, *credentials, query, shop=access.mall_id)
    if found.orders:
        return _order(found.orders[0])
    if found.unreadable:
        return _unreadable(found.unreadable[0])
    return Unreadable(po, {}, "not_listed")


def _unreadable(row: temu_orders.UnreadableOrder) -> Unreadable:
    raw = row.raw if isinstance(row.raw, dict) else {"as it came": row.raw}
    parent = raw.get("parentOrderMap")
    sn = parent.get("parentOrderSn") if isinstance(parent, dict) else None
    return Unreadable(str(sn or ""), raw, row.reason)


def _order(row: temu_orders.ParentOrder) -> MarketOrder:
    return MarketOrder(
        po=str(row.parent_order_sn),
        state=STATES.get(row.status, OrderState.UNKNOWN),
        status_code=str(row.status),
        region_id=str(row.region_id or ""),
        placed_at=at(row.ordered_at_s),
        updated_at=at(row.updated_at_s),
        ship_by=at(row.expect_ship_latest_at_s),
        deliver_by=at(row.latest_delivery_at_s),
        shipped_at=at(row.shipped_at_s),
        labels=tuple(row.labels),
        warnings=tuple(row.fulfillment_warnings),
        payment=row.payment_type or "",
        lines=tuple(_line(one) for one in row.lines),
    )


def _line(row: temu_orders.OrderLine) -> MarketLine:
    product = row.products[0] if row.products else None
    ordered = row.original_quantity
    return MarketLine(
        order_sn=str(row.order_sn),
        state=STATES.get(row.status, OrderState.UNKNOWN),
        goods_id=str(row.goods_id or ""),
        sku_id=str(row.sku_id or ""),
        product_sku_id=str(product.product_sku_id or "") if product else "",
        code=(product.ext_code or "") if product else "",
        name=row.goods_name or "",
        spec=row.spec or "",
        picture_url=row.thumb_url or "",
        quantity=row.quantity,
        ordered_quantity=row.quantity if ordered is None else ordered,
        cancelled_quantity=row.canceled_before_shipment or 0,
        pieces_each=(product.sold_factor or 1) if product else 1,
        fulfilment=row.fulfillment_type or "",
        labels=tuple(row.labels),
        warnings=tuple(row.fulfillment_warnings),
    )

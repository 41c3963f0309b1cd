"""Orders: pages by update time, one order, and its address.

Source: partner-api.md 4.3 to 4.5 [DOC]. Times are POSIX seconds. Lists hold no amounts and no
address. A semi-consignment or local store only; a full-consignment store answers 140020001.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from temu_openapi.client import App, Client, Token
from temu_openapi.errors import TemuUnreachable
from temu_openapi.wire import Answer, TemuId, Text, Verbatim, number_of, present, read_item

ORDER_LIST = "bg.order.list.v2.get"
ORDER_DETAIL = "bg.order.detail.v2.get"
SHIPPING_INFO = "bg.order.shippinginfo.v2.get"

MAX_PAGE_SIZE = 100
MAX_PARENT_ORDERS = 20

PENDING = 1
UN_SHIPPING = 2
CANCELED = 3
SHIPPED = 4
PARTIALLY_SHIPPED = 41
DELIVERED = 5
PARTIALLY_DELIVERED = 51

FULFILL_BY_SELLER = "fulfillBySeller"
FULFILL_BY_COOPERATIVE_WAREHOUSE = "fulfillByCooperativeWarehouse"

_SORTS = ("createTime", "updateTime")
# Ten digits: later than September 2001 and earlier than the year 2286.
_FIRST_S, _LAST_S = 10**9, 10**10 - 1


@dataclass(frozen=True, kw_only=True)
class OrderQuery:
    """One page of orders; ValueError for what Temu would refuse or silently misread.

    Each pair of times is a closed interval in POSIX seconds, given whole or not at all. Without
    ``fulfillment_types`` Temu gives seller-fulfilled orders only. Always descending by
    ``sort_by``.
    """

    page: int = 1
    page_size: int = MAX_PAGE_SIZE
    status: int | None = None
    parent_order_sns: tuple[str, ...] = ()
    created_from_s: int | None = None
    created_to_s: int | None = None
    updated_from_s: int | None = None
    updated_to_s: int | None = None
    confirmed_from_s: int | None = None
    confirmed_to_s: int | None = None
    ship_latest_from_s: int | None = None
    ship_latest_to_s: int | None = None
    region_id: str | None = None
    fulfillment_types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    sort_by: str | None = None

    def __post_init__(self) -> None:
        if self.page < 1 or not 1 <= self.page_size <= MAX_PAGE_SIZE:
            raise ValueError(f"Pages count from 1 and hold 1 to {MAX_PAGE_SIZE} orders.")
        if len(self.parent_order_sns) > MAX_PARENT_ORDERS:
            raise ValueError(f"Ask for at most {MAX_PARENT_ORDERS} parent orders in one call.")
        if self.sort_by is not None and self.sort_by not in _SORTS:
            raise ValueError("Orders sort by createTime or by updateTime.")
        for name, begin_s, end_s in self._pairs():
            _check_pair(name, begin_s, end_s)

    def _pairs(self) -> tuple[tuple[str, int | None, int | None], ...]:
        return (
            ("created", self.created_from_s, self.created_to_s),
            ("updated", self.updated_from_s, self.updated_to_s),
            ("confirmed", self.confirmed_from_s, self.confirmed_to_s),
            ("ship_latest", self.ship_latest_from_s, self.ship_latest_to_s),
        )


class Label(Answer, frozen=True, kw_only=True):
    """A label as Temu lists it: all of them, each 0 or 1."""

    name: str
    value: int = 0


class LineProduct(Answer, frozen=True, kw_only=True):
    """The product side of an order line; one unit sold is ``sold_factor`` pieces of it."""

    product_id: TemuId | None = None
    product_sku_id: TemuId | None = None
    ext_code: Text = Text("")
    sold_factor: int = 1


class LinePackage(Answer, frozen=True, kw_only=True):
    """A package of an order line (detail only).

    ``delivery_type``: 1 the seller's carrier, 2 a Temu label, 3 and 4 the same from a cooperative
    warehouse.
    """

    package_sn: TemuId
    delivery_type: int | None = msgspec.field(default=None, name="packageDeliveryType")
    call_success: bool | None = None


class OrderLine(Answer, frozen=True, kw_only=True):
    """An O-order. ``quantity`` is what is to be fulfilled, after cancellations."""

    order_sn: TemuId
    status: int = msgspec.field(name="orderStatus")
    quantity: int
    original_quantity: int | None = msgspec.field(default=None, name="originalOrderQuantity")
    canceled_before_shipment: int = msgspec.field(default=0, name="canceledQuantityBeforeShipment")
    goods_id: TemuId | None = None
    sku_id: TemuId | None = None
    goods_name: str = ""
    spec: Text = Text("")
    thumb_url: str = ""
    products: tuple[LineProduct, ...] = msgspec.field(default=(), name="productList")
    created_at_s: int | None = msgspec.field(default=None, name="orderCreateTime")
    shipped_at_s: int | None = msgspec.field(default=None, name="orderShippingTime")
    labels_listed: tuple[Label, ...] = msgspec.field(default=(), name="orderLabel")
    fulfillment_warnings: tuple[str, ...] = msgspec.field(default=(), name="fulfillmentWarning")
    fulfillment_type: str | None = None
    payment_type: str | None = msgspec.field(default=None, name="orderPaymentType")
    cancelled_during_pending: bool = msgspec.field(default=False, name="isCancelledDuringPending")
    package_abnormal_types: tuple[str, ...] = msgspec.field(
        default=(), name="packageAbnormalTypeList"
    )
    warehouse_id: TemuId | None = msgspec.field(default=None, name="inventoryDeductionWarehouseId")
    earliest_label_at_s: int | None = msgspec.field(
        default=None, name="earliestTimeBuyShippingLabel"
    )
    packages: tuple[LinePackage, ...] = msgspec.field(default=(), name="packageSnInfo")

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the labels that are set."""
        return _set_labels(self.labels_listed)


class _ParentMap(Answer, frozen=True, kw_only=True):
    parent_order_sn: TemuId
    status: int = msgspec.field(name="parentOrderStatus")
    ordered_at_s: int | None = msgspec.field(default=None, name="parentOrderTime")
    confirmed_at_s: int | None = msgspec.field(default=None, name="parentConfirmTime")
    pending_finished_at_s: int | None = msgspec.field(
        default=None, name="parentOrderPendingFinishTime"
    )
    expect_ship_latest_at_s: int | None = msgspec.field(default=None, name="expectShipLatestTime")
    latest_delivery_at_s: int | None = msgspec.field(default=None, name="latestDeliveryTime")
    shipped_at_s: int | None = msgspec.field(default=None, name="parentShippingTime")
    updated_at_s: int | None = msgspec.field(default=None, name="updateTime")
    region_id: TemuId | None = None
    site_id: TemuId | None = None
    labels_listed: tuple[Label, ...] = msgspec.field(default=(), name="parentOrderLabel")
    fulfillment_warnings: tuple[str, ...] = msgspec.field(default=(), name="fulfillmentWarning")
    payment_type: str | None = msgspec.field(default=None, name="orderPaymentType")
    shipping_method: int | None = None
    has_shipping_fee: bool | None = None
    consolidated_by_main_mall: bool = msgspec.field(
        default=False, name="isShipmentConsolidatedByMainMall"
    )


class _PageItem(Answer, frozen=True, kw_only=True):
    parent: _ParentMap = msgspec.field(name="parentOrderMap")
    lines: tuple[OrderLine, ...] = msgspec.field(name="orderList")


@dataclass(frozen=True, kw_only=True)
class ParentOrder:
    """A PO with its lines, and ``raw`` as it came.

    ``expect_ship_latest_at_s`` is the ship-by deadline, None while PENDING. ``updated_at_s`` comes
    in lists only. ``has_shipping_fee`` has Temu's inverted sense: true means that the buyer paid no
    freight. Statuses are Temu's numbers, unknown ones included.
    """

    parent_order_sn: str
    status: int
    ordered_at_s: int | None
    confirmed_at_s: int | None
    pending_finished_at_s: int | None
    expect_ship_latest_at_s: int | None
    latest_delivery_at_s: int | None
    shipped_at_s: int | None
    updated_at_s: int | None
    region_id: str | None
    site_id: str | None
    labels: tuple[str, ...]
    fulfillment_warnings: tuple[str, ...]
    payment_type: str | None
    shipping_method: int | None
    has_shipping_fee: bool | None
    consolidated_by_main_mall: bool
    lines: tuple[OrderLine, ...]
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class UnreadableOrder:
    """An item of a page that is no order as documented: ``raw`` as it came, and why."""

    raw: object = field(repr=False)
    reason: str


@dataclass(frozen=True)
class OrderPage:
    """A page of orders. ``total`` counts the whole query; one bad order never spoils the rest."""

    total: int
    orders: tuple[ParentOrder, ...]
    unreadable: tuple[UnreadableOrder, ...]


class _RawPage(Verbatim, frozen=True, kw_only=True):
    total: int | None = msgspec.field(default=None, name="totalItemNum")
    items: tuple[Any, ...] | None = msgspec.field(default=None, name="pageItems")


class _AddressWarning(Answer, frozen=True, kw_only=True):
    is_restriction: bool = False
    reason: int | None = None


class ShippingInfo(Answer, frozen=True, kw_only=True):
    """Where an order goes, as Temu masks it. Buyer's data: the ``repr`` shows none of it.

    ``region_name1`` to ``4`` are country, state, city, district. ``mobile`` is mostly a virtual
    number with an extension. A ``restriction_reason`` (1 COD, 2 self-shipping restricted, 3 Temu
    label only, 5 store delivery) means that the address may be withheld.
    """

    receipt_name: str = ""
    receipt_additional_name: str = ""
    mobile: Text = Text("")
    backup_mobile: Text = Text("")
    mail: str = ""
    region_name1: str = ""
    region_name2: str = ""
    region_name3: str = ""
    region_name4: str = ""
    address_line1: str = ""
    address_line2: str = ""
    address_line3: str = ""
    address_line_all: str = ""
    post_code: Text = Text("")
    tax_code: Text = Text("")
    tax_code_type: int | None = None
    warning: _AddressWarning = _AddressWarning()

    @property
    def restriction_reason(self) -> int | None:
        """Why the address may be withheld, None when it is not."""
        return self.warning.reason if self.warning.is_restriction else None

    def __repr__(self) -> str:
        return "ShippingInfo(buyer's data hidden)"


def order_params(query: OrderQuery) -> dict[str, Any]:
    """The request of one page."""
    region = query.region_id
    return present(
        pageNumber=query.page,
        pageSize=query.page_size,
        parentOrderStatus=query.status,
        parentOrderSnList=list(query.parent_order_sns),
        createAfter=query.created_from_s,
        createBefore=query.created_to_s,
        updateAtStart=query.updated_from_s,
        updateAtEnd=query.updated_to_s,
        parentConfirmTimeStart=query.confirmed_from_s,
        parentConfirmTimeEnd=query.confirmed_to_s,
        expectShipLatestTimeStart=query.ship_latest_from_s,
        expectShipLatestTimeEnd=query.ship_latest_to_s,
        regionId=None if region is None else number_of(region, "regionId"),
        fulfillmentTypeList=list(query.fulfillment_types),
        parentOrderLabel=list(query.labels),
        sortby=query.sort_by,
    )


def order_detail_params(
    parent_order_sn: str, fulfillment_types: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The request of one order."""
    return present(
        parentOrderSn=_named(parent_order_sn), fulfillmentTypeList=list(fulfillment_types)
    )


def shipping_info_params(parent_order_sn: str) -> dict[str, Any]:
    """The request of one address."""
    return {"parentOrderSn": _named(parent_order_sn)}


def order_page(
    client: Client, app: App, token: Token, query: OrderQuery, *, shop: str | None = None
) -> OrderPage:
    """One page of orders."""
    page = client.call(app, token, ORDER_LIST, order_params(query), result=_RawPage, shop=shop)
    read = [_read(item) for item in page.items or ()]
    return OrderPage(
        page.total or 0,
        tuple(each for each in read if isinstance(each, ParentOrder)),
        tuple(each for each in read if isinstance(each, UnreadableOrder)),
    )


def order_detail(
    client: Client,
    app: App,
    token: Token,
    parent_order_sn: str,
    fulfillment_types: tuple[str, ...] = (),
    *,
    shop: str | None = None,
) -> ParentOrder:
    """One order with its packages; 140020002 when there is none.

    Raises TemuUnreachable (``unexpected``) when Temu's answer is no order as documented.
    """
    params = order_detail_params(parent_order_sn, fulfillment_types)
    order = _read(client.call(app, token, ORDER_DETAIL, params, result=object, shop=shop))
    if isinstance(order, UnreadableOrder):
        raise TemuUnreachable(
            "unexpected",
            area=token.area,
            api_type=ORDER_DETAIL,
            may_have_happened=False,
            detail=order.reason,
        )
    return order


def shipping_info(
    client: Client, app: App, token: Token, parent_order_sn: str, *, shop: str | None = None
) -> ShippingInfo:
    """The address of one order, at most six times an order and day; never asked for twice by
    itself. 180020008: the data agreement is not signed in Seller Central.
    """
    params = shipping_info_params(parent_order_sn)
    return client.call(app, token, SHIPPING_INFO, params, result=ShippingInfo, shop=shop)


def _read(item: object) -> ParentOrder | UnreadableOrder:
    try:
        found = read_item(item, _PageItem)
    except (msgspec.ValidationError, RecursionError) as why:
        return UnreadableOrder(item, str(why))
    parent = msgspec.structs.asdict(found.parent)
    labels = _set_labels(parent.pop("labels_listed"))
    raw = item if isinstance(item, dict) else {}
    return ParentOrder(**parent, labels=labels, lines=found.lines, raw=raw)


def _set_labels(listed: tuple[Label, ...]) -> tuple[str, ...]:
    return tuple(label.name for label in listed if label.value)


def _named(parent_order_sn: str) -> str:
    if not parent_order_sn.strip():
        raise ValueError("Name the parent order, like PO-211-….")
    return parent_order_sn.strip()


def _check_pair(name: str, begin_s: int | None, end_s: int | None) -> None:
    if begin_s is None and end_s is None:
        return
    if begin_s is None or end_s is None:
        raise ValueError(f"Give both {name}_from_s and {name}_to_s, or neither (140020013).")
    if not (_is_seconds(begin_s) and _is_seconds(end_s)):
        raise ValueError(f"{name} must be POSIX seconds of ten digits (140020014).")
    if end_s < begin_s:
        raise ValueError(f"{name}_to_s lies before {name}_from_s; swap them.")


def _is_seconds(time_s: int) -> bool:
    return isinstance(time_s, int) and _FIRST_S <= time_s <= _LAST_S

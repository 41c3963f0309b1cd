"""US, EU and Global gateways: token and orders (partner-api.md 3.3, 4)."""

from collections.abc import Sequence

from temu_sandbox.gateways import types_events
from temu_sandbox.gateways.call import ApiType, Call
from temu_sandbox.gateways.fields import BadFieldError, Field
from temu_sandbox.world.model import ORDER_AREAS, Order, OrderLine, area_of_region
from temu_sandbox.world.orders import BY_SELLER, OrderFilter
from temu_sandbox.world.parcels import ParcelLine
from temu_sandbox.world.refusals import RefusedError

MAX_PAGE_SIZE = 100
MAX_PARENT_ORDERS = 20
MALL_TYPE_SEMI = 1
_SITES = {211: 100, 76: 105, 160: 127}
_PARENT_LABELS = (
    "soon_to_be_overdue",
    "past_due",
    "pending_buyer_cancellation",
    "pending_buyer_address_change",
    "pending_risk_control_alert",
    "signature_required_on_delivery",
)
_ORDER_LABELS = ("customized_products", "US_to_CA", "is_US_to_CA_BBC", "Y2_advance_sale")
_WINDOWS = {
    "created": ("createAfter", "createBefore"),
    "updated": ("updateAtStart", "updateAtEnd"),
    "confirmed": ("parentConfirmTimeStart", "parentConfirmTimeEnd"),
    "ship_by": ("expectShipLatestTimeStart", "expectShipLatestTimeEnd"),
}
_WHAT_NO_ORDER_HAS = (
    "hasPreSaleOrder",
    "hasQualificationRequiredOrder",
    "packageAbnormalTypeList",
)
_FIRST_MILLISECOND_STAMP = 10**11


def token_info(call: Call) -> dict[str, object]:
    """mallType 1 is SEMI [DOC-2]; what a full-consignment mall answers is unknown: null."""
    mall = call.mall
    return {
        "mallId": mall.mall_id,
        "mallType": MALL_TYPE_SEMI if mall.kind == "semi" else None,
        "semiUniqueId": mall.semi_unique_id,
        "regionId": mall.region_in(call.gateway),
        "expiredTime": call.grant.expires_at_s,
        "apiScopeList": list(call.grant.scopes),
        **types_events.told(call),
    }


def order_list(call: Call) -> dict[str, object]:
    need_semi(call)
    wanted = _filter(call)
    if any(call.given(name) for name in _WHAT_NO_ORDER_HAS):
        return {"totalItemNum": 0, "pageItems": []}
    total, orders = call.world.orders.page(
        wanted,
        sort="updated" if call.given("sortby", "createTime") == "updateTime" else "created",
        page=_in_range(call, "pageNumber", 1, 1, 10**9),
        page_size=_in_range(call, "pageSize", 10, 1, MAX_PAGE_SIZE),
        shuffle_ties="shuffle_ties" in call.faults,
    )
    return {"totalItemNum": total, "pageItems": [_item(order) for order in orders]}


def order_detail(call: Call) -> dict[str, object]:
    need_semi(call)
    order = call.world.orders.find(call.mall.mall_id, call.params["parentOrderSn"])
    if order is None or order.area != call.gateway:
        raise RefusedError(140020002)
    parcels = call.world.parcels.of_order(order)
    parent = {name: value for name, value in _parent(order).items() if name != "updateTime"}
    return {
        "parentOrderMap": {
            **parent,
            "regionName1": None,
            "regionName2": None,
            "regionName3": None,
            "paymentInfo": None,
        },
        "orderList": [_detail_line(order, line, parcels) for line in order.lines],
    }


def shipping_info(call: Call) -> dict[str, object]:
    need_semi(call)
    return call.world.addresses.read(
        call.mall, call.gateway, call.params["parentOrderSn"], call.app.app_key
    )


def need_semi(call: Call) -> None:
    """Full-consignment malls have no order API (partner-api.md 3.3)."""
    if call.mall.kind != "semi":
        raise RefusedError(140020001)


def _filter(call: Call) -> OrderFilter:
    numbers = call.given("parentOrderSnList", [])
    if len(numbers) > MAX_PARENT_ORDERS:
        raise BadFieldError(f"parentOrderSnList: at most {MAX_PARENT_ORDERS}")
    region_id = call.given("regionId")
    if region_id is not None and area_of_region(region_id) != call.gateway:
        raise RefusedError(120011072)
    return OrderFilter(
        mall_id=call.mall.mall_id,
        area=call.gateway,
        # Left out, only what the seller fulfils is listed (partner-api.md 4.3 [CODE]).
        fulfillments=tuple(call.given("fulfillmentTypeList", [])) or (BY_SELLER,),
        status=call.given("parentOrderStatus") or None,
        parent_order_sns=tuple(numbers),
        region_id=region_id,
        labels=tuple(call.given("parentOrderLabel", [])),
        sku_id=call.given("skuId"),
        **{name: _window(call, *pair) for name, pair in _WINDOWS.items()},
    )


def _window(call: Call, start: str, end: str) -> tuple[int, int] | None:
    """Both or neither, in seconds; closed at both ends."""
    first, last = call.given(start), call.given(end)
    if first is None and last is None:
        return None
    for name, value in ((start, first), (end, last)):
        if value is None:
            raise RefusedError(140020013, name=name)
        if not 0 <= value < _FIRST_MILLISECOND_STAMP:
            raise RefusedError(140020014, name=name)
    if start == "parentConfirmTimeStart" and last <= first:
        raise RefusedError(140020012)
    return first, last


def _in_range(call: Call, name: str, default: int, lowest: int, highest: int) -> int:
    value: int = call.given(name, default)
    if not lowest <= value <= highest:
        raise BadFieldError(f"{name}: {lowest} to {highest} expected")
    return value


def _item(order: Order) -> dict[str, object]:
    return {
        "parentOrderMap": _parent(order),
        "orderList": [_line(order, line) for line in order.lines],
    }


def _parent(order: Order) -> dict[str, object]:
    return {
        "parentOrderSn": order.parent_order_sn,
        "parentOrderStatus": order.status,
        "parentOrderTime": order.created_at_s,
        "parentConfirmTime": order.confirmed_at_s,
        "parentOrderPendingFinishTime": order.confirmed_at_s,
        "expectShipLatestTime": order.ship_by_s,
        "latestDeliveryTime": order.deliver_by_s,
        "parentShippingTime": order.shipped_at_s,
        "updateTime": order.updated_at_s,
        "siteId": _SITES.get(order.region_id),
        "regionId": order.region_id,
        "parentOrderLabel": _labels(_PARENT_LABELS, order.labels),
        "fulfillmentWarning": list(order.warnings),
        "hasShippingFee": None,
        "orderPaymentType": order.payment_type,
        "shippingMethod": 1,
        "batchOrderNumberList": None,
    }


def _line(order: Order, line: OrderLine) -> dict[str, object]:
    product = {
        "productId": line.product_id,
        "productSkuId": line.product_sku_id,
        "soldFactor": 1,
        "extCode": line.ext_code,
    }
    return {
        "orderSn": line.order_sn,
        "orderStatus": line.status,
        "orderCreateTime": order.created_at_s,
        "orderShippingTime": order.shipped_at_s,
        "quantity": line.quantity,
        "originalOrderQuantity": line.original_quantity,
        "canceledQuantityBeforeShipment": line.cancelled_quantity,
        "isCancelledDuringPending": line.cancelled_quantity > 0 and order.confirmed_at_s is None,
        "goodsId": line.goods_id,
        "skuId": line.sku_id,
        "productList": [product],
        "spec": line.spec,
        "originalSpecName": line.spec,
        "goodsName": line.goods_name,
        "originalGoodsName": line.goods_name,
        "thumbUrl": f"https://img.sandbox.invalid/{line.goods_id}.jpg",
        "orderLabel": _labels(_ORDER_LABELS, ()),
        "fulfillmentWarning": [],
        "fulfillmentType": order.fulfillment,
        "inventoryDeductionWarehouseId": None,
        "inventoryDeductionWarehouseName": None,
        "packageAbnormalTypeList": [],
        "orderPaymentType": order.payment_type,
        "qualificationUploadEndTime": None,
    }


def _detail_line(order: Order, line: OrderLine, parcels: Sequence[ParcelLine]) -> dict[str, object]:
    packages = [
        {"packageSn": parcel.package_sn, "packageDeliveryType": 1, "callSuccess": False}
        for parcel in parcels
        if parcel.order_sn == line.order_sn and parcel.main_package_sn is None
    ]
    return {**_line(order, line), "packageSnInfo": packages, "hasUploadedEvidence": False}


def _labels(names: Sequence[str], chosen: Sequence[str]) -> list[dict[str, object]]:
    return [{"name": name, "value": int(name in chosen)} for name in names]


_LIST_FIELDS = (
    *(Field(name, "int") for name in ("pageNumber", "pageSize", "parentOrderStatus")),
    *(Field(name, "int") for pair in _WINDOWS.values() for name in pair),
    *(Field(name, "int") for name in ("regionId", "skuId")),
    *(Field(name, "bool") for name in ("hasPreSaleOrder", "hasQualificationRequiredOrder")),
    *(
        Field(name, "str", many=True)
        for name in (
            "parentOrderSnList",
            "fulfillmentTypeList",
            "parentOrderLabel",
            "packageAbnormalTypeList",
        )
    ),
    Field("sortby", "str"),
)
_PARENT = Field("parentOrderSn", "str", required=True)

TYPES = (
    ApiType("bg.open.accesstoken.info.get", ORDER_AREAS, token_info),
    ApiType("bg.order.list.v2.get", ORDER_AREAS, order_list, _LIST_FIELDS),
    ApiType(
        "bg.order.detail.v2.get",
        ORDER_AREAS,
        order_detail,
        (_PARENT, Field("fulfillmentTypeList", "str", many=True)),
    ),
    ApiType("bg.order.shippinginfo.v2.get", ORDER_AREAS, shipping_info, (_PARENT,)),
)

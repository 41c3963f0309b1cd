"""US, EU and Global gateways: carriers, warehouses, shipping by the seller's own carrier.

partner-api.md 5.1 and 5.6.
"""

from collections.abc import Mapping
from typing import Any

from temu_sandbox.gateways.call import ApiType, Call
from temu_sandbox.gateways.fields import Field
from temu_sandbox.gateways.types_orders import need_semi
from temu_sandbox.world.model import ORDER_AREAS, area_of_region
from temu_sandbox.world.parcels import Item, ParcelLine, ParcelRequest, SubParcel
from temu_sandbox.world.refusals import RefusedError


def companies(call: Call) -> list[dict[str, object]]:
    """The result is an array; carrier ids belong to a region."""
    region_id = call.params["regionId"]
    if area_of_region(region_id) != call.gateway:
        raise RefusedError(120011072)
    return [
        {
            "logisticsServiceProviderId": carrier.carrier_id,
            "logisticsServiceProviderName": carrier.name,
            "logisticsBrandName": carrier.brand,
        }
        for carrier in call.world.directory.carriers(region_id)
    ]


def warehouses(call: Call) -> dict[str, object]:
    """The warehouses of this gateway's regions. None of them may buy labels in this sandbox."""
    need_semi(call)
    return {
        "warehouseList": [
            {
                "warehouseId": warehouse.warehouse_id,
                "warehouseName": warehouse.name,
                "regionId1": warehouse.region_id,
                "defaultWarehouse": warehouse.is_default,
                "warehouseManagementType": warehouse.management_type,
                "warehouseBrand": None,
                "enableBuyShippingLabel": False,
            }
            for warehouse in call.world.directory.warehouses(call.mall.mall_id)
            if area_of_region(warehouse.region_id) == call.gateway
            and not call.given("returnEnableBuyShippingLabelOnly", False)
        ]
    }


def confirm(call: Call) -> dict[str, object]:
    need_semi(call)
    requests = [_parcel(request) for request in call.params["sendRequestList"]]
    if not requests or not all(request.items for request in requests):
        raise RefusedError(120011002, why="sendRequestList")
    call.world.parcels.confirm(
        call.mall, call.gateway, call.params["sendType"], requests, api_type=call.api_type
    )
    return {"assistantAgreementText": None, "warningMessage": []}


def shipment(call: Call) -> dict[str, object]:
    need_semi(call)
    order = call.world.orders.find(call.mall.mall_id, call.params["parentOrderSn"])
    if order is None:
        raise RefusedError(120012007)
    if order.area != call.gateway:
        raise RefusedError(120011072)
    wanted = [line for line in order.lines if line.order_sn == call.params["orderSn"]]
    if not wanted:
        raise RefusedError(120012016)
    parcels = [p for p in call.world.parcels.of_order(order) if p.order_sn == wanted[0].order_sn]
    mains = [parcel for parcel in parcels if parcel.main_package_sn is None]
    return {"shipmentInfoDTO": [_shown(wanted[0].sku_id, main, parcels) for main in mains]}


def _parcel(request: Mapping[str, Any]) -> ParcelRequest:
    items = tuple(
        Item(info["parentOrderSn"], info["orderSn"], info["quantity"])
        for info in request["orderSendInfoList"]
    )
    subs = tuple(
        SubParcel(int(sub["carrierId"]), sub["trackingNumber"], sub["selfShippingWarehouseId"])
        for sub in request.get("subSendRequests") or ()
    )
    return ParcelRequest(
        int(request["carrierId"]),
        request.get("trackingNumber") or "",
        request.get("selfShippingWarehouseId"),
        items,
        tuple(request.get("confirmAcceptance") or ()),
        subs,
    )


def _shown(sku_id: int, main: ParcelLine, parcels: list[ParcelLine]) -> dict[str, object]:
    subs = [parcel for parcel in parcels if parcel.main_package_sn == main.package_sn]
    return {
        **_package(main),
        "skuId": sku_id,
        "quantity": main.quantity,
        "trackingWarningLabel": 0,
        "cooperativeWarehouseDTO": None,
        "subPackageShipmentInfoList": [_package(sub) for sub in subs],
    }


def _package(parcel: ParcelLine) -> dict[str, object]:
    return {
        "carrierId": parcel.carrier_id,
        "carrierName": parcel.carrier_name,
        "trackingNumber": parcel.tracking_number,
        "packageSn": parcel.package_sn,
        "packageDeliveryType": 1,
    }


_ITEM_FIELDS = (
    Field("parentOrderSn", "str", required=True),
    Field("orderSn", "str", required=True),
    Field("quantity", "int", required=True),
    Field("goodsId", "int"),
    Field("skuId", "int"),
)
_SUB_FIELDS = (
    Field("carrierId", "id", required=True),
    Field("trackingNumber", "str", required=True),
    Field("selfShippingWarehouseId", "str", required=True),
)
# trackingNumber and selfShippingWarehouseId have business codes of their own when they are missing.
_PARCEL_FIELDS = (
    Field("carrierId", "id", required=True),
    Field("trackingNumber", "str"),
    Field("selfShippingWarehouseId", "str"),
    Field("orderSendInfoList", "object", required=True, many=True, fields=_ITEM_FIELDS),
    Field("confirmAcceptance", "str", many=True),
    Field("subSendRequests", "object", many=True, fields=_SUB_FIELDS),
)
_CONFIRM_FIELDS = (
    Field("sendType", "int", required=True),
    Field("sendRequestList", "object", required=True, many=True, fields=_PARCEL_FIELDS),
)
_SHIPMENT_FIELDS = (
    Field("parentOrderSn", "str", required=True),
    Field("orderSn", "str", required=True),
)

TYPES = (
    ApiType(
        "bg.logistics.companies.get",
        ORDER_AREAS,
        companies,
        (Field("regionId", "int", required=True),),
    ),
    ApiType(
        "bg.logistics.warehouse.list.get",
        ORDER_AREAS,
        warehouses,
        (Field("returnEnableBuyShippingLabelOnly", "bool"),),
    ),
    ApiType("bg.logistics.shipment.v2.confirm", ORDER_AREAS, confirm, _CONFIRM_FIELDS),
    ApiType("bg.logistics.shipment.v2.get", ORDER_AREAS, shipment, _SHIPMENT_FIELDS),
)

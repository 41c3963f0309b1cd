"""Seller delivery: carriers, warehouses, confirming parcels with the seller's own tracking number.

Source: partner-api.md 5.1 and 5.6 [DOC].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from temu_openapi.client import App, Client, Token
from temu_openapi.wire import Answer, TemuId, Text, number_of, present

COMPANIES = "bg.logistics.companies.get"
WAREHOUSES = "bg.logistics.warehouse.list.get"
CONFIRM = "bg.logistics.shipment.v2.confirm"
SHIPMENT_INFO = "bg.logistics.shipment.v2.get"

ONE_PACKAGE = 0
SPLIT_ORDER = 1
COMBINED_ORDERS = 2
MAX_SUB_PACKAGES = 10


class Company(Answer, frozen=True, kw_only=True):
    """A carrier of one region; ``carrier_id`` is valid for that region only."""

    carrier_id: TemuId = msgspec.field(name="logisticsServiceProviderId")
    name: str = msgspec.field(default="", name="logisticsServiceProviderName")
    brand: str = msgspec.field(default="", name="logisticsBrandName")


class Warehouse(Answer, frozen=True, kw_only=True):
    """A warehouse that parcels leave from."""

    warehouse_id: TemuId
    warehouse_name: str = ""
    region_id: TemuId | None = msgspec.field(default=None, name="regionId1")
    is_default: bool = msgspec.field(default=False, name="defaultWarehouse")
    management_type: int | None = msgspec.field(default=None, name="warehouseManagementType")
    brand: str | None = msgspec.field(default=None, name="warehouseBrand")
    enable_buy_shipping_label: bool | None = None


@dataclass(frozen=True)
class PackageItem:
    """So many pieces of one order line in a package."""

    parent_order_sn: str
    order_sn: str
    quantity: int
    goods_id: str | None = None
    sku_id: str | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError("A package holds at least one piece of each order line in it.")


@dataclass(frozen=True)
class SubPackage:
    """A further box of the same one item."""

    carrier_id: str
    tracking_number: str
    warehouse_id: str


@dataclass(frozen=True)
class Package:
    """A parcel handed to the seller's carrier.

    ``warehouse_id`` is mandatory today (120015527). ``confirm_acceptance`` denies a buyer's open
    request (DENY_CANCELLATION, DENY_ADDRESS_CHANGE, DENY_PARENT_RISK_WARNING): a person's choice.
    """

    carrier_id: str
    tracking_number: str
    warehouse_id: str
    items: tuple[PackageItem, ...]
    confirm_acceptance: tuple[str, ...] = ()
    sub_packages: tuple[SubPackage, ...] = ()

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("A package holds at least one order line.")
        if not self.tracking_number.strip() or not self.warehouse_id:
            raise ValueError("A package needs its tracking number and its warehouse.")
        if len(self.sub_packages) > MAX_SUB_PACKAGES:
            raise ValueError(f"A package has at most {MAX_SUB_PACKAGES} further boxes.")


class Confirmation(Answer, frozen=True, kw_only=True):
    """Temu took the parcels; ``warnings`` may still say what is wrong with one of them."""

    warnings_listed: tuple[Any, ...] = msgspec.field(default=(), name="warningMessage")
    agreement: str | None = msgspec.field(default=None, name="assistantAgreementText")

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings as texts."""
        return tuple(
            each if isinstance(each, str) else msgspec.json.encode(each).decode()
            for each in self.warnings_listed
        )


class SubShipment(Answer, frozen=True, kw_only=True):
    """A further box, read back."""

    package_sn: TemuId | None = None
    carrier_id: TemuId | None = None
    carrier_name: str = ""
    tracking_number: Text = Text("")


class Shipment(Answer, frozen=True, kw_only=True):
    """A package of an order line as Temu knows it.

    ``tracking_warning``: 0 fine, 1 no track, 2 suspicious, 3 address mismatch, 4 not collected.
    """

    package_sn: TemuId | None = None
    carrier_id: TemuId | None = None
    carrier_name: str = ""
    tracking_number: Text = Text("")
    sku_id: TemuId | None = None
    quantity: int | None = None
    delivery_type: int | None = msgspec.field(default=None, name="packageDeliveryType")
    tracking_warning: int | None = msgspec.field(default=None, name="trackingWarningLabel")
    sub_shipments: tuple[SubShipment, ...] = msgspec.field(
        default=(), name="subPackageShipmentInfoList"
    )


class _WarehouseList(Answer, frozen=True, kw_only=True):
    rows: tuple[Warehouse, ...] = msgspec.field(default=(), name="warehouseList")


class _Shipments(Answer, frozen=True, kw_only=True):
    rows: tuple[Shipment, ...] = msgspec.field(default=(), name="shipmentInfoDTO")


def companies_params(region_id: str) -> dict[str, Any]:
    """The request for the carriers of one region."""
    return {"regionId": number_of(region_id, "regionId")}


def confirm_params(send_type: int, packages: Sequence[Package]) -> dict[str, Any]:
    """The request that confirms parcels: 0 one parcel, 1 an order split, 2 orders combined."""
    if send_type not in (ONE_PACKAGE, SPLIT_ORDER, COMBINED_ORDERS):
        raise ValueError("sendType is 0 (one parcel), 1 (split order) or 2 (combined orders).")
    if not packages:
        raise ValueError("Name at least one package.")
    return {"sendType": send_type, "sendRequestList": [_package(each) for each in packages]}


def shipment_info_params(parent_order_sn: str, order_sn: str) -> dict[str, Any]:
    """The request that reads the packages of one order line back."""
    return {"parentOrderSn": parent_order_sn, "orderSn": order_sn}


def companies(
    client: Client, app: App, token: Token, region_id: str, *, shop: str | None = None
) -> tuple[Company, ...]:
    """The carriers of one region."""
    params = companies_params(region_id)
    return client.call(app, token, COMPANIES, params, result=tuple[Company, ...], shop=shop)


def warehouses(
    client: Client, app: App, token: Token, *, shop: str | None = None
) -> tuple[Warehouse, ...]:
    """The warehouses that parcels may leave from."""
    return client.call(app, token, WAREHOUSES, {}, result=_WarehouseList, shop=shop).rows


def confirm(
    client: Client,
    app: App,
    token: Token,
    send_type: int,
    packages: Sequence[Package],
    *,
    shop: str | None = None,
) -> Confirmation:
    """Tell Temu that parcels are on their way. Never repeated after a lost answer.

    When a TemuError says ``may_have_happened``, look the parcels up with ``shipment_info``.
    """
    params = confirm_params(send_type, packages)
    return client.call(app, token, CONFIRM, params, result=Confirmation, shop=shop)


def shipment_info(
    client: Client,
    app: App,
    token: Token,
    parent_order_sn: str,
    order_sn: str,
    *,
    shop: str | None = None,
) -> tuple[Shipment, ...]:
    """The packages of one order line as Temu knows them; empty when it knows none."""
    params = shipment_info_params(parent_order_sn, order_sn)
    return client.call(app, token, SHIPMENT_INFO, params, result=_Shipments, shop=shop).rows


def _package(package: Package) -> dict[str, Any]:
    further = [_box(box) for box in package.sub_packages]
    return {
        **_box(package),
        **present(
            orderSendInfoList=[_item(item) for item in package.items],
            confirmAcceptance=list(package.confirm_acceptance),
            subSendRequests=further,
        ),
    }


def _box(box: Package | SubPackage) -> dict[str, Any]:
    return {
        "carrierId": number_of(box.carrier_id, "carrierId"),
        "trackingNumber": box.tracking_number.strip(),
        "selfShippingWarehouseId": box.warehouse_id,
    }


def _item(item: PackageItem) -> dict[str, Any]:
    return present(
        parentOrderSn=item.parent_order_sn,
        orderSn=item.order_sn,
        quantity=item.quantity,
        goodsId=None if item.goods_id is None else number_of(item.goods_id, "goodsId"),
        skuId=None if item.sku_id is None else number_of(item.sku_id, "skuId"),
    )

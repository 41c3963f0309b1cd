"""Self-delivery: carriers, warehouses, confirm and its read-back."""

from collections.abc import Sequence

from storewarden.marketplaces.base import (
    Access,
    Confirmation,
    ConfirmedParcel,
    MarketCarrier,
    ParcelToConfirm,
    ShipFrom,
)
from storewarden.marketplaces.temu.errors import translated
from storewarden.marketplaces.temu.wire import app_and_token, client
from temu_openapi import shipping as temu_shipping


def carriers(access: Access, region_id: str, *, urgent: bool) -> Sequence[MarketCarrier]:
    with translated():
        temu, credentials = client(urgent=urgent), app_and_token(access)
        rows = temu_shipping.companies(temu, *credentials, region_id, shop=access.mall_id)
    return [MarketCarrier(str(row.carrier_id), row.name or row.brand or "") for row in rows]


def ship_from(access: Access, *, urgent: bool) -> Sequence[ShipFrom]:
    with translated():
        temu, credentials = client(urgent=urgent), app_and_token(access)
        rows = temu_shipping.warehouses(temu, *credentials, shop=access.mall_id)
    return [
        ShipFrom(
            str(row.warehouse_id),
            row.warehouse_name or "",
            str(row.region_id or ""),
            bool(row.is_default),
        )
        for row in rows
    ]


def confirm(access: Access, parcel: ParcelToConfirm) -> Confirmation:
    """Tell Temu that a parcel has left. Sent once; never repeated by itself."""
    items = tuple(
        temu_shipping.PackageItem(
            line.po, line.order_sn, line.quantity, line.goods_id or None, line.sku_id or None
        )
        for line in parcel.lines
    )
    package = temu_shipping.Package(
        parcel.carrier_id, parcel.tracking_number, parcel.warehouse_id, items
    )
    with translated():
        temu, credentials = client(urgent=True), app_and_token(access)
        answer = temu_shipping.confirm(
            temu, *credentials, temu_shipping.ONE_PACKAGE, [package], shop=access.mall_id
        )
    return Confirmation(tuple(answer.warnings))


def confirmed(access: Access, po: str, order_sn: str, *, urgent: bool) -> Sequence[ConfirmedParcel]:
    """The parcels that Temu has on record for one order."""
    with translated():
        temu, credentials = client(urgent=urgent), app_and_token(access)
        rows = temu_shipping.shipment_info(temu, *credentials, po, order_sn, shop=access.mall_id)
    return [
        ConfirmedParcel(
            str(row.package_sn or ""),
            str(row.carrier_id or ""),
            row.carrier_name or "",
            row.tracking_number or "",
            row.quantity or 0,
            str(row.sku_id or ""),
        )
        for row in rows
    ]

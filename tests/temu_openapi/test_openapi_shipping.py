"""Seller delivery: carriers, warehouses, confirming, reading back."""

import pytest
from openapi_kit import US_APP, US_TOKEN, lost, refusal, rig, success

from temu_openapi import TemuRefusal, TemuUnreachable, shipping
from temu_openapi.shipping import Package, PackageItem, SubPackage

ITEM = PackageItem("PO-211-1", "211-1", 1)
PARCEL = Package("998264743", "TRACK1", "WH-1", (ITEM,))


def test_carriers_come_as_an_array():
    it = rig(
        success(
            [
                {
                    "logisticsServiceProviderId": 998264743,
                    "logisticsServiceProviderName": "Demo Post",
                    "logisticsBrandName": None,
                }
            ]
        )
    )
    (company,) = shipping.companies(it.client, US_APP, US_TOKEN, "211")
    assert (company.carrier_id, company.name, company.brand) == ("998264743", "Demo Post", "")
    assert it.temu.requests[0]["regionId"] == 211


def test_no_carriers_at_all_is_an_empty_list():
    assert shipping.companies(rig(success(None)).client, US_APP, US_TOKEN, "211") == ()


def test_warehouses_are_read():
    it = rig(
        success(
            {
                "warehouseList": [
                    {
                        "defaultWarehouse": True,
                        "warehouseId": "WH-1",
                        "warehouseBrand": None,
                        "regionId1": 160,
                        "warehouseManagementType": 1,
                        "warehouseName": "MyWH-PH",
                    }
                ]
            }
        )
    )
    (warehouse,) = shipping.warehouses(it.client, US_APP, US_TOKEN)
    assert (warehouse.warehouse_id, warehouse.region_id, warehouse.is_default) == (
        "WH-1",
        "160",
        True,
    )


def test_a_parcel_is_confirmed_as_documented():
    it = rig(success({"assistantAgreementText": None, "warningMessage": []}))
    done = shipping.confirm(it.client, US_APP, US_TOKEN, shipping.ONE_PACKAGE, [PARCEL])
    sent = it.temu.requests[0]
    assert (done.warnings, sent["sendType"]) == ((), 0)
    assert sent["sendRequestList"] == [
        {
            "carrierId": 998264743,
            "trackingNumber": "TRACK1",
            "selfShippingWarehouseId": "WH-1",
            "orderSendInfoList": [{"parentOrderSn": "PO-211-1", "orderSn": "211-1", "quantity": 1}],
        }
    ]


def test_warnings_of_any_shape_are_told():
    it = rig(success({"warningMessage": ["late", {"packageSn": "PK-1"}]}))
    done = shipping.confirm(it.client, US_APP, US_TOKEN, 0, [PARCEL])
    assert done.warnings == ("late", '{"packageSn":"PK-1"}')


def test_a_confirm_whose_answer_was_lost_is_not_sent_again():
    it = rig(lost(), success({}))
    with pytest.raises(TemuUnreachable) as caught:
        shipping.confirm(it.client, US_APP, US_TOKEN, 0, [PARCEL])
    assert caught.value.may_have_happened
    assert it.asked == 1


def test_a_confirm_refused_by_rule_did_not_happen():
    it = rig(refusal(120014004, "already used tracking"))
    with pytest.raises(TemuRefusal) as caught:
        shipping.confirm(it.client, US_APP, US_TOKEN, 0, [PARCEL])
    assert (caught.value.code, caught.value.may_have_happened) == (120014004, False)


def test_ids_acceptances_and_further_boxes_are_sent():
    item = PackageItem("PO-1", "1", 1, goods_id="601", sku_id="175")
    box = SubPackage("9", " TRACK2 ", "WH-1")
    parcel = Package("9", "TRACK1", "WH-1", (item,), ("DENY_CANCELLATION",), (box,))
    (sent,) = shipping.confirm_params(shipping.SPLIT_ORDER, [parcel])["sendRequestList"]
    assert (sent["orderSendInfoList"][0]["goodsId"], sent["orderSendInfoList"][0]["skuId"]) == (
        601,
        175,
    )
    assert sent["confirmAcceptance"] == ["DENY_CANCELLATION"]
    assert sent["subSendRequests"][0]["trackingNumber"] == "TRACK2"


def test_a_package_is_read_back():
    it = rig(
        success(
            {
                "shipmentInfoDTO": [
                    {
                        "carrierId": 998264743,
                        "carrierName": "Demo Post",
                        "trackingNumber": "TRACK1",
                        "skuId": 175,
                        "quantity": 1,
                        "packageSn": "PK-1",
                        "packageDeliveryType": 1,
                        "trackingWarningLabel": 0,
                        "cooperativeWarehouseDTO": None,
                        "subPackageShipmentInfoList": None,
                    }
                ]
            }
        )
    )
    (shipment,) = shipping.shipment_info(it.client, US_APP, US_TOKEN, "PO-211-1", "211-1")
    assert (shipment.package_sn, shipment.tracking_number, shipment.quantity) == (
        "PK-1",
        "TRACK1",
        1,
    )
    assert (shipment.carrier_id, shipment.tracking_warning) == ("998264743", 0)


def test_an_order_that_has_not_shipped_reads_back_empty():
    it = rig(success({"shipmentInfoDTO": None}))
    assert shipping.shipment_info(it.client, US_APP, US_TOKEN, "PO-1", "1") == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: PackageItem("PO-1", "1", 0),
        lambda: Package("9", "TRACK1", "WH-1", ()),
        lambda: Package("9", "  ", "WH-1", (ITEM,)),
        lambda: Package("9", "TRACK1", "", (ITEM,)),
        lambda: Package("9", "T", "WH-1", (ITEM,), (), (SubPackage("9", "T", "WH"),) * 11),
        lambda: shipping.confirm_params(3, [PARCEL]),
        lambda: shipping.confirm_params(0, []),
        lambda: shipping.confirm_params(0, [Package("UPS", "T", "WH-1", (ITEM,))]),
        lambda: shipping.companies_params("US"),
    ],
)
def test_a_request_that_temu_would_refuse_is_refused_here(make):
    with pytest.raises(ValueError):
        make()

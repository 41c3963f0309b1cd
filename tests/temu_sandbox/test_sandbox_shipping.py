"""Self-delivery: look-ups, confirm and read-back (partner-api.md 5)."""

import pytest
from sandbox_desk import (
    CONFIRM,
    DHL_PAKET,
    FEDEX,
    NOW_S,
    ORDERS,
    READ_BACK,
    USPS,
    Desk,
    quiet_world,
)

from temu_sandbox.world.refusals import RefusedError
from temu_sandbox.world.seed import FULL, SEMI_TWO


def code(answer) -> int:
    return answer["errorCode"]


def shippable(**plan) -> tuple[Desk, str]:
    desk = Desk()
    return desk, desk.orders(1, **plan)[0]


def test_a_confirmed_order_is_shipped_and_its_update_time_changes():
    desk, number = shippable()
    desk.world.advance_clock(60)
    assert code(desk.ship(desk.parcel(number))) == 1000000
    item = desk.result(ORDERS)["pageItems"][0]
    parent = item["parentOrderMap"]
    assert parent["parentOrderStatus"] == 4
    assert (parent["updateTime"], parent["parentShippingTime"]) == (NOW_S + 60, NOW_S + 60)
    assert {line["orderStatus"] for line in item["orderList"]} == {4}


def test_the_answer_of_confirm_is_as_documented():
    desk, number = shippable()
    result = desk.ship(desk.parcel(number))["result"]
    assert result == {"assistantAgreementText": None, "warningMessage": []}


def test_the_carrier_id_may_be_text_as_in_the_official_sample():
    desk, number = shippable()
    assert code(desk.ship(desk.parcel(number, carrierId=str(USPS)))) == 1000000


def test_the_read_back_tells_carrier_and_tracking_number():
    desk, number = shippable()
    line = desk.world.orders.get(number).lines[0]
    desk.ship(desk.parcel(number))
    (parcel,) = desk.result(READ_BACK, parentOrderSn=number, orderSn=line.order_sn)[
        "shipmentInfoDTO"
    ]
    assert (parcel["carrierName"], parcel["trackingNumber"]) == ("UPS", "TRACK00000001")
    assert parcel["packageSn"].startswith("PK-")


def test_the_read_back_of_an_order_not_shipped_is_empty():
    desk, number = shippable()
    line = desk.world.orders.get(number).lines[0]
    found = desk.result(READ_BACK, parentOrderSn=number, orderSn=line.order_sn)
    assert found == {"shipmentInfoDTO": []}


def test_the_read_back_refuses_what_does_not_belong_together():
    desk, number = shippable()
    assert desk.code(READ_BACK, parentOrderSn="PO-1", orderSn="1") == 120012007
    assert desk.code(READ_BACK, parentOrderSn=number, orderSn="1") == 120012016


def test_the_detail_lists_the_package():
    desk, number = shippable()
    desk.ship(desk.parcel(number))
    detail = desk.result("bg.order.detail.v2.get", parentOrderSn=number)
    (package,) = detail["orderList"][0]["packageSnInfo"]
    assert package["packageDeliveryType"] == 1


def test_a_second_confirm_is_refused_and_leaves_one_effect():
    desk, number = shippable()
    desk.ship(desk.parcel(number))
    assert code(desk.ship(desk.parcel(number))) == 120012004
    assert code(desk.ship(desk.parcel(number, tracking="TRACK00000002"))) == 120012004
    assert len(desk.control.ledger(effect="order_shipped", subject=number)) == 1


def test_the_ledger_tells_who_shipped_what():
    desk, number = shippable()
    desk.ship(desk.parcel(number))
    (row,) = desk.control.ledger(effect="order_shipped")
    assert (row["subject"], row["api_type"], row["area"]) == (number, CONFIRM, "us")
    assert row["details"]["parcels"][0]["tracking_number"] == "TRACK00000001"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"trackingNumber": ""}, 120014001),
        ({"trackingNumber": "   "}, 120014001),
        ({"trackingNumber": "TRACK-0001"}, 120014020),
        ({"trackingNumber": "50%OFF0001"}, 120014020),
        ({"trackingNumber": "short"}, 120014022),
        ({"trackingNumber": "<b>12345678</b>"}, 120014022),
        ({"selfShippingWarehouseId": None}, 120015527),
        ({"selfShippingWarehouseId": ""}, 120015527),
        ({"selfShippingWarehouseId": "WH-1"}, 120011085),
        ({"carrierId": 1}, 120015002),
        ({"carrierId": DHL_PAKET}, 120015037),
        ({"orderSendInfoList": []}, 120011002),
    ],
)
def test_a_wrong_parcel_is_refused_with_its_documented_code(changes, expected):
    desk, number = shippable()
    assert code(desk.ship({**desk.parcel(number), **changes})) == expected
    assert desk.world.orders.get(number).status == 2


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"labels": ["pending_buyer_cancellation"]}, 120012030),
        ({"labels": ["pending_buyer_address_change"]}, 120012023),
        ({"labels": ["pending_risk_control_alert"]}, 120012031),
        ({"warnings": ["RESTRICT_SELF_SHIPPING"]}, 120012034),
        ({"payment_type": "COD"}, 120015528),
        ({"status": 1}, 120012007),
        ({"status": 3}, 120012007),
        ({"status": 5}, 120012004),
    ],
)
def test_an_order_that_may_not_ship_is_refused_with_its_documented_code(plan, expected):
    desk, number = shippable(**plan)
    assert code(desk.ship(desk.parcel(number))) == expected


@pytest.mark.parametrize(
    ("label", "acceptance"),
    [
        ("pending_buyer_cancellation", "DENY_CANCELLATION"),
        ("pending_buyer_address_change", "DENY_ADDRESS_CHANGE"),
        ("pending_risk_control_alert", "DENY_PARENT_RISK_WARNING"),
    ],
)
def test_the_matching_acceptance_lets_a_waiting_order_ship(label, acceptance):
    desk, number = shippable(labels=[label])
    assert code(desk.ship(desk.parcel(number, confirmAcceptance=[acceptance]))) == 1000000


@pytest.mark.parametrize(
    ("warning", "carrier", "expected"),
    [
        ("RESTRICT_USPS_SELF_SHIPPING", USPS, 120011059),
        ("RESTRICT_FEDEX_SELF_SHIPPING", FEDEX, 120011092),
        ("RESTRICT_FEDEX_SELF_SHIPPING", USPS, 1000000),
    ],
)
def test_a_barred_carrier_is_refused(warning, carrier, expected):
    desk, number = shippable(warnings=[warning])
    assert code(desk.ship(desk.parcel(number, carrierId=carrier))) == expected


def test_an_unknown_order_is_120012007():
    desk, number = shippable()
    parcel = desk.parcel(number)
    parcel["orderSendInfoList"][0]["parentOrderSn"] = "PO-211-1"
    assert code(desk.ship(parcel)) == 120012007


def test_an_order_line_of_another_order_is_120012016():
    desk, number = shippable()
    parcel = desk.parcel(number)
    parcel["orderSendInfoList"][0]["orderSn"] = "211-1"
    assert code(desk.ship(parcel)) == 120012016


def test_another_malls_order_cannot_be_shipped():
    desk = Desk()
    theirs = desk.control.make_orders(SEMI_TWO, 1)["parent_order_sns"][0]
    assert code(desk.ship(desk.parcel(theirs))) == 120012007


def test_an_order_of_another_area_is_120011072():
    desk = Desk("us")
    (number,) = desk.orders(1, area="eu")
    line = desk.world.orders.get(number).lines[0]
    assert code(desk.ship(desk.parcel(number))) == 120011072
    assert desk.code(READ_BACK, parentOrderSn=number, orderSn=line.order_sn) == 120011072


def test_a_warehouse_of_another_region_is_120012063():
    desk, number = shippable()
    parcel = desk.parcel(number, selfShippingWarehouseId=desk.warehouse("Berlin-1"))
    assert code(desk.ship(parcel)) == 120012063


@pytest.mark.parametrize("quantity", [0, 1, 3, -2])
def test_another_quantity_than_to_be_fulfilled_is_120013002(quantity):
    desk, number = shippable(quantity=2)
    parcel = desk.parcel(number)
    parcel["orderSendInfoList"][0]["quantity"] = quantity
    assert code(desk.ship(parcel)) == 120013002


def test_an_order_line_left_out_is_an_incomplete_order():
    desk = Desk()
    number = desk.orders(4)[-1]
    parcel = desk.parcel(number)
    parcel["orderSendInfoList"].pop()
    assert code(desk.ship(parcel)) == 120012003


def test_an_order_line_named_twice_for_one_tracking_number_is_120012041():
    desk, number = shippable(quantity=2)
    parcel = desk.parcel(number)
    parcel["orderSendInfoList"] = parcel["orderSendInfoList"] * 2
    assert code(desk.ship(parcel)) == 120012041


def test_one_tracking_number_for_two_parcels_is_a_duplicate():
    desk = Desk()
    first, second = desk.orders(2)
    assert code(desk.ship(desk.parcel(first), desk.parcel(second))) == 120014003


def test_a_tracking_number_used_before_is_refused():
    desk = Desk()
    first, second = desk.orders(2)
    desk.ship(desk.parcel(first))
    assert code(desk.ship(desk.parcel(second))) == 120014004


def test_nothing_ships_when_one_parcel_of_the_call_is_refused():
    desk = Desk()
    first, second = desk.orders(2)
    desk.ship(desk.parcel(first), desk.parcel(second, tracking="no-good"))
    assert desk.world.orders.get(first).status == 2
    assert desk.control.ledger(effect="order_shipped") == []


def test_send_type_0_ships_several_orders_each_in_its_own_parcel():
    desk = Desk()
    first, second = desk.orders(2)
    parcels = desk.parcel(first), desk.parcel(second, tracking="TRACK00000002")
    assert code(desk.ship(*parcels)) == 1000000


def test_send_type_1_splits_one_order_over_parcels():
    desk, number = shippable(quantity=2)
    one, two = desk.parcel(number), desk.parcel(number, tracking="TRACK00000002")
    for parcel in (one, two):
        parcel["orderSendInfoList"][0]["quantity"] = 1
    assert code(desk.ship(one, two, send_type=1)) == 1000000
    line = desk.world.orders.get(number).lines[0]
    found = desk.result(READ_BACK, parentOrderSn=number, orderSn=line.order_sn)
    assert len(found["shipmentInfoDTO"]) == 2


def test_send_type_2_puts_several_orders_into_one_parcel():
    desk = Desk()
    address = {"receiptName": "Demo Buyer", "addressLine1": "1 Sandbox Street", "mobile": "1"}
    first, second = desk.orders(2, address=address)
    assert code(desk.ship(desk.parcel(first, second), send_type=2)) == 1000000
    assert len(desk.control.ledger(effect="order_shipped")) == 2


def test_orders_for_different_addresses_do_not_share_a_parcel():
    desk = Desk()
    first, second = desk.orders(2)
    assert code(desk.ship(desk.parcel(first, second), send_type=2)) == 120012015


def test_a_signature_order_does_not_share_a_parcel():
    desk = Desk()
    address = {"receiptName": "Demo Buyer", "addressLine1": "1 Sandbox Street", "mobile": "1"}
    (first,) = desk.orders(1, address=address, labels=["signature_required_on_delivery"])
    (second,) = desk.orders(1, address=address)
    assert code(desk.ship(desk.parcel(first, second), send_type=2)) == 120015543


@pytest.mark.parametrize("send_type", [1, 3, -1])
def test_a_send_type_that_does_not_fit_is_refused(send_type):
    desk = Desk()
    first, second = desk.orders(2)
    parcels = desk.parcel(first), desk.parcel(second, tracking="TRACK00000002")
    assert code(desk.ship(*parcels, send_type=send_type)) == 120011002


def test_one_item_in_several_boxes_has_sub_parcels():
    desk, number = shippable()
    sub = {
        "carrierId": USPS,
        "trackingNumber": "SUB000000001",
        "selfShippingWarehouseId": desk.warehouse(),
    }
    assert code(desk.ship(desk.parcel(number, subSendRequests=[sub]))) == 1000000
    line = desk.world.orders.get(number).lines[0]
    (main,) = desk.result(READ_BACK, parentOrderSn=number, orderSn=line.order_sn)["shipmentInfoDTO"]
    (shown,) = main["subPackageShipmentInfoList"]
    assert shown["trackingNumber"] == "SUB000000001"


def test_at_most_10_sub_parcels_are_taken():
    desk, number = shippable()
    home = desk.warehouse()
    subs = [
        {"carrierId": USPS, "trackingNumber": f"SUB{i:09d}", "selfShippingWarehouseId": home}
        for i in range(11)
    ]
    assert code(desk.ship(desk.parcel(number, subSendRequests=subs))) == 120011098


def test_sub_parcels_need_a_quantity_of_one():
    desk, number = shippable(quantity=2)
    sub = {
        "carrierId": USPS,
        "trackingNumber": "SUB000000001",
        "selfShippingWarehouseId": desk.warehouse(),
    }
    assert code(desk.ship(desk.parcel(number, subSendRequests=[sub]))) == 120011045


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"sendType": 0}, "sendRequestList"),
        ({"sendType": "0", "sendRequestList": []}, "sendType"),
        ({"sendType": 0, "sendRequestList": [{}]}, "sendRequestList[0].carrierId"),
        ({"sendType": 0, "sendRequestList": [3]}, "sendRequestList[0]"),
    ],
)
def test_a_confirm_of_the_wrong_shape_is_refused_by_path(params, path):
    answer = Desk().call(CONFIRM, **params)
    assert code(answer) == 3000000
    assert path in answer["errorMsg"]


def test_companies_are_an_array_for_a_region():
    found = Desk().result("bg.logistics.companies.get", regionId=211)
    assert [c["logisticsServiceProviderName"] for c in found] == ["USPS", "FedEx", "UPS"]


def test_companies_of_another_gateways_region_are_refused():
    assert Desk().code("bg.logistics.companies.get", regionId=76) == 120011072
    assert Desk().code("bg.logistics.companies.get") == 3000000


def test_warehouses_of_this_gateways_regions_are_listed():
    found = Desk("eu").result("bg.logistics.warehouse.list.get")["warehouseList"]
    assert [w["warehouseName"] for w in found] == ["Berlin-1"]


def test_no_warehouse_can_buy_labels_yet():
    found = Desk().result("bg.logistics.warehouse.list.get", returnEnableBuyShippingLabelOnly=True)
    assert found == {"warehouseList": []}


def test_a_full_consignment_mall_cannot_confirm():
    desk = Desk("us", FULL)
    assert desk.code(CONFIRM, sendType=0, sendRequestList=[]) == 140020001


def test_shipping_in_seller_central_is_seen_by_the_api():
    desk, number = shippable()
    desk.control.ship_in_seller_central(number, USPS, "BYHAND000001")
    assert desk.result(ORDERS)["pageItems"][0]["parentOrderMap"]["parentOrderStatus"] == 4
    (row,) = desk.control.ledger(effect="order_shipped")
    assert row["api_type"] == "seller_central"


def test_a_shipped_order_cannot_be_cancelled():
    desk, number = shippable()
    desk.ship(desk.parcel(number))
    with pytest.raises(RefusedError, match="120012004"):
        desk.control.cancel_order(number)


def test_brazil_ships_with_temu_labels_only():
    world = quiet_world()
    desk = Desk("global", world=world)
    (number,) = desk.orders(1, area=None, region_id=29)
    assert code(desk.ship(desk.parcel(number))) == 120015537

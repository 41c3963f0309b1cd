"""Orders: list, detail, address (partner-api.md 4)."""

import pytest
from sandbox_desk import NOW_S, ORDERS, Desk

from temu_sandbox.world.seed import FULL, SEMI_TWO

DETAIL = "bg.order.detail.v2.get"
ADDRESS = "bg.order.shippinginfo.v2.get"


def numbers(result) -> list[str]:
    return [item["parentOrderMap"]["parentOrderSn"] for item in result["pageItems"]]


def pages(desk: Desk, size: int, **params) -> list[str]:
    found: list[str] = []
    page = 1
    while batch := numbers(desk.result(ORDERS, pageNumber=page, pageSize=size, **params)):
        found += batch
        page += 1
    return found


def test_the_default_page_is_ten_orders_newest_first():
    desk = Desk()
    made = desk.orders(15)
    assert numbers(desk.result(ORDERS)) == made[:-11:-1]


def test_pages_cover_every_order_once():
    desk = Desk()
    made = desk.orders(25)
    assert sorted(pages(desk, 7)) == sorted(made)


def test_the_total_counts_all_pages():
    desk = Desk()
    desk.orders(25)
    assert desk.result(ORDERS, pageSize=10)["totalItemNum"] == 25


def test_a_page_past_the_end_is_empty():
    desk = Desk()
    desk.orders(2)
    assert desk.result(ORDERS, pageNumber=9)["pageItems"] == []


@pytest.mark.parametrize("params", [{"pageSize": 101}, {"pageSize": 0}, {"pageNumber": 0}])
def test_page_limits_are_enforced(params):
    assert Desk().code(ORDERS, **params) == 3000000


def test_a_page_holds_100_orders_at_most():
    desk = Desk()
    desk.orders(101)
    assert len(desk.result(ORDERS, pageSize=100)["pageItems"]) == 100


@pytest.mark.parametrize(
    "name",
    ["createAfter", "createBefore", "updateAtStart", "updateAtEnd", "parentConfirmTimeStart",
     "parentConfirmTimeEnd", "expectShipLatestTimeStart", "expectShipLatestTimeEnd"],
)  # fmt: skip
def test_a_half_pair_of_times_is_refused_with_140020013(name):
    assert Desk().code(ORDERS, **{name: NOW_S}) == 140020013


def test_the_refusal_of_a_half_pair_names_the_missing_half():
    assert "updateAtEnd" in Desk().call(ORDERS, updateAtStart=NOW_S)["errorMsg"]


def test_a_time_in_milliseconds_is_refused_with_140020014():
    assert Desk().code(ORDERS, updateAtStart=NOW_S * 1000, updateAtEnd=NOW_S) == 140020014


def test_confirm_times_the_wrong_way_round_are_refused_with_140020012():
    pair = {"parentConfirmTimeStart": NOW_S, "parentConfirmTimeEnd": NOW_S}
    assert Desk().code(ORDERS, **pair) == 140020012


def test_time_windows_are_closed_at_both_ends():
    desk = Desk()
    made = desk.orders(5, spacing_s=10)
    window = {"updateAtStart": NOW_S - 30, "updateAtEnd": NOW_S - 10}
    assert sorted(numbers(desk.result(ORDERS, **window))) == made[1:4]


def test_creation_windows_filter_by_creation():
    desk = Desk()
    made = desk.orders(3, spacing_s=10)
    window = {"createAfter": NOW_S - 900, "createBefore": NOW_S - 900}
    assert numbers(desk.result(ORDERS, **window)) == [made[-1]]


def test_sorting_by_update_time_puts_a_touched_order_first():
    desk = Desk()
    made = desk.orders(5)
    desk.control.touch_orders([made[0]], NOW_S + 1)
    assert numbers(desk.result(ORDERS, sortby="updateTime"))[0] == made[0]
    assert numbers(desk.result(ORDERS))[0] == made[-1]


def test_ties_in_update_time_are_still_covered_once():
    desk = Desk()
    made = desk.orders(30, tie_every=30)
    assert sorted(pages(desk, 7, sortby="updateTime")) == sorted(made)


def test_shuffled_ties_come_in_another_order_at_another_call():
    desk = Desk()
    desk.orders(30, tie_every=30)
    desk.control.add_fault("shuffle_ties")
    first, second = (
        numbers(desk.result(ORDERS, pageSize=30, sortby="updateTime")) for _ in range(2)
    )
    assert first != second
    assert sorted(first) == sorted(second)


def test_tie_every_gives_neighbours_the_same_update_time():
    desk = Desk()
    desk.orders(6, tie_every=3)
    items = desk.result(ORDERS)["pageItems"]
    times = [item["parentOrderMap"]["updateTime"] for item in items]
    assert times == [NOW_S] * 3 + [NOW_S - 60] * 3


def test_a_status_filter_and_zero_for_all():
    desk = Desk()
    pending = desk.orders(2, status=1)
    desk.orders(3, status=2)
    assert sorted(numbers(desk.result(ORDERS, parentOrderStatus=1))) == pending
    assert desk.result(ORDERS, parentOrderStatus=0)["totalItemNum"] == 5


def test_orders_can_be_asked_for_by_number():
    desk = Desk()
    made = desk.orders(5)
    assert sorted(numbers(desk.result(ORDERS, parentOrderSnList=made[1:3]))) == made[1:3]


def test_at_most_20_numbers_are_taken():
    assert Desk().code(ORDERS, parentOrderSnList=["PO"] * 21) == 3000000
    assert Desk().code(ORDERS, parentOrderSnList=["PO"] * 20) == 1000000


def test_left_out_the_fulfilment_filter_means_seller_fulfilled_only():
    desk = Desk()
    own = desk.orders(1)
    desk.orders(1, fulfillment="fulfillByCooperativeWarehouse")
    assert numbers(desk.result(ORDERS)) == own
    both = ["fulfillBySeller", "fulfillByCooperativeWarehouse"]
    assert desk.result(ORDERS, fulfillmentTypeList=both)["totalItemNum"] == 2


def test_a_label_filter():
    desk = Desk()
    desk.orders(2)
    labelled = desk.orders(1, labels=["pending_buyer_cancellation"])
    found = desk.result(ORDERS, parentOrderLabel=["pending_buyer_cancellation"])
    assert numbers(found) == labelled


def test_a_sku_filter():
    desk = Desk()
    skus = [s.product_sku_id for s in desk.world.goods.page(desk.mall_id)[1][0].skus]
    wanted = desk.orders(1, skus=skus[:1])
    desk.orders(3, skus=skus[1:])
    line = desk.world.orders.get(wanted[0]).lines[0]
    assert numbers(desk.result(ORDERS, skuId=line.sku_id)) == wanted


@pytest.mark.parametrize(
    "params",
    [
        {"hasPreSaleOrder": True},
        {"hasQualificationRequiredOrder": True},
        {"packageAbnormalTypeList": ["NO_TRACK"]},
    ],
)
def test_a_filter_for_what_no_order_here_has_finds_none(params):
    desk = Desk()
    desk.orders(2)
    assert desk.result(ORDERS, **params)["totalItemNum"] == 0


def test_a_gateway_shows_its_own_regions_only():
    desk = Desk("us")
    desk.orders(1, area="eu")
    here = desk.orders(1)
    assert numbers(desk.result(ORDERS)) == here


def test_a_region_of_another_gateway_is_refused_with_120011072():
    assert Desk("us").code(ORDERS, regionId=76) == 120011072


def test_a_region_filter():
    desk = Desk("global")
    made = desk.orders(1)
    assert numbers(desk.result(ORDERS, regionId=160)) == made
    assert desk.result(ORDERS, regionId=128)["totalItemNum"] == 0


def test_other_malls_orders_are_not_shown():
    desk = Desk()
    desk.control.make_orders(SEMI_TWO, 2)
    assert desk.result(ORDERS)["totalItemNum"] == 0


@pytest.mark.parametrize("api_type", [ORDERS, DETAIL, ADDRESS])
def test_a_full_consignment_mall_has_no_order_api(api_type):
    assert Desk("us", FULL).code(api_type, parentOrderSn="PO-1") == 140020001


def test_a_pending_order_has_no_latest_ship_time_until_it_is_confirmed():
    desk = Desk()
    (number,) = desk.orders(1, status=1)
    assert desk.result(ORDERS)["pageItems"][0]["parentOrderMap"]["expectShipLatestTime"] is None
    desk.control.confirm_order(number)
    parent = desk.result(ORDERS)["pageItems"][0]["parentOrderMap"]
    assert (parent["parentOrderStatus"], parent["expectShipLatestTime"]) == (2, NOW_S + 172_800)


def test_a_cancelled_order_keeps_its_original_quantity():
    desk = Desk()
    (number,) = desk.orders(1, quantity=3)
    desk.world.advance_clock(60)
    desk.control.cancel_order(number)
    item = desk.result(ORDERS)["pageItems"][0]
    line = item["orderList"][0]
    quantities = (
        line["quantity"], line["originalOrderQuantity"], line["canceledQuantityBeforeShipment"],
    )  # fmt: skip
    assert quantities == (0, 3, 3)
    assert item["parentOrderMap"]["updateTime"] == NOW_S + 60


def test_a_line_names_its_sku_by_all_its_ids():
    desk = Desk()
    desk.orders(1)
    line = desk.result(ORDERS)["pageItems"][0]["orderList"][0]
    product = line["productList"][0]
    assert product["extCode"].startswith("M1-")
    assert product["soldFactor"] == 1
    assert all(isinstance(n, int) for n in (line["goodsId"], line["skuId"], product["productId"]))


def test_a_count_asked_for_twice_notices_new_orders():
    desk = Desk()
    desk.orders(2)
    assert desk.result(ORDERS)["totalItemNum"] == 2
    desk.orders(1)
    assert desk.result(ORDERS)["totalItemNum"] == 3


def test_the_detail_has_the_lines_but_no_update_time():
    desk = Desk()
    number = desk.orders(4)[-1]
    detail = desk.result(DETAIL, parentOrderSn=number)
    assert len(detail["orderList"]) == 2
    assert "updateTime" not in detail["parentOrderMap"]


@pytest.mark.parametrize("number", ["PO-211-1", "", "' OR 1=1 --", "PO\u202e🙂"])
def test_the_detail_of_an_unknown_order_is_140020002(number):
    assert Desk().code(DETAIL, parentOrderSn=number) == 140020002


def test_the_detail_without_a_number_is_bad_params():
    assert Desk().code(DETAIL) == 3000000


def test_the_address_is_masked():
    desk = Desk()
    (number,) = desk.orders(1, address={"receiptName": "Canary Buyer"})
    address = desk.result(ADDRESS, parentOrderSn=number)
    assert address["receiptName"] == "C*** B***"
    assert "Canary" not in str(address)


def test_an_address_is_given_6_times_an_order_and_day():
    desk = Desk()
    number, other = desk.orders(2)
    codes = [desk.code(ADDRESS, parentOrderSn=number) for _ in range(7)]
    assert codes == [1000000] * 6 + [2000000]
    assert desk.code(ADDRESS, parentOrderSn=other) == 1000000
    desk.world.advance_clock(86_400)
    assert desk.code(ADDRESS, parentOrderSn=number, timestamp=None) == 3000010
    assert desk.code(ADDRESS, parentOrderSn=number) == 1000000


def test_a_refused_address_call_does_not_count():
    desk = Desk()
    (number,) = desk.orders(1, status=1)
    assert {desk.code(ADDRESS, parentOrderSn=number) for _ in range(7)} == {180020004}
    desk.control.confirm_order(number)
    assert desk.code(ADDRESS, parentOrderSn=number) == 1000000


def test_the_address_of_an_unknown_order_is_180020003():
    assert Desk().code(ADDRESS, parentOrderSn="PO-211-1") == 180020003


def test_without_the_data_agreement_there_is_no_address():
    desk = Desk()
    (number,) = desk.orders(1)
    desk.control.set_mall(desk.mall_id, dpa_signed=False)
    assert desk.code(ADDRESS, parentOrderSn=number) == 180020008


def test_an_order_barred_from_self_delivery_gives_no_address():
    desk = Desk()
    (number,) = desk.orders(1, warnings=["RESTRICT_SELF_SHIPPING"])
    assert desk.code(ADDRESS, parentOrderSn=number) == 180020030

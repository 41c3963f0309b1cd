"""Orders: pages, one order, its address."""

import copy

import pytest
from openapi_kit import US_APP, US_TOKEN, lost, rig, success

from temu_openapi import TemuUnreachable, orders
from temu_openapi.orders import OrderQuery

FROM_S, TO_S = 1751857815, 1751868884
ITEM = {
    "parentOrderMap": {
        "parentOrderLabel": [
            {"name": "past_due", "value": 0},
            {"name": "soon_to_be_overdue", "value": 1},
        ],
        "shippingMethod": 1,
        "parentShippingTime": None,
        "updateTime": 1751868884,
        "latestDeliveryTime": 1754711999,
        "fulfillmentWarning": ["RESTRICT_FEDEX_SELF_SHIPPING"],
        "orderPaymentType": "PPD",
        "parentOrderTime": 1751857815,
        "batchOrderNumberList": None,
        "regionId": 211,
        "parentOrderSn": "PO-211-00822146499190001",
        "parentOrderPendingFinishTime": 1751858775,
        "siteId": 100,
        "expectShipLatestTime": 1751948159,
        "hasShippingFee": None,
        "parentOrderStatus": 2,
    },
    "orderList": [
        {
            "canceledQuantityBeforeShipment": 1,
            "quantity": 1,
            "originalOrderQuantity": 2,
            "orderSn": "211-00822188442230001",
            "earliestTimeBuyShippingLabel": None,
            "goodsId": 602979566500147,
            "orderLabel": [{"name": "US_to_CA", "value": 0}],
            "orderStatus": 2,
            "fulfillmentType": "fulfillBySeller",
            "isCancelledDuringPending": False,
            "spec": "Small",
            "thumbUrl": "https://img.test/1.jpeg",
            "goodsName": "Cup",
            "skuId": 38105486740359,
            "productList": [
                {"productSkuId": 617332859712, "soldFactor": 2, "extCode": "RED-M", "productId": 1}
            ],
        }
    ],
}


def changed(**parent):
    item = copy.deepcopy(ITEM)
    item["parentOrderMap"] |= parent
    return item


def page_of(*items):
    it = rig(success({"totalItemNum": len(items), "pageItems": list(items)}))
    return orders.order_page(it.client, US_APP, US_TOKEN, OrderQuery())


def test_a_parent_order_is_read_with_its_times_and_labels():
    (order,) = page_of(ITEM).orders
    assert (order.parent_order_sn, order.status) == ("PO-211-00822146499190001", orders.UN_SHIPPING)
    assert (order.expect_ship_latest_at_s, order.updated_at_s) == (1751948159, 1751868884)
    assert (order.region_id, order.labels) == ("211", ("soon_to_be_overdue",))
    assert order.shipped_at_s is None


def test_a_line_tells_what_is_to_be_fulfilled_and_of_what():
    (line,) = page_of(ITEM).orders[0].lines
    assert (line.quantity, line.original_quantity, line.canceled_before_shipment) == (1, 2, 1)
    assert (line.goods_id, line.sku_id) == ("602979566500147", "38105486740359")
    (product,) = line.products
    assert (product.product_sku_id, product.ext_code) == ("617332859712", "RED-M")
    assert product.sold_factor == 2


def test_an_order_keeps_the_answer_as_it_came_nulls_included():
    assert page_of(ITEM).orders[0].raw == ITEM


def test_an_unknown_status_is_kept():
    assert page_of(changed(parentOrderStatus=77)).orders[0].status == 77


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "text",
        [],
        {},
        {"parentOrderMap": {}, "orderList": []},
        {"parentOrderMap": ITEM["parentOrderMap"]},
        changed(parentOrderStatus="soon"),
        changed(parentOrderSn=None),
        ITEM | {"orderList": [{"orderSn": "1"}]},
    ],
)
def test_one_bad_order_does_not_break_the_page(bad):
    page = page_of(ITEM, bad, changed(parentOrderSn="PO-211-2"))
    assert [order.parent_order_sn[-1] for order in page.orders] == ["1", "2"]
    (unreadable,) = page.unreadable
    assert unreadable.raw == bad
    assert unreadable.reason


def test_a_page_without_items_is_empty():
    it = rig(success({"totalItemNum": 0, "pageItems": None}))
    assert orders.order_page(it.client, US_APP, US_TOKEN, OrderQuery()).orders == ()


def test_the_total_of_the_query_is_told():
    it = rig(success({"totalItemNum": 5143, "pageItems": []}))
    assert orders.order_page(it.client, US_APP, US_TOKEN, OrderQuery()).total == 5143


def test_the_query_goes_out_flat_under_temus_names():
    query = OrderQuery(
        page=3, updated_from_s=FROM_S, updated_to_s=TO_S, region_id="211", sort_by="updateTime"
    )
    assert orders.order_params(query) == {
        "pageNumber": 3,
        "pageSize": 100,
        "updateAtStart": FROM_S,
        "updateAtEnd": TO_S,
        "regionId": 211,
        "sortby": "updateTime",
    }


@pytest.mark.parametrize("pair", ["created", "updated", "confirmed", "ship_latest"])
@pytest.mark.parametrize("half", ["from_s", "to_s"])
def test_a_half_pair_of_times_is_refused_with_140020013(pair, half):
    with pytest.raises(ValueError, match="140020013"):
        OrderQuery(**{f"{pair}_{half}": FROM_S})


@pytest.mark.parametrize("time_s", [1751857815000, 0, -5, 1751857815.5])
def test_a_time_that_is_not_in_seconds_is_refused_with_140020014(time_s):
    with pytest.raises(ValueError, match="140020014"):
        OrderQuery(updated_from_s=time_s, updated_to_s=time_s)


def test_a_pair_of_times_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError, match="swap"):
        OrderQuery(created_from_s=TO_S, created_to_s=FROM_S)


def test_a_pair_of_equal_times_is_a_closed_interval():
    assert OrderQuery(updated_from_s=TO_S, updated_to_s=TO_S).updated_to_s == TO_S


@pytest.mark.parametrize(
    "wrong",
    [{"page": 0}, {"page_size": 101}, {"parent_order_sns": ("PO",) * 21}, {"sort_by": "name"}],
)
def test_a_query_that_temu_would_refuse_is_refused_here(wrong):
    with pytest.raises(ValueError):
        OrderQuery(**wrong)


def test_the_detail_of_an_order_has_its_packages():
    detail = copy.deepcopy(ITEM)
    del detail["parentOrderMap"]["updateTime"]
    detail["orderList"][0]["packageSnInfo"] = [
        {"packageSn": "PK-1", "packageDeliveryType": 1, "callSuccess": None}
    ]
    it = rig(success(detail))
    order = orders.order_detail(it.client, US_APP, US_TOKEN, "PO-211-00822146499190001")
    (package,) = order.lines[0].packages
    assert (package.package_sn, package.delivery_type, order.updated_at_s) == ("PK-1", 1, None)


@pytest.mark.parametrize("result", [None, {}, [], {"parentOrderMap": None}])
def test_a_detail_that_is_no_order_is_unexpected(result):
    with pytest.raises(TemuUnreachable) as caught:
        orders.order_detail(rig(success(result)).client, US_APP, US_TOKEN, "PO-1")
    assert caught.value.reason == "unexpected"


@pytest.mark.parametrize("name", ["", "  "])
def test_an_order_without_a_number_is_not_asked_for(name):
    with pytest.raises(ValueError, match="Name the parent order"):
        orders.shipping_info_params(name)


def test_an_address_is_read_and_its_repr_hides_it():
    it = rig(
        success(
            {
                "receiptName": "Buyer Test",
                "mobile": 12312312312,
                "postCode": 94103,
                "regionName1": "United States",
                "warning": None,
            }
        )
    )
    info = orders.shipping_info(it.client, US_APP, US_TOKEN, "PO-1")
    assert (info.receipt_name, info.mobile, info.post_code) == (
        "Buyer Test",
        "12312312312",
        "94103",
    )
    assert info.restriction_reason is None
    assert "Buyer" not in f"{info!r} {info}"


def test_a_withheld_address_tells_its_reason():
    it = rig(success({"warning": {"isRestriction": True, "reason": 2}}))
    assert orders.shipping_info(it.client, US_APP, US_TOKEN, "PO-1").restriction_reason == 2


def test_an_address_is_never_asked_for_twice_by_itself():
    it = rig(lost(), success({}))
    with pytest.raises(TemuUnreachable):
        orders.shipping_info(it.client, US_APP, US_TOKEN, "PO-1")
    assert it.asked == 1


def test_the_repr_of_an_order_leaves_the_raw_answer_out():
    (order,) = page_of(changed(paymentInfo=[{"paymentAuthCode": "private"}])).orders
    assert "private" not in repr(order)

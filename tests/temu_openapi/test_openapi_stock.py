"""Stock, read and written, of both kinds of store."""

import pytest
from openapi_kit import CN_APP, CN_TOKEN, lost, refusal, rig, success

from temu_openapi import TemuRefusal, TemuUnreachable, stock
from temu_openapi.stock import JitDiff, StockDiff, StockTarget

MALL = "634418000000001"
TARGET = StockTarget("7000000001", "WH-0001", 7)


def test_one_row_a_sku_and_warehouse_is_read():
    it = rig(
        success(
            {
                "total": 1,
                "productSkuStockList": [
                    {
                        "productSkuId": 7000000001,
                        "skuStockQuantity": 12,
                        "warehouseId": "WH-0001",
                        "warehouseName": "LA-1",
                        "shippingMode": 1,
                        "tempLockQuantity": 3,
                        "enablePreSale": False,
                    }
                ],
            }
        )
    )
    (row,) = stock.semi_stock(it.client, CN_APP, CN_TOKEN, "6000000001", MALL)
    assert (row.product_sku_id, row.warehouse_id, row.quantity) == ("7000000001", "WH-0001", 12)
    assert (row.locked, row.shipping_mode, row.warehouse_name) == (3, 1, "LA-1")


def test_a_quantity_that_may_not_be_seen_is_none_and_not_zero():
    it = rig(success({"productSkuStockList": [{"productSkuId": 7, "skuStockQuantity": None}]}))
    (row,) = stock.semi_stock(it.client, CN_APP, CN_TOKEN, "6", MALL)
    assert row.quantity is None


def test_a_target_is_sent_in_overwrite_mode_with_the_supplier():
    it = rig(success({}))
    stock.set_semi_stock(it.client, CN_APP, CN_TOKEN, MALL, [TARGET])
    sent = it.temu.requests[0]
    assert sent["quantityChangeMode"] == 2
    assert sent["openApiUser"] == {"supplierId": 634418000000001}
    assert sent["skuStockChangeList"] == [
        {"productSkuId": 7000000001, "warehouseId": "WH-0001", "targetStockAvailable": 7}
    ]


def test_a_target_is_sent_again_after_a_lost_answer():
    it = rig(lost(), success(None))
    stock.set_semi_stock(it.client, CN_APP, CN_TOKEN, MALL, [TARGET])
    assert it.asked == 2


def test_a_difference_is_never_sent_again_after_a_lost_answer():
    it = rig(lost(), success({}))
    with pytest.raises(TemuUnreachable):
        stock.adjust_semi_stock(it.client, CN_APP, CN_TOKEN, MALL, [StockDiff("7", "WH-1", -2)])
    assert it.asked == 1
    assert it.temu.requests[0]["quantityChangeMode"] == 1


@pytest.mark.parametrize("code", [2000000, 3000000])
def test_the_supplier_is_left_out_once_temu_complains_about_it(code):
    it = rig(refusal(code, "supplierId is invalid"), success({"productSkuStockList": []}))
    stock.semi_stock(it.client, CN_APP, CN_TOKEN, "6", MALL)
    with_supplier, without = it.temu.requests
    assert "openApiUser" in with_supplier
    assert "openApiUser" not in without


@pytest.mark.parametrize(("code", "message"), [(2000000, "业务异常"), (2000060, "supplierId")])
def test_another_refusal_is_no_complaint_about_the_supplier(code, message):
    it = rig(refusal(code, message), success({}))
    with pytest.raises(TemuRefusal):
        stock.semi_stock(it.client, CN_APP, CN_TOKEN, "6", MALL)
    assert it.asked == 1


def test_semi_stock_calls_keep_the_shops_pace():
    it = rig(*[success({"productSkuStockList": []})] * 3)
    for _ in range(3):
        stock.semi_stock(it.client, CN_APP, CN_TOKEN, "6", MALL)
    assert it.clock.passed_s == pytest.approx(1.0)


def test_warehouses_are_read_by_site():
    it = rig(
        success(
            {
                "warehouseDTOList": [
                    {
                        "siteId": 100,
                        "siteName": "US",
                        "validWarehouseList": [
                            {
                                "warehouseId": "WH-1",
                                "warehouseName": "A",
                                "warehouseDisable": True,
                                "managementType": "1",
                            }
                        ],
                    }
                ]
            }
        )
    )
    (site,) = stock.warehouses(it.client, CN_APP, CN_TOKEN, MALL, ["100"])
    (warehouse,) = site.warehouses
    assert (site.site_id, warehouse.warehouse_id) == ("100", "WH-1")
    assert (warehouse.disabled, warehouse.management_type) == (True, "1")
    assert it.temu.requests[0]["siteIdList"] == [100]


def test_jit_stock_is_read():
    it = rig(success({"productSkuStockList": [{"productSkuId": 7, "skuStockQuantity": 5}]}))
    (row,) = stock.jit_stock(it.client, CN_APP, CN_TOKEN, "6")
    assert (row.product_sku_id, row.quantity) == ("7", 5)


def test_a_jit_difference_is_sent_once():
    it = rig(lost(), success({}))
    with pytest.raises(TemuUnreachable) as caught:
        stock.adjust_jit_stock(it.client, CN_APP, CN_TOKEN, "6", [JitDiff("7", -3)])
    assert caught.value.may_have_happened
    (sent,) = it.temu.requests
    assert sent["skuVirtualStockChangeList"] == [{"productSkuId": 7, "virtualStockDiff": -3}]


@pytest.mark.parametrize(
    "make",
    [
        lambda: StockTarget("7", "WH-1", -1),
        lambda: StockTarget("7", "", 1),
        lambda: StockDiff("7", "WH-1", 0),
        lambda: JitDiff("7", 0),
    ],
)
def test_a_figure_that_temu_does_not_take_is_refused(make):
    with pytest.raises(ValueError, match="stock"):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: stock.set_semi_stock_params([]),
        lambda: stock.adjust_semi_stock_params([]),
        lambda: stock.adjust_jit_stock_params("6", []),
        lambda: stock.warehouses_params([]),
    ],
)
def test_an_empty_request_is_refused(make):
    with pytest.raises(ValueError, match="at least one"):
        make()

"""Products and stock (cn-pa-api.md 5, 6, 7)."""

import pytest
from sandbox_desk import STOCK, UPDATE_STOCK, Desk, stock_cells

from temu_sandbox.world.seed import FULL, SEMI_ONE

GOODS = "bg.glo.goods.list.get"
WAREHOUSES = "bg.btg.goods.stock.warehouse.list.get"
JIT_GET = "bg.qtg.stock.virtualinventoryjit.get"
JIT_EDIT = "bg.qtg.stock.virtualinventoryjit.edit"


def goods(desk: Desk, **params):
    return desk.result(GOODS, "pa", **params)


def update(desk: Desk, *changes, mode: int | None = 2):
    return desk.call(UPDATE_STOCK, "pa", quantityChangeMode=mode, skuStockChangeList=list(changes))


def cell_change(cell, **change):
    return {
        "productSkuId": cell["productSkuId"],
        "warehouseId": cell["warehouseId"],
        **change,
    }


def jit_desk():
    desk = Desk("cn", FULL)
    skc = desk.world.goods.page(FULL)[1][0]
    return desk, skc


def edit_jit(desk: Desk, skc, diff: int):
    change = {"productSkuId": skc.skus[0].product_sku_id, "virtualStockDiff": diff}
    return desk.call(
        JIT_EDIT, "pa", productSkcId=skc.product_skc_id, skuVirtualStockChangeList=[change]
    )


def jit_quantity(desk: Desk, skc) -> int:
    rows = desk.result(JIT_GET, "pa", productSkcId=skc.product_skc_id)["productSkuStockList"]
    return rows[0]["skuStockQuantity"]


def test_the_goods_list_has_a_row_for_each_skc():
    found = goods(Desk("cn"), page=1, pageSize=100)
    assert found["totalCount"] == 40
    assert len({row["productSkcId"] for row in found["data"]}) == 40
    assert sum(len(row["productSkuSummaries"]) for row in found["data"]) == 90


def test_the_old_and_the_new_name_of_the_goods_list_answer_alike():
    desk = Desk("cn")
    assert desk.result("temu.goods.list.get", "pa") == goods(desk)


def test_pages_of_goods_cover_every_skc_once():
    desk = Desk("cn")
    rows = [r["productSkcId"] for p in (1, 2, 3) for r in goods(desk, page=p, pageSize=15)["data"]]
    assert len(rows) == len(set(rows)) == 40


@pytest.mark.parametrize("params", [{"pageSize": 101}, {"pageSize": 0}, {"page": 0}])
def test_goods_page_limits_are_1000003(params):
    assert Desk("cn").code(GOODS, "pa", **params) == 1000003


def test_goods_can_be_asked_for_by_skc_name_and_code():
    desk = Desk("cn")
    row = goods(desk, pageSize=1)["data"][0]
    by_id = goods(desk, productSkcIds=[row["productSkcId"]])
    by_code = goods(desk, skcExtCode=row["extCode"])
    assert by_id["data"] == by_code["data"] == [row]
    assert goods(desk, productName="保温杯")["totalCount"] == 5


@pytest.mark.parametrize(
    ("params", "total"),
    [
        ({"matchJitMode": True}, 0),
        ({"matchJitMode": False}, 40),
        ({"bindSiteIds": [100]}, 40),
        ({"bindSiteIds": [101]}, 0),
        ({"cat1Id": 1201}, 5),
        ({"cat2Id": 1201}, 0),
        ({"skcTopStatus": 300}, 0),
        ({"isSupportPersonalization": True}, 0),
    ],
)
def test_every_documented_goods_filter_filters(params, total):
    assert goods(Desk("cn"), **params)["totalCount"] == total


def test_goods_show_weights_in_milligrams_and_lengths_in_millimetres():
    sku = goods(Desk("cn"), pageSize=1)["data"][0]["productSkuSummaries"][0]
    outside = sku["productSkuWhExtAttr"]
    assert outside["productSkuWeight"] == {"value": 250_000}
    assert outside["productSkuVolume"] == {"len": 200, "width": 120, "height": 60}


def test_a_full_consignment_product_is_in_jit_mode_and_has_no_semi_part():
    row = goods(Desk("cn", FULL), pageSize=1)["data"][0]
    assert row["productJitMode"]["matchJitMode"] is True
    assert row["productSemiManaged"] is None


def test_semi_stock_has_a_row_for_each_sku_and_warehouse():
    cells = stock_cells(Desk("cn"))
    assert {cell["warehouseName"] for cell in cells} == {"LA-1", "Berlin-1"}
    assert len(cells) == 2 * len({cell["productSkuId"] for cell in cells})


def test_the_virtual_stock_of_the_list_is_the_sum_over_warehouses():
    desk = Desk("cn")
    cells = stock_cells(desk)
    sku = goods(desk, pageSize=1)["data"][0]["productSkuSummaries"][0]
    mine = [c["skuStockQuantity"] for c in cells if c["productSkuId"] == sku["productSkuId"]]
    assert sku["virtualStock"] == sum(mine)


def test_overwriting_sets_the_figure_and_answers_with_an_empty_object():
    desk = Desk("cn")
    cell = stock_cells(desk)[0]
    assert update(desk, cell_change(cell, targetStockAvailable=7))["result"] == {}
    assert stock_cells(desk)[0]["skuStockQuantity"] == 7


def test_overwriting_twice_is_the_same_as_once():
    desk = Desk("cn")
    cell = stock_cells(desk)[0]
    for _ in range(2):
        update(desk, cell_change(cell, targetStockAvailable=7))
    assert stock_cells(desk)[0]["skuStockQuantity"] == 7


def test_the_default_mode_adds_differences():
    desk = Desk("cn")
    cell = stock_cells(desk)[0]
    for diff in (5, -2):
        update(desk, cell_change(cell, stockDiff=diff), mode=None)
    assert stock_cells(desk)[0]["skuStockQuantity"] == cell["skuStockQuantity"] + 3


@pytest.mark.parametrize(
    ("mode", "change"),
    [
        (2, {"targetStockAvailable": -1}),
        (2, {}),
        (1, {"stockDiff": 0}),
        (1, {"stockDiff": -100_000}),
        (3, {"targetStockAvailable": 1}),
        (2, {"targetStockAvailable": 1, "warehouseId": ""}),
        (2, {"targetStockAvailable": 1, "warehouseId": "WH-1"}),
        (2, {"targetStockAvailable": 1, "productSkuId": 1}),
    ],
)
def test_a_wrong_stock_change_is_2000000_and_changes_nothing(mode, change):
    desk = Desk("cn")
    before = stock_cells(desk)
    assert update(desk, cell_change(before[0], **change), mode=mode)["errorCode"] == 2000000
    assert stock_cells(desk) == before
    assert desk.control.ledger(effect="stock_changed") == []


def test_one_refused_sku_refuses_the_whole_call():
    desk = Desk("cn")
    before = stock_cells(desk)
    update(
        desk,
        cell_change(before[0], targetStockAvailable=1),
        cell_change(before[1], targetStockAvailable=10**9),
    )
    assert stock_cells(desk) == before


def test_stock_that_is_not_a_number_is_refused_by_path():
    desk = Desk("cn")
    answer = update(desk, cell_change(stock_cells(desk)[0], targetStockAvailable="7"))
    assert answer["errorCode"] == 3000000
    assert "skuStockChangeList[0].targetStockAvailable" in answer["errorMsg"]


def test_the_platforms_cap_stands_at_the_end_of_the_message():
    desk = Desk("cn")
    desk.control.set_mall(SEMI_ONE, stock_cap=50)
    answer = update(desk, cell_change(stock_cells(desk)[0], targetStockAvailable=51))
    assert answer["errorCode"] == 2000000
    assert answer["errorMsg"].endswith("为50")


def test_stock_that_may_not_be_seen_is_null_and_cannot_be_pushed():
    desk = Desk("cn")
    cell = stock_cells(desk)[0]
    desk.control.set_sku(cell["productSkuId"], viewable=False)
    assert stock_cells(desk)[0]["skuStockQuantity"] is None
    assert update(desk, cell_change(cell, targetStockAvailable=1))["errorCode"] == 2000000


def test_a_stock_change_is_in_the_ledger_with_before_and_after():
    desk = Desk("cn")
    cell = stock_cells(desk)[0]
    update(desk, cell_change(cell, targetStockAvailable=7))
    (row,) = desk.control.ledger(effect="stock_changed")
    assert row["subject"] == str(cell["productSkuId"])
    assert row["api_type"] == UPDATE_STOCK
    assert (row["details"]["before"], row["details"]["after"]) == (cell["skuStockQuantity"], 7)


def test_stock_typed_in_seller_central_is_seen_by_the_api():
    desk = Desk("cn")
    cell = stock_cells(desk)[0]
    sku, home = cell["productSkuId"], cell["warehouseId"]
    desk.control.set_stock_in_seller_central(SEMI_ONE, sku, 3, home)
    assert stock_cells(desk)[0]["skuStockQuantity"] == 3
    assert desk.control.ledger(effect="stock_changed")[0]["api_type"] == "seller_central"


def test_the_stock_of_an_skc_the_mall_has_not_is_refused():
    assert Desk("cn").code(STOCK, "pa", productSkcId=1) == 2000000
    assert Desk("cn").code(STOCK, "pa") == 3000000


def test_another_malls_sku_cannot_be_changed():
    desk = Desk("cn")
    theirs = desk.world.goods.page(FULL)[1][0].skus[0].product_sku_id
    change = {"productSkuId": theirs, "warehouseId": desk.warehouse(), "targetStockAvailable": 1}
    assert update(desk, change)["errorCode"] == 2000000


def test_warehouses_are_listed_by_site():
    (site,) = Desk("cn").result(WAREHOUSES, "pa", siteIdList=[100])["warehouseDTOList"]
    names = [warehouse["warehouseName"] for warehouse in site["validWarehouseList"]]
    assert (site["siteName"], names) == ("美国站", ["LA-1", "NJ-2"])


def test_warehouses_of_a_full_consignment_mall_are_2000060():
    assert Desk("cn", FULL).code(WAREHOUSES, "pa", siteIdList=[100]) == 2000060


def test_semi_stock_calls_are_refused_to_a_full_consignment_mall():
    assert Desk("cn", FULL).code(STOCK, "pa", productSkcId=1) == 2000000


def test_jit_stock_takes_differences():
    desk, skc = jit_desk()
    before = jit_quantity(desk, skc)
    assert edit_jit(desk, skc, 4)["result"] == {}
    assert jit_quantity(desk, skc) == before + 4
    assert desk.control.ledger(effect="jit_stock_changed")[0]["details"]["after"] == before + 4


def test_a_jit_difference_of_zero_is_refused():
    desk, skc = jit_desk()
    assert edit_jit(desk, skc, 0)["errorCode"] == 2000000


def test_in_a_promotion_jit_stock_may_rise_but_not_fall():
    desk, skc = jit_desk()
    desk.control.set_sku(skc.skus[0].product_sku_id, in_promotion=True)
    assert edit_jit(desk, skc, -1)["errorCode"] == 2000037
    assert edit_jit(desk, skc, 1)["success"]


def test_jit_stock_does_not_fall_below_nothing():
    desk, skc = jit_desk()
    assert edit_jit(desk, skc, -100_000)["errorCode"] == 2000038


def test_jit_stock_of_a_semi_mall_says_the_mall_is_not_full():
    answer = Desk("cn").call(JIT_GET, "pa", productSkcId=1)
    assert answer["errorMsg"] == "店铺类型非全托管"

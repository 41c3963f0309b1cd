"""Listings, one row an SKC."""

import pytest
from openapi_kit import CN_APP, CN_TOKEN, rig, success

from temu_openapi import goods

ROW = {
    "productId": 5000000001,
    "productSkcId": 6000000001,
    "productName": "杯子",
    "extCode": "SKC-RED",
    "mainImageUrl": "https://img.test/1.jpg",
    "createdAt": 1735689600000,
    "skcSiteStatus": 1,
    "leafCat": {"catId": 123, "catName": "Cups"},
    "productSemiManaged": {"bindSites": [{"siteId": 100, "siteName": "美国站"}]},
    "productJitMode": {"matchJitMode": False},
    "productSkuSummaries": [
        {
            "productSkuId": 7000000001,
            "extCode": "RED-M",
            "virtualStock": 12,
            "productSkuSpecList": [
                {"parentSpecId": 1001, "parentSpecName": "颜色", "specId": 2001, "specName": "红"}
            ],
            "productSkuWhExtAttr": {
                "productSkuWeight": {"value": 250000},
                "productSkuVolume": {"len": 200, "width": 100, "height": 50},
            },
            "productSkuSaleExtAttr": {"productSkuShippingMode": 1},
        }
    ],
}
BARE = {"productId": 1, "productSkcId": 2, "extCode": None, "productSkuSummaries": None}


def page_of(*rows):
    it = rig(success({"totalCount": len(rows), "data": list(rows)}))
    return goods.goods_page(it.client, CN_APP, CN_TOKEN, 1)


def test_ids_are_text_and_times_and_sizes_keep_temus_units():
    (skc,) = page_of(ROW).rows
    (sku,) = skc.skus
    assert (skc.product_id, skc.product_skc_id) == ("5000000001", "6000000001")
    assert skc.created_at_ms == 1735689600000
    assert (sku.weight_mg, sku.length_mm, sku.width_mm, sku.height_mm) == (250000, 200, 100, 50)


def test_a_sku_has_its_code_stock_specs_and_shipping_mode():
    (sku,) = page_of(ROW).rows[0].skus
    assert (sku.product_sku_id, sku.ext_code, sku.virtual_stock) == ("7000000001", "RED-M", 12)
    assert [(spec.parent_spec_name, spec.spec_name) for spec in sku.specs] == [("颜色", "红")]
    assert sku.shipping_mode == 1


def test_the_sites_of_a_semi_product_are_read():
    assert [site.site_id for site in page_of(ROW).rows[0].sites] == ["100"]


def test_a_row_with_nulls_is_a_row_without_them():
    (skc,) = page_of(BARE).rows
    assert (skc.ext_code, skc.skus, skc.sites, skc.created_at_ms) == ("", (), (), None)


def test_siblings_of_one_product_stay_two_rows():
    page = page_of(ROW, ROW | {"productSkcId": 6000000002})
    assert [skc.product_skc_id for skc in page.rows] == ["6000000001", "6000000002"]
    assert page.total == 2


def test_an_empty_list_is_an_empty_page():
    assert page_of().rows == ()


def test_filters_go_out_under_temus_names():
    it = rig(success({"totalCount": 0, "data": []}))
    goods.goods_page(
        it.client, CN_APP, CN_TOKEN, 2, 50, product_skc_ids=["6"], created_at_start_ms=1
    )
    sent = it.temu.requests[0]
    assert (sent["page"], sent["pageSize"], sent["productSkcIds"]) == (2, 50, [6])
    assert sent["createdAtStart"] == 1
    assert "productName" not in sent


@pytest.mark.parametrize(("page", "size"), [(0, 10), (1, 0), (1, 101)])
def test_a_page_that_temu_does_not_have_is_refused(page, size):
    with pytest.raises(ValueError, match="1 to 100"):
        goods.goods_params(page, size)


def test_an_id_that_is_no_number_is_refused_by_name():
    with pytest.raises(ValueError, match="productSkcIds"):
        goods.goods_params(1, product_skc_ids=["6; DROP TABLE"])

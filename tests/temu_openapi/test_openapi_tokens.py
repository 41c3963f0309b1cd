"""What Temu says of a token and a mall."""

import pytest
from openapi_kit import CN_APP, CN_TOKEN, US_APP, US_TOKEN, rig, success

from temu_openapi import TemuUnreachable, tokens

PARTNER_INFO = {
    "mallId": 1024,
    "expiredTime": 1765634102,
    "apiScopeList": ["bg.order.list.v2.get", "bg.open.accesstoken.info.get"],
    "appSubscribeStatus": 0,
    "authEventCodeList": [],
    "mallType": 1,
    "regionId": 211,
    "semiUniqueId": "semi-1",
}


def test_an_order_tokens_mall_end_and_permissions_are_read():
    it = rig(success(PARTNER_INFO))
    info = tokens.token_info(it.client, US_APP, US_TOKEN)
    assert (info.mall_id, info.expires_at_s, info.mall_type) == ("1024", 1765634102, 1)
    assert (info.region_id, info.semi_unique_id) == ("211", "semi-1")
    assert info.scopes == ("bg.order.list.v2.get", "bg.open.accesstoken.info.get")
    assert it.temu.paths == ["/us/openapi/router"]


def test_a_product_token_is_asked_about_at_cn():
    it = rig(success({"mallId": 634418000000001, "expiredTime": "1790000000", "apiScopeList": []}))
    info = tokens.token_info(it.client, CN_APP, CN_TOKEN)
    assert (info.mall_id, info.expires_at_s) == ("634418000000001", 1790000000)
    assert it.temu.paths == ["/cn/openapi/router"]


def test_pa_gives_a_name_and_a_unique_id_instead_of_the_mall_id():
    it = rig(success({"mallName": "Demo", "uniqueId": "u-1", "expiredTime": 1790000000}))
    info = tokens.token_info_global(it.client, CN_APP, CN_TOKEN)
    assert (info.mall_id, info.mall_name, info.unique_id) == (None, "Demo", "u-1")
    assert it.temu.paths == ["/pa/openapi/router"]


@pytest.mark.parametrize("result", [{}, None, {"expiredTime": None, "apiScopeList": None}])
def test_what_temu_leaves_out_is_none_or_empty(result):
    info = tokens.token_info(rig(success(result)).client, US_APP, US_TOKEN)
    assert (info.mall_id, info.expires_at_s, info.scopes) == (None, None, ())


@pytest.mark.parametrize("semi", [True, False])
def test_the_store_type_is_read(semi):
    it = rig(success({"semiManagedMall": semi, "isThriftStore": not semi}))
    info = tokens.mall_info(it.client, CN_APP, CN_TOKEN)
    assert (info.semi_managed, info.thrift) == (semi, not semi)


def test_a_store_type_that_is_left_out_is_not_guessed():
    with pytest.raises(TemuUnreachable) as caught:
        tokens.mall_info(rig(success({})).client, CN_APP, CN_TOKEN)
    assert caught.value.reason == "unexpected"

"""Each API type goes to the gateway where it lives."""

import pytest

from temu_openapi.areas import (
    API_TYPES,
    APP_AREA,
    GATEWAYS,
    TOKEN_KIND,
    Area,
    Gateways,
    TokenKind,
    api_type_of,
    area_of,
)


@pytest.mark.parametrize(
    ("api_type", "token_area", "gateway"),
    [
        ("bg.open.accesstoken.info.get", Area.CN, Area.CN),
        ("bg.open.accesstoken.info.get", Area.PA, Area.CN),
        ("bg.open.accesstoken.info.get", Area.US, Area.US),
        ("bg.open.accesstoken.info.get", Area.GLOBAL, Area.GLOBAL),
        ("bg.open.accesstoken.info.get.global", Area.CN, Area.PA),
        ("bg.mall.info.get", Area.CN, Area.CN),
        ("bg.glo.goods.list.get", Area.CN, Area.PA),
        ("bg.glo.goods.list.get", Area.PA, Area.PA),
        ("bg.order.list.v2.get", Area.EU, Area.EU),
    ],
)
def test_the_type_and_the_tokens_area_choose_the_gateway(api_type, token_area, gateway):
    assert area_of(api_type, token_area) is gateway


@pytest.mark.parametrize(
    ("api_type", "token_area"),
    [("bg.glo.goods.list.get", Area.US), ("bg.order.list.v2.get", Area.CN)],
)
def test_a_token_of_another_area_cannot_call_a_type(api_type, token_area):
    with pytest.raises(ValueError, match="cannot call it"):
        area_of(api_type, token_area)


def test_an_unknown_type_is_named_in_the_refusal():
    with pytest.raises(ValueError, match=r"bg\.made\.up"):
        api_type_of("bg.made.up")


def test_the_cn_app_signs_for_pa():
    assert APP_AREA[Area.PA] is Area.CN
    assert all(APP_AREA[area] is area for area in Area if area is not Area.PA)


def test_cn_and_pa_take_the_product_token_and_the_others_the_order_token():
    product = {area for area in Area if TOKEN_KIND[area] is TokenKind.PRODUCT}
    assert product == {Area.CN, Area.PA}


@pytest.mark.parametrize(
    "api_type",
    [
        "bg.btg.goods.stock.quantity.update",
        "bg.qtg.stock.virtualinventoryjit.edit",
        "bg.logistics.shipment.v2.confirm",
        "bg.order.shippinginfo.v2.get",
    ],
)
def test_what_has_an_effect_or_spends_a_quota_is_not_idempotent(api_type):
    assert not api_type_of(api_type).idempotent


def test_only_semi_stock_calls_are_limited_by_shop():
    limited = {name for name, kind in API_TYPES.items() if kind.shop_limited}
    assert limited == {name for name in API_TYPES if name.startswith("bg.btg.goods.stock.")}


def test_without_settings_the_gateways_are_temus_own():
    gateways = Gateways.from_environment({})
    assert gateways.url(Area.CN) == "https://openapi.kuajingmaihuo.com/openapi/router"
    assert all(gateways.url(area).startswith(GATEWAYS[area]) for area in Area)


def test_a_gateway_is_taken_from_the_environment():
    gateways = Gateways.from_environment({"TEMU_GATEWAY_US": " http://127.0.0.1:8000/us/ "})
    assert gateways.url(Area.US) == "http://127.0.0.1:8000/us/openapi/router"
    assert gateways.url(Area.EU).startswith(GATEWAYS[Area.EU])


def test_a_gateway_given_with_its_router_path_is_understood():
    gateways = Gateways.from_environment({"TEMU_GATEWAY_PA": "https://a.test/openapi/router"})
    assert gateways.url(Area.PA) == "https://a.test/openapi/router"


@pytest.mark.parametrize(
    "base",
    [
        "localhost:80",
        "ftp://a.test",
        "http://",
        "http://a.test:x",
        "http://u:p@a.test",
        "http://[",
        "http://a.test?x=1",
    ],
)
def test_a_gateway_that_is_no_web_address_is_refused_by_its_name(base):
    with pytest.raises(ValueError, match="TEMU_GATEWAY_EU is no web address"):
        Gateways.from_environment({"TEMU_GATEWAY_EU": base})

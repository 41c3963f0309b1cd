"""What the gateways refuse before an API type is asked, in both error families."""

import json

import pytest
from sandbox_desk import NOW_S, ORDERS, SUCCESS, TOKEN_INFO, Desk, quiet_world

from temu_sandbox.world.seed import FULL, SEMI_ONE

FAMILIES = pytest.mark.parametrize("area", ["cn", "us"])


def missing(desk: Desk, name: str) -> int:
    body = {key: value for key, value in desk.body(TOKEN_INFO).items() if key != name}
    return desk.send(body).get_json()["errorCode"]


@pytest.mark.parametrize(
    ("name", "cn", "us"),
    [
        ("type", 7000000, 3000002),
        ("app_key", 7000002, 3000025),
        ("access_token", 7000003, 3000030),
        ("timestamp", 7000008, 3000010),
        ("sign", 7000014, 3000040),
    ],
)
def test_a_missing_common_parameter_has_its_own_code(name, cn, us):
    assert (missing(Desk("cn"), name), missing(Desk("us"), name)) == (cn, us)


def test_data_type_is_required_by_the_partner_family():
    assert Desk("us").code(TOKEN_INFO, data_type=None) == 3000013


def test_data_type_may_be_left_out_on_cn():
    assert Desk("cn").code(TOKEN_INFO, data_type=None) == SUCCESS


@pytest.mark.parametrize(("area", "code"), [("cn", 7000013), ("us", 3000014)])
def test_another_data_type_than_json_is_refused(area, code):
    assert Desk(area).code(TOKEN_INFO, data_type="XML") == code


def test_data_type_is_read_without_regard_to_case():
    assert Desk("us").code(TOKEN_INFO, data_type="json") == SUCCESS


@pytest.mark.parametrize(("area", "code"), [("cn", 7000016), ("us", 3000003)])
def test_a_type_of_another_gateway_does_not_exist_here(area, code):
    assert Desk(area).code("bg.glo.goods.list.get") == code


@pytest.mark.parametrize(("area", "code"), [("cn", 7000015), ("us", 3000001)])
def test_a_wrong_sign_is_refused(area, code):
    desk = Desk(area)
    assert desk.send({**desk.body(TOKEN_INFO), "sign": "0" * 32}).get_json()["errorCode"] == code


def test_a_wrong_app_secret_shows_as_a_wrong_sign():
    desk = Desk()
    desk.secret = "sandbox-secret-eu"
    assert desk.code(TOKEN_INFO) == 3000001


def test_the_sign_is_checked_before_the_token():
    desk = Desk()
    body = {**desk.body(TOKEN_INFO, access_token="nobody"), "sign": "0" * 32}
    assert desk.send(body).get_json()["errorCode"] == 3000001


def test_a_boolean_signed_as_python_writes_it_is_refused():
    desk = Desk()
    body = desk.body(ORDERS, hasPreSaleOrder="True")
    assert desk.send({**body, "hasPreSaleOrder": True}).get_json()["errorCode"] == 3000001


@pytest.mark.parametrize(("area", "code"), [("cn", 7000005), ("us", 3000026)])
def test_an_unknown_app_key_is_refused(area, code):
    assert Desk(area).code(TOKEN_INFO, app_key="nobody") == code


@pytest.mark.parametrize(
    ("seconds", "cn", "us"),
    [(-301, 7000010, 3000012), (301, 7000011, 3000011), (-300, SUCCESS, SUCCESS),
     (300, SUCCESS, SUCCESS)],
)  # fmt: skip
def test_a_timestamp_must_be_within_300_seconds(seconds, cn, us):
    stamp = str(NOW_S + seconds)
    codes = tuple(Desk(area).code(TOKEN_INFO, timestamp=stamp) for area in ("cn", "us"))
    assert codes == (cn, us)


def test_a_timestamp_may_be_a_number():
    assert Desk().code(TOKEN_INFO, timestamp=NOW_S) == SUCCESS


def test_a_timestamp_in_milliseconds_is_refused():
    assert Desk().code(TOKEN_INFO, timestamp=NOW_S * 1000) == 3000011


def test_the_date_header_tells_the_worlds_clock():
    desk = Desk()
    assert desk.send(desk.body(TOKEN_INFO)).headers["Date"] == "Fri, 15 Jan 2027 08:00:00 GMT"


@pytest.mark.parametrize(("area", "code"), [("cn", 7000018), ("us", 3000031)])
def test_a_token_nobody_issued_does_not_exist(area, code):
    assert Desk(area).code(TOKEN_INFO, access_token="x" * 56) == code


@pytest.mark.parametrize(("area", "code"), [("cn", 7000006), ("us", 3000033)])
def test_a_token_of_another_app_does_not_map(area, code):
    desk = Desk(area)
    other = desk.control.grant(SEMI_ONE, f"sandbox-other-app-{area}", area)
    assert desk.code(TOKEN_INFO, access_token=other["token"]) == code


@pytest.mark.parametrize(("area", "code"), [("cn", 7000018), ("us", 3000031)])
def test_a_token_of_another_area_is_refused(area, code):
    desk = Desk(area)
    other = desk.control.grant(SEMI_ONE, "sandbox-app-eu", "eu")
    assert desk.code(TOKEN_INFO, access_token=other["token"]) == code


@pytest.mark.parametrize(
    ("area", "package", "api_type", "code"),
    [("cn", "货品API组", "bg.mall.info.get", 7000022),
     ("us", "Semi Basic Management", ORDERS, 3000032)],
)  # fmt: skip
def test_a_permission_not_ticked_is_a_missing_scope(area, package, api_type, code):
    assert Desk(area, packages=[package]).code(api_type) == code


@pytest.mark.parametrize(("area", "code"), [("cn", 7000005), ("us", 3000028)])
def test_a_suspended_app_is_refused(area, code):
    desk = Desk(area)
    desk.control.suspend_app(desk.app_key)
    assert desk.code(TOKEN_INFO) == code
    desk.control.suspend_app(desk.app_key, suspended=False)
    assert desk.code(TOKEN_INFO) == SUCCESS


@FAMILIES
def test_an_address_that_is_not_on_the_apps_list_is_refused(area):
    desk = Desk(area)
    desk.control.set_ip_list(desk.app_key, ["192.0.2.7"])
    assert desk.code(TOKEN_INFO) == 5000003
    desk.control.set_ip_list(desk.app_key, ["127.0.0.1"])
    assert desk.code(TOKEN_INFO) == SUCCESS


@pytest.mark.parametrize(("area", "code"), [("cn", 7000005), ("us", 3000027)])
def test_an_api_type_closed_to_the_app_is_refused(area, code):
    desk = Desk(area)
    desk.control.set_app_scopes(desk.app_key, ["bg.mall.info.get"])
    assert desk.code(TOKEN_INFO) == code


@FAMILIES
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'"text"', b"\x00", b"null"])
def test_a_body_that_is_no_json_object_is_bad_params(area, body):
    assert Desk(area).send(body).get_json()["errorCode"] == 3000000


def test_a_wrong_type_is_refused_with_the_path_of_the_field():
    answer = Desk().call(ORDERS, pageNumber="1")
    assert answer["errorCode"] == 3000000
    assert "pageNumber" in answer["errorMsg"]


def test_a_wrong_type_inside_a_list_is_named_by_its_place():
    answer = Desk().call(ORDERS, parentOrderSnList=["PO-1", 2])
    assert "parentOrderSnList[1]" in answer["errorMsg"]


def test_unknown_keys_are_ignored_without_a_word():
    desk = Desk()
    desk.orders(3)
    assert desk.result(ORDERS, request={"pageSize": 1}, page=9)["totalItemNum"] == 3


def test_errors_are_http_200_with_the_whole_envelope():
    desk = Desk()
    response = desk.send(desk.body(TOKEN_INFO, access_token="x"))
    assert response.status_code == 200
    assert set(response.get_json()) == {
        "success", "requestId", "errorCode", "errorMsg", "result",
    }  # fmt: skip
    assert response.get_json()["success"] is False


@pytest.mark.parametrize(
    ("area", "prefix"),
    [("us", "us-"), ("eu", "eu-"), ("global", "gl-"), ("cn", "cn-")],
)
def test_the_request_id_begins_with_the_area(area, prefix):
    desk = Desk(area)
    first, second = (desk.call(TOKEN_INFO)["requestId"] for _ in range(2))
    assert first.startswith(prefix)
    assert first != second


def test_pa_speaks_the_cn_family_unless_told_otherwise():
    assert Desk("cn").code("no.such.type", "pa") == 7000016
    assert Desk("cn", world=quiet_world(pa_family="partner")).code("no.such.type", "pa") == 3000003


def test_a_secret_or_token_is_never_in_an_answer_that_refuses():
    desk = Desk()
    body = desk.body(TOKEN_INFO, timestamp=str(NOW_S - 1000))
    text = desk.send(body).get_data(as_text=True)
    assert desk.grant["token"] not in text
    assert desk.secret not in text


def test_the_cn_token_serves_both_cn_and_pa():
    desk = Desk("cn")
    cn, pa = desk.result(TOKEN_INFO), desk.result(f"{TOKEN_INFO}.global", "pa")
    assert cn["mallId"] == SEMI_ONE
    assert cn["expiredTime"] == pa["expiredTime"]
    assert pa["mallName"] == "Demo Home Goods"


def test_mall_info_tells_semi_from_full():
    told = [Desk("cn", mall).result("bg.mall.info.get") for mall in (SEMI_ONE, FULL)]
    assert [each["semiManagedMall"] for each in told] == [True, False]


def test_order_token_info_tells_mall_region_and_mall_type():
    told = Desk("eu").result(TOKEN_INFO)
    assert (told["mallId"], told["mallType"], told["regionId"]) == (SEMI_ONE, 1, 76)


def test_get_is_not_a_call():
    assert Desk().client.get("/us/openapi/router").status_code == 405


def test_deeply_nested_json_is_refused_and_not_a_crash():
    body = b'{"type":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    assert Desk().send(body).get_json()["errorCode"] == 3000000


@pytest.mark.parametrize(
    "text", ["\x00", "\u202e", "🙂", "<script>", "' OR 1=1", "x" * 10_000, "\ud800", " "]
)
def test_strange_text_in_any_common_parameter_is_refused_and_not_a_crash(text):
    for name in ("type", "app_key", "access_token", "timestamp", "sign"):
        body = {**Desk().body(TOKEN_INFO), name: text}
        assert Desk().send(body).get_json()["success"] is False


@pytest.mark.parametrize("number", [10**30, -1, 1.5, True, 2**63])
def test_strange_numbers_are_refused_and_not_a_crash(number):
    desk = Desk("us")
    assert desk.code(ORDERS, pageNumber=number) == 3000000
    assert Desk("cn").code("bg.btg.goods.stock.quantity.get", "pa", productSkcId=number) in (
        3000000,
        2000000,
    )


def test_a_large_harmless_key_does_not_hurt():
    desk = Desk()
    assert desk.code(TOKEN_INFO, junk="x" * 1_000_000) == SUCCESS
    assert json.dumps(desk.control.counts())

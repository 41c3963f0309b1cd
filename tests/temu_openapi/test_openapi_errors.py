"""Refusals of both code families come to one meaning each."""

import pickle

import pytest

from temu_openapi.areas import Area
from temu_openapi.errors import TOKEN_MEANINGS, Meaning, TemuRefusal, TemuUnreachable, classify

CN_FAMILY = [
    (7000000, "no type in body", Meaning.NO_SUCH_TYPE),
    (7000002, "no app_key", Meaning.BAD_REQUEST),
    (7000003, "no access_token", Meaning.BAD_REQUEST),
    (7000005, "app_key has no permission for this api", Meaning.APP_UNKNOWN),
    (7000006, "access_token and app_key are not mapping", Meaning.TOKEN_OF_OTHER_APP),
    (7000007, "access_token is expired", Meaning.TOKEN_EXPIRED),
    (7000008, "no timestamp", Meaning.BAD_REQUEST),
    (7000010, "timestamp expired", Meaning.CLOCK_OFF),
    (7000011, "timestamp invalid", Meaning.CLOCK_OFF),
    (7000013, "data_type invalid", Meaning.BAD_REQUEST),
    (7000014, "no sign", Meaning.BAD_REQUEST),
    (7000015, "sign invalid", Meaning.SIGNATURE_WRONG),
    (7000016, "type not exists", Meaning.NO_SUCH_TYPE),
    (7000018, "access_token not exists.", Meaning.TOKEN_UNKNOWN),
    (7000019, "must authorise this api", Meaning.SCOPE_MISSING),
    (7000020, "access_token invalid", Meaning.TOKEN_EXPIRED_OR_REPLACED),
    (7000022, "access_token doesn't have this api access", Meaning.SCOPE_MISSING),
]
PARTNER_FAMILY = [
    (3000000, "BAD_PARAMS", Meaning.BAD_REQUEST),
    (3000001, "sign invalid", Meaning.SIGNATURE_WRONG),
    (3000002, "no type", Meaning.NO_SUCH_TYPE),
    (3000003, "type not exists", Meaning.NO_SUCH_TYPE),
    (3000004, "type sunset", Meaning.NO_SUCH_TYPE),
    (3000010, "timestamp missing", Meaning.BAD_REQUEST),
    (3000011, "timestamp later than now", Meaning.CLOCK_OFF),
    (3000012, "timestamp expired", Meaning.CLOCK_OFF),
    (3000022, "client_id suspended", Meaning.APP_BLOCKED),
    (3000026, "app_key not exists", Meaning.APP_UNKNOWN),
    (3000027, "app has no permission for this API", Meaning.APP_UNKNOWN),
    (3000028, "app suspended", Meaning.APP_BLOCKED),
    (3000030, "access_token missing", Meaning.BAD_REQUEST),
    (3000031, "access_token not exists", Meaning.TOKEN_UNKNOWN),
    (3000032, "no api access", Meaning.SCOPE_MISSING),
    (3000033, "token and app_key mismatch", Meaning.TOKEN_OF_OTHER_APP),
    (3000034, "expired or has been refreshed", Meaning.TOKEN_EXPIRED_OR_REPLACED),
    (3000040, "sign missing", Meaning.BAD_REQUEST),
    (4000004, "too frequent requests, exceeding rate limit.", Meaning.THROTTLED),
    (5000000, "AUTHORIZE_NOT_ALLOW", Meaning.NOT_AUTHORIZED),
    (5000003, "NOT_IN_IP_WHITE_LIST", Meaning.ADDRESS_NOT_ALLOWED),
    (6000001, "RPC_INTERFACE_NOT_FOUND", Meaning.TEMU_UNWELL),
]


@pytest.mark.parametrize(("code", "message", "meaning"), CN_FAMILY)
@pytest.mark.parametrize("area", [Area.CN, Area.PA])
def test_the_cn_family_is_understood_on_cn_and_pa(area, code, message, meaning):
    assert classify(area, code, message) is meaning


@pytest.mark.parametrize(("code", "message", "meaning"), PARTNER_FAMILY)
@pytest.mark.parametrize("area", [Area.PA, Area.US, Area.EU, Area.GLOBAL])
def test_the_partner_family_is_understood_on_pa_and_the_order_areas(area, code, message, meaning):
    assert classify(area, code, message) is meaning


@pytest.mark.parametrize(
    ("area", "message", "meaning"),
    [
        (Area.CN, "", Meaning.NO_SUCH_TYPE),
        (Area.PA, "no type", Meaning.NO_SUCH_TYPE),
        (Area.PA, "BUSINESS_SERVICE_ERROR", Meaning.REFUSED),
        (Area.US, "BUSINESS_SERVICE_ERROR", Meaning.REFUSED),
        (Area.GLOBAL, "", Meaning.REFUSED),
    ],
)
def test_7000000_means_another_thing_in_each_family(area, message, meaning):
    assert classify(area, 7000000, message) is meaning


@pytest.mark.parametrize(
    ("area", "message", "meaning"),
    [
        (Area.PA, "业务异常: 库存", Meaning.REFUSED),
        (Area.PA, "系统异常", Meaning.TEMU_UNWELL),
        (Area.CN, "操作频繁", Meaning.THROTTLED),
        (Area.US, "BUSINESS_EXCEPTION", Meaning.TEMU_UNWELL),
    ],
)
def test_2000000_is_read_by_its_message_and_area(area, message, meaning):
    assert classify(area, 2000000, message) is meaning


@pytest.mark.parametrize(
    ("code", "message", "meaning"),
    [
        (4000000, "SYSTEM_EXCEPTION", Meaning.TEMU_UNWELL),
        (4000000, "请求过于频繁", Meaning.THROTTLED),
        (4000000, "Too Frequent", Meaning.THROTTLED),
        (1000001, "服务器开小差", Meaning.TEMU_UNWELL),
        (1000005, "系统异常", Meaning.TEMU_UNWELL),
        (1000003, "参数错误", Meaning.BAD_REQUEST),
        (2000037, "商品正在活动促销中，不允许库存调减", Meaning.REFUSED),
        (2000060, "店铺类型不符合预期", Meaning.REFUSED),
        (200000001, "店铺未找到", Meaning.REFUSED),
        (429, "HTTP 429", Meaning.THROTTLED),
        (40003, "", Meaning.REFUSED),
        (None, "", Meaning.REFUSED),
    ],
)
def test_business_and_system_errors_of_the_product_side(code, message, meaning):
    assert classify(Area.PA, code, message) is meaning


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (120011072, Meaning.WRONG_AREA),
        (140020001, Meaning.REFUSED),
        (140020008, Meaning.STILL_COMPUTING),
        (140020009, Meaning.STILL_COMPUTING),
        (140020013, Meaning.BAD_REQUEST),
        (120012004, Meaning.REFUSED),
        (180020008, Meaning.REFUSED),
    ],
)
def test_business_errors_of_the_order_side(code, meaning):
    assert classify(Area.GLOBAL, code, "") is meaning


def test_trouble_at_temu_says_nothing_about_a_token():
    troubles = {Meaning.TEMU_UNWELL, Meaning.THROTTLED, Meaning.CLOCK_OFF, Meaning.APP_BLOCKED}
    assert not TOKEN_MEANINGS & troubles


def test_a_refusal_reads_as_a_sentence_with_code_and_area():
    error = TemuRefusal(
        Meaning.TOKEN_EXPIRED, 7000007, "expired", area=Area.CN, api_type="bg.mall.info.get"
    )
    assert str(error) == "Temu (cn) refused bg.mall.info.get: expired (code 7000007)."


def test_an_outage_reads_as_a_sentence_with_its_reason():
    error = TemuUnreachable(
        "http", area=Area.US, api_type="bg.order.list.v2.get", may_have_happened=True, status=502
    )
    assert "error page during bg.order.list.v2.get (HTTP 502)" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        TemuRefusal(
            Meaning.CLOCK_OFF, 7000010, "off", area=Area.CN, api_type="x", clock_skew_s=9.0
        ),
        TemuUnreachable("timeout", area=Area.US, api_type="x", may_have_happened=True),
    ],
)
def test_an_error_survives_pickling(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))

"""One call: how it is signed, sent, read, and when it is repeated."""

import json

import pytest
from openapi_kit import (
    CN_APP,
    CN_TOKEN,
    NOW_S,
    SECRET,
    TOKEN_VALUE,
    US_APP,
    US_TOKEN,
    Reply,
    hung,
    lost,
    page,
    refusal,
    rig,
    success,
)

from temu_openapi import App, Area, Meaning, TemuRefusal, TemuUnreachable, Token
from temu_openapi.signing import sign

READ = "bg.order.list.v2.get"
WRITE = "bg.logistics.shipment.v2.confirm"


def read(it, api_type=READ, **kwargs):
    return it.client.call(US_APP, US_TOKEN, api_type, {"pageSize": 1}, result=object, **kwargs)


def test_a_call_is_one_flat_signed_object_at_the_types_gateway():
    it = rig(success({}))
    read(it)
    (sent,) = it.temu.requests
    given = sent.pop("sign")
    assert it.temu.paths == ["/us/openapi/router"]
    assert sent == {
        "type": READ,
        "app_key": US_APP.key,
        "access_token": TOKEN_VALUE,
        "timestamp": str(int(NOW_S)),
        "data_type": "JSON",
        "version": "V1",
        "pageSize": 1,
    }
    assert given == sign(sent, SECRET)


def test_a_product_token_reaches_pa_by_the_type():
    it = rig(success({}))
    it.client.call(CN_APP, CN_TOKEN, "bg.glo.goods.list.get", {}, result=object)
    assert it.temu.paths == ["/pa/openapi/router"]


@pytest.mark.parametrize("result", [{"a": 1}, [1, 2], True, None, "text"])
def test_a_result_of_any_json_kind_is_returned(result):
    assert read(rig(success(result))) == result


def test_success_counts_and_not_the_http_status():
    body = json.dumps({"success": True, "errorCode": 1000000, "result": {"a": 1}}).encode()
    assert read(rig(Reply(body, 500))) == {"a": 1}


def test_a_failure_with_the_success_code_is_a_failure():
    with pytest.raises(TemuRefusal):
        read(rig(refusal(1000000, "page size")))


def test_a_snake_case_error_is_read():
    it = rig(Reply(b'{"error_code":"7000018","error_msg":"access_token not exists."}'))
    with pytest.raises(TemuRefusal) as caught:
        read(it)
    assert caught.value.meaning is Meaning.TOKEN_UNKNOWN
    assert (caught.value.code, caught.value.message) == (7000018, "access_token not exists.")


def test_a_refusal_tells_code_message_area_type_and_request_id():
    with pytest.raises(TemuRefusal) as caught:
        read(rig(refusal(3000032, "no access")))
    error = caught.value
    assert (error.meaning, error.code, error.message) == (
        Meaning.SCOPE_MISSING,
        3000032,
        "no access",
    )
    assert (error.area, error.api_type, error.request_id) == (Area.US, READ, "us-1")


def test_a_refusal_for_good_is_not_repeated():
    it = rig(refusal(3000034), success({}))
    with pytest.raises(TemuRefusal):
        read(it)
    assert it.asked == 1


PASSING = [
    lost(),
    hung(),
    page(502),
    page(503),
    Reply(b'{"success":true,"resu'),
    Reply(b""),
    Reply(b"{}"),
    Reply(b"[1]"),
    Reply(b"\xff\xfe"),
    Reply(b"[" * 5000),
    refusal(4000000, "SYSTEM_EXCEPTION"),
    refusal(4000004, "too frequent"),
    refusal(140020009),
    page(429, b""),
]


@pytest.mark.parametrize("trouble", PASSING)
def test_a_read_is_repeated_after_passing_trouble(trouble):
    it = rig(trouble, success({"a": 1}))
    assert read(it) == {"a": 1}
    assert it.asked == 2


@pytest.mark.parametrize(
    "trouble",
    [lost(), hung(), page(502), Reply(b'{"success":tr'), refusal(4000000), refusal(140020009)],
)
def test_a_write_is_never_repeated_when_it_may_have_happened(trouble):
    it = rig(trouble, success({}))
    with pytest.raises((TemuRefusal, TemuUnreachable)):
        read(it, WRITE)
    assert it.asked == 1


@pytest.mark.parametrize("trouble", [lost(), hung(), page(502), Reply(b"{"), refusal(4000000)])
def test_a_write_in_doubt_says_that_it_may_have_happened(trouble):
    with pytest.raises((TemuRefusal, TemuUnreachable)) as caught:
        read(rig(trouble), WRITE)
    assert caught.value.may_have_happened


@pytest.mark.parametrize("trouble", [refusal(4000004, "too frequent"), page(429, b"")])
def test_a_throttled_write_is_repeated_since_nothing_happened(trouble):
    it = rig(trouble, success({}))
    read(it, WRITE)
    assert it.asked == 2


def test_a_write_refused_for_good_did_not_happen():
    with pytest.raises(TemuRefusal) as caught:
        read(rig(refusal(120012004, "already shipped")), WRITE)
    assert not caught.value.may_have_happened


def test_a_doubt_of_an_earlier_attempt_is_kept():
    it = rig(lost(), refusal(4000004), attempts=2)
    with pytest.raises(TemuRefusal) as caught:
        read(it)
    assert caught.value.meaning is Meaning.THROTTLED
    assert caught.value.may_have_happened


def test_a_caller_may_say_that_a_write_can_be_repeated():
    it = rig(lost(), success({}))
    read(it, WRITE, repeatable=True)
    assert it.asked == 2


def test_attempts_end_after_the_number_given():
    it = rig(lost(), lost(), lost(), success({}), attempts=3)
    with pytest.raises(TemuUnreachable) as caught:
        read(it)
    assert caught.value.reason == "connection"
    assert it.asked == 3


def test_pauses_between_attempts_double_from_half_a_second():
    it = rig(lost(), lost(), lost(), success({}), attempts=4)
    read(it)
    assert it.clock.slept_s == [0.5, 1.0, 2.0]


def test_each_attempt_is_signed_afresh():
    it = rig(lost(), lost(), success({}))
    read(it)
    first, _, third = it.temu.requests
    assert int(third["timestamp"]) - int(first["timestamp"]) == 1
    assert first["sign"] != third["sign"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (lost(), "connection"),
        (hung(), "timeout"),
        (page(502), "http"),
        (page(302), "http"),
        (page(200), "garbled"),
        (Reply(b'{"success":true,"result":{"a"'), "garbled"),
    ],
)
def test_no_answer_is_told_with_its_reason(reply, reason):
    with pytest.raises(TemuUnreachable) as caught:
        read(rig(reply, attempts=1))
    assert caught.value.reason == reason


def test_a_result_of_another_shape_is_told_without_its_values():
    it = rig(success({"expiredTime": "a-private-value"}))
    with pytest.raises(TemuUnreachable) as caught:
        it.client.call(US_APP, US_TOKEN, "bg.open.accesstoken.info.get", {}, result=dict[str, int])
    assert caught.value.reason == "unexpected"
    assert "a-private-value" not in str(caught.value)


def test_a_throttle_is_told_to_the_pacer():
    it = rig(refusal(4000004), success({}))
    read(it)
    assert it.pacer.rate_per_s(US_APP.key) < 20


def test_a_clock_refusal_is_corrected_by_temus_date_and_repeated_at_once():
    it = rig(refusal(3000012, "timestamp expired", date_s=NOW_S + 900), success({}))
    read(it, WRITE)
    assert it.temu.requests[1]["timestamp"] == str(int(NOW_S) + 900)
    assert it.client.clock_skew_s == 900
    assert it.clock.slept_s == []


def test_the_measured_skew_is_used_for_later_calls():
    it = rig(refusal(7000010, date_s=NOW_S - 400), success({}), success({}))
    read(it)
    read(it)
    assert it.temu.requests[2]["timestamp"] == str(int(NOW_S) - 400)


def test_a_clock_that_stays_refused_says_how_far_it_is_off():
    late = refusal(3000012, date_s=NOW_S + 301)
    it = rig(late, late)
    with pytest.raises(TemuRefusal) as caught:
        read(it)
    assert caught.value.meaning is Meaning.CLOCK_OFF
    assert caught.value.clock_skew_s == 301
    assert it.asked == 2


@pytest.mark.parametrize("date", [None, NOW_S + 1])
def test_a_clock_refusal_that_teaches_nothing_is_not_repeated(date):
    it = rig(refusal(3000012, date_s=date), success({}))
    with pytest.raises(TemuRefusal):
        read(it)
    assert it.asked == 1
    assert it.client.clock_skew_s is None


def test_a_damaged_date_header_measures_nothing():
    body = b'{"success":false,"errorCode":3000012,"errorMsg":""}'
    it = rig(Reply(body, headers={"Date": "yesterday"}))
    with pytest.raises(TemuRefusal) as caught:
        read(it)
    assert caught.value.clock_skew_s is None


def test_an_app_and_a_token_of_two_areas_are_refused_before_sending():
    it = rig()
    with pytest.raises(ValueError, match="its own area"):
        it.client.call(CN_APP, US_TOKEN, READ, {}, result=object)
    assert it.asked == 0


def test_business_params_cannot_replace_the_common_ones():
    it = rig(success({}))
    it.client.call(US_APP, US_TOKEN, READ, {"app_key": "another"}, result=object)
    assert it.temu.requests[0]["app_key"] == US_APP.key


def test_a_client_makes_at_least_one_attempt():
    with pytest.raises(ValueError, match="at least one"):
        rig(attempts=0)


def test_the_repr_of_app_and_token_hides_the_secrets():
    shown = f"{App(Area.US, 'key', SECRET)!r} {Token(TOKEN_VALUE, Area.US)!r}"
    assert SECRET not in shown
    assert TOKEN_VALUE not in shown


def test_a_message_that_repeats_the_token_is_cleaned():
    with pytest.raises(TemuRefusal) as caught:
        read(rig(refusal(3000031, f"token {TOKEN_VALUE} of {SECRET} not exists")))
    assert caught.value.message == "token [hidden] of [hidden] not exists"


@pytest.mark.parametrize("reply", [lost(), page(502), refusal(3000031), Reply(b"{")])
def test_no_error_holds_the_request_it_failed_on(reply):
    with pytest.raises((TemuRefusal, TemuUnreachable)) as caught:
        read(rig(reply, attempts=1))
    error = caught.value
    held = [repr(error), str(error), repr(vars(error))]
    while (error := error.__context__) is not None:
        held.append(repr(vars(error)))
        assert not hasattr(error, "request")
    assert TOKEN_VALUE not in "".join(held)
    assert SECRET not in "".join(held)

"""A whole webhook request: opened when it is genuine, refused in two words when it is not."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temu_openapi import webhooks
from temu_openapi.webhooks import Message, WebhookRefused, event_of, open_message, seal_message

KEY, SECRET = "test-app", "test-secret-0123456789"
STATUS = webhooks.ORDER_STATUS_CHANGED
NOW_MS = 1_760_000_000_123
NEWS = {
    "mallId": 634418000000101,
    "parentOrderSn": "PO-211-1",
    "orderSn": "211-1",
    "orderStatus": 2,
    "updateTime": 1_760_000_000,
}


def sealed(data=NEWS, *, code=STATUS, secret=SECRET, key=KEY, at_ms=NOW_MS, **style):
    text = data if isinstance(data, str) else json.dumps(data)
    return seal_message(
        text, app_key=key, event_code=code, sent_at_ms=at_ms, secret=secret, **style
    )


def refused(headers, body) -> str:
    with pytest.raises(WebhookRefused) as caught:
        open_message(headers, body, KEY, SECRET)
    return caught.value.reason


@pytest.mark.parametrize("sign_ext_param", [True, False])
def test_a_message_signed_in_either_documented_way_is_opened(sign_ext_param):
    headers, body = sealed(sign_ext_param=sign_ext_param)
    message = open_message({k.upper(): v for k, v in headers.items()}, body, KEY, SECRET)
    assert (message.event_code, message.sent_at_ms) == (STATUS, NOW_MS)
    assert json.loads(message.event_data) == NEWS


def test_the_content_is_in_no_repr():
    assert "PO-211-1" not in repr(open_message(*sealed(), KEY, SECRET))


def test_a_message_of_another_secret_is_forged():
    assert refused(*sealed(secret="another-secret-0123456789")) == "forged"


def test_a_message_for_another_app_is_forged_although_the_secret_is_right():
    assert refused(*sealed(key="other-app")) == "forged"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-tm-timestamp", str(NOW_MS + 1)),
        ("x-tm-event-code", "bg_made_up"),
        ("x-tm-app-key", "other-app"),
        ("x-tm-ext-param", '{"a":1}'),
        ("x-tm-signature", "0" * 64),
        ("x-tm-signature", ""),
    ],
)
def test_an_altered_header_makes_it_forged(header, value):
    headers, body = sealed()
    assert refused(headers | {header: value}, body) == "forged"


def test_another_body_under_the_same_headers_is_forged():
    headers, _ = sealed()
    _, body = sealed({**NEWS, "orderStatus": 4})
    assert refused(headers, body) == "forged"


@pytest.mark.parametrize(
    "event_data", ["", "%%%", "AAAA", "测", base64.b64encode(b"x" * 16).decode()]
)
def test_event_data_that_does_not_come_out_as_text_is_forged(event_data):
    headers, _ = sealed()
    assert refused(headers, json.dumps({"eventData": event_data}).encode()) == "forged"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"eventData":1}', b"\xff\xfe", b"[" * 100_000, b"x" * 9],
)
def test_a_body_of_another_form_is_malformed(body):
    assert refused(sealed()[0], body) == "malformed"


@pytest.mark.parametrize("missing", webhooks.SIGNED_HEADERS[1:])
def test_a_missing_header_is_malformed(missing):
    headers, body = sealed()
    del headers[missing]
    assert refused(headers, body) == "malformed"


@pytest.mark.parametrize(
    "stamp", ["soon", "-1760000000123", "1e12", "１７６００００００００００", "1" * 40]
)
def test_a_time_that_is_no_number_is_malformed(stamp):
    headers, body = sealed()
    assert refused(headers | {"x-tm-timestamp": stamp}, body) == "malformed"


def test_a_signed_header_cannot_be_moved_into_the_event_code():
    """The signed text has no separators: both messages below would have the same signature."""
    headers, body = sealed(ext_param="")
    moved = headers | {"x-tm-event-code": STATUS + "x-tm-ext-param"}
    assert webhooks.signatures(moved, json.dumps(NEWS), SECRET)[1] == headers["x-tm-signature"]
    assert refused(moved, body) == "malformed"


def test_a_secret_too_short_to_be_a_key_opens_nothing():
    headers, body = sealed()
    with pytest.raises(WebhookRefused):
        open_message(headers, body, KEY, "short")


def opened(data) -> webhooks.Event | None:
    return event_of(open_message(*sealed(data), KEY, SECRET))


def test_ids_are_read_as_text_and_times_in_their_own_unit():
    event = opened(NEWS)
    assert event is not None
    assert (event.mall_id, event.parent_order_sn) == ("634418000000101", "PO-211-1")
    assert (event.order_status, event.updated_at_s, event.updated_at_ms) == (2, 1_760_000_000, None)


def test_the_events_of_cases_tell_milliseconds():
    event = opened(
        {"parentAfterSalesSn": "PO-AS-1", "parentAfterSalesStatus": "5", "updateAt": NOW_MS}
    )
    assert event is not None
    assert (event.parent_after_sales_sn, event.parent_after_sales_status) == ("PO-AS-1", 5)
    assert event.updated_at_ms == NOW_MS


@pytest.mark.parametrize("data", ["[]", "no json", "", '{"orderStatus":"x"}', '{"mallId":{}}'])
def test_content_of_another_shape_is_not_guessed(data):
    assert opened(data) is None


@given(st.binary(max_size=200))
def test_no_content_breaks_the_reader(content):
    event_of(Message(KEY, STATUS, NOW_MS, content.decode("latin-1")))

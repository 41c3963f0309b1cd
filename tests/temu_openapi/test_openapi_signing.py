"""The signature is Temu's, to the byte."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_kit import note

from temu_openapi.signing import label_headers, sign, signed_body, text_of

OFFICIAL_SECRET = "c7e0a1a63542be4de3cb5488f9fba8149e8fc290"
OFFICIAL_PARAMS = {
    "access_token": "2nifvmpyymvypwmcms5ct4uqqudrwgpmzbcnmkt1jzjkuaf3x56iixym",
    "app_key": "f9d5cc9313893a20d5aa85c654e8f503",
    "data_type": "JSON",
    "sendRequestList": [
        {
            "orderSendInfoList": [
                {
                    "quantity": 1,
                    "orderSn": "211-21905473070712792",
                    "parentOrderSn": "PO-211-21905452099192792",
                    "goodsId": 601099548666279,
                    "skuId": 17592352673534,
                }
            ],
            "carrierId": "699272611",
            "trackingNumber": "270324232756",
        }
    ],
    "sendType": 0,
    "timestamp": 1711009072,
    "type": "bg.logistics.shipment.confirm",
}

_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: text == text.strip()
)
_nested = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**53), 2**53), _texts, st.none()),
    lambda inner: st.lists(inner) | st.dictionaries(_texts, inner),
    max_leaves=8,
)
_values = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    _texts,
    st.lists(_nested),
    st.dictionaries(_texts, _nested),
)
_params = st.dictionaries(_texts.filter(lambda key: key != "sign"), _values)


def test_the_official_example_has_the_published_digest():
    assert sign(OFFICIAL_PARAMS, OFFICIAL_SECRET) == "4CCF219942D4180C6DDA3CE36C1B838F"


@pytest.mark.parametrize("index", range(8))
def test_each_vector_of_the_notes_has_its_digest(index):
    vector = note("vectors.json")["request_signatures"][index]
    assert sign(vector["params"], vector["secret"]) == vector["sign"]


def test_every_vector_of_the_notes_is_tried():
    assert len(note("vectors.json")["request_signatures"]) == 8


def test_the_request_of_the_notes_with_nested_text_has_its_digest():
    params = {
        "type": "bg.logistics.shipment.create",
        "app_key": "demo_app_key",
        "access_token": "demo_token",
        "timestamp": "1760000000",
        "data_type": "JSON",
        "sendType": 0,
        "shipLater": True,
        "sendRequestList": [
            {
                "warehouseId": "WH-1",
                "weight": "0.15",
                "note": 'J&T 快递 "x"',
                "splitSubPackage": False,
            }
        ],
    }
    assert sign(params, "demo_secret") == "34B0882862F4291E9D578B76D834058E"


def test_label_headers_carry_the_signature_of_the_notes():
    random = "0123456789abcdefghijklmnopqrstuv"
    headers = label_headers("demo_app_key", "demo_token", "demo_secret", random, 1760000000)
    assert headers["toa-sign"] == "4B3E6A2AD1B4111A63E964AFEEEA2686"
    assert headers["toa-timestamp"] == "1760000000"


@pytest.mark.parametrize("random", ["", "short", "x" * 33, "!" * 32, "测" * 32])
def test_label_headers_want_32_letters_or_digits(random):
    with pytest.raises(ValueError, match="32 random letters"):
        label_headers("key", "token", "secret", random, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('raw "quotes" \\ 测试', 'raw "quotes" \\ 测试'),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        ([], "[]"),
        ({"b": 1, "a": [True, "测/试"]}, '{"b":1,"a":[true,"测/试"]}'),
    ],
)
def test_values_are_signed_as_the_notes_say(value, text):
    assert text_of(value) == text


def test_a_sign_already_there_is_left_out_and_replaced():
    body = json.loads(signed_body({"a": "1", "sign": "OLD"}, "s"))
    assert body == {"a": "1", "sign": "585B98956D9738EDEC5CBD8443F7A228"}


@pytest.mark.parametrize(
    ("value", "why"),
    [(None, "empty"), ("", "empty"), (1.5, "float"), (" x", "blank"), ("x\n", "blank")],
)
def test_a_value_without_a_known_rule_is_refused_by_name(value, why):
    with pytest.raises(ValueError, match=why) as caught:
        signed_body({"productName": value}, "s")
    assert "productName" in str(caught.value)


@pytest.mark.parametrize("value", ["\ud800-private", ["\ud800-private"]])
def test_text_that_is_no_unicode_is_refused_without_showing_it(value):
    with pytest.raises(ValueError, match="no valid Unicode") as caught:
        signed_body({"access_token": value}, "s")
    assert caught.value.__context__ is None
    assert "private" not in str(caught.value)


@given(_params, st.randoms(use_true_random=False))
def test_the_order_of_top_level_keys_does_not_matter(params, random):
    shuffled = list(params.items())
    random.shuffle(shuffled)
    assert sign(dict(shuffled), "s") == sign(params, "s")


@given(_params)
def test_the_signed_bytes_are_the_sent_bytes(params):
    """A server that cuts the values out of the body as they stand finds the same signature."""
    body = signed_body(params, "s")
    received = json.loads(body)
    given_sign = received.pop("sign")
    joined = "".join(key + _as_sent(body, received, key) for key in sorted(received))
    assert hashlib.md5(f"s{joined}s".encode()).hexdigest().upper() == given_sign
    assert received == params


def _as_sent(body: bytes, received: dict, key: str) -> str:
    value = received[key]
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert text.encode() in body
    return text

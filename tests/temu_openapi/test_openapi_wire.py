"""Answers are read with care: ids as text, null as absent, unknown fields ignored."""

import msgspec
import pytest

from temu_openapi.wire import (
    Answer,
    TemuId,
    Text,
    envelope_of,
    number_of,
    present,
    read_item,
    read_result,
)


class Thing(Answer, frozen=True, kw_only=True):
    thing_id: TemuId
    ext_code: Text = Text("none")
    stock_left: int | None = None
    tags: tuple[str, ...] = ()
    parts: tuple[TemuId, ...] = ()


@pytest.mark.parametrize("given", [9007199254740993, "9007199254740993"])
def test_an_id_is_plain_text_whether_it_came_as_number_or_text(given):
    thing = read_result({"thingId": given}, Thing)
    assert thing.thing_id == "9007199254740993"
    assert type(thing.thing_id) is str


def test_text_that_is_left_out_is_plain_text_too():
    assert type(read_result({"thingId": 1}, Thing).ext_code) is str


def test_null_is_a_field_left_out():
    thing = read_result({"thingId": 1, "extCode": None, "stockLeft": None, "tags": [None]}, Thing)
    assert (thing.ext_code, thing.stock_left, thing.tags) == ("none", None, ())


def test_a_number_may_come_as_text():
    assert read_result({"thingId": 1, "stockLeft": "12"}, Thing).stock_left == 12


def test_unknown_fields_are_ignored():
    assert read_result({"thingId": 1, "brandNew": {"a": 1}}, Thing).thing_id == "1"


@pytest.mark.parametrize("value", [{}, {"thingId": True}, {"thingId": 1.5}, {"thingId": []}, [], 3])
def test_another_shape_is_an_error(value):
    with pytest.raises(msgspec.ValidationError):
        read_result(value, Thing)


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"{}", b'"x"', b"\xff", b"[" * 9999])
def test_a_body_that_is_no_envelope_is_none(body):
    assert envelope_of(body) is None


def test_success_decides_over_the_code():
    assert not envelope_of(b'{"success":false,"errorCode":1000000}').succeeded
    assert envelope_of(b'{"success":true,"errorCode":null}').succeeded


def test_without_success_the_code_decides():
    assert envelope_of(b'{"errorCode":1000000}').succeeded
    assert not envelope_of(b'{"errorCode":7000018}').succeeded


def test_a_code_that_is_no_number_is_none():
    assert envelope_of(b'{"success":false,"errorCode":"E-1"}').code is None


@pytest.mark.parametrize("text", ["", "-1", "1.5", "１２", "12 ", "0x1", "9" * 19, "1" * 5000])
def test_an_id_of_other_than_digits_is_not_sent(text):
    with pytest.raises(ValueError, match="productSkuId must be an id of digits"):
        number_of(text, "productSkuId")


def test_absent_params_are_not_sent_but_false_and_zero_are():
    assert present(a=None, b=[], c=False, d=0, e="x") == {"c": False, "d": 0, "e": "x"}


def test_an_item_with_nulls_is_read_as_a_whole_answer_is():
    given = {"thingId": 1, "extCode": None, "stockLeft": None, "tags": [None, "a"]}
    assert read_item(given, Thing) == read_result(given, Thing)
    assert read_item(given, Thing).tags == ("a",)


def test_the_ids_of_an_item_are_plain_text():
    thing = read_item({"thingId": 9007199254740993, "extCode": 7}, Thing)
    assert (thing.thing_id, thing.ext_code) == ("9007199254740993", "7")
    assert type(thing.thing_id) is type(thing.ext_code) is str


def test_an_item_of_another_shape_is_an_error():
    with pytest.raises(msgspec.ValidationError):
        read_item({"thingId": None}, Thing)


def test_a_list_of_ids_stays_a_list():
    assert read_item({"thingId": 1, "parts": [2, "3"]}, Thing).parts == ("2", "3")

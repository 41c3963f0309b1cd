"""What may be set, what is a quantity, what a re-read says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storewarden.inventory import rules
from storewarden.inventory.rules import Against, BadQuantity, Outcome, StoreNow

OPEN = StoreNow(push_on=True)


def test_a_figure_that_is_shown_may_be_set() -> None:
    assert rules.may_set(0, False, OPEN) is None


def test_a_figure_that_is_not_shown_may_never_be_set() -> None:
    assert rules.may_set(None, False, OPEN) is Against.HIDDEN


def test_a_figure_of_a_warehouse_that_is_gone_may_not_be_set() -> None:
    assert rules.may_set(None, True, OPEN) is Against.GONE


@pytest.mark.parametrize(
    ("store", "against"),
    [
        (StoreNow(push_on=False), Against.PUSH_OFF),
        (StoreNow(push_on=True, paused=True), Against.PAUSED),
        (StoreNow(push_on=False, paused=True, archived=True), Against.ARCHIVED),
    ],
)
def test_the_store_decides_before_the_figure(store: StoreNow, against: Against) -> None:
    assert rules.may_set(5, False, store) is against


@given(st.integers(min_value=0, max_value=rules.GREATEST_QUANTITY))
def test_every_whole_number_up_to_a_million_is_a_quantity(number: int) -> None:
    assert rules.quantity_of(number) == rules.quantity_of(f" {number}\n") == number


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("", BadQuantity.EMPTY),
        (" \t\n", BadQuantity.EMPTY),
        ("-1", BadQuantity.NEGATIVE),
        ("−5", BadQuantity.NEGATIVE),
        ("-0.5", BadQuantity.NEGATIVE),
        (-3, BadQuantity.NEGATIVE),
        ("1000001", BadQuantity.TOO_MUCH),
        (1_000_001, BadQuantity.TOO_MUCH),
        ("seven", BadQuantity.NO_NUMBER),
        ("7.0", BadQuantity.NO_NUMBER),
        ("1e3", BadQuantity.NO_NUMBER),
        ("+7", BadQuantity.NO_NUMBER),
        ("1,000", BadQuantity.NO_NUMBER),
        ("1_000", BadQuantity.NO_NUMBER),
        ("0x10", BadQuantity.NO_NUMBER),
        ("７", BadQuantity.NO_NUMBER),
        ("٣", BadQuantity.NO_NUMBER),
        ("7\x00", BadQuantity.NO_NUMBER),
        ("\u202e7", BadQuantity.NO_NUMBER),
        ("😀", BadQuantity.NO_NUMBER),
        ("<b>7</b>", BadQuantity.NO_NUMBER),
        ("7; DROP TABLE stock", BadQuantity.NO_NUMBER),
        ("nan", BadQuantity.NO_NUMBER),
        ("9" * 10_000_000, BadQuantity.NO_NUMBER),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_quantity_is_told_apart(written: str | int, what: BadQuantity) -> None:
    assert rules.quantity_of(written) is what


@given(st.text(max_size=30))
def test_any_text_is_either_a_quantity_in_range_or_named_as_bad(text: str) -> None:
    found = rules.quantity_of(text)
    assert isinstance(found, BadQuantity) or 0 <= found <= rules.GREATEST_QUANTITY


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_difference_brings_a_figure_to_the_wanted_one(fresh: int, wanted: int) -> None:
    difference = rules.diff_for(fresh, wanted)
    assert difference is not None
    assert fresh + difference == wanted


def test_there_is_no_difference_to_a_figure_that_is_not_shown() -> None:
    assert rules.diff_for(None, 5) is None


@pytest.mark.parametrize(
    ("read", "outcome"), [(7, Outcome.DONE), (6, Outcome.DIFFERS), (None, Outcome.DIFFERS)]
)
def test_a_push_is_done_only_when_the_re_read_shows_it(read: int | None, outcome: Outcome) -> None:
    assert rules.outcome(7, read) is outcome


def test_a_wanted_zero_is_not_done_by_a_figure_that_is_not_shown() -> None:
    assert rules.outcome(0, None) is Outcome.DIFFERS


@pytest.mark.parametrize(
    ("message", "cap"),
    [
        ("设置库存数量最大上限为300", 300),
        ("SKU 7000 设置库存数量最大上限不能超过，为 9999。", 9999),
        ("业务异常", None),
        ("", None),
        ("7000000001 不存在", None),
    ],
)
def test_the_cap_is_read_from_the_end_of_the_message(message: str, cap: int | None) -> None:
    assert rules.cap_in(message) == cap

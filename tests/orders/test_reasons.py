"""Why orders did not come in or could not be kept: a code in the row, words on the page."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from storewarden.marketplaces.base import Cause, Refused, Unreachable
from storewarden.orders import reasons, wording
from storewarden.orders.actions import mark_stopped
from storewarden.orders.models import OrderPull
from tests.orders.factories import NOON, a_credential, a_store

texts = st.text(min_size=1)


@given(values=st.dictionaries(texts, texts))
def test_a_noted_reason_is_read_as_it_was_noted(values: dict[str, str]) -> None:
    assert reasons.read(f"code?{reasons.noted('', **values)[1:]}") == ("code", values)


def test_a_reason_without_values_is_its_code() -> None:
    assert reasons.read(reasons.noted("no_number")) == ("no_number", {})


def test_a_dead_token_is_noted_as_a_code_and_said_in_the_readers_language(db: None) -> None:
    token = a_credential(a_store("Alpha"), state="expired")
    OrderPull.objects.create(credential=token, good_until=NOON, finished_at=NOON)
    with translation.override("zh-hans"):
        assert mark_stopped() == 1
    failure = OrderPull.objects.get().failure
    assert wording.why_not_pulled(failure) == "the order shipping token does not work"
    with translation.override("zh-hans"):
        assert wording.why_not_pulled(failure) == "订单发货 Token 无法使用"


def test_a_second_that_is_not_listed_whole_is_told_with_its_numbers() -> None:
    failure = reasons.noted("not_whole", total=7, seen=5, time=NOON.isoformat())
    said = wording.why_not_pulled(failure)
    assert f"7 orders at {NOON:%Y-%m-%d %H:%M}" in said
    assert "only 5" in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unreachable("timeout"), "超时未答复"),
        (Refused(Cause.REFUSED, 7000007, "Expired"), "Expired (7000007)"),
    ],
)
def test_what_the_marketplace_said_is_shown_as_it_came(error: Refused, words: str) -> None:
    with translation.override("zh-hans"):
        assert wording.why_not_pulled(error.reason) == words


def test_a_shape_that_differs_says_where() -> None:
    said = wording.why_not_read("Object missing required field `orderList`")
    assert said.endswith("documented: Object missing required field `orderList`")

"""May it go, is the number fit, what follows an outcome."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storewarden.marketplaces.base import ABOUT_THE_TOKEN, Cause, ConfirmedParcel, OrderState
from storewarden.shipping import rules, wording
from storewarden.shipping.rules import Against, LineToShip, Seen

TO_SHIP = LineToShip("211-1", OrderState.TO_SHIP, 2)
OURS = ConfirmedParcel("PK-1", "9", "UPS", "1Z999", 2)
OTHER = ConfirmedParcel("PK-2", "9", "UPS", "1Z000", 2)


def against(**more: Any) -> list[Against]:
    asked: dict[str, Any] = {
        "state": "to_ship",
        "labels": (),
        "warnings": (),
        "lines": [TO_SHIP],
        "quantities": {"211-1": 2},
    }
    return rules.may_ship(**{**asked, **more})


def test_an_order_to_ship_may_go() -> None:
    assert against() == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"state": "on_hold"}, Against.ON_HOLD),
        ({"state": "cancelled"}, Against.CANCELLED),
        ({"state": "shipped"}, Against.SHIPPED),
        ({"state": "completed"}, Against.SHIPPED),
        ({"state": "unknown"}, Against.UNKNOWN_STATE),
        ({"warnings": ("RESTRICT_SELF_SHIPPING",)}, Against.TEMU_LABEL_ONLY),
        ({"labels": ("pending_buyer_cancellation",)}, Against.CANCELLATION_PENDING),
        ({"labels": ("pending_buyer_address_change",)}, Against.ADDRESS_CHANGE_PENDING),
        ({"labels": ("pending_risk_control_alert",)}, Against.RISK_ALERT),
        ({"payment": "COD"}, Against.CASH_ON_DELIVERY),
        ({"region_id": "29"}, Against.TEMU_LABEL_ONLY),
        ({"lines": []}, Against.NOTHING_LEFT),
        ({"lines": [LineToShip("211-1", "cancelled", 0)]}, Against.NOTHING_LEFT),
        ({"quantities": {"211-1": 3}}, Against.TOO_MANY),
        ({"quantities": {"211-9": 1}}, Against.TOO_MANY),
        ({"quantities": {"211-1": 1}}, Against.NOT_WHOLE),
        (
            {"lines": [LineToShip("211-1", "to_ship", 2, rules.COOPERATIVE_WAREHOUSE)]},
            Against.COOPERATIVE,
        ),
    ],
)
def test_each_reason_against_shipping_is_found(more: dict[str, Any], reason: Against) -> None:
    assert reason in against(**more)


def test_a_warning_about_one_carrier_does_not_forbid_the_others() -> None:
    assert against(warnings=("RESTRICT_USPS_SELF_SHIPPING", "RESTRICT_CALL_SHIPPING")) == []


def test_a_cancelled_line_does_not_keep_the_others_back() -> None:
    lines = [TO_SHIP, LineToShip("211-2", OrderState.CANCELLED, 0)]
    assert against(lines=lines) == []


@pytest.mark.parametrize("reason", list(Against))
def test_every_reason_has_a_sentence_and_a_next_step(reason: Against) -> None:
    told = wording.told(reason)
    assert told.sentence.endswith(".")
    assert told.next_step.endswith(".")


@pytest.mark.parametrize("code", sorted(wording.CODES))
def test_every_code_of_temu_has_a_sentence_and_a_next_step(code: str) -> None:
    told = wording.told(code, "raw text")
    assert told.sentence.endswith(".")
    assert told.next_step.endswith(".")


def test_a_code_nobody_knows_keeps_temus_own_message() -> None:
    assert "carrier on strike" in wording.told("129999999", "carrier on strike").sentence


@pytest.mark.parametrize("typed", ["  1Z999  ", "\u200f1Z999\u200b", "\n1Z999\t", "\ufeff1Z999"])
def test_blanks_and_invisible_marks_around_a_number_are_taken_off(typed: str) -> None:
    assert rules.clean_tracking(typed) == "1Z999"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", "tracking_empty"),
        ("A" * 101, "tracking_too_long"),
        ("1Z 999", "tracking_characters"),
        ("1Z-999", "tracking_characters"),
        ("1Z%999", "tracking_characters"),
        ("1Z#999", "tracking_characters"),
        ("<b>1Z</b>", "tracking_characters"),
        ("1'; DROP TABLE", "tracking_characters"),
        ("1Z\u202e999", "tracking_characters"),
        ("1Z\x00999", "tracking_characters"),
        ("📦999", "tracking_characters"),
        ("1Z999", ""),
    ],
)
def test_an_unfit_tracking_number_is_named(number: str, fault: str) -> None:
    assert rules.tracking_fault(number) == fault


@given(st.text())
def test_no_fit_number_has_what_temu_refuses(text: str) -> None:
    number = rules.clean_tracking(text)
    if rules.tracking_fault(number) == "":
        assert not set(number) & set(" -%#\x00\n\t")
        assert 1 <= len(number) <= 100


@pytest.mark.parametrize("cause", sorted(ABOUT_THE_TOKEN))
def test_a_dead_token_does_not_spoil_the_parcel(cause: Cause) -> None:
    following = rules.after_refusal(cause, 3000034)
    assert (following.state, following.after) == ("planned", rules.SEND_AGAIN_IN)


@pytest.mark.parametrize("code", sorted(rules.MAYBE_OURS))
def test_already_shipped_is_looked_up_before_it_is_believed(code: int) -> None:
    assert rules.after_refusal(Cause.REFUSED, code).state == "unknown"


def test_any_other_refusal_stands() -> None:
    assert rules.after_refusal(Cause.REFUSED, 120014022).state == "refused"


def test_silence_after_sending_is_unknown_and_before_it_is_not() -> None:
    assert rules.after_silence(may_have_happened=True).state == "unknown"
    assert rules.after_silence(may_have_happened=False).state == "planned"


LONG, SHORT = timedelta(minutes=3), timedelta(seconds=90)


@pytest.mark.parametrize(
    ("seen", "since", "code", "state"),
    [
        (Seen([OURS], False), SHORT, "", "confirmed"),
        (Seen([OURS], True), LONG, "120012004", "confirmed"),
        (Seen([], True), SHORT, "", "unknown"),
        (Seen([], True), LONG, "", "planned"),
        (Seen([], True), SHORT, "120014004", "refused"),
        (Seen([OTHER], False), LONG, "", "refused"),
        (Seen([], False), LONG, "", "unknown"),
        (Seen([], False, cancelled=True), LONG, "", "refused"),
    ],
)
def test_what_follows_a_look_up(seen: Seen, since: timedelta, code: str, state: str) -> None:
    assert rules.after_look(seen, "1z999", since, code).state == state


@given(
    seen=st.builds(
        Seen,
        st.lists(st.sampled_from([OURS, OTHER]), max_size=3),
        st.booleans(),
        st.booleans(),
    ),
    since=st.timedeltas(timedelta(0), timedelta(minutes=10)),
    code=st.sampled_from(["", "120012004"]),
)
def test_nothing_is_sent_again_that_may_be_on_record_or_under_way(
    seen: Seen, since: timedelta, code: str
) -> None:
    following = rules.after_look(seen, "1Z999", since, code)
    if following.state == "planned":
        assert seen.ours("1Z999") is None
        assert seen.still_to_ship
        assert since >= rules.SURELY_LISTED_AFTER
        assert not code

"""product.md section 2, point 4: what a check finds before anything is saved."""

from datetime import UTC, datetime, timedelta

import pytest

from storewarden.marketplaces.base import (
    Cause,
    Permission,
    Slot,
    StoreType,
    TokenKind,
    TokenReport,
)
from storewarden.stores.checking import Asked, Finding, Heard, Taken, judge

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PRODUCT = Slot(TokenKind.PRODUCT, "cn")
ORDER = Slot(TokenKind.ORDER, "us")
EU = Slot(TokenKind.ORDER, "eu")
SEMI = Asked(StoreType.SEMI)


def report(mall: str | None = "1", kind: StoreType | None = None) -> TokenReport:
    return TokenReport(mall, "Shop", NOW + timedelta(days=90), frozenset(), kind)


def good(slot: Slot, mall: str = "1", kind: StoreType | None = None) -> Heard:
    return Heard(slot, report=report(mall, kind))


def refused(slot: Slot, cause: Cause, **more: object) -> Heard:
    return Heard(slot, refusal=cause, code="3000031", message="no", **more)  # type: ignore[arg-type]


def causes(found: list[Finding]) -> list[str]:
    return [one.cause for one in found]


def test_two_good_tokens_of_one_store_have_no_finding() -> None:
    assert judge(SEMI, [good(PRODUCT, kind=StoreType.SEMI), good(ORDER)], {}, NOW) == []


def test_a_required_token_that_was_not_entered_is_named() -> None:
    found = judge(SEMI, [good(PRODUCT)], {}, NOW)
    assert causes(found) == ["token_required"]
    assert found[0].data["kind"] is TokenKind.ORDER


def test_on_reauthorize_a_token_that_is_kept_need_not_be_entered() -> None:
    asked = Asked(StoreType.SEMI, expected_mall="1", existing_kinds=frozenset(TokenKind))
    assert judge(asked, [good(ORDER)], {}, NOW) == []


def test_tokens_swapped_between_the_slots_are_offered_a_swap() -> None:
    found = judge(
        SEMI,
        [
            refused(PRODUCT, Cause.WRONG_APP, works_in=ORDER),
            refused(ORDER, Cause.WRONG_APP, works_in=PRODUCT),
        ],
        {},
        NOW,
    )
    assert causes(found) == ["swapped", "swapped"]
    assert {one.offer for one in found} == {"swap"}


def test_a_token_of_another_area_is_offered_a_move() -> None:
    found = judge(SEMI, [good(PRODUCT), refused(ORDER, Cause.TOKEN_UNKNOWN, works_in=EU)], {}, NOW)
    assert (found[0].cause, found[0].offer) == ("wrong_area", "move:eu")


@pytest.mark.parametrize(
    "cause",
    [
        Cause.WRONG_APP,
        Cause.TOKEN_UNKNOWN,
        Cause.TOKEN_EXPIRED,
        Cause.APP_BLOCKED,
        Cause.ADDRESS_NOT_ALLOWED,
        Cause.APP_SECRET_WRONG,
    ],
)
def test_a_refusal_keeps_its_cause_and_temus_code(cause: Cause) -> None:
    found = judge(SEMI, [good(PRODUCT), refused(ORDER, cause)], {}, NOW)
    assert (found[0].cause, found[0].code, found[0].blocking) == (cause, "3000031", True)


def test_a_token_past_its_validity_on_record_is_dead_for_good_with_its_date() -> None:
    end = NOW - timedelta(days=1)
    found = judge(
        SEMI, [good(PRODUCT), refused(ORDER, Cause.TOKEN_UNKNOWN, known_end=end)], {}, NOW
    )
    assert (found[0].cause, found[0].data["end"]) == ("expired_for_good", end)


def test_a_clock_that_is_off_says_by_how_much() -> None:
    found = judge(SEMI, [good(PRODUCT), refused(ORDER, Cause.CLOCK_OFF, clock_off_s=412)], {}, NOW)
    assert (found[0].cause, found[0].data["seconds"]) == ("clock_off", 412)


def test_an_outage_says_nothing_about_the_token_but_stops_the_saving() -> None:
    found = judge(SEMI, [good(PRODUCT), Heard(ORDER, unreachable="timeout")], {}, NOW)
    assert (found[0].cause, found[0].blocking) == ("unreachable", True)


def test_an_area_without_an_app_says_so() -> None:
    found = judge(SEMI, [good(PRODUCT), Heard(EU, app_missing=True)], {}, NOW)
    assert (found[0].cause, found[0].slot) == ("app_missing", EU)


def test_two_tokens_of_different_stores_are_refused() -> None:
    found = judge(SEMI, [good(PRODUCT, "1"), good(ORDER, "2")], {}, NOW)
    assert causes(found) == ["two_stores"]


def test_a_store_that_is_connected_already_is_offered_a_reauthorization() -> None:
    taken = {"1": Taken("abc", "Alpha")}
    found = judge(SEMI, [good(PRODUCT), good(ORDER)], taken, NOW)
    assert (found[0].cause, found[0].offer) == ("already_connected", "reauthorize:abc")


def test_an_archived_store_is_attached_again() -> None:
    taken = {"1": Taken("abc", "Alpha", archived=True)}
    found = judge(SEMI, [good(PRODUCT), good(ORDER)], taken, NOW)
    assert (found[0].cause, found[0].blocking) == ("reattach", False)


def test_the_other_store_type_is_offered_a_switch() -> None:
    found = judge(SEMI, [good(PRODUCT, kind=StoreType.FULL), good(ORDER)], {}, NOW)
    assert (found[0].cause, found[0].offer) == ("store_type", "switch:full")


def test_on_reauthorize_a_token_of_another_store_is_refused() -> None:
    asked = Asked(StoreType.SEMI, expected_mall="9", existing_kinds=frozenset(TokenKind))
    assert causes(judge(asked, [good(ORDER, "1")], {}, NOW)) == ["token_of_another_store"]


class TestMissingPermissions:
    CORE = Permission("bg.list", "see", True)
    LESSER = Permission("bg.confirm", "confirm", False)

    def heard(self, *lacking: Permission) -> list[Heard]:
        return [good(PRODUCT), Heard(ORDER, report=report(), lacking=lacking)]

    def test_a_lesser_one_is_refused_with_connect_anyway_offered(self) -> None:
        found = judge(SEMI, self.heard(self.LESSER), {}, NOW)
        assert (found[0].cause, found[0].offer) == ("permission_missing", "connect_anyway")
        assert found[0].blocking

    def test_connect_anyway_lets_it_pass_and_still_says_so(self) -> None:
        asked = Asked(StoreType.SEMI, accept_missing=True)
        found = judge(asked, self.heard(self.LESSER), {}, NOW)
        assert [(one.cause, one.blocking) for one in found] == [("permission_missing", False)]

    def test_a_core_one_cannot_be_passed_over(self) -> None:
        asked = Asked(StoreType.SEMI, accept_missing=True)
        found = judge(asked, self.heard(self.CORE), {}, NOW)
        assert (found[0].cause, found[0].blocking) == ("core_permission_missing", True)

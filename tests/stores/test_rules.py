"""product.md section 3, sentence by sentence."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storewarden.marketplaces.base import Cause, Permission, StoreType, TokenKind
from storewarden.stores import rules
from storewarden.stores.rules import (
    Contact,
    CredentialState,
    Expiry,
    Held,
    Outage,
    StoreState,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FAR = Expiry(NOW + timedelta(days=60), estimated=False)
TIMES = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def product(state: str = "active", cause: str = "", expires: Expiry = FAR) -> Held:
    return Held(TokenKind.PRODUCT, "cn", CredentialState(state), cause, expires)


def order(state: str = "active", area: str = "us", expires: Expiry = FAR) -> Held:
    return Held(TokenKind.ORDER, area, CredentialState(state), "", expires)


def semi(*held: Held, **marks: bool) -> rules.StoreStanding:
    return rules.store_standing(StoreType.SEMI, held, NOW, **marks)


class TestValidity:
    def test_the_marketplaces_date_wins(self) -> None:
        told = NOW + timedelta(days=365)
        assert rules.expiry(told, NOW) == Expiry(told, estimated=False)

    def test_without_it_90_days_from_the_day_of_entry_marked_estimated(self) -> None:
        assert rules.expiry(None, NOW) == Expiry(NOW + timedelta(days=90), estimated=True)

    @given(TIMES, TIMES)
    def test_days_left_are_negative_exactly_when_it_is_over(
        self, expires: datetime, now: datetime
    ) -> None:
        assert (rules.days_left(expires, now) < 0) == (now > expires)


class TestEitherRequiredTokenInvalidMakesTheStoreInvalid:
    @pytest.mark.parametrize("state", ["expired", "disconnected", "wrong_app", "app_blocked"])
    def test_a_dead_product_token(self, state: str) -> None:
        standing = semi(product(state), order())
        assert (standing.state, standing.slot) == (StoreState.EXPIRED, "product")

    @pytest.mark.parametrize("state", ["expired", "disconnected", "wrong_app", "app_blocked"])
    def test_a_dead_order_token(self, state: str) -> None:
        standing = semi(product(), order(state))
        assert (standing.state, standing.slot) == (StoreState.EXPIRED, "order:us")

    def test_the_other_tokens_side_keeps_working_and_is_named(self) -> None:
        standing = semi(product("disconnected"), order())
        assert standing.works == ("order:us",)
        assert standing.stopped == ("product",)

    def test_one_live_order_token_of_three_is_enough(self) -> None:
        standing = semi(product(), order("expired", "us"), order("active", "eu"))
        assert standing.state is StoreState.AUTHORIZED
        assert standing.stopped == ("order:us",)

    def test_a_full_consignment_store_needs_the_product_token_alone(self) -> None:
        assert rules.required_kinds(StoreType.FULL) == (TokenKind.PRODUCT,)
        standing = rules.store_standing(StoreType.FULL, [product()], NOW)
        assert standing.state is StoreState.AUTHORIZED

    def test_a_semi_store_without_any_order_token_is_incomplete(self) -> None:
        standing = semi(product())
        assert (standing.state, standing.slot) == (StoreState.INCOMPLETE, "order")

    def test_a_core_permission_lacking_makes_the_side_unusable(self) -> None:
        standing = semi(product("scope_missing", rules.CORE_MISSING), order())
        assert standing.state is StoreState.EXPIRED

    def test_a_lesser_permission_lacking_does_not(self) -> None:
        standing = semi(product("scope_missing", "permission_missing"), order())
        assert standing.state is StoreState.AUTHORIZED


class TestExpiring:
    @pytest.mark.parametrize(
        ("days", "state"), [(31, "authorized"), (30, "expiring"), (1, "expiring"), (0, "expired")]
    )
    def test_thirty_days_before_the_end(self, days: int, state: str) -> None:
        ends = Expiry(NOW + timedelta(days=days), estimated=False)
        assert semi(product(expires=ends), order()).state == state

    def test_past_the_marketplaces_own_date_nothing_is_green_from_memory(self) -> None:
        over = Expiry(NOW, estimated=False)
        assert rules.standing(product(expires=over), NOW).state is CredentialState.EXPIRED

    def test_an_estimated_date_alone_kills_nothing(self) -> None:
        over = Expiry(NOW - timedelta(days=1), estimated=True)
        assert rules.standing(product(expires=over), NOW).state is CredentialState.ACTIVE

    def test_the_earliest_end_of_all_tokens_is_the_stores(self) -> None:
        soon = Expiry(NOW + timedelta(days=40), estimated=False)
        assert semi(product(), order(expires=soon)).earliest == soon


class TestMarksOfTheSeller:
    def test_paused_goes_before_what_the_tokens_say(self) -> None:
        assert semi(product("expired"), order(), paused=True).state is StoreState.PAUSED

    def test_archived_goes_before_paused(self) -> None:
        assert semi(product(), paused=True, archived=True).state is StoreState.ARCHIVED


class TestRefusals:
    def test_refused_inside_the_validity_is_disconnected(self) -> None:
        verdict = rules.after_refusal(Cause.TOKEN_UNKNOWN, FAR, NOW)
        assert verdict == rules.Verdict(CredentialState.DISCONNECTED, "disconnected")

    def test_expired_or_replaced_before_the_date_means_replaced(self) -> None:
        verdict = rules.after_refusal(Cause.TOKEN_EXPIRED_OR_REPLACED, FAR, NOW)
        assert verdict == rules.Verdict(CredentialState.DISCONNECTED, "replaced")

    def test_expired_or_replaced_with_an_estimated_date_stays_open(self) -> None:
        guess = Expiry(FAR.at, estimated=True)
        verdict = rules.after_refusal(Cause.TOKEN_EXPIRED_OR_REPLACED, guess, NOW)
        assert verdict == rules.Verdict(CredentialState.EXPIRED, "expired_or_replaced")

    @pytest.mark.parametrize(
        "cause", [Cause.TOKEN_UNKNOWN, Cause.TOKEN_EXPIRED_OR_REPLACED, Cause.NOT_AUTHORIZED]
    )
    def test_any_refusal_past_the_date_is_expired(self, cause: Cause) -> None:
        over = Expiry(NOW, estimated=False)
        verdict = rules.after_refusal(cause, over, NOW)
        assert verdict == rules.Verdict(CredentialState.EXPIRED, "expired")

    def test_temu_saying_expired_wins_over_our_date(self) -> None:
        verdict = rules.after_refusal(Cause.TOKEN_EXPIRED, FAR, NOW)
        assert verdict == rules.Verdict(CredentialState.EXPIRED, "expired")

    @pytest.mark.parametrize(
        "cause", [Cause.THROTTLED, Cause.UNWELL, Cause.CLOCK_OFF, Cause.REFUSED, Cause.BUG]
    )
    def test_what_is_not_about_the_token_changes_nothing(self, cause: Cause) -> None:
        assert rules.after_refusal(cause, FAR, NOW) is None

    @given(st.sampled_from(Cause), TIMES, st.booleans(), TIMES)
    def test_no_refusal_ever_makes_a_token_active(
        self, cause: Cause, end: datetime, estimated: bool, now: datetime
    ) -> None:
        verdict = rules.after_refusal(cause, Expiry(end, estimated), now)
        assert verdict is None or verdict.state is not CredentialState.ACTIVE


class TestPermissions:
    LIST = Permission("bg.glo.goods.list.get", "see", True, ("temu.goods.list.get",))
    PUSH = Permission("bg.push", "push", False)

    def test_names_compare_without_case_and_an_alias_counts(self) -> None:
        granted = ["TEMU.goods.list.get", "BG.PUSH"]
        assert rules.missing(granted, [self.LIST, self.PUSH]) == []

    def test_all_granted_is_active(self) -> None:
        assert rules.after_report([]).state is CredentialState.ACTIVE

    def test_a_lesser_one_lacking_is_scope_missing_but_usable(self) -> None:
        verdict = rules.after_report([self.PUSH])
        assert verdict.state is CredentialState.SCOPE_MISSING
        assert rules.usable(verdict)

    def test_a_core_one_lacking_is_not_usable(self) -> None:
        assert not rules.usable(rules.after_report([self.LIST, self.PUSH]))


class TestSupervision:
    def test_a_credential_is_asked_about_every_hour_in_its_own_place(self) -> None:
        first = rules.next_probe(FAR, NOW, 0.25)
        assert NOW + timedelta(minutes=30) <= first < NOW + timedelta(minutes=90)
        assert rules.next_probe(FAR, first, 0.25) == first + timedelta(hours=1)

    def test_a_look_that_comes_late_does_not_move_the_place(self) -> None:
        first = rules.next_probe(FAR, NOW, 0.6)
        late = first + timedelta(minutes=9)
        assert rules.next_probe(FAR, late, 0.6) == first + timedelta(hours=1)

    def test_a_thousand_stores_make_no_spike(self) -> None:
        keys = [UUID(int=n * 7919) for n in range(1, 2001)]
        due = [rules.next_probe(FAR, NOW, rules.place_in_hour(one)) for one in keys]
        minutes = Counter(one.replace(second=0, microsecond=0) for one in due)
        assert max(minutes.values()) < 2 * 2000 / 60

    def test_a_dead_one_is_asked_about_once_an_hour_and_no_oftener(self) -> None:
        for place in (0.0, 0.5, 0.999):
            gap = rules.next_probe(FAR, NOW, place, dead=True) - NOW
            assert timedelta(hours=1) <= gap <= timedelta(minutes=66)

    def test_and_in_the_minute_it_expires(self) -> None:
        ends = Expiry(NOW + timedelta(minutes=20), estimated=False)
        for place in (0.0, 0.999):
            due = rules.next_probe(ends, NOW, place)
            assert ends.at < due <= ends.at + timedelta(minutes=1)

    @given(TIMES, TIMES, st.floats(0, 1, exclude_max=True))
    def test_the_next_probe_is_always_ahead_and_within_an_hour_and_a_half(
        self, end: datetime, now: datetime, place: float
    ) -> None:
        due = rules.next_probe(Expiry(end, estimated=False), now, place)
        assert now < due <= now + timedelta(minutes=90)

    def test_a_refusal_that_tells_what_is_known_is_no_reason_to_ask(self) -> None:
        dead, lacking = CredentialState.DISCONNECTED, CredentialState.SCOPE_MISSING
        assert rules.tells_news(Cause.TOKEN_UNKNOWN, CredentialState.ACTIVE)
        assert rules.tells_news(Cause.TOKEN_UNKNOWN, lacking)
        assert not rules.tells_news(Cause.TOKEN_UNKNOWN, dead)
        assert not rules.tells_news(Cause.SCOPE_MISSING, lacking)


class TestAnOutage:
    def contact(self, area: str, silent_min: float, answered_min: float = 60) -> Contact:
        ago = timedelta(minutes=1)
        return Contact(area, NOW - answered_min * ago, NOW - silent_min * ago)

    def test_ten_minutes_of_silence_are_told_since_the_last_answer(self) -> None:
        found = rules.outage([self.contact("us", 11, 70), self.contact("cn", 12, 71)], NOW)
        assert found == Outage(("cn", "us"), NOW - timedelta(minutes=71))

    def test_less_is_none(self) -> None:
        assert rules.outage([self.contact("us", 9)], NOW) is None

    def test_an_area_that_answers_is_not_in_it(self) -> None:
        well = Contact("eu", NOW, None)
        found = rules.outage([self.contact("us", 11), well], NOW)
        assert found is not None
        assert found.areas == ("us",)


class TestWhatTheOutboxIsTold:
    def test_a_store_that_expires_is_told_once(self) -> None:
        assert rules.tale("authorized", StoreState.EXPIRED) == "store.expired"
        assert rules.tale("expired", StoreState.EXPIRED) == ""

    def test_a_store_that_works_again_is_told_even_if_it_expires_soon(self) -> None:
        assert rules.tale("expired", StoreState.AUTHORIZED) == "store.recovered"
        assert rules.tale("expired", StoreState.EXPIRING) == "store.recovered"

    def test_what_a_person_did_is_not_told_as_a_recovery(self) -> None:
        assert rules.tale("expired", StoreState.PAUSED) == ""
        assert rules.tale("expired", StoreState.ARCHIVED) == ""


class TestEnteringATokenAgain:
    def test_one_that_was_never_here_is_new(self) -> None:
        assert rules.reentry(None, True, NOW) is rules.ReentryKind.NEW

    def test_one_that_was_here_and_works_is_the_same(self) -> None:
        assert rules.reentry(NOW + timedelta(days=9), True, NOW) is rules.ReentryKind.SAME

    def test_one_past_its_validity_is_dead_for_good(self) -> None:
        assert rules.reentry(NOW, False, NOW) is rules.ReentryKind.DEAD_FOR_GOOD

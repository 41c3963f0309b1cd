"""Who is told of what, and when: product.md section 3, "Reminders", sentence by sentence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storewarden.alerts import rules
from storewarden.alerts.rules import DEAD, LADDER, News

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
TIMES = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


class TestTheLadder:
    def test_reminders_at_30_14_7_3_1_0_days(self) -> None:
        assert LADDER == (30, 14, 7, 3, 1, 0)

    def test_with_31_days_left_nothing_is_reached(self) -> None:
        assert rules.reached(NOW + 31 * DAY, NOW) == []

    def test_with_fourteen_whole_days_left_two_rungs_are(self) -> None:
        assert rules.reached(NOW + 14 * DAY + timedelta(hours=5), NOW) == [30, 14]

    def test_on_the_last_day_all_are(self) -> None:
        assert rules.reached(NOW + timedelta(hours=3), NOW) == list(LADDER)

    def test_each_once(self) -> None:
        assert rules.news([30, 14], [30, 14]) == News(None)

    def test_a_machine_that_was_off_says_the_most_urgent_thing_once(self) -> None:
        assert rules.news([30, 14, 7, 3], [30]) == News(3, (7, 14))

    def test_what_is_less_urgent_than_what_was_told_is_covered(self) -> None:
        assert rules.news([30, 14, 7, 3], [3]) == News(None, (7, 14, 30))

    def test_a_dead_token_is_told_of_once(self) -> None:
        assert rules.news([30, DEAD], [30]) == News(DEAD)
        assert rules.news([30, DEAD], [30, DEAD]) == News(None)

    def test_an_end_that_moved_away_is_told_again_in_its_time(self) -> None:
        assert rules.news([30], [30, 14, 7]) == News(None, (), (7, 14))

    @given(st.lists(st.integers(0, 9000), max_size=60))
    def test_whatever_the_looks_each_rung_is_told_or_covered_once(self, hours: list[int]) -> None:
        end, known, told = NOW + 100 * DAY, set[int](), list[int]()
        for hour in sorted(hours):
            at = NOW + timedelta(hours=hour)
            if at >= end:
                break
            news = rules.news(rules.reached(end, at), known)
            assert not known & {*news.covered, *([news.tell] if news.tell is not None else [])}
            known |= {*news.covered, *([news.tell] if news.tell is not None else [])}
            told += [] if news.tell is None else [news.tell]
        assert told == sorted(set(told), reverse=True)


class TestTheDigest:
    def test_it_goes_out_at_nine_where_the_desk_is(self) -> None:
        nine = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
        assert rules.last_digest(NOW, 9, SHANGHAI) == nine
        assert rules.last_digest(nine - timedelta(seconds=1), 9, SHANGHAI) == nine - DAY

    def test_once_a_day(self) -> None:
        nine = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
        assert rules.digest_due(nine - DAY, NOW, 9, SHANGHAI)
        assert not rules.digest_due(nine, NOW, 9, SHANGHAI)

    def test_a_machine_that_was_off_at_nine_sends_it_when_it_is_back(self) -> None:
        assert rules.digest_due(NOW - 3 * DAY, NOW, 9, SHANGHAI)

    @given(TIMES, st.integers(0, 23), st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]))
    def test_the_last_digest_is_never_ahead_nor_more_than_a_day_and_an_hour_ago(
        self, now: datetime, hour: int, zone: str
    ) -> None:
        moment = rules.last_digest(now, hour, ZoneInfo(zone))
        assert timedelta(0) <= now - moment <= timedelta(hours=25)


class TestWhatCannotWait:
    def test_a_dead_token(self) -> None:
        assert rules.cannot_wait(DEAD, NOW + 50 * DAY, NOW + DAY)

    def test_one_that_ends_before_the_next_digest(self) -> None:
        assert rules.cannot_wait(0, NOW + timedelta(hours=8), NOW + timedelta(hours=12))
        assert not rules.cannot_wait(3, NOW + 3 * DAY, NOW + timedelta(hours=12))

    def test_one_message_a_quarter_of_an_hour(self) -> None:
        assert rules.urgent_may_go(None, NOW)
        assert not rules.urgent_may_go(NOW - timedelta(minutes=14), NOW)
        assert rules.urgent_may_go(NOW - timedelta(minutes=15), NOW)


class TestTheSecondPerson:
    TOLD = NOW - timedelta(hours=24)

    def test_is_told_when_nobody_acts_for_24_hours_at_three_days_or_less(self) -> None:
        assert rules.wants_second_person(3, self.TOLD, None, None, NOW)
        assert rules.wants_second_person(DEAD, self.TOLD, None, None, NOW)

    @pytest.mark.parametrize(
        ("grade", "told", "seen", "snoozed"),
        [
            (7, TOLD, None, None),
            (3, TOLD + timedelta(minutes=1), None, None),
            (3, TOLD, NOW - timedelta(hours=1), None),
            (3, TOLD, None, NOW + timedelta(hours=1)),
        ],
        ids=["a week is left", "23 h 59 min", "acknowledged", "snoozed"],
    )
    def test_is_left_alone_when(
        self, grade: int, told: datetime, seen: datetime | None, snoozed: datetime | None
    ) -> None:
        assert not rules.wants_second_person(grade, told, seen, snoozed, NOW)


class TestDeliveries:
    def test_are_tried_again_with_growing_gaps_and_then_the_others_take_over(self) -> None:
        gaps = [rules.next_try(tries, NOW) for tries in (1, 2, 3, 4)]
        assert [one and (one - NOW).total_seconds() for one in gaps] == [60, 300, 1200, None]

    def test_a_minutes_hiccup_is_no_news(self) -> None:
        assert not rules.worth_telling(NOW - timedelta(minutes=59), NOW)
        assert rules.worth_telling(NOW - timedelta(hours=1), NOW)

    def test_an_alert_rings_until_it_is_acknowledged_or_snoozed(self) -> None:
        assert rules.is_loud(None, None, NOW)
        assert not rules.is_loud(NOW, None, NOW)
        assert not rules.is_loud(None, NOW + DAY, NOW)
        assert rules.is_loud(None, NOW - DAY, NOW)

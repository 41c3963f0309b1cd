"""The layout of the authorization timeline: tokens and a time in, bars and marks out."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from storewarden.stores.timeline.layout import (
    ROW,
    Due,
    Named,
    Part,
    Picture,
    Token,
    Tone,
    by_slot,
    draw,
    due,
    fitted,
    ticks,
    window,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def a_token(entered: float, expires: float, slot: str = "order:us", **more: Any) -> Token:
    """A token that works, in its slot; both moments in days from now."""
    given = {"held": True, "usable": True, **more}
    if isinstance(given.get("ended_at"), (int, float)):
        given["ended_at"] = NOW + given["ended_at"] * DAY
    return Token(slot, NOW + entered * DAY, NOW + expires * DAY, **given)


def past(entered: float, expires: float, ended: float, cause: str = "replaced") -> Token:
    return a_token(entered, expires, held=False, usable=False, ended_at=ended, end_cause=cause)


def pictured(*tokens: Token, ahead: int = 120) -> Picture:
    return draw([Named("Alpha", tokens)], window(NOW, ahead))


def stretches(picture: Picture) -> list[tuple[str, float, float]]:
    """Each bar: its part, and where it begins and ends in days from now."""
    shown = picture.window
    days = (shown.end - shown.start) / DAY
    back = (shown.now - shown.start) / DAY
    return [
        (one.part, round(one.left * days / 100 - back, 1), round(one.width * days / 100, 1))
        for one in picture.rows[0].bars
    ]


class TestBars:
    def test_a_bar_is_as_long_as_the_validity_and_parted_by_today(self) -> None:
        assert stretches(pictured(a_token(-30, 60))) == [
            (Part.LIVED, -30, 30),
            (Part.COMING, 0, 60),
        ]

    def test_what_lies_outside_the_window_is_cut_off(self) -> None:
        assert stretches(pictured(a_token(-300, 300))) == [
            (Part.LIVED, -90, 90),
            (Part.COMING, 0, 120),
        ]

    def test_a_token_that_is_wholly_outside_is_not_drawn(self) -> None:
        assert stretches(pictured(past(-300, -200, -200, "expired"))) == []

    def test_a_token_of_an_hour_is_still_to_be_seen(self) -> None:
        (bar,) = pictured(past(-10, 80, -10 + 1 / 24)).rows[0].bars
        assert bar.width == 0.25

    def test_no_bar_begins_or_ends_beyond_the_picture(self) -> None:
        picture = pictured(a_token(-400, 119.999), past(-500, -89.9999, -89.9999, "expired"))
        for bar in picture.rows[0].bars:
            assert bar.left >= 0
            assert bar.left + bar.width <= 100.001

    def test_an_early_end_leaves_what_was_lost(self) -> None:
        dead = a_token(-30, 60, usable=False, ended_at=-5, end_cause="disconnected")
        assert stretches(pictured(dead)) == [(Part.LIVED, -30, 25), (Part.LOST, -5, 65)]

    def test_what_was_lost_ends_where_the_next_token_begins(self) -> None:
        tokens = past(-80, 10, -20, "disconnected"), a_token(-12, 78)
        assert stretches(pictured(*tokens))[:2] == [(Part.LIVED, -80, 60), (Part.LOST, -20, 8)]

    def test_a_token_that_was_renewed_in_time_has_lost_nothing(self) -> None:
        assert stretches(pictured(past(-80, 10, -5))) == [(Part.LIVED, -80, 75)]

    def test_found_dead_a_minute_after_its_date_it_ends_at_its_date(self) -> None:
        found = -2 + 1 / 1440
        dead = a_token(-80, -2, usable=False, ended_at=found, end_cause="expired")
        assert stretches(pictured(dead)) == [(Part.LIVED, -80, 78)]

    def test_a_token_that_outlives_its_estimated_date_reaches_today(self) -> None:
        assert stretches(pictured(a_token(-80, -2, estimated=True))) == [(Part.LIVED, -80, 80)]

    def test_a_token_that_died_after_its_estimated_date_ends_where_it_died(self) -> None:
        dead = a_token(-80, -10, estimated=True, usable=False, ended_at=-3)
        assert stretches(pictured(dead)) == [(Part.LIVED, -80, 77)]


class TestTones:
    @pytest.mark.parametrize(
        ("token", "tone"),
        [
            (a_token(-30, 60), Tone.OK),
            (a_token(-60, 30), Tone.SOON),
            (a_token(-60, 30.01), Tone.OK),
            (a_token(-60, 30, usable=False, ended_at=-1), Tone.BAD),
            (a_token(-60, 30, usable=False), Tone.BAD),
            (past(-90, -1, -1, "expired"), Tone.PAST),
        ],
    )
    def test_a_bar_has_the_tone_of_its_state(self, token: Token, tone: Tone) -> None:
        assert {bar.tone for bar in pictured(token).rows[0].bars} == {tone}


class TestMarks:
    def test_the_end_of_a_validity_is_a_dot(self) -> None:
        (mark,) = pictured(a_token(-30, 60)).rows[0].marks
        assert (mark.early, mark.estimated) == (False, False)
        assert mark.left == pytest.approx(100 * 150 / 210)

    def test_an_estimated_end_says_so(self) -> None:
        (mark,) = pictured(a_token(-30, 60, estimated=True)).rows[0].marks
        assert mark.estimated

    def test_an_early_end_is_a_cross_where_it_came(self) -> None:
        dead = a_token(-30, 60, usable=False, ended_at=-5, end_cause="disconnected")
        (mark,) = pictured(dead).rows[0].marks
        assert mark.early
        assert mark.left == pytest.approx(100 * 85 / 210)

    def test_an_end_beyond_the_window_has_no_mark(self) -> None:
        assert pictured(a_token(-30, 121)).rows[0].marks == ()

    def test_a_renewal_is_no_mishap(self) -> None:
        assert pictured(past(-80, 10, -5)).rows[0].marks == ()

    def test_a_token_that_somebody_replaced_in_temu_is_one(self) -> None:
        dead = a_token(-30, 60, usable=False, ended_at=-5, end_cause="replaced")
        (mark,) = pictured(dead).rows[0].marks
        assert mark.early


class TestRows:
    def test_product_comes_first_and_each_area_has_its_lane(self) -> None:
        slots = ("order:us", "product:cn", "order:eu")
        picture = pictured(*(a_token(-3, 60, slot) for slot in slots))
        tops = {bar.top for bar in picture.rows[0].bars}
        assert len(tops) == 3
        assert list(by_slot(picture.rows[0].tokens)) == ["product:cn", "order:eu", "order:us"]

    @pytest.mark.parametrize(("lanes", "height"), [(0, 24), (1, 24), (2, 24), (3, 34), (4, 44)])
    def test_a_row_is_high_enough_for_its_lanes_and_for_a_finger(
        self, lanes: int, height: int
    ) -> None:
        tokens = [a_token(-3, 60, f"order:{number}") for number in range(lanes)]
        (row,) = pictured(*tokens).rows
        assert row.height == height >= ROW
        assert all(bar.top >= 0 and bar.top + bar.height <= height for bar in row.bars)

    def test_rows_stand_beneath_one_another(self) -> None:
        some = [Named(str(number), [a_token(-3, 60)]) for number in range(3)]
        picture = draw(some, window(NOW, 120))
        assert [row.top for row in picture.rows] == [0, 24, 48]
        assert picture.height == 72

    def test_eighty_stores_with_two_tokens_take_less_than_two_thousand_pixels(self) -> None:
        tokens = [a_token(-3, 60), a_token(-3, 60, "product:cn")]
        picture = draw([Named(str(n), tokens) for n in range(80)], window(NOW, 120))
        assert picture.height == 80 * 24

    def test_a_row_says_what_stopped_and_what_ends_next(self) -> None:
        dead = a_token(-30, 10, "product:cn", usable=False, ended_at=-5)
        (row,) = pictured(a_token(-30, 60), dead).rows
        assert row.stopped
        assert row.next_end == NOW + 60 * DAY


class TestTime:
    @pytest.mark.parametrize(("ahead", "back"), [(30, 30), (90, 90), (120, 90), (365, 90)])
    def test_the_window_looks_as_far_back_as_ahead_but_90_days_at_most(
        self, ahead: int, back: int
    ) -> None:
        shown = window(NOW, ahead)
        assert (shown.end - NOW, NOW - shown.start) == (ahead * DAY, back * DAY)

    def test_today_stands_where_it_is(self) -> None:
        assert pictured(ahead=30).today == "50.00%"

    def test_ticks_are_the_first_of_each_month_in_the_readers_zone(self) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        found = list(ticks(window(NOW.astimezone(zone), 120)))
        assert [f"{one.at:%m-%d %H:%M %z}" for one in found] == [
            f"{month} 00:00 +0800" for month in ("09-01", "10-01", "11-01", "12-01", "01-01",
                                                "02-01", "03-01")
        ]  # fmt: skip

    def test_many_months_are_named_by_their_quarters_on_a_narrow_screen(self) -> None:
        found = list(ticks(window(NOW, 365)))
        assert [one.at.month for one in found if not one.minor] == [10, 1, 4, 7, 10]
        assert not any(one.minor for one in ticks(window(NOW, 120)))

    def test_a_stores_own_picture_has_all_of_its_tokens(self) -> None:
        shown = fitted([past(-200, -110, -111), a_token(-111, 80)], NOW)
        assert shown.start == NOW - 214 * DAY
        assert shown.end == NOW + 94 * DAY

    def test_but_no_more_than_a_year_to_each_side(self) -> None:
        shown = fitted([a_token(-900, 900)], NOW)
        assert (shown.start, shown.end) == (NOW - 365 * DAY, NOW + 365 * DAY)

    def test_a_store_without_tokens_has_a_picture_of_two_months(self) -> None:
        shown = fitted([], NOW)
        assert (shown.start, shown.end) == (NOW - 30 * DAY, NOW + 30 * DAY)


class TestTheNextQuarter:
    def test_each_month_counts_the_stores_of_which_a_token_ends(self) -> None:
        stores = [
            [a_token(-80, 10), a_token(-80, 20, "product:cn")],
            [a_token(-80, 10), a_token(-80, 40, "product:cn")],
            [a_token(-80, 2)],
            [a_token(-10, 200)],
        ]
        found = {f"{one.month:%Y-%m}": one.stores for one in due(stores, NOW)}
        assert found == {"2026-11": 1, "2026-12": 2, "2027-01": 1, "2027-02": 0}

    def test_a_token_that_does_not_work_is_not_due_any_more(self) -> None:
        dead = a_token(-80, 10, usable=False, ended_at=-5)
        assert sum(one.stores for one in due([[dead]], NOW)) == 0

    def test_what_ended_this_month_is_not_due_in_it(self) -> None:
        assert due([[a_token(-80, -2, estimated=True)]], NOW)[0] == Due(NOW, 0)

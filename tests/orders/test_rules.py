"""Windows, whole reads, deadlines: the decisions about orders."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storewarden.marketplaces.base import OrderState, OrderWindow, Unreadable
from storewarden.orders import rules, wording
from storewarden.orders.wording import deadline
from tests.orders.factories import NOON, a_line, an_order

MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2035, 1, 1),
    timezones=st.just(UTC),
)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=120))


@given(good_until=MOMENTS, span=SPANS)
def test_windows_leave_no_second_out_and_overlap_by_an_hour(
    good_until: datetime, span: timedelta
) -> None:
    now = good_until + span
    found = list(rules.windows(good_until, now))
    assert found[0].start == rules.whole_second(good_until) - rules.OVERLAP
    assert found[-1].end == rules.whole_second(now)
    for before, after in itertools.pairwise(found):
        assert after.start - before.end == rules.ONE_SECOND


@given(good_until=MOMENTS, span=SPANS)
def test_no_window_is_longer_than_a_week(good_until: datetime, span: timedelta) -> None:
    for window in rules.windows(good_until, good_until + span):
        assert timedelta(0) <= window.end - window.start <= timedelta(days=7)


def test_a_cursor_ahead_of_the_clock_reads_the_last_hour_again() -> None:
    ahead = NOON + timedelta(days=3)
    assert list(rules.windows(ahead, NOON)) == [OrderWindow(NOON - timedelta(hours=1), NOON)]


@given(start=MOMENTS, seconds=st.integers(min_value=1, max_value=10**6))
def test_halves_of_a_window_hold_each_second_once(start: datetime, seconds: int) -> None:
    start = rules.whole_second(start)
    window = OrderWindow(start, start + timedelta(seconds=seconds))
    parts = rules.halves(window)
    assert parts is not None
    first, second = parts
    assert (first.start, second.end) == (window.start, window.end)
    assert second.start - first.end == rules.ONE_SECOND
    assert second.end >= second.start


def test_a_single_second_has_no_halves() -> None:
    assert rules.halves(OrderWindow(NOON, NOON)) is None


@pytest.mark.parametrize(
    ("totals", "seen", "whole"),
    [
        ([0], [], True),
        ([2, 2], ["a", "b"], True),
        ([2, 2], ["a"], False),
        ([2, 1], ["a", "b"], False),
        ([2, 2], ["a", "b", "c"], False),
        ([], [], False),
    ],
)
def test_a_read_is_whole_only_with_one_total_and_as_many_orders(
    totals: list[int], seen: list[str], whole: bool
) -> None:
    assert rules.complete(totals, seen) is whole


def test_reads_of_one_total_are_united() -> None:
    tally = rules.Tally.empty()
    assert not tally.add([3, 3], {"a", "b"})
    assert tally.add([3, 3], {"b", "c"})


def test_an_order_that_left_the_window_does_not_stand_in_for_one_never_seen() -> None:
    tally = rules.Tally.empty()
    assert not tally.add([3, 3], {"a", "left"})  # misses b
    assert not tally.add([2, 2], {"a"})  # "left" has gone; a + left would make two
    assert tally.add([2, 2], {"a", "b"})


@given(
    pages=st.lists(st.sets(st.integers(0, 30), max_size=10), min_size=1, max_size=6),
    totals=st.lists(st.integers(0, 31), min_size=1, max_size=6),
)
def test_a_tally_is_never_whole_with_fewer_orders_than_told(
    pages: list[set[int]], totals: list[int]
) -> None:
    tally = rules.Tally.empty()
    for seen, total in zip(pages, totals, strict=False):
        if tally.add([total], {str(one) for one in seen}):
            assert len(tally.seen) == total


def test_the_digest_stays_when_the_update_time_moves_alone() -> None:
    moved = an_order(updated_at=NOON)
    assert rules.digest(moved) == rules.digest(an_order())


@pytest.mark.parametrize(
    "changed",
    [
        an_order(state=OrderState.SHIPPED),
        an_order(labels=("past_due",)),
        an_order(ship_by=None),
        an_order(lines=(a_line(1, quantity=2),)),
    ],
)
def test_the_digest_changes_with_anything_else(changed: object) -> None:
    assert rules.digest(changed) != rules.digest(an_order())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (an_order(po=" "), "has no number"),
        (an_order(po="P" * 65), "65 characters"),
        (an_order(po="PO-\x00"), "NUL"),
        (an_order(lines=(a_line(1, quantity=-1),)), "-1"),
        (an_order(lines=(a_line(1, quantity=2**31),)), "quantity"),
        (an_order(lines=(a_line(1), a_line(1))), "have the same number"),
        (an_order(lines=(a_line(1, code="x" * 201),)), "code"),
    ],
)
def test_an_order_that_cannot_be_kept_says_why(order: object, words: str) -> None:
    assert words in wording.why_not_read(rules.fault_of(order))  # type: ignore[arg-type]


def test_a_good_order_has_no_fault() -> None:
    assert rules.fault_of(an_order()) == ""


def test_unreadable_orders_without_a_number_are_told_apart_by_content() -> None:
    one, other = Unreadable("", {"a": 1}, "x"), Unreadable("", {"a": 2}, "x")
    assert rules.key_of(one) != rules.key_of(other)
    assert rules.key_of(one) == rules.key_of(replace(one, reason="y"))


def test_what_was_read_before_the_row_was_written_is_stale() -> None:
    before, after = NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)
    assert rules.is_stale(NOON, NOON, read_at=before, written_at=NOON)
    assert not rules.is_stale(NOON, NOON, read_at=after, written_at=NOON)
    assert not rules.is_stale(after, NOON, read_at=before, written_at=NOON)
    assert rules.is_stale(before, NOON, read_at=after, written_at=NOON)


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(hours=-3), "3 h late", "bad"),
        (timedelta(days=-3), "3 days late", "bad"),
        (timedelta(minutes=20), "20 min left", "warn"),
        (timedelta(hours=5), "5 h left", "warn"),
        (timedelta(hours=30), "30 h left", "ok"),
        (timedelta(days=1, hours=25), "2 days left", "ok"),
    ],
)
def test_a_deadline_has_words_as_well_as_a_colour(left: timedelta, words: str, tone: str) -> None:
    told = rules.ship_by_words(NOON + left, NOON)
    assert (deadline(told), told.tone) == (words, tone)


def test_an_order_without_a_deadline_says_so() -> None:
    assert deadline(rules.ship_by_words(None, NOON)) == "no deadline told"


@given(offset=st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_every_deadline_can_be_told(offset: timedelta) -> None:
    told = rules.ship_by_words(NOON + offset, NOON)
    assert told.number >= 0
    assert ("late" in told.kind) == (offset < timedelta(0))

"""When a pull is due, goes on, and is complete."""

from datetime import UTC, datetime, timedelta

import pytest

from storewarden.catalog import rules

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ago(**units: int) -> datetime:
    return NOW - timedelta(**units)


def test_a_store_never_pulled_is_due() -> None:
    assert rules.due(None, None, None, NOW)


@pytest.mark.parametrize(("hours", "due"), [(5, False), (6, True), (7, True)])
def test_a_pull_is_due_six_hours_after_the_last(hours: int, due: bool) -> None:
    assert rules.due(ago(hours=hours), None, None, NOW) is due


def test_a_pull_that_a_person_asked_for_is_due_at_once() -> None:
    assert rules.due(ago(minutes=1), NOW, None, NOW)


def test_after_a_failure_the_next_look_waits_five_minutes() -> None:
    assert not rules.due(None, None, ago(minutes=4), NOW)
    assert rules.due(None, None, ago(minutes=5), NOW)


def test_a_person_who_asks_after_a_failure_does_not_wait() -> None:
    assert rules.due(None, NOW, ago(minutes=1), NOW)


def test_what_a_person_asked_for_before_the_failure_waits_like_the_rest() -> None:
    assert not rules.due(None, ago(minutes=2), ago(minutes=1), NOW)


def test_a_pull_cut_off_goes_on_within_the_hour_only() -> None:
    assert rules.may_resume(3, ago(minutes=59), NOW)
    assert not rules.may_resume(3, ago(minutes=61), NOW)
    assert not rules.may_resume(1, ago(minutes=1), NOW)
    assert not rules.may_resume(3, None, NOW)


@pytest.mark.parametrize(
    ("rows", "page", "total", "last"),
    [
        (100, 1, 250, False),
        (100, 2, 250, False),
        (50, 3, 250, True),
        (100, 1, 100, True),
        (0, 1, 0, True),
        (0, 3, 250, True),
    ],
)
def test_the_last_page_is_the_short_one_or_the_one_that_fills_the_total(
    rows: int, page: int, total: int, last: bool
) -> None:
    assert rules.last_page(rows, page, total, 100) is last


def test_a_reading_is_complete_when_totals_hold_and_all_were_seen() -> None:
    assert rules.complete(250, 250, steady=True)
    assert not rules.complete(249, 250, steady=True)
    assert not rules.complete(250, 250, steady=False)

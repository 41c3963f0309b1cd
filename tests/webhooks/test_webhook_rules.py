"""When a delivery is tried again, and when an endpoint is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from storewarden.webhooks import rules

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NONE = timedelta(0)


def gap(failed: int, spread: float = 0.5, asked: timedelta = NONE) -> timedelta | None:
    again = rules.next_try(failed, NOW, spread, asked)
    return again - NOW if again else None


def test_each_gap_is_longer_than_the_one_before() -> None:
    gaps = [gap(failed) for failed in range(1, 9)]
    assert gaps == sorted(gaps, key=lambda one: one or NONE)
    assert len(set(gaps)) == 8


def test_the_first_try_comes_within_a_minute_again() -> None:
    assert gap(1) == timedelta(seconds=30)


def test_all_tries_together_take_two_days() -> None:
    assert timedelta(hours=47) < sum(rules.GAPS, NONE) < timedelta(hours=49)


def test_the_ninth_failure_is_the_last() -> None:
    assert gap(8) is not None
    assert gap(9) is None


def test_what_failed_together_is_spread_a_little() -> None:
    early, late = gap(3, 0.0), gap(3, 1.0)
    assert (early, late) == (timedelta(minutes=28.5), timedelta(minutes=31.5))


def test_no_spread_makes_a_gap_shorter_than_the_one_before() -> None:
    for failed in range(1, 8):
        assert (gap(failed, 1.0) or NONE) < (gap(failed + 1, 0.0) or NONE)


def test_a_receiver_may_ask_for_more_time_but_not_for_less() -> None:
    assert gap(1, asked=timedelta(minutes=7)) == timedelta(minutes=7)
    assert gap(2, asked=timedelta(seconds=1)) == timedelta(minutes=5)


def test_a_receiver_cannot_put_a_try_off_for_ever() -> None:
    assert gap(1, asked=timedelta(days=300)) == timedelta(hours=6)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_a_yes(status: int) -> None:
    assert rules.delivered(status)


@pytest.mark.parametrize("status", [100, 101, 199, 300, 302, 304, 400, 401, 404, 410, 500, 503])
def test_nothing_else_is_a_yes(status: int) -> None:
    assert not rules.delivered(status)


@pytest.mark.parametrize(
    ("status", "unwell"), [(None, True), (429, True), (502, True), (404, False)]
)
def test_who_is_unwell_is_left_alone_until_the_next_look(status: int | None, unwell: bool) -> None:
    assert rules.is_unwell(status) is unwell


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Wed, 25 Nov 2026 12:10:00 GMT", 600),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("٣", 0),
        ("9" * 400, 86_400),
        ("Fri, 99 Foo 99999 99:99:99 GMT", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: int) -> None:
    assert rules.retry_after(header, NOW) == timedelta(seconds=seconds)


def test_an_endpoint_is_given_up_after_five_days_without_success() -> None:
    assert not rules.gives_up(NOW - timedelta(days=4, hours=23), NOW)
    assert rules.gives_up(NOW - timedelta(days=5), NOW)
    assert not rules.gives_up(None, NOW)


def test_an_endpoint_that_names_no_event_wants_all() -> None:
    assert rules.wants([], "store.expired")
    assert rules.wants(["store.expired"], "store.expired")
    assert not rules.wants(["store.expired"], "store.connected")

"""At most so many times in any stretch of time, by key."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from storewarden import clock
from storewarden.throttle import Limit


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now_s(self) -> float:
        return self.at

    monotonic_s = now_s

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def hand() -> Iterator[Hand]:
    moved = Hand()
    with clock.running_on(moved):
        yield moved


def test_so_many_tries_go_on_and_the_next_one_waits(hand: Hand) -> None:
    limit = Limit(3, 60)
    assert [limit.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 60.0]


def test_a_refused_try_is_not_counted(hand: Hand) -> None:
    limit = Limit(1, 60)
    limit.take("a")
    hand.sleep(30)
    assert limit.take("a") == 30.0
    hand.sleep(30)
    assert limit.take("a") == 0.0


def test_the_limit_holds_in_any_stretch_not_in_calendar_hours(hand: Hand) -> None:
    limit = Limit(2, 60)
    limit.take("a")
    hand.sleep(50)
    limit.take("a")
    hand.sleep(20)  # the first one is 70 s old, the second 20 s
    assert limit.take("a") == 0.0
    assert limit.take("a") == 40.0


def test_each_key_has_its_own_count(hand: Hand) -> None:
    limit = Limit(1, 60)
    limit.take("a")
    assert limit.take("b") == 0.0


def test_what_is_given_back_does_not_count(hand: Hand) -> None:
    limit = Limit(1, 60)
    limit.take("a")
    limit.give_back("a")
    assert limit.count("a") == 0
    assert limit.take("a") == 0.0


def test_giving_back_what_was_never_taken_is_no_fault(hand: Hand) -> None:
    limit = Limit(1, 60)
    limit.give_back("a")
    assert limit.count("a") == 0


def test_looking_counts_nothing(hand: Hand) -> None:
    limit = Limit(1, 60)
    assert [limit.wait_s("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    limit.take("a")
    assert limit.wait_s("a") == 60.0


def test_a_clock_that_went_back_locks_nobody_out(hand: Hand) -> None:
    limit = Limit(1, 60)
    limit.take("a")
    hand.at = 10.0
    assert limit.take("a") == 0.0


def test_only_so_many_keys_are_remembered_and_the_least_recent_goes_first(hand: Hand) -> None:
    limit = Limit(1, 60, keys=2)
    for key in ("a", "b", "c"):
        limit.take(key)
    assert [limit.count(key) for key in ("a", "b", "c")] == [0, 1, 1]


def test_forgetting_begins_at_none(hand: Hand) -> None:
    limit = Limit(1, 60)
    limit.take("a")
    limit.forget()
    assert limit.take("a") == 0.0


def test_many_threads_at_once_get_exactly_the_limit(hand: Hand) -> None:
    limit = Limit(50, 60)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _n: limit.take("a"), range(400)))
    assert taken.count(0.0) == 50

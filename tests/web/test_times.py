"""Moments in words."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from storewarden.web import times
from tests.web.factories import NOON


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (44, "just now"),
        (45, "1 min ago"),
        (180, "3 min ago"),
        (3569, "59 min ago"),
        (3570, "1 h ago"),
        (7199, "1 h ago"),
        (86_399, "23 h ago"),
        (86_400, "1 d ago"),
        (40 * 86_400, "40 d ago"),
        (-1, "just now"),
        (-90, "in 2 min"),
        (-5 * 3600, "in 5 h"),
        (-3 * 86_400, "in 3 d"),
    ],
)
def test_how_long_ago_is_told_in_one_short_phrase(seconds: int, words: str) -> None:
    assert times.relative(NOON - timedelta(seconds=seconds), NOON) == words


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(days=90), "90 days left", "fine"),
        (timedelta(days=31), "31 days left", "fine"),
        (timedelta(days=30), "30 days left", "soon"),
        (timedelta(days=1), "1 day left", "soon"),
        (timedelta(hours=23), "less than a day left", "late"),
        (timedelta(0), "ended less than a day ago", "late"),
        (timedelta(days=-1), "ended 1 day ago", "late"),
        (timedelta(days=-3, hours=-5), "ended 3 days ago", "late"),
    ],
)
def test_what_is_left_of_a_validity(left: timedelta, words: str, tone: str) -> None:
    assert times.days_left(NOON + left, NOON) == times.Words(words, tone)


def test_an_estimated_end_says_so() -> None:
    told = times.days_left(NOON + timedelta(days=80), NOON, estimated=True)
    assert told.text == "80 days left (estimated)"


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(days=3), "3 d left", "fine"),
        (timedelta(hours=47), "47 h left", "fine"),
        (timedelta(hours=24), "24 h left", "soon"),
        (timedelta(minutes=20), "20 min left", "soon"),
        (timedelta(0), "1 min left", "soon"),
        (timedelta(seconds=-1), "1 min late", "late"),
        (timedelta(hours=-2), "2 h late", "late"),
        (timedelta(days=-4), "4 d late", "late"),
    ],
)
def test_a_deadline_counts_down_in_words_and_tone(left: timedelta, words: str, tone: str) -> None:
    assert times.due(NOON + left, NOON) == times.Words(words, tone)


def test_the_same_phrases_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert times.relative(NOON - timedelta(minutes=3), NOON) == "3 分钟前"
        assert times.days_left(NOON + timedelta(days=12), NOON).text == "剩余 12 天"
        assert times.due(NOON - timedelta(hours=2), NOON).text == "已超期 2 小时"


def test_a_moment_is_written_in_the_readers_zone() -> None:
    with timezone.override("Asia/Shanghai"):
        assert times.absolute(NOON) == "2026-05-04 20:00"
        assert times.absolute(NOON + timedelta(hours=5), "date") == "2026-05-05"
        assert times.with_zone(NOON) == "2026-05-04 20:00:00 CST"

"""A reader's language and time zone."""

from datetime import UTC, datetime

import pytest

from storewarden.people.models import User
from tests.web import factories


def test_times_are_shown_in_the_zone_that_the_reader_set(
    db: None, noon: factories.StoppedClock
) -> None:
    client = factories.reader()
    client.post("/preferences/", {"language": "en", "time_zone": "Asia/Shanghai"})
    factories.pull(factories.store("Alpha"))
    assert "2026-05-04 20:00" in client.get("/").content.decode()


def test_without_one_the_browsers_zone_counts(db: None, noon: factories.StoppedClock) -> None:
    client = factories.reader()
    client.cookies["tz"] = "America/New_York"
    factories.pull(factories.store("Alpha"))
    assert "2026-05-04 08:00" in client.get("/").content.decode()


def test_the_set_zone_wins_over_the_browsers(db: None, noon: factories.StoppedClock) -> None:
    client = factories.reader()
    client.post("/preferences/", {"language": "en", "time_zone": "Asia/Shanghai"})
    client.cookies["tz"] = "America/New_York"
    assert "Times are shown in Asia/Shanghai" in client.get("/preferences/").content.decode()


@pytest.mark.parametrize("name", ["nonsense", "../../etc/passwd", "x" * 5000, "", "Asia/\x00"])
def test_a_zone_that_there_is_not_means_utc(
    db: None, noon: factories.StoppedClock, name: str
) -> None:
    client = factories.reader()
    client.cookies["tz"] = name
    factories.pull(factories.store("Alpha"))
    assert "2026-05-04 12:00" in client.get("/").content.decode()


def test_the_choices_are_saved_and_the_pages_speak_the_language_at_once(db: None) -> None:
    client = factories.reader()
    given = {"language": "zh-hans", "time_zone": "Europe/Berlin"}
    answer = client.post("/preferences/", given, follow=True)
    person = User.objects.get()
    assert (person.language, person.time_zone) == ("zh-hans", "Europe/Berlin")
    assert "已保存" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx", "time_zone": "UTC"},
        {"language": "en", "time_zone": "Mars/Olympus"},
        {"language": "en", "time_zone": "<script>alert(1)</script>"},
        {"language": "", "time_zone": ""},
        {"language": "en", "time_zone": "UTC\x00"},
    ],
)
def test_a_choice_that_there_is_not_is_refused_and_not_saved(
    db: None, wrong: dict[str, str]
) -> None:
    client = factories.reader()
    answer = client.post("/preferences/", wrong)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    person = User.objects.get()
    assert (person.language, person.time_zone) == ("", "")


def test_a_time_is_told_with_its_zone_in_the_title(db: None, noon: factories.StoppedClock) -> None:
    client = factories.reader()
    client.post("/preferences/", {"language": "en", "time_zone": "Asia/Shanghai"})
    row = factories.pull(factories.store("Alpha"))
    row.finished_at = datetime(2026, 5, 4, 11, 57, tzinfo=UTC)
    row.save()
    page = client.get("/").content.decode()
    assert 'title="2026-05-04 19:57:00 CST" data-ago>3 min ago</time>' in page

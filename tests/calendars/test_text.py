"""The text is what RFC 5545 wants, whatever a store is called."""

import pytest
from icalendar import Calendar

from storewarden.stores.models import Store
from tests.calendars import factories
from tests.calendars.conftest import Subscribe

HOSTILE = [
    r"a;b,c\d",
    r"\n\;",
    'quote " and : colon',
    "BEGIN:VEVENT",
    "<b>&amp;</b>",
    "'; DROP TABLE stores; --",
    "😀👩‍👩‍👧‍👦🏳️‍🌈",
    "مرحبا بالعالم",
    "店铺" * 40,
    "x" * 80,
    "é" * 80,
    "𠮷" * 80,
]


@pytest.mark.parametrize("nickname", HOSTILE, ids=range(len(HOSTILE)))
def test_any_nickname_is_read_back_as_it_is(db: None, subscribe: Subscribe, nickname: str) -> None:
    factories.stores(1, nickname)
    assert {str(one["SUMMARY"]) for one in subscribe().events} == {
        f"Temu token of {nickname} ends: product stock token",
        f"Temu token of {nickname} ends: order shipping token (US)",
    }


@pytest.mark.parametrize("nickname", HOSTILE, ids=range(len(HOSTILE)))
def test_lines_end_with_crlf_and_have_75_octets_at_most(
    db: None, subscribe: Subscribe, nickname: str
) -> None:
    factories.stores(1, nickname)
    body = subscribe().body
    assert body.endswith(b"\r\n")
    lines = body.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # a letter is never cut in two


def test_a_nickname_cannot_add_an_event_of_its_own(db: None, subscribe: Subscribe) -> None:
    factories.stores(1)
    evil = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil"
    Store.objects.update(nickname=evil)  # no form lets it in
    assert len(subscribe().events) == 2


def test_the_calendar_has_its_name_and_says_how_often_to_look(
    db: None, subscribe: Subscribe
) -> None:
    calendar = subscribe("Li; phone, 1").calendar
    assert (str(calendar["NAME"]), str(calendar["X-WR-CALNAME"])) == ("Li; phone, 1",) * 2
    assert calendar["REFRESH-INTERVAL"].to_ical() == b"PT6H"
    assert str(calendar["X-PUBLISHED-TTL"]) == "PT6H"
    assert str(calendar["VERSION"]) == "2.0"


def test_every_event_has_what_the_standard_asks_for(db: None, subscribe: Subscribe) -> None:
    factories.stores(2)
    reader = subscribe()
    for event in reader.events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED"} <= set(event)
        assert event["DTSTART"].to_ical().endswith(b"Z")
    assert len({str(one["UID"]) for one in reader.events}) == 4


def test_without_any_store_it_is_a_calendar_without_events(db: None, subscribe: Subscribe) -> None:
    assert Calendar.from_ical(subscribe().body).walk("VEVENT") == []

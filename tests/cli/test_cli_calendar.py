"""`storewarden calendar`."""

import pytest
from django.test import Client

from storewarden.calendars.models import CalendarFeed
from tests.cli.kit import refused, run, told

pytestmark = pytest.mark.django_db


def path_of(address: str) -> str:
    return address[address.index("/calendar/") :]


def test_a_calendar_is_made_and_its_address_printed() -> None:
    answer = told("calendar", "make", "Phone", "--language", "zh-hans", "--without-nicknames")
    kept = answer["calendar"]
    assert (kept["name"], kept["language"], kept["with_nicknames"]) == ("Phone", "zh-hans", False)
    assert answer["address"].startswith("http://127.0.0.1:8600/calendar/")
    assert Client().get(path_of(answer["address"])).status_code == 200


def test_a_person_is_told_that_the_address_is_not_shown_again() -> None:
    output = run("calendar", "make", "Phone").output
    assert "/calendar/" in output
    assert "not shown again" in output


def test_the_list_never_shows_an_address() -> None:
    secret = path_of(told("calendar", "make", "Phone")["address"]).removesuffix(".ics")[10:]
    outputs = [run("calendar", "list").output, run("calendar", "list", "--json").output]
    assert all("Phone" in one and secret not in one for one in outputs)
    assert CalendarFeed.objects.get().secret_hash not in outputs[1]


def test_a_revoked_calendar_leads_nowhere_and_is_not_listed() -> None:
    address = told("calendar", "make", "Phone")["address"]
    assert told("calendar", "revoke", "Phone")["revoked"]["name"] == "Phone"
    assert Client().get(path_of(address)).status_code == 404
    assert told("calendar", "list")["calendars"] == []


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("make", ""), "feed_name_empty"),
        (("make", "x" * 81), "feed_name_too_long"),
        (("make", "a\u202eb"), "feed_name_unprintable"),
        (("make", "Phone", "--language", "xx"), "language_unknown"),
        (("revoke", "nobody"), "no_such_feed"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(arguments: tuple[str, ...], cause: str) -> None:
    assert refused("calendar", *arguments)["cause"] == cause
    assert not CalendarFeed.objects.exists()


def test_a_name_in_use_is_refused() -> None:
    told("calendar", "make", "Phone")
    assert refused("calendar", "make", "Phone")["cause"] == "feed_name_taken"

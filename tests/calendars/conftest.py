"""Feeds, read as a calendar program reads them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from icalendar import Calendar, Event

from storewarden.calendars import actions
from storewarden.calendars.views import WRONG
from tests.conftest import TESTER


@pytest.fixture(autouse=True)
def forgotten_tries() -> Iterator[None]:
    """Wrong addresses are counted in the process; each test begins at none."""
    WRONG.forget()
    yield
    WRONG.forget()


class Reader:
    """A calendar program that subscribed to one feed."""

    def __init__(self, made: actions.Made) -> None:
        self.made = made
        self.path = f"/calendar/{made.secret.reveal()}.ics"

    @property
    def body(self) -> bytes:
        answer = Client().get(self.path)
        assert answer.status_code == 200, answer.content
        return bytes(answer.content)

    @property
    def text(self) -> str:
        """The text with its folded lines joined again."""
        return self.body.replace(b"\r\n ", b"").decode()

    @property
    def calendar(self) -> Calendar:
        return Calendar.from_ical(self.body)

    @property
    def events(self) -> list[Event]:
        return [one for one in self.calendar.walk("VEVENT") if isinstance(one, Event)]

    def event(self, word: str) -> Event:
        """The only event with this word in its title."""
        (found,) = [one for one in self.events if word in str(one["SUMMARY"])]
        return found


Subscribe = Callable[..., Reader]


@pytest.fixture
def subscribe(db: None) -> Subscribe:
    """Make a feed and read it: `subscribe("Phone", language="zh-hans")`."""

    def make(name: str = "Phone", language: str = "en", **more: bool) -> Reader:
        return Reader(actions.make(name, language, TESTER, **more))

    return make


@pytest.fixture
def public_url(monkeypatch: pytest.MonkeyPatch) -> str:
    """The pages are opened under this address."""
    url = "https://desk.example.test"
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, public_url=url))
    return url

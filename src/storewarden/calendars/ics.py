"""The feed as iCalendar (RFC 5545, and RFC 7986 for its name and how often to look)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from icalendar import Alarm, Calendar, Event

from storewarden import __version__
from storewarden.calendars import wording
from storewarden.calendars.models import CalendarFeed
from storewarden.calendars.queries import Line
from storewarden.calendars.rules import LOOK_AGAIN, REMIND_BEFORE, What

PRODUCT = "-//Storewarden//Expiry dates//EN"
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Sheet:
    """A feed with its lines, ready to be written; `site` is where the pages stand, or ""."""

    feed: CalendarFeed
    lines: Sequence[Line]
    site: str

    @property
    def etag(self) -> str:
        """Changes exactly when the text does, and is known before the text is written."""
        feed = self.feed
        said = repr((__version__, feed.name, feed.language, self.site, self.lines))
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'

    def text(self) -> bytes:
        """Lines folded, escaped and ended as the standard wants, by the library."""
        with translation.override(self.feed.language):
            return bytes(self._calendar().to_ical())

    def _calendar(self) -> Calendar:
        made = Calendar()
        made.add("prodid", PRODUCT)
        made.add("version", "2.0")
        made.calendar_name = self.feed.name
        made.refresh_interval = LOOK_AGAIN
        made.add("x-published-ttl", f"PT{LOOK_AGAIN // timedelta(hours=1)}H")
        for line in self.lines:
            made.add_component(_event(line, self._address))
        return made

    def _address(self, market: str, store: UUID) -> str:
        if not self.site:
            return ""
        return self.site + reverse("stores:store", kwargs={"market": market, "pk": store})


def _event(line: Line, address: Callable[[str, UUID], str]) -> Event:
    """At the exact moment, taking up no time. DTSTAMP is that of the last change, since the feed
    is no message: so the text stays the same until something changes."""
    event, title = Event(), wording.summary(line)
    event.add("uid", line.uid)
    event.add("dtstart", line.entry.at.replace(microsecond=0))
    event.add("summary", title)
    event.add("description", wording.description(line))
    event.add("dtstamp", line.changed_at)
    event.add("last-modified", line.changed_at)
    event.add("sequence", line.sequence)
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if line.estimated else "CONFIRMED")
    if url := address(line.market, line.store_id):
        event.add("url", url)
    if line.entry.what is What.ENDS:
        for before in REMIND_BEFORE:
            event.add_component(_alarm(title, before))
    return event


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm

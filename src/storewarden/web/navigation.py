"""The rooms in the sidebar, and which of them the reader stands in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Room:
    """`key` is pressed after "g" to go there."""

    name: str
    label: str | Promise
    icon: str
    key: str


@dataclass(frozen=True)
class Door:
    """A room with its address, as one page shows it."""

    room: Room
    url: str
    here: bool


ROOMS: tuple[tuple[str | Promise, tuple[Room, ...]], ...] = (
    (
        "",
        (
            Room("home", _("Home"), "home", "h"),
            Room("alerts:index", _("Alerts"), "bell", "n"),
            Room("orders:index", _("Orders"), "shopping-cart", "o"),
            Room("shipping:index", _("Shipping"), "truck-delivery", "p"),
            Room("catalog:index", _("Listings"), "list-details", "l"),
            Room("inventory:index", _("Stock"), "packages", "s"),
        ),
    ),
    (
        _("Settings"),
        (
            Room("stores:center", _("Authorization Center"), "shield-check", "a"),
            Room("stores:apps", _("Developer apps"), "apps", "d"),
            Room("alerts:channels", _("Reminders"), "alarm", "m"),
            Room("calendars:index", _("Calendar"), "calendar-due", "c"),
            Room("webhooks:index", _("Webhooks"), "webhook", "w"),
            Room("preferences", _("Preferences"), "adjustments", "r"),
        ),
    ),
)


def address(name: str, *args: object) -> str:
    """Where a page is, or "" while there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def groups(path: str) -> list[tuple[str | Promise, list[Door]]]:
    """The sidebar for the page at `path`; rooms that are not built yet are left out."""
    here = current(path)
    return [(title, list(doors(rooms, here))) for title, rooms in ROOMS]


def doors(rooms: tuple[Room, ...], here: str) -> Iterator[Door]:
    for room in rooms:
        if url := address(room.name):
            yield Door(room, url, url == here)


def current(path: str) -> str:
    """The address of the room that the path is or lies in; no room lies in another."""
    urls = [address(room.name) for _title, rooms in ROOMS for room in rooms]
    found = (url for url in urls if path == url or (len(url) > 1 and path.startswith(url)))
    return next(found, "")

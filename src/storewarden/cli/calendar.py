"""`storewarden calendar`: secret addresses of the calendar of all expiry dates."""

from typing import Any

import click
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from storewarden.calendars import actions, queries
from storewarden.calendars.models import CalendarFeed
from storewarden.cli import inputs, output
from storewarden.vault import Secret


@click.group(help=_("The expiry dates of all tokens as a calendar that programs can subscribe to."))
def calendar() -> None:
    pass


def told(feed: CalendarFeed) -> dict[str, Any]:
    return {
        "id": str(feed.pk),
        "name": feed.name,
        "language": feed.language,
        "with_nicknames": feed.with_nicknames,
        "made_by": feed.made_by,
        "made_at": output.iso(feed.made_at),
        "last_read_at": output.iso(feed.last_read_at),
    }


@calendar.command(help=_("Make a calendar. Its address is printed this once."))
@click.argument("name", type=inputs.TEXT)
@click.option("--language", type=inputs.TEXT, help=_("en or zh-hans [STOREWARDEN_LANGUAGE]."))
@click.option(
    "--without-nicknames", is_flag=True, help=_("Say “a store” in place of each nickname.")
)
@output.json_option
def make(name: str, language: str | None, without_nicknames: bool) -> None:
    made = actions.make(
        name,
        language or settings.CONFIG.language.lower(),
        inputs.ACTOR,
        with_nicknames=not without_nicknames,
    )
    address = _address(made.secret)
    line = _("Subscribe to %(address)s; it is not shown again.")
    output.tell({"calendar": told(made.feed), "address": address}, line % {"address": address})


def _address(secret: Secret) -> str:
    config = settings.CONFIG
    host = f"[{config.host}]" if ":" in config.host else config.host
    site = config.public_url or f"http://{host}:{config.port}"
    return site + reverse("calendar_feed", args=[secret.reveal()])


@calendar.command("list", help=_("The calendars that can be read; addresses are never shown."))
@output.json_option
def list_calendars() -> None:
    rows = queries.live_feeds()
    output.table(
        {"calendars": [told(one) for one in rows]},
        (_("name"), _("language"), _("made"), _("last read")),
        [
            (one.name, one.language, output.moment(one.made_at), output.moment(one.last_read_at))
            for one in rows
        ],
    )


@calendar.command(help=_("End a calendar for good, by its name or id."))
@click.argument("name", type=inputs.TEXT)
@output.json_option
def revoke(name: str) -> None:
    feed = queries.find_feed(name)
    actions.revoke(feed, inputs.ACTOR)
    line = _("The calendar “%(name)s” is revoked; its address leads nowhere now.")
    output.tell({"revoked": told(feed)}, line % {"name": feed.name})

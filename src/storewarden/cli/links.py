"""`storewarden stores link`, `links`, `revoke-link` and `due`: who must enter new tokens, and how
somebody without a sign-in can."""

from typing import Any

import click
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from storewarden.cli import cards, inputs, output
from storewarden.stores import queries, wording
from storewarden.stores.models import RenewalLink
from storewarden.stores.renewal import actions as links
from storewarden.stores.renewal import queries as queue
from storewarden.stores.renewal import queue_rules
from storewarden.stores.renewal import rules as link_rules
from storewarden.stores.renewal.wording import LINK_STATES
from storewarden.vault import Secret

store_argument = click.argument("store", type=inputs.TEXT)


def base_url() -> str:
    """Where people open the pages: as set, else where this machine listens."""
    config = settings.CONFIG
    host = f"[{config.host}]" if ":" in config.host else config.host
    return config.public_url or f"http://{host}:{config.port}"


def address(secret: Secret) -> str:
    return f"{base_url()}{reverse('renewal:renew', args=[secret.reveal()])}"


def link_told(link: RenewalLink) -> dict[str, Any]:
    """A link for programs; never its secret."""
    return {
        "id": str(link.pk),
        "state": str(links.state_of(link)),
        "language": link.language,
        "made_by": link.made_by,
        "made_at": output.iso(link.made_at),
        "expires_at": output.iso(link.expires_at),
        "opened_at": output.iso(link.opened_at),
        "used_at": output.iso(link.used_at),
        "revoked_at": output.iso(link.revoked_at),
        "checks": link.tries,
    }


@click.command(
    help=_(
        "Make a renewal link: whoever has it can enter the tokens of this store, once, without a "
        "sign-in. Its address is printed this once."
    )
)
@store_argument
@click.option(
    "--language",
    type=click.Choice([code for code, _name in settings.LANGUAGES]),
    help=_("Language of its page [STOREWARDEN_LANGUAGE]."),
)
@click.option(
    "--hours",
    type=click.IntRange(link_rules.FEWEST_HOURS, link_rules.MOST_HOURS),
    default=link_rules.DEFAULT_HOURS,
    show_default=True,
    help=_("How long it works."),
)
@output.json_option
def link(store: str, language: str | None, hours: int) -> None:
    found = queries.find_store(store)
    spoken = language or settings.CONFIG.language.lower()
    made, secret = links.make_link(found, inputs.ACTOR, spoken, hours)
    until = {"until": output.moment(made.expires_at)}
    output.tell(
        {"link": link_told(made) | {"address": address(secret)}},
        address(secret),
        _("It works once, until %(until)s, and is not shown again.") % until,
    )


@click.command("links", help=_("The renewal links of a store, the newest first."))
@store_argument
@output.json_option
def list_links(store: str) -> None:
    rows = links.links_of(queries.find_store(store))
    heads = (
        pgettext("column", "link"),
        _("state"),
        pgettext("column", "made"),
        pgettext("column", "by"),
        _("works until"),
        pgettext("column", "checks"),
    )
    output.table({"links": [link_told(one) for one in rows]}, heads, [_row(one) for one in rows])


def _row(link: RenewalLink) -> tuple[str, ...]:
    return (
        str(link.pk),
        str(LINK_STATES[links.state_of(link)]),
        output.moment(link.made_at),
        link.made_by,
        output.moment(link.expires_at),
        str(link.tries),
    )


@click.command("revoke-link", help=_("End a renewal link before its time."))
@store_argument
@click.argument("link", type=inputs.TEXT)
@output.json_option
def revoke_link(store: str, link: str) -> None:
    found = links.link_of(queries.find_store(store), link)
    done = links.revoke_link(found, inputs.ACTOR)
    output.tell({"link": link_told(done)}, str(LINK_STATES[links.state_of(done)]))


@click.command(help=_("The stores whose tokens are dead or end soon, the earliest first."))
@click.option(
    "--days",
    type=click.IntRange(queue_rules.FEWEST_DAYS, queue_rules.MOST_DAYS),
    default=queue_rules.DEFAULT_DAYS,
    show_default=True,
    help=_("How far to look ahead."),
)
@output.json_option
def due(days: int) -> None:
    rows = queue.due_stores(queue.lines_of(inputs.TEMU), days)
    heads = (_("store"), _("shop id"), _("state"), pgettext("column", "due"), _("tokens"))
    output.table(
        {"stores": [_due_told(one) for one in rows]}, heads, [_due_row(one) for one in rows]
    )


def _due_told(one: queue.DueStore) -> dict[str, Any]:
    return cards.store_told(one.line) | {
        "due_at": output.iso(one.at),
        "due": sorted(one.slots),
        "lacking": [str(kind) for kind in one.lacking],
    }


def _due_row(one: queue.DueStore) -> tuple[str, ...]:
    return (
        one.store.nickname,
        one.store.mall_id,
        str(wording.STORE_STATES[one.line.standing.state]),
        output.moment(one.at),
        wording.listed(wording.slot_name(slot) for slot in (*sorted(one.slots), *one.lacking)),
    )


COMMANDS = (link, list_links, revoke_link, due)

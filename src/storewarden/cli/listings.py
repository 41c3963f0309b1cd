"""`storewarden listings`: pull what a store offers, and list it."""

from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden import keyset
from storewarden.catalog import actions, queries
from storewarden.catalog.models import Listing
from storewarden.cli import inputs, output
from storewarden.stores.queries import find_store
from storewarden.stores.wording import listed

MOST_ROWS = 1000
store_option = click.option(
    "--store", type=inputs.TEXT, required=True, help=_("Nickname or shop id.")
)
limit_option = click.option(
    "--limit", type=click.IntRange(1, MOST_ROWS), default=50, show_default=True
)
after_option = click.option(
    "--after", type=inputs.TEXT, default="", help=_("“next” of the page before.")
)


@click.group(help=_("What a store offers on Temu."))
def listings() -> None:
    pass


@listings.command(help=_("Read all listings of a store from Temu."))
@store_option
@output.json_option
def pull(store: str) -> None:
    credential = queries.product_credential(find_store(store))
    with output.progress(_("Listings")) as told:
        done = actions.pull_listings(credential, urgent=True, progress=told)
    numbers = {
        "total": done.total,
        "new": done.new,
        "changed": done.changed,
        "removed": done.removed,
    }
    line = _("%(total)d listings: %(new)d new, %(changed)d changed, %(removed)d removed.")
    torn = _("The list changed while it was read; the next pull marks what is gone.")
    lines = [line % numbers] + ([] if done.complete else [torn])
    output.tell({"pulled": {**numbers, "complete": done.complete}}, *lines)


@listings.command("list", help=_("The listings of a store as they were last read."))
@store_option
@click.option("--search", type=inputs.TEXT, default="")
@click.option("--status", type=inputs.TEXT, default="")
@limit_option
@after_option
@output.json_option
def list_listings(store: str, search: str, status: str, limit: int, after: str) -> None:
    wanted = queries.Wanted(find_store(store), search, status)
    page = queries.listings(wanted, keyset.Turn(after=after, size=limit))
    output.table(
        {"listings": [told(one) for one in page.rows], "next": page.older or None},
        (_("SKC"), _("code"), _("name"), _("status"), _("SKUs")),
        [
            (one.skc_id, one.code, one.name, one.status, listed(map(_sku, one.skus.all())))
            for one in page.rows
        ],
    )


def _sku(sku: Any) -> str:
    return str(sku.code or sku.sku_id)


def told(one: Listing) -> dict[str, Any]:
    return {
        "product_id": one.product_id,
        "skc_id": one.skc_id,
        "code": one.code,
        "name": one.name,
        "status": one.status,
        "sites": one.sites,
        "listed_at": output.iso(one.listed_at),
        "removed_at": output.iso(one.removed_at),
        "skus": [
            {"sku_id": sku.sku_id, "code": sku.code, "spec": sku.spec} for sku in one.skus.all()
        ],
    }

"""`storewarden stock`: what listings show, set a figure, push what is due."""

from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden import keyset
from storewarden.catalog.models import ListingSku
from storewarden.catalog.queries import find_sku, product_credential
from storewarden.cli import inputs, output
from storewarden.cli.listings import after_option, limit_option, store_option
from storewarden.inventory import actions, pushing, queries, wording
from storewarden.inventory.models import ShownStock
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store
from storewarden.stores.queries import find_store
from storewarden.stores.wording import labelled


@click.group(help=_("What each listing shows in Temu's warehouses, and what it shall show."))
def stock() -> None:
    pass


def told(one: ShownStock) -> dict[str, Any]:
    """`shown` null: Temu does not let us see the figure."""
    words = wording.state_of(one)
    return {
        "sku_id": one.sku.sku_id,
        "code": one.sku.code,
        "warehouse_id": one.warehouse_id,
        "warehouse": one.warehouse_name,
        "shown": one.shown,
        "read_at": output.iso(one.read_at),
        "wanted": one.wanted,
        "push": one.push,
        "push_words": words.sentence,
        "next_step": words.next_step,
        "temu_code": one.their_code,
    }


@stock.command(help=_("The figures of a store as last read; those of one SKU are read anew."))
@store_option
@click.argument("sku", type=inputs.TEXT, required=False)
@click.option("--refresh", is_flag=True, help=_("Read what is due from Temu first."))
@limit_option
@after_option
@output.json_option
def show(store: str, sku: str | None, refresh: bool, limit: int, after: str) -> None:
    found = find_store(store)
    if sku is not None:
        _print(_read(find_sku(found, sku)))
        return
    if refresh:
        with output.progress(_("Stock")) as progress:
            actions.refresh_stock(product_credential(found), urgent=True, progress=progress)
    page = queries.stock(queries.Wanted(found), keyset.Turn(after=after, size=limit))
    _print(page.rows, page.older)


def _read(sku: ListingSku) -> list[ShownStock]:
    actions.read_stock(product_credential(sku.store), sku.listing, urgent=True)
    return queries.figures_of(sku)


def _print(rows: Any, older: str = "") -> None:
    output.table(
        {"stock": [told(one) for one in rows], "next": older or None},
        (_("SKU"), _("warehouse"), _("shown"), _("wanted"), _("push")),
        [
            (
                one.sku.code or one.sku.sku_id,
                one.warehouse_name or one.warehouse_id or _("virtual stock"),
                _("hidden") if one.shown is None else str(one.shown),
                "–" if one.wanted is None else str(one.wanted),
                wording.state_of(one).sentence,
            )
            for one in rows
        ],
    )


@stock.command("set", help=_("Say what a SKU shall show; a running server or `push` sends it."))
@store_option
@click.argument("sku", type=inputs.TEXT)
@click.option("--quantity", type=inputs.TEXT, required=True, help=_("Pieces, 0 to 1,000,000."))
@click.option("--warehouse", type=inputs.TEXT, default="", help=_("Temu's warehouse id."))
@output.json_option
def set_stock(store: str, sku: str, quantity: str, warehouse: str) -> None:
    found = find_sku(find_store(store), sku)
    if not queries.figures_of(found):
        _read(found)
    figure = actions.set_figure(found, warehouse, quantity, inputs.ACTOR)
    line = _("%(sku)s shall show %(wanted)s; a running server or `stock push` sends it.")
    names = {"sku": found.code or found.sku_id, "wanted": figure.wanted}
    output.tell({"figure": told(figure)}, line % names)


@stock.command(help=_("Send what is due to Temu, and read it back."))
@store_option
@output.json_option
@click.pass_context
def push(ctx: click.Context, store: str) -> None:
    found = find_store(store)
    done = pushing.push_due(product_credential(found), urgent=True)
    numbers = {
        "done": done.done,
        "differs": done.differs,
        "refused": done.refused,
        "waiting": done.waiting,
    }
    line = _("%(done)d done, %(differs)d differ, %(refused)d refused, %(waiting)d waiting.")
    payload: dict[str, Any] = {"pushed": numbers}
    lines = [line % numbers]
    refusal = _refusal(found) if done.refused else None
    if refusal is not None:
        payload |= output.refused(refusal)
        lines += [refusal.sentence, refusal.next_step]
    output.tell(payload, *lines)
    ctx.exit(1 if refusal else 0)


def _refusal(store: Store) -> Refusal | None:
    """Why Temu refused the first of the refused figures."""
    wanted = queries.Wanted(store, push=ShownStock.Push.REFUSED)
    rows = queries.stock(wanted, keyset.Turn(size=1)).rows
    if not rows:
        return None
    words = wording.state_of(rows[0])
    sentence = labelled(rows[0].sku.code or rows[0].sku.sku_id, words.sentence)
    return Refusal("stock_refused", sentence, words.next_step, rows[0].their_code)

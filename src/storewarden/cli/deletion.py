"""`storewarden stores delete`: erase a store and all that it has, here and now."""

from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden.cli import inputs, output
from storewarden.stores import queries
from storewarden.stores.deletion import actions as deletion
from storewarden.stores.deletion.wording import rows_of
from storewarden.stores.models import Store, StoreDeletion


@click.command(help=_("Erase a store with all its data for good. In Temu nothing changes."))
@click.argument("store", type=inputs.TEXT)
@click.option(
    "--nickname", type=inputs.TEXT, required=True, help=_("Its nickname, exactly, to be sure.")
)
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@output.json_option
def delete(store: str, nickname: str, yes: bool) -> None:
    asked = deletion.under_way(store) or _ask(queries.find_store(store), nickname, yes)
    with output.progress(asked.nickname) as told:
        done = deletion.finish(asked, told)
    output.tell(
        {"deleted": _told(done)},
        _("“%(store)s” is deleted for good: %(rows)d rows.")
        % {"store": done.nickname, "rows": done.done},
        *(f"  {rows_of(area)}: {rows}" for area, rows in done.removed.items()),
    )


def _ask(store: Store, nickname: str, yes: bool) -> StoreDeletion:
    deletion.refuse_other_name(store, nickname)
    if not yes:
        question = _("Erase “%(store)s” with its orders, listings and history (%(rows)d rows)?")
        rows = sum(deletion.counts(store).values())
        click.confirm(question % {"store": store.nickname, "rows": rows}, abort=True, err=True)
    return deletion.ask_deletion(store, nickname, inputs.ACTOR)


def _told(done: StoreDeletion) -> dict[str, Any]:
    return {
        "store_id": str(done.store_id),
        "mall_id": done.mall_id,
        "nickname": done.nickname,
        "who": done.who,
        "asked_at": output.iso(done.asked_at),
        "finished_at": output.iso(done.finished_at),
        "rows": done.done,
        "removed": done.removed,
    }

"""`storewarden stores connect-table` and `renew-table`: many stores at once."""

from collections.abc import Callable, Sequence
from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.cli import inputs, output
from storewarden.stores.models import TableJob
from storewarden.stores.tables import actions as bulk
from storewarden.stores.tables import columns as table_columns
from storewarden.stores.tables import queries as bulk_queries
from storewarden.stores.tables import reading as tables
from storewarden.stores.tables import settling
from storewarden.stores.tables.files import MOST_BYTES
from storewarden.stores.tables.queries import Counts, Line
from storewarden.stores.tables.reading import Table

LOOK_AGAIN_S = 1.0
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
ABOUT = _("FILE is CSV or XLSX, or - for standard input; its first line names the columns.")


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    dry = _("Only look at the table: nothing is stored, nothing asked of Temu.")
    accept = _("Go on where a permission is missing that the main job does not need.")
    command = output.json_option(command)
    command = click.option("--accept-missing", is_flag=True, help=accept)(command)
    return FILE(click.option("--dry-run", is_flag=True, help=dry)(command))


@click.command("connect-table", help=_("Check and connect the stores of a table.") + " " + ABOUT)
@_options
@click.pass_context
def connect_table(ctx: click.Context, file: str, dry_run: bool, accept_missing: bool) -> None:
    _by_table(ctx, _read(table_columns.CONNECT, file), dry_run, accept_missing)


@click.command("renew-table", help=_("Enter the new tokens of many stores.") + " " + ABOUT)
@_options
@click.pass_context
def renew_table(ctx: click.Context, file: str, dry_run: bool, accept_missing: bool) -> None:
    _by_table(ctx, _read(table_columns.RENEW, file), dry_run, accept_missing)


def _read(kind: str, file: str) -> Table:
    with click.open_file(file, "rb") as stream:
        raw = stream.read(MOST_BYTES + 1)
    return tables.read_file(kind, inputs.TEMU, raw)


def _by_table(ctx: click.Context, table: Table, dry_run: bool, accept_missing: bool) -> None:
    """Exit code 0 when every line is fine, else 1 with the report."""
    if dry_run:
        rows = bulk.look_at(table, inputs.ACTOR)
        lines = [Line(one, table.kind) for one in rows]
        _tell(table.kind, lines, _looked_at(lines))
        ctx.exit(1 if any(one.row.state == bulk.REFUSED for one in lines) else 0)
    job = bulk.hand_in(table, inputs.ACTOR, accept_missing=accept_missing)
    bulk.start(job)
    try:
        counts = _worked_off(job)
    except BaseException:  # nobody is left to wait for it: its tokens are destroyed
        bulk.stop(job)
        raise
    _tell(job.kind, list(bulk_queries.lines(job)), _came_to(job, counts))
    ctx.exit(1 if counts.refused else 0)


def _worked_off(job: TableJob) -> Counts:
    """To its end. What a running server does of it meanwhile is as good."""
    with output.progress(_("Lines")) as told:
        while True:
            claimed = settling.claim(job)
            if claimed is not None:
                settling.settle(claimed)
            counts = bulk_queries.counts(job)
            told(counts.settled, counts.total)
            if counts.finished:
                return counts
            if claimed is None:
                clock.sleep(LOOK_AGAIN_S)


def _tell(kind: str, lines: Sequence[Line], summary: str) -> None:
    payload = {"kind": kind, "summary": summary, "lines": [_told(one) for one in lines]}
    heads = (_("line"), _("nickname"), _("shop id"), _("outcome"), _("reason and remarks"))
    output.table(payload, heads, [_cells(one) for one in lines])
    if not output.wants_json():
        output.tell(payload, summary)


def _cells(line: Line) -> tuple[str, ...]:
    reason = f"{line.reason} {line.next_step}".strip()
    return str(line.row.line), line.name, line.shop_id, line.label, reason


def _told(line: Line) -> dict[str, Any]:
    """One line for programs; of its tokens the last four characters."""
    row = line.row
    return {
        "line": row.line,
        "nickname": line.name,
        "shop_id": line.shop_id,
        "store_type": line.store_type,
        "store": str(row.store_id) if row.store_id else None,
        "state": row.state,
        "cause": row.cause,
        "code": line.code,
        "sentence": line.reason,
        "next_step": line.next_step,
        "tokens": {slot: {"last4": last4} for slot, last4 in line.tokens},
    }


def _looked_at(lines: Sequence[Line]) -> str:
    fine = sum(one.row.state != bulk.REFUSED for one in lines)
    words = {"fine": fine, "lines": len(lines)}
    return _("%(fine)d of %(lines)d lines are fine in form. Nothing was asked of Temu.") % words


def _came_to(job: TableJob, counts: Counts) -> str:
    words = {"done": counts.done, "lines": counts.total}
    if job.kind == table_columns.CONNECT:
        return _("%(done)d of %(lines)d lines are connected.") % words
    return _("%(done)d of %(lines)d lines are reauthorized.") % words

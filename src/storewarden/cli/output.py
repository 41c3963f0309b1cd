"""What a command prints: JSON on standard output for programs, plain text for people."""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from storewarden.cli.starting import JSON
from storewarden.stores.errors import Refusal

Anything = TypeVar("Anything", bound=Callable[..., Any] | click.Command)
Told = Callable[[int, int], None]
WIDTH_IN_A_FILE = 200


def json_option(command: Anything) -> Anything:
    """`--json`, which every command takes; the root command has noted it (root.Desk)."""
    text = _("Print JSON for programs.")
    option = click.option("--json", is_flag=True, expose_value=False, help=text)
    return option(command)


def wants_json() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(JSON))


def tell(payload: Mapping[str, Any], *lines: str) -> None:
    """The payload for programs, or the lines for people."""
    if wants_json():
        click.echo(json.dumps(payload, ensure_ascii=False, indent=2, default=_as_json))
        return
    for line in lines:
        click.echo(plain(line))


def table(payload: Mapping[str, Any], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The payload for programs, or a table for people."""
    if wants_json():
        tell(payload)
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown.add_column(head, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(plain(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else WIDTH_IN_A_FILE, highlight=False)
    console.print(shown)


def refuse(refusal: Refusal, more: Mapping[str, Any] | None = None) -> None:
    """A refusal: as JSON on standard output, or as sentences on standard error."""
    if wants_json():
        tell({**refused(refusal), **(more or {})})
        return
    click.echo(plain(refusal.sentence), err=True)
    if refusal.next_step:
        click.echo(plain(refusal.next_step), err=True)


def refused(refusal: Refusal) -> dict[str, Any]:
    return {
        "refused": {
            "cause": refusal.cause,
            "code": refusal.code,
            "next_step": refusal.next_step,
            "sentence": refusal.sentence,
        }
    }


def plain(text: str) -> str:
    """Without control and direction marks, with which a name could redraw the terminal."""
    return "".join(
        "�" if unicodedata.category(letter) in ("Cc", "Cs") or letter in "\u202a\u202b\u202d\u202e"
        else letter
        for letter in text.replace("\n", " ")
    )  # fmt: skip


def moment(when: datetime | None) -> str:
    """A time for people, in UTC; a dash for none."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if when else "–"


def iso(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat() if when else None


def _as_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


@contextmanager
def progress(label: str) -> Iterator[Told]:
    """A bar on standard error when that is a terminal; else nothing is shown."""
    if wants_json() or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(plain(label), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)

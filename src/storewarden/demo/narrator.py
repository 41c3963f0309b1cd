"""Tells the story on the terminal; plain lines when it is none; nothing but JSON for programs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from storewarden.cli import output
from storewarden.stores.errors import Refusal

Told = Callable[[int, int], None]
PLAIN_WIDTH = 160
SHOWN = 5


class Narrator:
    """Says what is done, and what was found when it was verified."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self._quiet = output.wants_json()
        self._terminal = sys.stdout.isatty()
        width = None if self._terminal else PLAIN_WIDTH
        self._console = Console(highlight=False, width=width, quiet=self._quiet)

    def step(self, title: str) -> None:
        self.steps.append({"title": title, "verified": []})
        self._console.print(f"\n{len(self.steps)}. {title}", style="bold", markup=False)

    def say(self, line: str) -> None:
        self._console.print(f"   {output.plain(line)}", markup=False)

    def verify(self, what: str, expected: object, found: object) -> None:
        """Go on only if what was found is what was expected."""
        if expected != found:
            raise Refusal(
                "demo_step_failed",
                _("%(what)s: expected %(expected)s, found %(found)s.")
                % {"what": what, **_told(expected, found)},
                _("This is a fault of Storewarden. Its log is commands.log in the demo folder."),
            )
        self.steps[-1]["verified"].append(what)
        self._console.print(f"   ✓ {output.plain(what)}", style="green", markup=False)

    @contextmanager
    def progress(self, label: str) -> Iterator[Told]:
        """A bar where it takes long."""
        if self._quiet or not self._terminal:
            self.say(f"{label} …")
            yield lambda _done, _total: None
            return
        columns = (TextColumn("   {task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total or None)


def _told(expected: object, found: object) -> dict[str, object]:
    """Both sides; of large collections only what differs."""
    if isinstance(expected, dict) and isinstance(found, dict):
        expected, found = set(expected.items()), set(found.items())
    if isinstance(expected, set) and isinstance(found, set):
        lacking, more = sorted(map(str, expected - found)), sorted(map(str, found - expected))
        return {"expected": f"{lacking[:SHOWN]} ({len(lacking)})", "found": f"{more[:SHOWN]}"}
    return {"expected": expected, "found": found}

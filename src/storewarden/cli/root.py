"""`storewarden`: the list of commands, loaded one at a time so that `--help` is quick."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

import click

from storewarden import __version__
from storewarden.cli import starting
from storewarden.cli.starting import gettext_noop


@dataclass(frozen=True)
class Entry:
    """Where a command stands, what it does in a line, and what must run before it is loaded."""

    module: str
    help: str
    start: starting.Start = starting.for_a_person


COMMANDS = {
    "serve": Entry(
        "storewarden.cli.serve:serve",
        gettext_noop("Serve the web pages and run the jobs, in one process."),
        starting.for_a_server,
    ),
    "worker": Entry(
        "storewarden.cli.serve:worker",
        gettext_noop("Run the jobs alone, beside a server on PostgreSQL."),
        starting.for_a_server,
    ),
    "demo": Entry(
        "storewarden.demo.command:demo",
        gettext_noop("Try everything with the built-in Temu sandbox."),
        starting.by_itself,
    ),
    "migrate": Entry("storewarden.cli.setup:migrate", gettext_noop("Prepare the database.")),
    "createowner": Entry(
        "storewarden.cli.setup:createowner", gettext_noop("Make the first person's sign-in.")
    ),
    "doctor": Entry("storewarden.cli.doctor:doctor", gettext_noop("Check this installation.")),
    "apps": Entry(
        "storewarden.cli.apps:apps", gettext_noop("Developer apps: app key and secret of an area.")
    ),
    "stores": Entry(
        "storewarden.cli.stores:stores", gettext_noop("Connect stores and watch their tokens.")
    ),
    "listings": Entry(
        "storewarden.cli.listings:listings", gettext_noop("What a store offers on Temu.")
    ),
    "stock": Entry(
        "storewarden.cli.stock:stock", gettext_noop("What listings show, and what they shall show.")
    ),
    "orders": Entry("storewarden.cli.orders:orders", gettext_noop("Pull, list and ship orders.")),
    "alerts": Entry(
        "storewarden.cli.alerts:alerts", gettext_noop("What wants a person, and what was answered.")
    ),
    "channels": Entry(
        "storewarden.cli.alerts:channel_group", gettext_noop("Where reminders go: mail and chats.")
    ),
    "webhooks": Entry(
        "storewarden.cli.webhooks:webhooks", gettext_noop("Tell your own programs what happens.")
    ),
    "calendar": Entry(
        "storewarden.cli.calendar:calendar",
        gettext_noop("Calendars of all expiry dates, each behind a secret address."),
    ),
}


ABOUT = gettext_noop(
    "Storewarden: a self-hosted desk for sellers with many Temu stores. Every command takes "
    "--json for programs. Exit code 0: done; 1: refused, with the reason; 2: wrong usage. "
    "Secrets are read from a prompt or from standard input, never from an argument."
)


class Desk(click.Group):
    """Knows its commands by name; loads the one that is used, and ends refusals in words."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        entry.start(ctx)
        module, _, name = entry.module.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(starting.said(ABOUT))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(starting.said(gettext_noop("Commands"))):
            formatter.write_dl([(name, starting.said(one.help)) for name, one in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Notes --json at once, so that a refusal before the command is loaded is JSON too."""
        ctx.meta[starting.JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:  # `… | head`: the reader has gone, which is no fault
            raise
        except Exception as error:  # noqa: BLE001  # every error is told in a sentence
            _end(ctx, error)


def _end(ctx: click.Context, error: Exception) -> NoReturn:
    """Loaded late: both rooms are for the case that something went wrong."""
    from django.apps import apps

    if apps.ready:
        from storewarden.cli import failures

        failures.end(ctx, error)
    from storewarden.cli import early

    early.end(ctx, error)


@click.group(cls=Desk, context_settings={"help_option_names": ["-h", "--help"]}, help=ABOUT)
@click.version_option(__version__, prog_name="storewarden")
def main() -> None:
    pass

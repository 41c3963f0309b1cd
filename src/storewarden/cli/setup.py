"""`storewarden migrate` and `storewarden createowner`."""

import click
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storewarden.cli import inputs, output
from storewarden.people.actions import create_owner


def waiting_migrations() -> list[str]:
    """Names of the migrations that are still to be applied."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def apply_migrations() -> list[str]:
    """Bring the database up to date; the names of what was applied."""
    waiting = waiting_migrations()
    if waiting:
        call_command("migrate", verbosity=0, interactive=False)
    return waiting


@click.command(help=_("Prepare the database, or bring it up to date. Safe to run again."))
@output.json_option
def migrate() -> None:
    applied = apply_migrations()
    number = len(applied)
    done = ngettext("%(n)d step was applied.", "%(n)d steps were applied.", number) % {"n": number}
    output.tell({"applied": applied}, done if applied else _("The database is up to date."))


@click.command(help=_("Make an owner's sign-in. The password is asked for without echo."))
@click.option("--email", type=inputs.TEXT, required=True)
@click.option("--password-stdin", is_flag=True, help=_("Read the password from standard input."))
@output.json_option
def createowner(email: str, password_stdin: bool) -> None:
    person = create_owner(email, _password(from_stdin=password_stdin))
    line = _("%(email)s can sign in now.") % {"email": person.email}
    output.tell({"owner": {"email": person.email}}, line)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return inputs.stdin_text().rstrip("\r\n")
    return inputs.hidden(_("Password"), confirmation_prompt=True)

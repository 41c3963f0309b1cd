"""`storewarden apps`: app key and secret of an area."""

from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden.cli import inputs, output
from storewarden.stores import actions, queries
from storewarden.stores.errors import NoSuchApp
from storewarden.stores.models import DeveloperApp

AREAS = click.Choice(["cn", "us", "eu", "global"])


@click.group(help=_("Developer apps. A token works only with the app that it was issued for."))
def apps() -> None:
    pass


def told(app: DeveloperApp) -> dict[str, Any]:
    return {
        "id": str(app.pk),
        "area": app.area,
        "app_key": app.app_key,
        "created_at": output.iso(app.created_at),
    }


@apps.command(help=_("Register an app, or give a registered one its new secret."))
@click.option("--area", type=AREAS, required=True, help=_("cn serves CN and PA."))
@click.option("--key", type=inputs.TEXT, required=True, help=_("The app key."))
@click.option("--secret-stdin", is_flag=True, help=_("Read the app secret from standard input."))
@output.json_option
def add(area: str, key: str, secret_stdin: bool) -> None:
    secret = inputs.secret_line(_("App secret"), from_stdin=secret_stdin)
    app = actions.add_app(inputs.TEMU, area, key, secret, inputs.ACTOR)
    line = _("The app %(key)s is registered for %(area)s.")
    output.tell({"app": told(app)}, line % {"key": app.app_key, "area": app.area})


@apps.command("list", help=_("The registered apps; secrets are never shown."))
@output.json_option
def list_apps() -> None:
    rows = queries.apps()
    output.table(
        {"apps": [told(one) for one in rows]},
        (_("area"), _("app key"), _("since")),
        [(one.area, one.app_key, output.moment(one.created_at)) for one in rows],
    )


@apps.command(help=_("Forget an app. Refused while a store's token belongs to it."))
@click.option("--area", type=AREAS, required=True)
@click.option("--key", type=inputs.TEXT, required=True)
@output.json_option
def remove(area: str, key: str) -> None:
    app = _find(area, key)
    gone = told(app)
    actions.remove_app(app, inputs.ACTOR)
    output.tell({"removed": gone}, _("The app %(key)s is forgotten.") % {"key": app.app_key})


def _find(area: str, key: str) -> DeveloperApp:
    for app in queries.apps(area):
        if app.app_key == key.strip():
            return app
    raise NoSuchApp(
        "no_such_app",
        _("No app “%(key)s” is registered for %(area)s.") % {"key": key[:80], "area": area},
        _("`storewarden apps list` shows the registered ones."),
    )

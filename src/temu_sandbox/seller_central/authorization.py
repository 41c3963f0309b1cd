"""Service Marketplace › Authorization Management (服务市场 › 授权管理).

The click path is cn-pa-api.md 3.3 and partner-api.md 3.1; a sub-account does not see it.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from temu_sandbox.seller_central.visit import visit, world
from temu_sandbox.seller_central.words import say
from temu_sandbox.world.model import App, Grant
from temu_sandbox.world.packages import Package, packages_of

room = Blueprint("authorization", __name__, url_prefix="/<site>/authorization-management")

_MAIN_ONLY = (
    "Sub-accounts do not see the Service Marketplace. Sign in with the main account of this "
    "seller to authorize an app."
)


@room.before_request
def _main_account_only() -> None:
    if not visit().account.is_main:
        abort(403, say(_MAIN_ONLY))


@room.get("/")
def index(site: str) -> str:
    """Granted apps of this store and site; replaced tokens are history."""
    every, history = _grants(site), bool(request.args.get("history"))
    return render_template(
        "seller_central/authorizations.html",
        grants=[grant for grant in every if history or grant.state != "replaced"],
        replaced=sum(grant.state == "replaced" for grant in every),
        history=history,
        apps={app.app_key: app for app in world().directory.apps(site)},
        packages_in_all=len(packages_of(site)),
    )


@room.get("/get-authorization")
def choose_app(site: str) -> str:
    living = {g.app_key: g for g in _grants(site) if g.state != "replaced"}
    return render_template("seller_central/choose_app.html", apps=_apps(site), living=living)


@room.get("/get-authorization/<app_key>")
def get_authorization(site: str, app_key: str) -> str:
    return _permissions_form(site, _app(site, app_key), (), renews=None)


@room.post("/get-authorization/<app_key>")
def confirm(site: str, app_key: str) -> Response | tuple[str, int]:
    """Confirm 确认: the token is made and shown once."""
    app, ticked = _app(site, app_key), _ticked(site)
    problem = _problem(site, ticked)
    if problem:
        return _permissions_form(site, app, ticked, renews=None, problem=problem), 422
    grant = world().authorizations.grant(visit().mall.mall_id, app_key, site, ticked)
    return _show_once(site, grant)


@room.get("/<int:grant_id>/new-token")
def ask_new_token(site: str, grant_id: int) -> str:
    grant = _grant(site, grant_id)
    return _permissions_form(site, _app(site, grant.app_key), grant.packages, renews=grant)


@room.post("/<int:grant_id>/new-token")
def new_token(site: str, grant_id: int) -> Response | tuple[str, int]:
    """Generate a new token; the old one is dead at once."""
    grant, ticked = _grant(site, grant_id), _ticked(site)
    problem = _problem(site, ticked)
    if problem:
        app = _app(site, grant.app_key)
        return _permissions_form(site, app, ticked, renews=grant, problem=problem), 422
    return _show_once(site, world().authorizations.generate_new(grant_id, ticked))


@room.get("/<int:grant_id>")
def permissions(site: str, grant_id: int) -> str:
    grant = _grant(site, grant_id)
    app = world().directory.app(grant.app_key)
    return render_template(
        "seller_central/permissions.html", grant=grant, app=app, packages=packages_of(site)
    )


@room.get("/<int:grant_id>/remove")
def ask_remove(site: str, grant_id: int) -> str:
    grant = _grant(site, grant_id)
    app = world().directory.app(grant.app_key)
    return render_template("seller_central/remove.html", grant=grant, app=app)


@room.post("/<int:grant_id>/remove")
def remove(site: str, grant_id: int) -> Response:
    world().authorizations.remove(_grant(site, grant_id).id)
    flash(say("The authorization was removed. Its token is refused from now on."))
    return redirect(url_for(".index", site=site), 303)


@room.post("/<int:grant_id>/authorize-again")
def authorize_again(site: str, grant_id: int) -> Response:
    """Inside the validity: the same token with the same end."""
    return _show_once(site, world().authorizations.authorize_again(_grant(site, grant_id).id))


@room.get("/token")
def token(site: str) -> str | tuple[str, int]:
    """Shows the token of the last confirmation, once: only the grant's id was in the session."""
    grant_id = session.pop("token_to_show", None)
    if grant_id is None:
        return render_template("seller_central/token_gone.html"), 410
    grant = _grant(site, grant_id)
    app = world().directory.app(grant.app_key)
    return render_template("seller_central/token.html", grant=grant, app=app)


def _show_once(site: str, grant: Grant) -> Response:
    session["token_to_show"] = grant.id
    return redirect(url_for(".token", site=site), 303)


def _permissions_form(
    site: str,
    app: App,
    ticked: tuple[str, ...],
    *,
    renews: Grant | None,
    problem: str | None = None,
) -> str:
    return render_template(
        "seller_central/get_authorization.html",
        app=app,
        ticked=ticked,
        renews=renews,
        problem=problem,
        consented=bool(request.form.get("consent")),
        living=next(
            (g for g in _grants(site) if g.app_key == app.app_key and g.state != "replaced"), None
        ),
        sections={
            "standard": [p for p in packages_of(site) if p.section == "standard"],
            "special": [p for p in packages_of(site) if p.section == "special"],
        },
    )


def _ticked(site: str) -> tuple[str, ...]:
    """Ticked packages; Select All counts without JavaScript too."""
    whole, single = request.form.getlist("all"), request.form.getlist("package")

    def is_ticked(package: Package) -> bool:
        return package.section in whole or package.name in single

    return tuple(package.name for package in packages_of(site) if is_ticked(package))


def _problem(site: str, ticked: tuple[str, ...]) -> str | None:
    if not ticked:
        return say("Tick at least one permission before you confirm.")
    special = {package.name for package in packages_of(site) if package.section == "special"}
    if special & set(ticked) and not request.form.get("consent"):
        return say("Tick the consent line: special authorizations need it.")
    return None


def _apps(site: str) -> list[App]:
    """Only apps that are online and registered for this site can be found here."""
    return [app for app in world().directory.apps(site) if not app.suspended]


def _app(site: str, app_key: str) -> App:
    found = next((app for app in _apps(site) if app.app_key == app_key), None)
    if found is None:
        abort(404, say("App not found on this page. Each app is registered for one site only."))
    return found


def _grants(site: str) -> list[Grant]:
    mall_id = visit().mall.mall_id
    return [grant for grant in world().authorizations.of_mall(mall_id) if grant.area == site]


def _grant(site: str, grant_id: int) -> Grant:
    found = next((grant for grant in _grants(site) if grant.id == grant_id), None)
    if found is None:
        abort(404, say("This store has no such authorization on this site."))
    return found

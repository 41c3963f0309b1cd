"""The blueprint of Seller Central: its rooms, and what all pages share."""

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from temu_sandbox.seller_central import authorization, orders, products, sandbox, sign_in
from temu_sandbox.seller_central.visit import (
    SITES,
    InputError,
    form_token,
    moment,
    open_the_door,
    safe_path,
    signed_in,
    visit,
    world,
)
from temu_sandbox.seller_central.words import LANGUAGES, both, language, say
from temu_sandbox.world.authorizations import AuthorizationError
from temu_sandbox.world.refusals import RefusedError

blueprint = Blueprint(
    "seller_central",
    __name__,
    url_prefix="/seller-central",
    template_folder="templates",
    static_folder="static",
)
blueprint.before_request(open_the_door)
for _room in (sign_in.room, authorization.room, orders.room, products.room, sandbox.room):
    blueprint.register_blueprint(_room)


@blueprint.get("/")
def home() -> Response:
    return redirect(url_for("seller_central.start", site=visit().sites[0]), 303)


@blueprint.get("/<site>/")
def start(site: str) -> str:
    """The home of a site: what there is to do there."""
    return render_template("seller_central/start.html", site=site)


@blueprint.post("/store")
def choose_store() -> Response:
    """The store switcher; stays on the site where the chosen store has it."""
    wanted = request.form.get("mall_id", "")
    mall = next((m for m in visit().malls if str(m.mall_id) == wanted), None)
    if mall is None:
        raise InputError(say("That store is not one of yours; choose from the list."))
    session["mall"] = mall.mall_id
    g.visit = signed_in()
    site = request.form.get("site", "")
    return redirect(
        url_for("seller_central.start", site=site if site in visit().sites else "cn"), 303
    )


@blueprint.get("/language")
def choose_language() -> Response:
    if request.args.get("to") in LANGUAGES:
        session["language"] = request.args["to"]
    return redirect(safe_path(request.args.get("back")), 303)


@blueprint.context_processor
def _frame_of_every_page() -> dict[str, object]:
    asked = request.full_path if request.method == "GET" else url_for("seller_central.home")
    return {
        "say": say,
        "both": both,
        "moment": moment,
        "sites": SITES,
        "visit": g.get("visit"),
        "language": language(),
        "form_token": form_token(),
        "back": asked,
        "now_s": world().clock.now_s(),
        "site": (request.view_args or {}).get("site"),
    }


@blueprint.after_request
def _keep_it_here(response: Response) -> Response:
    """Nothing from elsewhere on a page, no page in a frame, no token in a cache."""
    response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
    response.headers["Referrer-Policy"] = "same-origin"
    if not request.path.startswith("/seller-central/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(RefusedError)
def _temu_refuses(error: RefusedError) -> tuple[str, int]:
    return _refusal(error.message, 409, error.code)


@blueprint.errorhandler(AuthorizationError)
def _authorization_refused(error: AuthorizationError) -> tuple[str, int]:
    return _refusal(str(error), 409)


@blueprint.errorhandler(InputError)
def _input_refused(error: InputError) -> tuple[str, int]:
    return _refusal(str(error), 422)


@blueprint.errorhandler(HTTPException)
def _http_refused(error: HTTPException) -> tuple[str, int]:
    return _refusal(error.description or error.name, error.code or 500)


def _refusal(sentence: str, status: int, code: int | None = None) -> tuple[str, int]:
    page = render_template("seller_central/refused.html", sentence=sentence, code=code)
    return page, status

"""Behind the curtain: what no seller could do or see. Not a page of Temu's."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from temu_sandbox.control import Control
from temu_sandbox.faults import KINDS
from temu_sandbox.seller_central.visit import InputError, number, sites_of, visit, world
from temu_sandbox.seller_central.words import say
from temu_sandbox.world.model import GATEWAYS, Grant, LedgerRow, Mall

room = Blueprint("sandbox", __name__, url_prefix="/sandbox")

LEDGER_ROWS = 100
_MOST_ORDERS = 100_000
_MOST_DAYS = 3650


@room.get("/")
def index() -> str:
    return render_template(
        "seller_central/sandbox.html",
        ledger=_latest_ledger(),
        grants=_living_grants(),
        order_malls=_order_malls(),
        apps={app.app_key: app for app in world().directory.apps()},
        kinds=KINDS,
        gateways=GATEWAYS,
        faults=world().faults.told(),
        counts=Control(world()).counts(),
    )


@room.post("/age-token")
def age_token() -> Response:
    """Make a token older, as if the days had gone by since it was issued."""
    days = number("days", say("Days"), 1, _MOST_DAYS)
    wanted = request.form.get("grant_id", "")
    grant = next((g for _, g in _living_grants() if str(g.id) == wanted), None)
    if grant is None:
        raise InputError(say("Choose one of the listed authorizations."))
    world().authorizations.age(grant.id, days)
    return _done(say("The token is {days} days older now.", days=days))


@room.post("/make-orders")
def make_orders() -> Response:
    """Buyers place orders, just now."""
    amount = number("n", say("Number of orders"), 1, _MOST_ORDERS)
    mall, area = _chosen_place()
    made = Control(world()).make_orders(mall.mall_id, amount, area)["made"]
    return _done(say("{made} orders were placed.", made=made))


@room.post("/advance-clock")
def advance_clock() -> Response:
    hours = number("hours", say("Hours"), 1, 24 * _MOST_DAYS)
    world().advance_clock(hours * 3600)
    return _done(say("Temu's clock moved on by {hours} hours.", hours=hours))


@room.post("/faults")
def add_fault() -> Response:
    """Trouble at the gateways; the figures that a kind does not use are ignored by it."""
    times = request.form.get("times", "").strip()
    if request.form.get("kind") not in KINDS:
        raise InputError(say("Choose one of the listed kinds of trouble."))
    Control(world()).add_fault(
        request.form["kind"],
        api_type=request.form.get("api_type", "").strip() or None,
        area=request.form.get("area") or None,
        times=number("times", say("How often"), 1, 10**6) if times else None,
        ms=number("ms", say("Milliseconds"), 0, 60_000),
        seconds=number("seconds", say("Seconds"), 0, 60),
    )
    return _done(say("The trouble is on."))


@room.post("/faults/clear")
def clear_faults() -> Response:
    world().faults.clear()
    return _done(say("All trouble is over."))


def _done(sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for(".index"), 303)


def _latest_ledger() -> list[LedgerRow]:
    last = Control(world()).counts()["ledger"]
    return world().ledger.rows(after_id=max(0, last - LEDGER_ROWS))[::-1]


def _living_grants() -> list[tuple[Mall, Grant]]:
    every = ((m, g) for m in visit().malls for g in world().authorizations.of_mall(m.mall_id))
    return [(mall, grant) for mall, grant in every if grant.state != "replaced"]


def _order_malls() -> list[tuple[Mall, str]]:
    return [(mall, site) for mall in visit().malls for site in sites_of(mall) if site != "cn"]


def _chosen_place() -> tuple[Mall, str]:
    wanted = request.form.get("place", "")
    for mall, area in _order_malls():
        if wanted == f"{mall.mall_id}/{area}":
            return mall, area
    raise InputError(say("Choose one of the listed stores."))

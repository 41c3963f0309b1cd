"""Choosing a seller account. A sandbox needs no password."""

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.wrappers import Response

from temu_sandbox.seller_central.visit import InputError, safe_path, world
from temu_sandbox.seller_central.words import language, say

room = Blueprint("sign_in", __name__)


@room.get("/sign-in")
def index() -> str:
    directory = world().directory
    sellers = [(seller, directory.accounts(seller.id)) for seller in directory.sellers()]
    return render_template(
        "seller_central/sign_in.html", sellers=sellers, next=request.args.get("next", "")
    )


@room.post("/sign-in")
def sign_in() -> Response:
    wanted = request.form.get("account_id", "")
    accounts = world().directory.accounts()
    account = next((a for a in accounts if str(a.id) == wanted), None)
    if account is None:
        raise InputError(say("There is no such account; choose one from the list."))
    spoken = language()
    session.clear()
    session["account"], session["language"] = account.id, spoken
    return redirect(safe_path(request.form.get("next")), 303)


@room.post("/sign-out")
def sign_out() -> Response:
    session.pop("account", None)
    session.pop("mall", None)
    return redirect(safe_path(None), 303)

"""The control over HTTP: ``POST /control/<verb>`` with a JSON object, from this machine only."""

import ipaddress
import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from temu_sandbox.control import READS, VERBS, Control, ControlError, perform, usage

blueprint = Blueprint("control", __name__, url_prefix="/control")


@blueprint.before_request
def refuse_strangers() -> tuple[Response, int] | None:
    """Loopback only; a page of another site cannot send JSON here without the browser asking."""
    if not _is_loopback(request.remote_addr or ""):
        return _refusal("The control answers callers on the same machine only.", 403)
    if request.method == "POST" and request.mimetype != "application/json":
        return _refusal("Send a JSON object with Content-Type: application/json.", 415)
    return None


@blueprint.get("/")
def verbs() -> Response:
    """Every verb with its arguments."""
    return jsonify({verb: usage(verb) for verb in VERBS})


@blueprint.get("/<verb>")
def read(verb: str) -> tuple[Response, int] | Response:
    """A verb that changes nothing, its arguments in the query."""
    if verb.replace("-", "_") not in READS:
        return _refusal(f"Send {verb} by POST with a JSON object; GET only reads.", 405)
    return _perform(verb, {name: parsed(text) for name, text in request.args.items()})


@blueprint.post("/<verb>")
def do(verb: str) -> tuple[Response, int] | Response:
    arguments = request.get_json(silent=True)
    if not isinstance(arguments, dict):
        return _refusal("The body must be a JSON object with the verb's arguments.", 400)
    return _perform(verb, arguments)


def parsed(text: str) -> Any:
    """``12``, ``true``, ``["a"]`` as JSON; anything else is the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _perform(verb: str, arguments: dict[str, Any]) -> tuple[Response, int] | Response:
    control = Control(current_app.config["WORLD"])
    try:
        return jsonify(perform(control, verb, arguments))
    except ControlError as error:
        return _refusal(str(error), 400)


def _refusal(sentence: str, status: int) -> tuple[Response, int]:
    return jsonify({"error": sentence}), status


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

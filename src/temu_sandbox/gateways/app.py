"""The routers as a Flask blueprint: ``POST /<gateway>/openapi/router``."""

import itertools
from collections.abc import Mapping
from typing import Any

import msgspec
from flask import Blueprint, Response, current_app, request

from temu_sandbox.faults import DroppedConnectionError, Fault
from temu_sandbox.gateways import types_cn, types_events, types_orders, types_pa, types_shipping
from temu_sandbox.gateways.call import ApiType, Call
from temu_sandbox.gateways.checks import Checks
from temu_sandbox.gateways.envelope import (
    GatewayError,
    bad,
    gateway_error,
    good,
    http,
    request_id,
)
from temu_sandbox.gateways.fields import BadFieldError, check
from temu_sandbox.world.refusals import RefusedError
from temu_sandbox.world.world import World

_BAD_GATEWAY_PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_SYSTEM_EXCEPTION_TEXT = "系统异常"
_request_numbers = itertools.count(1)

Types = Mapping[str, Mapping[str, ApiType]]


def _by_gateway() -> dict[str, dict[str, ApiType]]:
    found: dict[str, dict[str, ApiType]] = {g: {} for g in ("cn", "pa", "us", "eu", "global")}
    rooms = (types_cn, types_pa, types_orders, types_shipping, types_events)
    for api_type in itertools.chain.from_iterable(room.TYPES for room in rooms):
        for gateway in api_type.gateways:
            found[gateway][api_type.name] = api_type
    return found


TYPES: Types = _by_gateway()
"""Gateway -> API type -> operation: everything the sandbox plays."""

blueprint = Blueprint("gateways", __name__)


@blueprint.post("/<any(cn, pa, us, eu, global):gateway>/openapi/router")
def router(gateway: str) -> Response:
    """One call. Temu answers errors with HTTP 200; only faults give anything else."""
    world: World = current_app.config["WORLD"]
    params = _object(request.get_data())
    faults = world.faults.striking(gateway, _type_text(params))
    early = _strike_before(world, gateway, faults)
    if early is not None:
        return early
    body = answer(world, gateway, params, request.remote_addr or "", faults)
    if "lost_response" in faults:
        raise DroppedConnectionError("The sandbox lost this answer on purpose.")
    return http(body[: len(body) // 2] if "half_body" in faults else body, world.clock.now())


def answer(
    world: World,
    gateway: str,
    params: Mapping[str, Any] | None,
    address: str = "127.0.0.1",
    faults: Mapping[str, Fault] | None = None,
) -> bytes:
    """The JSON body for one call; ``params`` None means the body was no JSON object."""
    number = request_id(gateway, next(_request_numbers))
    try:
        call, api_type = _checked(world, gateway, params, address, faults or {})
        return good(number, api_type.handler(call))
    except (GatewayError, RefusedError) as refusal:
        return bad(number, refusal.code, refusal.message)
    except BadFieldError as error:
        wrong = gateway_error("bad_params", world.family(gateway), str(error))
        return bad(number, wrong.code, wrong.message)


def _checked(
    world: World,
    gateway: str,
    params: Mapping[str, Any] | None,
    address: str,
    faults: Mapping[str, Fault],
) -> tuple[Call, ApiType]:
    if params is None:
        raise BadFieldError("request body: JSON object expected")
    checks = Checks(world, gateway, address)
    api_type = checks.type_of(params, TYPES[gateway])
    app = checks.app_of(params)
    checks.check_app(app, api_type.name)
    grant = checks.grant_of(params, app, api_type.name)
    mall = world.directory.mall(grant.mall_id)
    _check_rates(world, gateway, app.app_key, mall.mall_id, api_type)
    check(params, api_type.fields)
    return Call(world, gateway, api_type.name, app, grant, mall, params, faults), api_type


def _check_rates(world: World, gateway: str, app_key: str, mall_id: int, api_type: ApiType) -> None:
    if not world.limits.app_may(app_key):
        raise gateway_error("throttled", world.family(gateway))
    if api_type.shop_limited and not world.limits.shop_may_stock(mall_id):
        # The report gives the text "系统异常" and no code (cn-pa-api.md 6.2 [M]); 4000000 is the
        # code that behaves as throttling on this side (2.4 [M]).
        raise GatewayError(4000000, _SYSTEM_EXCEPTION_TEXT)


def _strike_before(world: World, gateway: str, faults: Mapping[str, Fault]) -> Response | None:
    """Wait, drop or answer in Temu's place, before anything has happened."""
    for kind in ("latency", "hang"):
        if kind in faults:
            world.clock.sleep(faults[kind].delay_s)
    if "outage" in faults:
        raise DroppedConnectionError("The sandbox plays an outage.")
    if "bad_gateway" in faults:
        return http(_BAD_GATEWAY_PAGE, world.clock.now(), 502, "text/html")
    for kind, meaning in (("throttle", "throttled"), ("system_exception", "unwell")):
        if kind in faults:
            error = gateway_error(meaning, world.family(gateway))
            number = request_id(gateway, next(_request_numbers))
            return http(bad(number, error.code, error.message), world.clock.now())
    return None


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        params = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return params if isinstance(params, dict) else None


def _type_text(params: Mapping[str, Any] | None) -> str:
    return str((params or {}).get("type", ""))

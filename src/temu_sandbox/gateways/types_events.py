"""US, EU and Global gateways: which events a store's token lets through (partner-api.md 7)."""

from temu_sandbox.gateways.call import ApiType, Call
from temu_sandbox.gateways.fields import Field
from temu_sandbox.world.model import ORDER_AREAS
from temu_sandbox.world.refusals import RefusedError


def message_update(call: Call) -> bool:
    if not call.world.limits.app_may_update_events(call.app.app_key):
        raise RefusedError(110020007)
    permit, cancel = call.given("permitEventCodeList", []), call.given("cancelEventCodeList", [])
    call.world.webhooks.update_permits(call.grant, permit, cancel, call.api_type)
    return True


def told(call: Call) -> dict[str, object]:
    """The part of a token's info about events.

    ``permitsStatus``: its numbers are not documented; 1 is sent, 0 is cancelled here.
    """
    callback = call.world.webhooks.callback(call.app.app_key)
    return {
        "appSubscribeEventCodeList": list(callback.event_codes) if callback else [],
        "appSubscribeStatus": int(callback.stopped) if callback else 0,
        "authEventCodeList": [
            {"eventCode": code, "permitsStatus": status}
            for code, status in call.world.webhooks.permits(call.grant)
        ],
    }


TYPES = (
    ApiType(
        "bg.tmc.message.update",
        ORDER_AREAS,
        message_update,
        (Field("permitEventCodeList", "str", many=True),
         Field("cancelEventCodeList", "str", many=True)),
    ),
)  # fmt: skip

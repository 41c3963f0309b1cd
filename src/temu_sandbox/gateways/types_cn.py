"""CN gateway: who the token belongs to (cn-pa-api.md 3.2, 4)."""

from temu_sandbox.gateways.call import ApiType, Call


def token_info(call: Call) -> dict[str, object]:
    return {
        "mallId": call.mall.mall_id,
        "expiredTime": call.grant.expires_at_s,
        "apiScopeList": list(call.grant.scopes),
    }


def mall_info(call: Call) -> dict[str, object]:
    return {"semiManagedMall": call.mall.kind == "semi", "isThriftStore": False}


TYPES = (
    ApiType("bg.open.accesstoken.info.get", ("cn",), token_info),
    ApiType("bg.mall.info.get", ("cn",), mall_info),
)

"""What a token is good for, and whose it is.

Sources: partner-api.md 3.3 [DOC], cn-pa-api.md 3.2 and 4 [D].
"""

import msgspec

from temu_openapi.client import App, Client, Token
from temu_openapi.wire import Answer, TemuId

TOKEN_INFO = "bg.open.accesstoken.info.get"
TOKEN_INFO_GLOBAL = "bg.open.accesstoken.info.get.global"
MALL_INFO = "bg.mall.info.get"

MALL_TYPE_SEMI = 1
MALL_TYPE_LOCAL = 100


class EventPermit(Answer, frozen=True, kw_only=True):
    """An event that the seller authorised for this token.

    What the numbers of ``status`` mean is not documented; 1 is taken for "sent" and any other one
    for "perhaps not".
    """

    code: str = msgspec.field(name="eventCode")
    status: int | None = msgspec.field(default=None, name="permitsStatus")


class TokenInfo(Answer, frozen=True, kw_only=True):
    """A token's mall, end and permissions.

    ``expires_at_s`` is POSIX seconds, None where Temu does not say. PA gives no ``mall_id`` but a
    ``unique_id`` and sometimes a ``mall_name``; only US, EU and Global give ``mall_type`` (1 semi,
    100 local), ``semi_unique_id`` and ``region_id``. ``scopes`` are the API types granted.
    ``app_events`` are what the app has subscribed, ``permits`` what the seller lets through;
    ``app_push_status`` 0: delivered normally, 1: pushing has stopped.
    """

    mall_id: TemuId | None = None
    mall_name: str | None = None
    unique_id: TemuId | None = None
    expires_at_s: int | None = msgspec.field(default=None, name="expiredTime")
    scopes: tuple[str, ...] = msgspec.field(default=(), name="apiScopeList")
    mall_type: int | None = None
    semi_unique_id: TemuId | None = None
    region_id: TemuId | None = None
    app_events: tuple[str, ...] = msgspec.field(default=(), name="appSubscribeEventCodeList")
    app_push_status: int | None = msgspec.field(default=None, name="appSubscribeStatus")
    permits: tuple[EventPermit, ...] = msgspec.field(default=(), name="authEventCodeList")


class MallInfo(Answer, frozen=True, kw_only=True):
    """The store's type: ``semi_managed`` is semi-consignment, else full consignment."""

    semi_managed: bool = msgspec.field(name="semiManagedMall")
    thrift: bool = msgspec.field(default=False, name="isThriftStore")


def token_info(client: Client, app: App, token: Token, *, shop: str | None = None) -> TokenInfo:
    """The token's mall, end and permissions, from CN, US, EU or Global.

    A PA token is asked about at CN, which serves the same app and tells the mall id.
    """
    return client.call(app, token, TOKEN_INFO, {}, result=TokenInfo, shop=shop)


def token_info_global(
    client: Client, app: App, token: Token, *, shop: str | None = None
) -> TokenInfo:
    """The same from PA, for a product stock token: the mall's name, but not its id."""
    return client.call(app, token, TOKEN_INFO_GLOBAL, {}, result=TokenInfo, shop=shop)


def mall_info(client: Client, app: App, token: Token, *, shop: str | None = None) -> MallInfo:
    """Semi or full consignment, by the product stock token (CN)."""
    return client.call(app, token, MALL_INFO, {}, result=MallInfo, shop=shop)

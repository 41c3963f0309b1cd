"""Areas, their gateways, and which API type lives where.

Sources: partner-api.md 1.1, cn-pa-api.md 1.1 and 1.5. App key, app secret and token belong to one
area; CN and PA share them, and the gateway between those two follows from the API type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlsplit

ROUTER_PATH = "/openapi/router"


class Area(StrEnum):
    """One of Temu's gateways."""

    CN = "cn"
    PA = "pa"
    US = "us"
    EU = "eu"
    GLOBAL = "global"


class TokenKind(StrEnum):
    """What a token is for: products and stock, or orders and shipping."""

    PRODUCT = "product"
    ORDER = "order"


ORDER_AREAS = frozenset({Area.US, Area.EU, Area.GLOBAL})

APP_AREA: Mapping[Area, Area] = MappingProxyType(
    {area: Area.CN if area is Area.PA else area for area in Area}
)
"""The area of the app that signs a call: PA is served by the CN app."""

TOKEN_KIND: Mapping[Area, TokenKind] = MappingProxyType(
    {area: TokenKind.ORDER if area in ORDER_AREAS else TokenKind.PRODUCT for area in Area}
)

GATEWAYS: Mapping[Area, str] = MappingProxyType(
    {
        Area.CN: "https://openapi.kuajingmaihuo.com",
        Area.PA: "https://openapi-b-partner.temu.com",
        Area.US: "https://openapi-b-us.temu.com",
        Area.EU: "https://openapi-b-eu.temu.com",
        Area.GLOBAL: "https://openapi-b-global.temu.com",
    }
)
"""Temu's own base addresses, before ``/openapi/router``."""


@dataclass(frozen=True)
class ApiType:
    """One operation: where it lives, whether it may be repeated, and the permission it needs.

    ``scope`` names the permission package that carries it in Seller Central. ``timeout_s`` is how
    long one attempt may take. ``shop_limited`` marks the calls that Temu also limits a shop
    (semi-consignment stock, cn-pa-api.md 6.2 [M]).
    """

    name: str
    areas: frozenset[Area]
    idempotent: bool
    scope: str
    timeout_s: float = 15.0
    shop_limited: bool = False


_CN = frozenset({Area.CN})
_PA = frozenset({Area.PA})
_BASE = "ISV基础接口"
_GOODS = "货品API组"
_SEMI_STOCK = "半托管库存API组"
_FULL_STOCK = "全托管库存API组"
_SEMI_ORDERS = "Semi Order Management"
_SEMI_SHIPPING = "Semi Online Call Shipment Management"
_SEMI_BASIC = "Semi Basic Management"

_TYPES = (
    ApiType("bg.open.accesstoken.info.get", _CN | ORDER_AREAS, True, _BASE),
    ApiType("bg.open.accesstoken.info.get.global", _PA, True, _BASE),
    ApiType("bg.mall.info.get", _CN, True, _BASE),
    ApiType("bg.glo.goods.list.get", _PA, True, _GOODS, 30.0),
    ApiType("temu.goods.list.get", _PA, True, _GOODS, 30.0),
    ApiType("bg.btg.goods.stock.quantity.get", _PA, True, _SEMI_STOCK, shop_limited=True),
    # In its default mode a stock update adds; only set_semi_stock's overwrite may be repeated, and
    # it says so itself.
    ApiType("bg.btg.goods.stock.quantity.update", _PA, False, _SEMI_STOCK, shop_limited=True),
    ApiType("bg.btg.goods.stock.warehouse.list.get", _PA, True, _SEMI_STOCK, shop_limited=True),
    ApiType("bg.qtg.stock.virtualinventoryjit.get", _PA, True, _FULL_STOCK),
    ApiType("bg.qtg.stock.virtualinventoryjit.edit", _PA, False, _FULL_STOCK),
    ApiType("bg.order.list.v2.get", ORDER_AREAS, True, _SEMI_ORDERS, 30.0),
    ApiType("bg.order.detail.v2.get", ORDER_AREAS, True, _SEMI_ORDERS),
    # Reading an address spends one of six successes an order and day, so a lost answer is not
    # asked for again by itself (partner-api.md 4.5).
    ApiType("bg.order.shippinginfo.v2.get", ORDER_AREAS, False, _SEMI_ORDERS),
    ApiType("bg.logistics.companies.get", ORDER_AREAS, True, _SEMI_BASIC),
    ApiType("bg.logistics.warehouse.list.get", ORDER_AREAS, True, _SEMI_BASIC),
    ApiType("bg.logistics.shipment.v2.confirm", ORDER_AREAS, False, _SEMI_SHIPPING, 30.0),
    ApiType("bg.logistics.shipment.v2.get", ORDER_AREAS, True, _SEMI_SHIPPING),
    # It sets what is permitted and what not, so it may be repeated. Which package carries it is not
    # documented; the official sample of a token has it beside the token's own info.
    ApiType("bg.tmc.message.update", ORDER_AREAS, True, _SEMI_BASIC),
)

API_TYPES: Mapping[str, ApiType] = MappingProxyType({each.name: each for each in _TYPES})
"""Every operation this library calls, by its ``type``."""


def api_type_of(name: str) -> ApiType:
    """The entry of an API type; ValueError for one that this library does not know."""
    try:
        return API_TYPES[name]
    except KeyError:
        raise ValueError(f"{name!r} is no API type of this library; see API_TYPES.") from None


def area_of(api_type: str, token_area: Area) -> Area:
    """The gateway for a call made with a token of ``token_area``.

    A CN token reaches both CN and PA; which of the two, the API type decides. Raises ValueError for
    an unknown type, and for one that a token of this area cannot call.
    """
    areas = api_type_of(api_type).areas
    for area in (token_area, Area.PA, Area.CN):
        if area in areas and APP_AREA[area] is APP_AREA[token_area]:
            return area
    where = ", ".join(sorted(area.value for area in areas))
    raise ValueError(f"{api_type} lives on {where}; a token of area {token_area} cannot call it.")


class Gateways:
    """Where each area's router is: Temu's own addresses unless told otherwise."""

    def __init__(self, bases: Mapping[Area, str] = GATEWAYS) -> None:
        """Take base addresses before ``/openapi/router``; ValueError for one that is none."""
        self._urls = {
            area: _base_url(bases.get(area, GATEWAYS[area]), f"The gateway of {area}") + ROUTER_PATH
            for area in Area
        }

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Gateways":
        """Read ``TEMU_GATEWAY_CN``, ``_PA``, ``_US``, ``_EU`` and ``_GLOBAL``; else Temu's own."""
        named = {area: environ.get(f"TEMU_GATEWAY_{area.name}", "").strip() for area in Area}
        for area, base in named.items():
            if base:
                _base_url(base, f"TEMU_GATEWAY_{area.name}")
        return cls({area: base for area, base in named.items() if base})

    def url(self, area: Area) -> str:
        """The router's full address."""
        return self._urls[area]


def _base_url(text: str, label: str) -> str:
    base = text.rstrip("/").removesuffix(ROUTER_PATH)
    if not _is_web_address(base):
        raise ValueError(
            f"{label} is no web address; write it like https://openapi-b-us.temu.com, "
            "without user name, query or fragment."
        )
    return base


def _is_web_address(base: str) -> bool:
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and port != 0

"""What the world is made of: values, no behaviour that writes."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

MallKind = Literal["semi", "full"]
AppKind = Literal["isv", "self"]
GrantState = Literal["active", "removed", "replaced"]
MessageState = Literal["waiting", "delivered", "lost", "dropped"]
Standing = Literal["active", "removed", "replaced", "expired"]

TOKEN_DAYS: dict[str, int] = {"isv": 90, "self": 365}
"""Life of a token by the kind of app (cn-pa-api.md 3.1 [D]: third-party 90, self-developed 365)."""

ORDER_AREAS = ("us", "eu", "global")
TOKEN_AREAS = ("cn", *ORDER_AREAS)
GATEWAYS = ("cn", "pa", *ORDER_AREAS)

_EU_REGIONS = frozenset(
    (210, 76, 69, 98, 186, 141, 162, 20, 191, 13, 96, 163, 54, 68, 79, 192, 151, 203, 209)
)


def area_of_region(region_id: int) -> str:
    """The gateway that serves a region (partner-api.md 1.1 and 4.1)."""
    if region_id == 211:
        return "us"
    return "eu" if region_id in _EU_REGIONS else "global"


class OrderStatus(IntEnum):
    """partner-api.md 4.2 [DOC]; 41 and 51 exist for local malls only and are left out."""

    PENDING = 1
    UN_SHIPPING = 2
    CANCELED = 3
    SHIPPED = 4
    RECEIPTED = 5


@dataclass(frozen=True)
class Seller:
    id: int
    name: str


@dataclass(frozen=True)
class Account:
    """A sign-in of Seller Central; sub-accounts do not see the Service Marketplace."""

    id: int
    seller_id: int
    name: str
    is_main: bool


@dataclass(frozen=True)
class Mall:
    mall_id: int
    name: str
    seller_id: int
    kind: MallKind
    region_ids: tuple[int, ...]
    semi_unique_id: str | None
    dpa_signed: bool = True
    stock_cap: int = 100_000

    def region_in(self, area: str) -> int | None:
        """This mall's first region that the gateway of ``area`` serves."""
        return next((r for r in self.region_ids if area_of_region(r) == area), None)


@dataclass(frozen=True)
class App:
    """A developer app of one area. ``ip_list`` / ``scopes`` None: not limited."""

    app_key: str
    app_secret: str = field(repr=False)
    area: str
    name: str
    kind: AppKind = "isv"
    suspended: bool = False
    ip_list: tuple[str, ...] | None = None
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Grant:
    """One token: a mall has authorized an app of an area."""

    id: int
    mall_id: int
    app_key: str
    area: str
    token: str = field(repr=False)
    issued_at_s: int
    expires_at_s: int
    packages: tuple[str, ...]
    scopes: tuple[str, ...]
    state: GrantState

    def standing(self, now_s: int) -> Standing:
        """What this token is worth at ``now_s``: past its end it is expired, whatever else."""
        return "expired" if now_s >= self.expires_at_s else self.state


@dataclass(frozen=True)
class Callback:
    """Where an app's webhooks go, which events it subscribed, whether pushing has stopped."""

    app_key: str
    url: str
    event_codes: tuple[str, ...]
    stopped: bool = False


@dataclass(frozen=True)
class WebhookMessage:
    """One event for one app, with what became of it. ``event_data`` is the plaintext."""

    id: int
    app_key: str
    area: str
    event_code: str
    event_data: str
    made_at_ms: int
    next_at_s: float
    attempts: int
    answer: str
    state: MessageState


@dataclass(frozen=True)
class Warehouse:
    warehouse_id: str
    mall_id: int
    name: str
    region_id: int
    is_default: bool
    management_type: int
    disabled: bool = False


@dataclass(frozen=True)
class Carrier:
    carrier_id: int
    region_id: int
    name: str
    brand: str
    tracking_pattern: str


@dataclass(frozen=True)
class OrderLine:
    """An O-order with what its SKU says about itself."""

    order_sn: str
    order_id: int
    status: int
    quantity: int
    original_quantity: int
    cancelled_quantity: int
    product_sku_id: int
    sku_id: int
    product_id: int
    goods_id: int
    ext_code: str
    goods_name: str
    spec: str


@dataclass(frozen=True)
class Order:
    """A parent order; ``lines`` in the order of their numbers. Times are POSIX seconds."""

    id: int
    parent_order_sn: str
    mall_id: int
    area: str
    region_id: int
    status: int
    fulfillment: str
    payment_type: str
    created_at_s: int
    updated_at_s: int
    confirmed_at_s: int | None
    ship_by_s: int | None
    deliver_by_s: int | None
    shipped_at_s: int | None
    labels: tuple[str, ...]
    warnings: tuple[str, ...]
    address: str | None = field(repr=False)
    lines: tuple[OrderLine, ...] = ()


@dataclass(frozen=True)
class LedgerRow:
    """One effective write. ``subject`` is what it happened to (a PO, a product SKU, a grant)."""

    id: int
    at_s: int
    area: str
    api_type: str
    mall_id: int
    effect: str
    subject: str
    details: dict[str, object]

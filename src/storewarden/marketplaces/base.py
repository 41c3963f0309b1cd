"""The seam: what any marketplace must do, in the product's own words.

Areas import this and `registry`, never a marketplace's own client. Ids are
text, times aware UTC, quantities whole pieces. Two errors cross the seam:
`Refused` (the marketplace answered no) and `Unreachable` (nothing is known).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from storewarden.marketplaces.events import EventPermits, EventStanding, MarketEvent
from storewarden.vault import Secret


class StoreType(StrEnum):
    SEMI = "semi"
    FULL = "full"


class TokenKind(StrEnum):
    PRODUCT = "product"
    ORDER = "order"


class Cause(StrEnum):
    """Why the marketplace refused, as a seller's next step needs it."""

    TOKEN_UNKNOWN = "token_unknown"
    TOKEN_EXPIRED = "token_expired"
    TOKEN_EXPIRED_OR_REPLACED = "token_expired_or_replaced"
    NOT_AUTHORIZED = "not_authorized"
    WRONG_APP = "wrong_app"
    WRONG_AREA = "wrong_area"
    SCOPE_MISSING = "scope_missing"
    APP_UNKNOWN = "app_unknown"
    APP_BLOCKED = "app_blocked"
    APP_SECRET_WRONG = "app_secret_wrong"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    CLOCK_OFF = "clock_off"
    THROTTLED = "throttled"
    UNWELL = "unwell"
    STORE_TYPE = "store_type"
    LOCAL_STORE = "local_store"
    REFUSED = "refused"
    BUG = "bug"


TOKEN_IS_DEAD = frozenset(
    {
        Cause.TOKEN_UNKNOWN,
        Cause.TOKEN_EXPIRED,
        Cause.TOKEN_EXPIRED_OR_REPLACED,
        Cause.NOT_AUTHORIZED,
    }
)
ABOUT_THE_TOKEN = TOKEN_IS_DEAD | {
    Cause.WRONG_APP,
    Cause.WRONG_AREA,
    Cause.SCOPE_MISSING,
    Cause.APP_UNKNOWN,
    Cause.APP_BLOCKED,
    Cause.APP_SECRET_WRONG,
    Cause.ADDRESS_NOT_ALLOWED,
}


class MarketplaceError(Exception):
    """Base of what can cross the seam. `reason` is what is noted beside a row about it."""

    reason: str


class Refused(MarketplaceError):
    """The marketplace answered and said no.

    `code` and `message` are its own; `clock_off_s` is measured where the
    refusal is about time (ours minus theirs, seconds).
    """

    def __init__(
        self, cause: Cause, code: int, message: str, *, clock_off_s: float | None = None
    ) -> None:
        super().__init__(f"{cause}: {message} ({code})")
        self.cause, self.code, self.message, self.clock_off_s = cause, code, message, clock_off_s
        self.reason = f"{message} ({code})"


class Unreachable(MarketplaceError):
    """No answer that can be trusted: outage, time-out, throttle, half a body.

    Says nothing about any token. `reason` is a code (timeout, connection, garbled,
    http, unexpected, throttled, unwell, computing); stores.wording.silence says it
    in words. `may_have_happened` is True when a change was sent and its outcome is
    unknown: look it up, never repeat it.
    """

    def __init__(self, reason: str, *, may_have_happened: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.may_have_happened = reason, may_have_happened


@dataclass(frozen=True)
class Slot:
    """Where a token goes: its kind and the area of its developer app."""

    kind: TokenKind
    area: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.area}"


@dataclass(frozen=True)
class Access:
    """What one call needs: the app, the token, and the store (empty while unknown)."""

    slot: Slot
    app_key: str
    app_secret: Secret
    token: Secret
    mall_id: str = ""


@dataclass(frozen=True)
class TokenReport:
    """What the marketplace says about a token. `None`: it does not say."""

    mall_id: str | None
    shop_name: str
    expires_at: datetime | None
    scopes: frozenset[str]
    store_type: StoreType | None
    region_id: str = ""


@dataclass(frozen=True)
class Permission:
    """One permission (an API type) and what it is for.

    `core`: without it the slot's main job is impossible, so it is refused;
    else the store can be connected without what it is for.
    """

    scope: str
    purpose: str
    core: bool
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class GuideStep:
    """One step of 'How to get it': ours in the reader's language, theirs as on their page."""

    text: str
    on_their_page: str = ""


@dataclass(frozen=True)
class Guide:
    """How a person gets the token for one slot."""

    page_url: str
    steps: tuple[GuideStep, ...]


@dataclass(frozen=True)
class MarketSku:
    """One SKU of a listing row. `shown_quantity` None: not told in the list."""

    sku_id: str
    code: str
    spec: str
    shown_quantity: int | None
    weight_g: int | None
    shipping_mode: str = ""


@dataclass(frozen=True)
class MarketListing:
    """One SKC: a product in one colour, its SKUs beneath."""

    product_id: str
    skc_id: str
    name: str
    code: str
    picture_url: str
    status: str
    created_at: datetime | None
    sites: tuple[str, ...]
    skus: tuple[MarketSku, ...]


@dataclass(frozen=True)
class ListingPage:
    total: int
    listings: tuple[MarketListing, ...]


@dataclass(frozen=True)
class StockFigure:
    """What the marketplace shows for one SKU in one warehouse.

    `quantity` None: it does not let us see the figure; never zero, never pushed.
    """

    sku_id: str
    warehouse_id: str
    warehouse_name: str
    quantity: int | None
    locked: int = 0


@dataclass(frozen=True)
class StockTarget:
    """The quantity one SKU shall show in one warehouse ("" for full consignment)."""

    sku_id: str
    warehouse_id: str
    quantity: int


class OrderState(StrEnum):
    ON_HOLD = "on_hold"
    TO_SHIP = "to_ship"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class MarketLine:
    """One order (O) of a parent order: one SKU and how many are still to be sent."""

    order_sn: str
    state: OrderState
    goods_id: str
    sku_id: str
    product_sku_id: str
    code: str
    name: str
    spec: str
    picture_url: str
    quantity: int
    ordered_quantity: int
    cancelled_quantity: int
    pieces_each: int
    fulfilment: str
    labels: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarketOrder:
    """One parent order (PO) with its lines. `status_code` is the marketplace's own."""

    po: str
    state: OrderState
    status_code: str
    region_id: str
    placed_at: datetime | None
    updated_at: datetime | None
    ship_by: datetime | None
    deliver_by: datetime | None
    shipped_at: datetime | None
    labels: tuple[str, ...]
    warnings: tuple[str, ...]
    payment: str
    lines: tuple[MarketLine, ...]


@dataclass(frozen=True)
class Unreadable:
    """An order that could not be read: as it came, and why."""

    po: str
    raw: dict[str, Any]
    reason: str


@dataclass(frozen=True)
class OrderWindow:
    """Closed interval of update times."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class OrderPage:
    total: int
    orders: tuple[MarketOrder, ...]
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True)
class MarketCarrier:
    carrier_id: str
    name: str


@dataclass(frozen=True)
class ShipFrom:
    """A warehouse of the store in the marketplace's books."""

    warehouse_id: str
    name: str
    region_id: str
    default: bool


@dataclass(frozen=True)
class ParcelLine:
    po: str
    order_sn: str
    quantity: int
    goods_id: str = ""
    sku_id: str = ""


@dataclass(frozen=True)
class ParcelToConfirm:
    """One parcel by the seller's own carrier."""

    carrier_id: str
    tracking_number: str
    warehouse_id: str
    lines: tuple[ParcelLine, ...]


@dataclass(frozen=True)
class ConfirmedParcel:
    """A parcel as the marketplace has it on record."""

    parcel_sn: str
    carrier_id: str
    carrier_name: str
    tracking_number: str
    quantity: int
    sku_id: str = ""


@dataclass(frozen=True)
class Confirmation:
    """The answer to a confirm; warnings are the marketplace's own sentences."""

    warnings: tuple[str, ...] = field(default=())


ORDERS_A_PAGE = 100
LISTINGS_A_PAGE = 100


class Marketplace(Protocol):
    """What a marketplace does for us. Every method may raise Refused or Unreachable.

    `urgent` calls (a person waits) go before those of background jobs.
    """

    key: str
    name: str

    def app_areas(self) -> Sequence[str]: ...
    def slots(self, store_type: StoreType) -> Sequence[Slot]: ...
    def permissions(self, slot: Slot, store_type: StoreType) -> Sequence[Permission]: ...
    def guide(self, slot: Slot, store_type: StoreType) -> Guide: ...
    def clean_token(self, pasted: str) -> str: ...
    def clock_off_s(self) -> float:
        """Seconds by which our clock is ahead of theirs; 0 unless they refused for it."""
        ...

    def inspect(self, access: Access, *, urgent: bool = False) -> TokenReport: ...

    def listings(self, access: Access, page: int, *, urgent: bool = False) -> ListingPage: ...
    def stock(
        self, access: Access, store_type: StoreType, skc_id: str, *, urgent: bool = False
    ) -> Sequence[StockFigure]: ...
    def set_stock(
        self,
        access: Access,
        store_type: StoreType,
        skc_id: str,
        targets: Sequence[StockTarget],
        *,
        urgent: bool = False,
    ) -> None: ...

    def orders(
        self, access: Access, window: OrderWindow, page: int, *, urgent: bool = False
    ) -> OrderPage: ...
    def order(
        self, access: Access, po: str, *, urgent: bool = False
    ) -> MarketOrder | Unreadable: ...

    def carriers(
        self, access: Access, region_id: str, *, urgent: bool = False
    ) -> Sequence[MarketCarrier]: ...
    def ship_from(self, access: Access, *, urgent: bool = False) -> Sequence[ShipFrom]: ...
    def confirm(self, access: Access, parcel: ParcelToConfirm) -> Confirmation: ...
    def confirmed(
        self, access: Access, po: str, order_sn: str, *, urgent: bool = False
    ) -> Sequence[ConfirmedParcel]: ...

    def event_areas(self) -> Sequence[str]:
        """The areas whose apps can be told of changes at once."""
        ...

    def read_event(
        self, area: str, app_key: str, secret: Secret, headers: Mapping[str, str], body: bytes
    ) -> MarketEvent:
        """A message to an app's address, verified. Raises BadEvent; makes no call."""
        ...

    def events(self, access: Access) -> EventStanding: ...
    def subscribe(self, access: Access, codes: Sequence[str]) -> EventPermits:
        """Have events let through for the token's store."""
        ...


MarketplaceFactory = Callable[[], Marketplace]

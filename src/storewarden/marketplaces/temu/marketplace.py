"""Temu, as the seam wants a marketplace."""

from collections.abc import Mapping, Sequence

from storewarden.marketplaces.base import (
    Access,
    Confirmation,
    ConfirmedParcel,
    Guide,
    ListingPage,
    MarketCarrier,
    MarketOrder,
    OrderPage,
    OrderWindow,
    ParcelToConfirm,
    Permission,
    ShipFrom,
    Slot,
    StockFigure,
    StockTarget,
    StoreType,
    TokenKind,
    TokenReport,
    Unreadable,
)
from storewarden.marketplaces.events import EventPermits, EventStanding, MarketEvent
from storewarden.marketplaces.temu import (
    events,
    guide,
    listings,
    orders,
    permissions,
    shipping,
    tokens,
)
from storewarden.marketplaces.temu.wire import client
from storewarden.vault import Secret

PRODUCT_SLOT = Slot(TokenKind.PRODUCT, "cn")
ORDER_SLOTS = tuple(Slot(TokenKind.ORDER, area) for area in ("us", "eu", "global"))


class Temu:
    """One product stock token (area CN/PA) and up to three order shipping tokens a store."""

    key = "temu"
    name = "Temu"

    def app_areas(self) -> Sequence[str]:
        return ("cn", "us", "eu", "global")

    def slots(self, store_type: StoreType) -> Sequence[Slot]:
        if store_type is StoreType.FULL:
            return (PRODUCT_SLOT,)
        return (PRODUCT_SLOT, *ORDER_SLOTS)

    def permissions(self, slot: Slot, store_type: StoreType) -> Sequence[Permission]:
        return permissions.needed(slot, store_type)

    def guide(self, slot: Slot, store_type: StoreType) -> Guide:
        return guide.guide(slot, store_type)

    def clean_token(self, pasted: str) -> str:
        return tokens.clean(pasted)

    def clock_off_s(self) -> float:
        return -(client(urgent=True).clock_skew_s or 0.0)

    def inspect(self, access: Access, *, urgent: bool = False) -> TokenReport:
        return tokens.inspect(access, urgent=urgent)

    def listings(self, access: Access, page: int, *, urgent: bool = False) -> ListingPage:
        return listings.page(access, page, urgent=urgent)

    def stock(
        self, access: Access, store_type: StoreType, skc_id: str, *, urgent: bool = False
    ) -> Sequence[StockFigure]:
        return listings.stock(access, store_type, skc_id, urgent=urgent)

    def set_stock(
        self,
        access: Access,
        store_type: StoreType,
        skc_id: str,
        targets: Sequence[StockTarget],
        *,
        urgent: bool = False,
    ) -> None:
        listings.set_stock(access, store_type, skc_id, targets, urgent=urgent)

    def orders(
        self, access: Access, window: OrderWindow, page: int, *, urgent: bool = False
    ) -> OrderPage:
        return orders.page(access, window, page, urgent=urgent)

    def order(self, access: Access, po: str, *, urgent: bool = False) -> MarketOrder | Unreadable:
        return orders.one(access, po, urgent=urgent)

    def carriers(
        self, access: Access, region_id: str, *, urgent: bool = False
    ) -> Sequence[MarketCarrier]:
        return shipping.carriers(access, region_id, urgent=urgent)

    def ship_from(self, access: Access, *, urgent: bool = False) -> Sequence[ShipFrom]:
        return shipping.ship_from(access, urgent=urgent)

    def confirm(self, access: Access, parcel: ParcelToConfirm) -> Confirmation:
        return shipping.confirm(access, parcel)

    def confirmed(
        self, access: Access, po: str, order_sn: str, *, urgent: bool = False
    ) -> Sequence[ConfirmedParcel]:
        return shipping.confirmed(access, po, order_sn, urgent=urgent)

    def event_areas(self) -> Sequence[str]:
        return tuple(slot.area for slot in ORDER_SLOTS)

    def read_event(
        self, area: str, app_key: str, secret: Secret, headers: Mapping[str, str], body: bytes
    ) -> MarketEvent:
        return events.read(app_key, secret, headers, body)

    def events(self, access: Access) -> EventStanding:
        return events.standing(access)

    def subscribe(self, access: Access, codes: Sequence[str]) -> EventPermits:
        return events.subscribe(access, codes)

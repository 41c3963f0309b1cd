"""Orders as the seam gives them, and stores to keep them in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from storewarden import chance
from storewarden.marketplaces.base import MarketLine, MarketOrder, OrderState, StoreType
from storewarden.stores.models import Credential, DeveloperApp, Store

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)


def a_store(nickname: str = "Alpha") -> Store:
    number = Store.objects.count() + 1
    return Store.objects.create(
        marketplace="temu",
        mall_id=f"63441800000{number:04}",
        nickname=nickname,
        store_type=StoreType.SEMI,
        connected_at=NOON,
        orders_since=NOON - timedelta(days=30),
    )


def a_credential(store: Store, area: str = "us", **fields: Any) -> Credential:
    app, _new = DeveloperApp.objects.get_or_create(
        marketplace="temu", area=area, app_key=f"app-{area}", defaults={"created_at": NOON}
    )
    values = {
        "kind": "order",
        "area": area,
        "app": app,
        "fingerprint": chance.letters(32),
        "entered_at": NOON,
        "expires_at": datetime(2030, 1, 1, tzinfo=UTC),
        "state": "active",
    }
    return Credential.objects.create(store=store, **{**values, **fields})


def a_line(number: int = 1, **fields: Any) -> MarketLine:
    line = MarketLine(
        order_sn=f"211-{number:012}",
        state=OrderState.TO_SHIP,
        goods_id="601099000000001",
        sku_id="17592000000001",
        product_sku_id="617330000001",
        code=f"M1-{number:04}-S",
        name="Folding lamp",
        spec="White/S",
        picture_url="https://img.example.test/1.jpeg",
        quantity=1,
        ordered_quantity=1,
        cancelled_quantity=0,
        pieces_each=1,
        fulfilment="fulfillBySeller",
    )
    return replace(line, **fields)


def an_order(number: int = 1, **fields: Any) -> MarketOrder:
    order = MarketOrder(
        po=f"PO-211-{number:012}",
        state=OrderState.TO_SHIP,
        status_code="2",
        region_id="211",
        placed_at=NOON - timedelta(minutes=number),
        updated_at=NOON - timedelta(minutes=number),
        ship_by=NOON + timedelta(hours=number),
        deliver_by=NOON + timedelta(days=9),
        shipped_at=None,
        labels=(),
        warnings=(),
        payment="PPD",
        lines=(a_line(number),),
    )
    return replace(order, **fields)


def orders(count: int, **fields: Any) -> list[MarketOrder]:
    return [an_order(number, **fields) for number in range(1, count + 1)]

"""A desk for tests: a demo world, its application, and calls signed as a seller's app would."""

import json
from typing import Any

from werkzeug.test import TestResponse

from temu_openapi.signing import sign
from temu_sandbox import Control, World, WorldClock, create_app
from temu_sandbox.world.seed import SEMI_ONE

NOW_S = 1_800_000_000
SUCCESS = 1000000

USPS, FEDEX, UPS = 998264101, 998264102, 998264103
DHL_PAKET = 998264201
ORDERS = "bg.order.list.v2.get"
CONFIRM = "bg.logistics.shipment.v2.confirm"
READ_BACK = "bg.logistics.shipment.v2.get"
TOKEN_INFO = "bg.open.accesstoken.info.get"
STOCK = "bg.btg.goods.stock.quantity.get"
UPDATE_STOCK = "bg.btg.goods.stock.quantity.update"


class Desk:
    """One app of one area with a token of one mall. Rate limits are off unless asked for."""

    def __init__(
        self,
        area: str = "us",
        mall_id: int = SEMI_ONE,
        world: World | None = None,
        packages: list[str] | None = None,
    ) -> None:
        self.world = world or quiet_world()
        self.control = Control(self.world)
        self.client = create_app(self.world).test_client()
        self.area, self.mall_id = area, mall_id
        self.app_key, self.secret = f"sandbox-app-{area}", f"sandbox-secret-{area}"
        self.grant = self.control.grant(mall_id, self.app_key, area, packages)

    def body(self, api_type: str, **params: Any) -> dict[str, Any]:
        """A whole, signed request body; a param of None is left out, as is a common one."""
        common = {
            "type": api_type,
            "app_key": self.app_key,
            "access_token": self.grant["token"],
            "timestamp": str(self.world.clock.now_s()),
            "data_type": "JSON",
        }
        merged = {k: v for k, v in {**common, **params}.items() if v is not None}
        return {**merged, "sign": sign(merged, self.secret)}

    def send(self, body: Any, gateway: str | None = None) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body)
        url = f"/{gateway or self.area}/openapi/router"
        return self.client.post(url, data=data, content_type="application/json")

    def call(self, api_type: str, gateway: str | None = None, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.send(self.body(api_type, **params), gateway).get_json()
        return answer

    def code(self, api_type: str, gateway: str | None = None, **params: Any) -> int:
        return int(self.call(api_type, gateway, **params)["errorCode"])

    def result(self, api_type: str, gateway: str | None = None, **params: Any) -> Any:
        answer = self.call(api_type, gateway, **params)
        assert answer["success"], answer
        return answer["result"]

    def orders(self, n: int = 1, **plan: Any) -> list[str]:
        plan = {"area": self.area, **plan}
        made: list[str] = self.control.make_orders(self.mall_id, n, **plan)["parent_order_sns"]
        return made

    def warehouse(self, name: str = "LA-1") -> str:
        found = self.world.directory.warehouses(self.mall_id)
        return next(w.warehouse_id for w in found if w.name == name)

    def parcel(
        self, *numbers: str, tracking: str = "TRACK00000001", **changes: Any
    ) -> dict[str, Any]:
        """One package with everything of the orders ``numbers``."""
        infos = [
            {"parentOrderSn": number, "orderSn": line.order_sn, "quantity": line.quantity}
            for number in numbers
            for line in self.world.orders.get(number).lines
        ]
        parcel = {
            "carrierId": UPS,
            "trackingNumber": tracking,
            "selfShippingWarehouseId": self.warehouse(),
            "orderSendInfoList": infos,
        }
        return {k: v for k, v in {**parcel, **changes}.items() if v is not None}

    def ship(self, *parcels: dict[str, Any], send_type: int = 0) -> dict[str, Any]:
        return self.call(CONFIRM, sendType=send_type, sendRequestList=list(parcels))


def quiet_world(**settings: Any) -> World:
    """The demo world at a standing clock, without rate limits."""
    world = World.demo(WorldClock(fixed_at_s=NOW_S), **settings)
    world.limits.app_rate_per_s = None
    world.limits.shop_stock_rate_per_s = None
    return world


def stock_cells(desk: Desk) -> list[dict[str, Any]]:
    """The stock rows of the mall's first SKC, as the gateway tells them."""
    skc_id = desk.world.goods.page(desk.mall_id)[1][0].product_skc_id
    rows: list[dict[str, Any]] = desk.result(STOCK, "pa", productSkcId=skc_id)[
        "productSkuStockList"
    ]
    return rows

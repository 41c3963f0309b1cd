"""The demo world: two sellers, four stores, six apps. Names and numbers are made up and fixed."""

from temu_sandbox.chance import seeded
from temu_sandbox.world.goods import JIT
from temu_sandbox.world.model import Account, App, Carrier, Mall, Seller, Warehouse
from temu_sandbox.world.world import World

SEMI_ONE = 634418000000101
SEMI_TWO = 634418000000102
FULL = 634418000000103
OTHER_SELLERS_SEMI = 634418000000201

MAIN_ACCOUNT, SUB_ACCOUNT, OTHER_MAIN_ACCOUNT = 1, 2, 3
SKCS_OF_A_MALL = 40
SKUS_OF_A_MALL = 90

CARRIERS = (
    Carrier(998264101, 211, "USPS", "USPS", r"[0-9A-Z]{8,40}"),
    Carrier(998264102, 211, "FedEx", "FedEx", r"[0-9A-Z]{8,40}"),
    Carrier(998264103, 211, "UPS", "UPS", r"[0-9A-Z]{8,40}"),
    Carrier(998264201, 76, "DHL Paket", "DHL", r"[0-9A-Z]{8,40}"),
    Carrier(998264202, 76, "Hermes", "Hermes", r"[0-9A-Z]{8,40}"),
    Carrier(998264301, 160, "J&T Express (PH)", "J&T Express", r"JT[0-9A-Z]{6,38}"),
    Carrier(998264302, 160, "LBC Express", "LBC", r"[0-9A-Z]{8,40}"),
)

_REGIONS = (211, 76, 160)
_GOODS = (
    ("不锈钢保温杯 Vacuum flask", 1201, "水具 Drinkware"),
    ("桌面收纳盒 Desk organizer", 1302, "收纳 Storage"),
    ("硅胶烘焙垫 Baking mat", 1403, "烘焙 Bakeware"),
    ("瑜伽弹力带 Resistance band", 1504, "健身 Fitness"),
    ("LED 小夜灯 Night light", 1605, "灯具 Lighting"),
    ("宠物慢食碗 Slow feeder", 1706, "宠物 Pets"),
    ("旅行收纳袋 Packing cube", 1807, "旅行 Travel"),
    ("园艺手套 Garden gloves", 1908, "园艺 Garden"),
)
_COLOURS = ("红 Red", "蓝 Blue", "绿 Green", "黑 Black", "白 White")
_SIZES = ("S", "M", "L")
_DAY_MS = 86_400_000


def sow(world: World) -> None:
    """Fill an empty world. Orders are not part of it: control makes them."""
    with world.database.writing():
        _people(world)
        _apps(world)
        world.directory.add_carriers(CARRIERS)
        for number, mall in enumerate(world.directory.malls()):
            _warehouses(world, mall, number)
            _goods(world, mall, number)


def _people(world: World) -> None:
    directory = world.directory
    directory.add_seller(
        Seller(1, "Demo Seller A"),
        [Account(MAIN_ACCOUNT, 1, "Demo Seller A", True),
         Account(SUB_ACCOUNT, 1, "Packing desk", False)],
    )  # fmt: skip
    directory.add_seller(
        Seller(2, "Demo Seller B"), [Account(OTHER_MAIN_ACCOUNT, 2, "Demo Seller B", True)]
    )
    for mall_id, name, seller_id in (
        (SEMI_ONE, "Demo Home Goods", 1),
        (SEMI_TWO, "Demo Outdoor", 1),
        (OTHER_SELLERS_SEMI, "Demo Toys", 2),
    ):
        directory.add_mall(Mall(mall_id, name, seller_id, "semi", _REGIONS, f"SEMI{mall_id}"))
    directory.add_mall(Mall(FULL, "Demo Full Store", 1, "full", _REGIONS, None))


def _apps(world: World) -> None:
    for area in ("cn", "us", "eu", "global"):
        key, secret = f"sandbox-app-{area}", f"sandbox-secret-{area}"
        world.directory.save_app(App(key, secret, area, "Storewarden"))
    for area in ("cn", "us"):
        key, secret = f"sandbox-other-app-{area}", f"sandbox-other-secret-{area}"
        world.directory.save_app(App(key, secret, area, "Other ERP"))


def _warehouses(world: World, mall: Mall, number: int) -> None:
    if mall.kind == "full":
        return
    names = {211: ("LA-1", "NJ-2"), 76: ("Berlin-1",), 160: ("Manila-1",)}
    rows = [
        Warehouse(
            f"WH-{70_000_000_000_000_000 + number * 10_000 + region_id * 10 + place}",
            mall.mall_id, name, region_id, place == 0 and region_id == 211, 1,
        )
        for region_id in mall.region_ids
        for place, name in enumerate(names[region_id])
    ]  # fmt: skip
    world.directory.add_warehouses(rows)


def _goods(world: World, mall: Mall, number: int) -> None:
    """Eight products in five colours (40 SKCs); every fourth SKC in three sizes, else two."""
    chance = seeded("goods", world.seed, number)
    created_ms = (world.clock.now_s() * 1000) // _DAY_MS * _DAY_MS
    made = 0
    for index in range(SKCS_OF_A_MALL):
        name, category_id, category = _GOODS[index % len(_GOODS)]
        skc_id = 6_000_000_000 + number * 10_000 + index
        colour = _COLOURS[index // len(_GOODS)]
        code = f"M{number + 1}-{index + 1:03d}"
        world.database.write(
            "INSERT INTO skcs VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
            (skc_id, mall.mall_id, 5_000_000_000 + number * 10_000 + index % len(_GOODS),
             601_099_000_000_000 + number * 10_000 + index, name, colour,
             code, created_ms - index * _DAY_MS, category_id, category),
        )  # fmt: skip
        sizes = _SIZES if index % 4 == 3 else _SIZES[:2]
        for size in sizes:
            sku = 7_000_000_000 + number * 10_000 + made
            _sku(world, mall, skc_id, sku, f"{code}-{size}", size, chance.randrange(5, 200))
            made += 1


def _sku(
    world: World, mall: Mall, skc_id: int, sku: int, code: str, size: str, quantity: int
) -> None:
    world.database.write(
        "INSERT INTO skus VALUES (?, ?, ?, ?, ?, ?, 250000, 200, 120, 60, ?, 1, 0)",
        (sku, 17_592_000_000_000 + sku % 1_000_000, skc_id, mall.mall_id, code, size,
         f"690{sku % 10_000_000_000:010d}"),
    )  # fmt: skip
    homes = [w.warehouse_id for w in world.directory.warehouses(mall.mall_id)][:2] or [JIT]
    world.database.write_many(
        "INSERT INTO stock VALUES (?, ?, ?, ?)",
        [(sku, home, quantity // (place + 1), sku % 3) for place, home in enumerate(homes)],
    )

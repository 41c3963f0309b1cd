"""Rows made by hand, for tests that need no marketplace."""

from datetime import timedelta
from itertools import count

from storewarden import clock
from storewarden.catalog.models import Listing, ListingSku
from storewarden.marketplaces.base import MarketListing, MarketSku
from storewarden.stores.models import Store
from temu_sandbox.world.world import World

_numbers = count(1)


def a_store(nickname: str = "", **values: object) -> Store:
    number = next(_numbers)
    now = clock.now()
    given = {
        "marketplace": "temu",
        "mall_id": str(634418000009000 + number),
        "nickname": nickname or f"Demo store {number}",
        "store_type": "semi",
        "connected_at": now,
        "orders_since": now,
        **values,
    }
    return Store.objects.create(**given)


def a_listing(store: Store, **values: object) -> Listing:
    number = next(_numbers)
    now = clock.now()
    given = {
        "product_id": str(5_000_000 + number),
        "skc_id": str(6_000_000 + number),
        "code": f"SKC-{number}",
        "name": f"Demo lamp {number}",
        "status": "on_site",
        "listed_at": now + timedelta(seconds=number),
        "seen_at": now,
        **values,
    }
    return Listing.objects.create(store=store, **given)


def a_sku(listing: Listing, **values: object) -> ListingSku:
    number = next(_numbers)
    given = {"sku_id": str(7_000_000 + number), "code": f"LAMP-{number}", **values}
    return ListingSku.objects.create(listing=listing, store=listing.store, **given)


def came(
    skc_id: str = "1", skus: int | tuple[MarketSku, ...] = 1, **values: object
) -> MarketListing:
    """One listing as the marketplace tells it, its SKU ids made of the SKC's."""
    given: dict[str, object] = {
        "product_id": "9",
        "name": "Demo lamp",
        "code": f"C-{skc_id}",
        "picture_url": "",
        "status": "on_site",
        "created_at": None,
        "sites": ("US",),
        "skus": skus if isinstance(skus, tuple) else _some(skc_id, skus),
        **values,
    }
    return MarketListing(skc_id=skc_id, **given)  # type: ignore[arg-type]  # values of many types


def _some(skc_id: str, number: int) -> tuple[MarketSku, ...]:
    return tuple(a_market_sku(f"{skc_id}0{place}") for place in range(number))


def a_market_sku(sku_id: str, shown: int | None = 5, code: str = "") -> MarketSku:
    return MarketSku(sku_id, code or f"S-{sku_id}", "red", shown, 120)


def move_skc(world: World, skc_id: int, mall_id: int) -> None:
    """Take a listing out of one mall's list and put it into another's."""
    world.database.write("UPDATE skcs SET mall_id = ? WHERE product_skc_id = ?", (mall_id, skc_id))


def more_skcs(world: World, mall_id: int, number: int, *, newest: bool = False) -> list[int]:
    """Listings of one SKU each at the old (or the new) end of the sandbox's list."""
    made = next(_numbers) * 100_000
    day_ms = int(world.clock.now_s() * 1000) + (made if newest else -10_000 * 86_400_000)
    ids = [6_500_000_000 + made + index for index in range(number)]
    world.database.write_many(
        "INSERT INTO skcs VALUES (?, ?, ?, ?, 'Demo shelf', 'red', ?, ?, 1, 1, 'Demo')",
        [(key, mall_id, 1, 2, f"X-{key}", day_ms - place) for place, key in enumerate(ids)],
    )
    world.database.write_many(
        "INSERT INTO skus VALUES (?, ?, ?, ?, ?, 'M', 250000, 200, 120, 60, '', 1, 0)",
        [(key + 10**9, key, key, mall_id, f"X-{key}-M") for key in ids],
    )
    return ids

"""Stores with stock, from the sandbox and by hand."""

from storewarden import clock
from storewarden.catalog import queries as catalog_queries
from storewarden.catalog.actions import pull_listings
from storewarden.catalog.models import Listing, ListingSku
from storewarden.inventory.actions import read_stock
from storewarden.inventory.models import ShownStock, StockDeed
from storewarden.stores.actions import set_stock_push
from storewarden.stores.models import Credential, Store
from temu_sandbox.world.ledger import LedgerRow
from temu_sandbox.world.world import World
from tests.catalog.factories import a_listing, a_sku, a_store
from tests.conftest import TESTER


def token(store: Store) -> Credential:
    return catalog_queries.product_credential(store)


def stocked(store: Store, code: str = "M1-001-S", *, push_on: bool = True) -> ListingSku:
    """Pull the store's listings, read one listing's stock, switch pushing on; the SKU."""
    set_stock_push(store, push_on, TESTER)
    pull_listings(token(store))
    sku = catalog_queries.find_sku(store, code)
    read_stock(token(store), sku.listing)
    return sku


def a_figure(store: Store | None = None, **values: object) -> ShownStock:
    """A figure by hand, in a listing of its own."""
    listing: Listing = a_listing(store or a_store(stock_push_on=True))
    given = {
        "warehouse_id": "WH-1",
        "warehouse_name": "LA-1",
        "shown": 12,
        "read_at": clock.now(),
        **values,
    }
    return ShownStock.objects.create(sku=a_sku(listing), **given)


def at_home(sku: ListingSku) -> ShownStock:
    """The SKU's figure in its first warehouse, as the row is now."""
    return ShownStock.objects.filter(sku=sku).order_by("warehouse_id")[0]


def in_sandbox(world: World, figure: ShownStock) -> int | None:
    """What the sandbox itself has for this figure."""
    mall = int(figure.sku.store.mall_id)
    rows = world.goods.stock(mall, int(figure.sku.listing.skc_id))
    wanted = (int(figure.sku.sku_id), figure.warehouse_id)
    return next(row.quantity for row in rows if (row.product_sku_id, row.warehouse_id) == wanted)


def changes(world: World, sku: ListingSku) -> list[LedgerRow]:
    """The effects on this SKU's stock in the sandbox's ledger that came through the open API."""
    rows = [
        *world.ledger.rows(effect="stock_changed", subject=sku.sku_id),
        *world.ledger.rows(effect="jit_stock_changed", subject=sku.sku_id),
    ]
    return [row for row in rows if row.api_type != "seller_central"]


def deeds(figure: ShownStock) -> list[str]:
    """The figure's log, oldest first."""
    rows = StockDeed.objects.filter(figure=figure).order_by("id")
    return list(rows.values_list("deed", flat=True))

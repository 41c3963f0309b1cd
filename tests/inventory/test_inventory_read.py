"""Reading stock per warehouse, and which listings are due for it."""

import pytest

from storewarden.catalog.actions import pull_listings
from storewarden.catalog.models import Listing
from storewarden.inventory import jobs, queries
from storewarden.inventory.actions import read_stock, refresh_stock, set_figure
from storewarden.inventory.models import ShownStock, StockRead
from storewarden.marketplaces.base import Unreachable
from storewarden.stores.models import Store
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, VirtualTime
from tests.inventory.factories import at_home, deeds, stocked, token

GET = "bg.btg.goods.stock.quantity.get"


def test_stock_is_one_row_a_sku_and_warehouse_as_the_sandbox_has_it(
    semi_store: Store, world: World
) -> None:
    sku = stocked(semi_store)
    theirs = {
        (str(row.product_sku_id), row.warehouse_id): (row.quantity, row.temp_lock)
        for row in world.goods.stock(seed.SEMI_ONE, int(sku.listing.skc_id))
    }
    ours = {
        (row.sku.sku_id, row.warehouse_id): (row.shown, row.locked)
        for row in queries.figures_of_listing(sku.listing)
    }
    assert ours == theirs
    assert {row.warehouse_name for row in queries.figures_of(sku)} == {"LA-1", "Berlin-1"}


def test_a_figure_we_may_not_see_is_none_and_not_zero(semi_store: Store, control: Control) -> None:
    sku = stocked(semi_store)
    control.set_sku(int(sku.sku_id), viewable=False)
    figures = read_stock(token(semi_store), sku.listing).figures
    hidden = [row for row in figures if row.sku_id == sku.pk]
    assert hidden
    assert all(row.shown is None for row in hidden)


def test_a_full_consignment_sku_has_one_figure_without_a_warehouse(full_store: Store) -> None:
    sku = stocked(full_store, "M3-001-S")
    assert [row.warehouse_id for row in queries.figures_of(sku)] == [""]


def test_a_warehouse_no_longer_listed_is_gone_and_comes_back(
    semi_store: Store, world: World
) -> None:
    sku = stocked(semi_store)
    figure = at_home(sku)
    key = (int(sku.sku_id), figure.warehouse_id)
    world.database.write("DELETE FROM stock WHERE product_sku_id = ? AND warehouse_id = ?", key)
    read_stock(token(semi_store), sku.listing)
    assert figure.pk not in [row.pk for row in queries.figures_of(sku)]
    world.database.write("INSERT INTO stock VALUES (?, ?, 3, 0)", key)
    read_stock(token(semi_store), sku.listing)
    assert [row.shown for row in queries.figures_of(sku) if row.pk == figure.pk] == [3]


def test_a_reading_keeps_what_a_person_wants(semi_store: Store) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    read_stock(token(semi_store), sku.listing)
    figure = at_home(sku)
    assert (figure.wanted, figure.push) == (50, ShownStock.Push.DUE)
    assert deeds(figure) == ["set"]


def test_an_outage_changes_no_figure(semi_store: Store, control: Control) -> None:
    sku = stocked(semi_store)
    before = list(ShownStock.objects.values_list("pk", "shown", "read_at"))
    control.add_fault("half_body", GET)
    with pytest.raises(Unreachable):
        read_stock(token(semi_store), sku.listing)
    assert list(ShownStock.objects.values_list("pk", "shown", "read_at")) == before


def test_listings_never_read_are_read_and_then_rest(semi_store: Store) -> None:
    pull_listings(token(semi_store))
    first = refresh_stock(token(semi_store), limit=15)
    assert (first.read, first.refused, first.left) == (15, 0, 25)
    assert refresh_stock(token(semi_store)).read == 25
    assert jobs.read_due() == 0
    assert StockRead.objects.count() == 40


def test_a_listing_whose_listed_quantity_moved_is_read_again_and_no_other(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    sku = stocked(semi_store)
    refresh_stock(token(semi_store))
    home = at_home(sku).warehouse_id
    control.set_stock_in_seller_central(seed.SEMI_ONE, int(sku.sku_id), 999, home)
    clock.advance(60)
    pull_listings(token(semi_store))
    assert [row.pk for row in queries.to_read(semi_store)] == [sku.listing_id]
    assert jobs.read_due() == 1
    assert at_home(sku).shown == 999


def test_a_listing_that_temu_refuses_is_left_for_an_hour_and_the_others_are_read(
    semi_store: Store, world: World, clock: VirtualTime
) -> None:
    pull_listings(token(semi_store))
    gone = Listing.objects.order_by("pk")[0]
    world.database.write(
        "UPDATE skcs SET mall_id = ? WHERE product_skc_id = ?",
        (seed.OTHER_SELLERS_SEMI, int(gone.skc_id)),
    )
    done = refresh_stock(token(semi_store))
    assert (done.read, done.refused, done.left) == (39, 1, 0)
    assert StockRead.objects.get(listing=gone).failure
    clock.advance(3601)
    assert [row.pk for row in queries.to_read(semi_store)] == [gone.pk]


def test_removed_listings_are_not_read(semi_store: Store, clock: VirtualTime) -> None:
    pull_listings(token(semi_store))
    Listing.objects.update(removed_at=semi_store.connected_at)
    assert jobs.read_due() == 0


def test_the_reading_tells_its_progress(semi_store: Store) -> None:
    pull_listings(token(semi_store))
    told: list[tuple[int, int]] = []
    refresh_stock(token(semi_store), limit=3, progress=lambda done, all_: told.append((done, all_)))
    assert told == [(1, 3), (2, 3), (3, 3)]

"""Pulling a store's listings from the sandbox."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storewarden.catalog import jobs, queries
from storewarden.catalog.actions import ask_pull, pull_listings
from storewarden.catalog.leases import held
from storewarden.catalog.models import CatalogPull, Listing, ListingSku
from storewarden.keyset import Turn
from storewarden.marketplaces.base import Refused, Unreachable
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.catalog.factories import more_skcs, move_skc
from tests.conftest import ConnectedStore, VirtualTime

GOODS = "bg.glo.goods.list.get"
Connect = Callable[..., ConnectedStore]


def token(store: Store) -> Credential:
    return queries.product_credential(store)


def pull_row(store: Store) -> CatalogPull:
    return CatalogPull.objects.get(store=store)


def test_all_listings_come_in_one_row_a_skc_with_their_skus(semi_store: Store) -> None:
    pulled = pull_listings(token(semi_store))
    assert (pulled.total, pulled.new, pulled.changed, pulled.removed) == (40, 40, 0, 0)
    assert Listing.objects.count() == 40
    assert ListingSku.objects.count() == 90
    assert Listing.objects.values("product_id").distinct().count() < 40


def test_a_listing_has_its_codes_sites_and_quantity(semi_store: Store) -> None:
    pull_listings(token(semi_store))
    sku = queries.find_sku(semi_store, "M1-001-S")
    assert sku.listing.code == "M1-001"
    assert sku.listing.status == "on_site"
    assert sku.listing.sites
    assert sku.weight_g == 250
    assert sku.listed_quantity is not None


def test_a_second_pull_of_unchanged_listings_changes_nothing(semi_store: Store) -> None:
    pull_listings(token(semi_store))
    before = list(Listing.objects.values_list("pk", "name", "quantity_changed_at"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        pulled = pull_listings(token(semi_store))
    assert (pulled.new, pulled.changed) == (0, 0)
    assert list(Listing.objects.values_list("pk", "name", "quantity_changed_at")) == before
    assert not [q for q in asked if q["sql"].startswith("INSERT")]


def test_a_quantity_that_moved_changes_its_listing_alone(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    pull_listings(token(semi_store))
    sku = queries.find_sku(semi_store, "M1-001-S")
    home = stock_home(control, int(sku.listing.skc_id))
    clock.advance(60)
    control.set_stock_in_seller_central(seed.SEMI_ONE, int(sku.sku_id), 999, home)
    pulled = pull_listings(token(semi_store))
    assert (pulled.new, pulled.changed) == (0, 1)
    sku.listing.refresh_from_db()
    assert sku.listing.quantity_changed_at == pull_row(semi_store).finished_at


def stock_home(control: Control, skc_id: int) -> str:
    return control._world.goods.stock(seed.SEMI_ONE, skc_id)[0].warehouse_id


def test_a_listing_no_longer_listed_is_marked_removed_and_kept(
    semi_store: Store, world: World
) -> None:
    pull_listings(token(semi_store))
    gone = Listing.objects.order_by("pk")[3]
    move_skc(world, int(gone.skc_id), seed.OTHER_SELLERS_SEMI)
    assert pull_listings(token(semi_store)).removed == 1
    gone.refresh_from_db()
    assert gone.removed_at is not None
    assert queries.counts(semi_store).listings == 39
    assert gone.skus.count() > 0


def test_a_removed_listing_comes_back_when_it_is_seen_again(
    semi_store: Store, world: World
) -> None:
    pull_listings(token(semi_store))
    gone = Listing.objects.order_by("pk")[3]
    move_skc(world, int(gone.skc_id), seed.OTHER_SELLERS_SEMI)
    pull_listings(token(semi_store))
    move_skc(world, int(gone.skc_id), seed.SEMI_ONE)
    pulled = pull_listings(token(semi_store))
    assert (pulled.new, pulled.changed) == (0, 1)
    gone.refresh_from_db()
    assert gone.removed_at is None


def test_a_long_list_is_read_page_by_page_with_progress(semi_store: Store, world: World) -> None:
    more_skcs(world, seed.SEMI_ONE, 210)
    told: list[tuple[int, int]] = []
    pulled = pull_listings(
        token(semi_store), progress=lambda done, total: told.append((done, total))
    )
    assert pulled.new == 250
    assert told == [(100, 250), (200, 250), (250, 250)]


def test_a_pull_cut_off_by_an_outage_goes_on_at_its_page(
    semi_store: Store, world: World, control: Control, clock: VirtualTime
) -> None:
    more_skcs(world, seed.SEMI_ONE, 210)
    control.add_fault("outage", GOODS, after=2)
    with pytest.raises(Unreachable):
        pull_listings(token(semi_store))
    assert Listing.objects.count() == 200
    assert pull_row(semi_store).failure
    control.clear_faults()
    told: list[int] = []
    pulled = pull_listings(token(semi_store), progress=lambda done, total: told.append(done))
    assert told == [250]
    assert (pulled.new, pulled.complete) == (50, True)
    assert pull_row(semi_store).failure == ""


def test_a_pull_cut_off_long_ago_begins_again(
    semi_store: Store, world: World, control: Control, clock: VirtualTime
) -> None:
    more_skcs(world, seed.SEMI_ONE, 210)
    control.add_fault("outage", GOODS, after=2)
    with pytest.raises(Unreachable):
        pull_listings(token(semi_store))
    control.clear_faults()
    clock.advance(2 * 3600)
    told: list[int] = []
    pull_listings(token(semi_store), progress=lambda done, total: told.append(done))
    assert told == [100, 200, 250]


def test_a_listing_added_while_pages_are_read_is_not_missed(
    semi_store: Store, world: World
) -> None:
    more_skcs(world, seed.SEMI_ONE, 210)

    def add_one(done: int, total: int) -> None:
        if (done, total) == (100, 250):
            more_skcs(world, seed.SEMI_ONE, 1, newest=True)

    pulled = pull_listings(token(semi_store), progress=add_one)
    assert (pulled.total, pulled.complete) == (251, True)
    assert Listing.objects.filter(removed_at__isnull=True).count() == 251


def test_a_listing_shifted_by_a_deleted_one_is_never_taken_for_gone(
    semi_store: Store, world: World
) -> None:
    more_skcs(world, seed.SEMI_ONE, 210)
    pull_listings(token(semi_store))
    first = Listing.objects.order_by("pk").first()
    assert first is not None

    def delete_first(done: int, total: int) -> None:
        if (done, total) == (100, 250):
            move_skc(world, int(first.skc_id), seed.OTHER_SELLERS_SEMI)

    pulled = pull_listings(token(semi_store), progress=delete_first)
    assert (pulled.total, pulled.removed, pulled.complete) == (249, 1, True)
    assert list(Listing.objects.filter(removed_at__isnull=False)) == [first]


def test_a_list_that_changes_at_every_reading_marks_nothing_as_gone(
    semi_store: Store, world: World
) -> None:
    ids = more_skcs(world, seed.SEMI_ONE, 210)
    pull_listings(token(semi_store))

    def keep_deleting(done: int, total: int) -> None:
        move_skc(world, ids.pop(), seed.OTHER_SELLERS_SEMI)

    pulled = pull_listings(token(semi_store), progress=keep_deleting)
    assert (pulled.removed, pulled.complete) == (0, False)
    assert not Listing.objects.filter(removed_at__isnull=False).exists()


def test_a_sku_taken_out_of_its_listing_is_marked_removed(semi_store: Store, world: World) -> None:
    pull_listings(token(semi_store))
    sku = queries.find_sku(semi_store, "M1-001-S")
    other = queries.find_sku(semi_store, "M1-003-S").listing
    world.database.write(
        "UPDATE skus SET product_skc_id = ? WHERE product_sku_id = ?",
        (int(other.skc_id), int(sku.sku_id)),
    )
    pull_listings(token(semi_store))
    sku.refresh_from_db()
    assert (sku.listing, sku.removed_at) == (other, None)


def test_a_pull_under_way_is_not_done_twice_at_once(semi_store: Store) -> None:
    pull = ask_pull(semi_store)
    with held(pull), pytest.raises(Refusal) as refused:
        pull_listings(token(semi_store))
    assert refused.value.cause == "busy"
    assert not Listing.objects.exists()


def test_the_lease_of_a_killed_process_runs_out(semi_store: Store, clock: VirtualTime) -> None:
    pull = ask_pull(semi_store)
    abandoned = held(pull)
    abandoned.__enter__()
    clock.advance(181)
    assert pull_listings(token(semi_store)).new == 40


def test_a_dead_token_is_refused_and_probed_at_once(
    connect: Connect, control: Control, clock: VirtualTime
) -> None:
    made = connect()
    credential = token(made.store)
    control.remove_grant(made.product.id)
    with pytest.raises(Refused):
        pull_listings(credential)
    credential.refresh_from_db()
    assert credential.probe_after is not None
    assert pull_row(made.store).failure


@pytest.mark.parametrize("kind", ["bad_gateway", "half_body", "throttle", "system_exception"])
def test_an_outage_of_any_kind_leaves_the_listings_as_they_were(
    semi_store: Store, control: Control, kind: str
) -> None:
    pull_listings(token(semi_store))
    control.add_fault(kind, GOODS)
    with pytest.raises(Unreachable):
        pull_listings(token(semi_store))
    assert queries.counts(semi_store).listings == 40


def test_the_job_pulls_a_new_store_at_once_and_then_every_six_hours(
    semi_store: Store, clock: VirtualTime
) -> None:
    assert jobs.pull_due() == 1
    clock.advance(6 * 3600 - 60)
    assert jobs.pull_due() == 0
    clock.advance(120)
    assert jobs.pull_due() == 1


def test_the_job_pulls_at_once_when_a_person_asks(semi_store: Store, clock: VirtualTime) -> None:
    jobs.pull_due()
    clock.advance(60)
    ask_pull(semi_store)
    assert jobs.pull_due() == 1
    assert jobs.pull_due() == 0


def test_the_job_rests_after_a_failure_and_then_tries_again(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    control.add_fault("outage", GOODS)
    assert jobs.pull_due() == 0
    assert queries.due_pulls() == []
    control.clear_faults()
    clock.advance(301)
    assert jobs.pull_due() == 1


def test_a_paused_store_is_not_pulled(semi_store: Store, clock: VirtualTime) -> None:
    Store.objects.filter(pk=semi_store.pk).update(paused_at=semi_store.connected_at)
    assert queries.due_pulls() == []


def test_two_stores_keep_their_listings_apart(connect: Connect) -> None:
    one, two = connect("Alpha", seed.SEMI_ONE).store, connect("Beta", seed.SEMI_TWO).store
    pull_listings(token(one))
    pull_listings(token(two))
    shown = queries.listings(queries.Wanted(store=two), Turn(size=100)).rows
    assert len(shown) == 40
    assert {row.store_id for row in shown} == {two.pk}


def test_a_full_consignment_store_is_pulled_the_same_way(full_store: Store) -> None:
    assert pull_listings(token(full_store)).new == 40

"""Deleting a store: asked with its nickname, tokens destroyed at once, nothing left of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps as django_apps
from django.db import connection
from django.db.models import ForeignKey, Model

from storewarden import clock as product_clock
from storewarden.catalog.models import Listing
from storewarden.engine import run_once
from storewarden.marketplaces.base import StoreType
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order
from storewarden.outbox.models import StoredHappening
from storewarden.stores import actions, erasing
from storewarden.stores.checks import Pasted, check
from storewarden.stores.deletion import actions as deletion
from storewarden.stores.errors import NoSuchStore, Refusal
from storewarden.stores.models import Credential, Store, StoreDeletion, TableRow
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.catalog.factories import a_listing, a_store
from tests.conftest import PRODUCT, TESTER, ConnectedStore, Granting, VirtualTime, order_slot
from tests.orders.factories import orders
from tests.stores.deletion_kit import (
    KEPT_FOR_ALL,
    differing,
    everything,
    furnish,
    marks_of,
    tables_with,
)

NAME = "Alpha-Lampen-77"


@pytest.fixture
def simple(db: None, clock: VirtualTime) -> Store:
    """A store with thirty orders and a listing, connected to nothing."""
    store = a_store(NAME)
    record_orders(store, "us", orders(30))
    a_listing(store)
    return store


def asked(store: Store) -> StoreDeletion:
    return deletion.ask_deletion(store, store.nickname, TESTER)


class TestAsking:
    @pytest.mark.parametrize(
        "typed",
        [
            "",
            " ",
            "alpha-lampen-77",
            f"{NAME} ",
            f"{NAME}\x00",
            f"\u202e{NAME}",
            "<b>",
            "'; DROP TABLE stores_store; --",
            "💥",
            "x" * 10_000_000,
        ],
        ids=lambda text: repr(text[:20]),
    )
    def test_another_name_is_refused_and_nothing_is_changed(self, simple: Store, typed: str):
        with pytest.raises(Refusal) as refusal:
            deletion.ask_deletion(simple, typed, TESTER)
        assert refusal.value.cause == "nickname_differs"
        assert NAME in refusal.value.next_step
        assert not StoreDeletion.objects.exists()
        assert Store.objects.get().archived_at is None

    def test_the_tokens_are_destroyed_at_once(self, semi_store: Store):
        asked(semi_store)
        assert set(Credential.objects.values_list("token_sealed", flat=True)) == {""}
        assert Store.objects.get().archived_at is not None

    def test_the_record_says_what_when_by_whom_and_how_much(self, simple: Store):
        expected = sum(deletion.counts(simple).values())
        row = asked(simple)
        assert (row.store_id, row.mall_id, row.nickname) == (simple.pk, simple.mall_id, NAME)
        assert (row.who, row.asked_at) == (TESTER.name, product_clock.now())
        assert row.total == expected > 60
        assert row.done == 0

    def test_asked_twice_it_is_done_once(self, simple: Store):
        assert asked(simple) == asked(simple)
        assert StoreDeletion.objects.count() == 1

    def test_an_archived_store_can_be_deleted(self, semi_store: Store):
        actions.archive(semi_store, TESTER)
        before = semi_store.events.count()
        deletion.finish(asked(semi_store))
        assert before == 2
        assert not Store.objects.exists()

    def test_a_store_that_is_gone_is_refused(self, simple: Store):
        Store.objects.all().delete()
        with pytest.raises(NoSuchStore):
            asked(simple)


class TestNothingIsLeft:
    @pytest.fixture
    def lamps(
        self, connect: Callable[..., ConnectedStore], control: Control, clock: VirtualTime
    ) -> Store:
        """A store that has everything, beside another one that has everything."""
        furnish(connect("Beta", seed.SEMI_TWO).store, control)
        self.before = everything()
        made = connect(NAME, seed.SEMI_ONE).store
        furnish(made, control)
        return made

    def test_no_table_knows_it_but_the_record(self, lamps: Store):
        marks = marks_of(lamps)
        held = tables_with(marks)
        assert {"orders_order", "stores_tokenrecord", "shipping_parcel", "outbox_storedhappening",
                "catalog_listingsku", "stores_tablerow", "webhooks_delivery", "alerts_message",
                "arrivals_arrival"} <= held  # fmt: skip
        deletion.finish(asked(lamps))
        assert tables_with(marks) == {"stores_storedeletion"}

    def test_the_database_is_as_if_it_had_never_been_here(self, lamps: Store):
        deletion.finish(asked(lamps))
        changed = differing(self.before, everything())
        assert {name: both for name, both in changed.items() if name not in KEPT_FOR_ALL} == {
            "stores_tablejob": (0, 1)  # a table of several stores; its line is gone
        }

    def test_the_record_counts_what_went_by_area(self, lamps: Store):
        expected = deletion.counts(lamps)
        done = deletion.finish(asked(lamps))
        same = {name: done.removed[name] for name in ("orders", "shipping", "catalog", "inventory")}
        assert same == {name: expected[name] for name in same}
        assert done.done == done.total == sum(done.removed.values())
        assert done.finished_at is not None

    def test_the_areas_leave_nothing_but_the_store_itself_to_the_last_step(self, lamps: Store):
        for area in deletion.areas().values():
            while area.erase_some(lamps.pk, 1_000):
                pass
        assert Store.objects.filter(pk=lamps.pk).delete() == (1, {"stores.Store": 1})

    def test_the_lines_of_tables_that_name_it_go_and_others_stay(self, lamps: Store):
        deletion.finish(asked(lamps))
        left = TableRow.objects.filter(job__rows__isnull=False).values_list("line", flat=True)
        assert sorted(set(left)) == [1, 2, 3]  # those of Beta's table


def _points_at(model: type[Model], owned: set[type[Model]]) -> bool:
    return any(
        isinstance(field, ForeignKey) and field.related_model in owned
        for field in model._meta.get_fields()
    )


def test_every_area_with_rows_of_a_store_has_told_how_they_are_erased() -> None:
    owned: set[type[Model]] = {Store}
    while more := {one for one in django_apps.get_models() if _points_at(one, owned)} - owned:
        owned |= more
    areas = {one._meta.app_label for one in owned}
    assert areas - set(erasing.erasers()) == {"stores"}


def test_what_points_at_others_is_erased_before_them() -> None:
    names = list(erasing.erasers())
    assert names.index("shipping") < names.index("orders")
    assert names.index("inventory") < names.index("catalog")


class TestCarryingOn:
    def test_a_small_patience_stops_between_two_steps_and_the_next_look_goes_on(
        self, simple: Store, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(deletion, "ROWS_A_STEP", 10)
        row = asked(simple)
        steps = 0
        while not deletion.carry_on(row, patience_s=0):
            steps += 1
            row.refresh_from_db()
            assert 0 < row.done <= 10 * steps
            assert row.leased_until is None
        assert steps > 5
        assert not Store.objects.exists()

    def test_progress_is_told_after_each_step(self, simple: Store, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(deletion, "ROWS_A_STEP", 10)
        told: list[tuple[int, int]] = []
        row = asked(simple)
        deletion.finish(row, lambda done, total: told.append((done, total)))
        assert [done for done, _total in told] == sorted(done for done, _total in told)
        row.refresh_from_db()
        assert told[-1] == (row.done, row.done)

    def test_what_a_killed_process_holds_is_left_alone_until_its_lease_ends(
        self, simple: Store, clock: VirtualTime
    ):
        row = asked(simple)
        until = product_clock.now() + deletion.LEASE
        StoreDeletion.objects.update(leased_until=until)
        assert deletion.carry_on(row) is False
        assert Order.objects.count() == 30
        clock.advance(deletion.LEASE.total_seconds() + 1)
        assert deletion.carry_on(row) is True

    def test_killed_in_the_middle_of_a_step_it_goes_on_where_it_was(
        self, simple: Store, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(deletion, "ROWS_A_STEP", 10)
        row = asked(simple)

        def killed(done: int, _total: int) -> None:
            if done > 30:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            deletion.carry_on(row, told=killed)
        row.refresh_from_db()
        assert row.done == sum(row.removed.values()) > 30
        all_rows = row.done + sum(deletion.counts(simple).values())
        assert deletion.finish(row).done == all_rows

    def test_a_step_of_one_who_lost_the_lease_is_taken_back(
        self, simple: Store, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(deletion, "ROWS_A_STEP", 10)
        row, all_rows = asked(simple), sum(deletion.counts(simple).values())
        later = product_clock.now() + timedelta(hours=1)

        def overtaken(_done: int, _total: int) -> None:
            StoreDeletion.objects.update(leased_until=later)

        assert deletion.carry_on(row, told=overtaken) is False
        row.refresh_from_db()
        assert row.leased_until == later
        assert row.done == 1
        assert sum(deletion.counts(simple).values()) == all_rows - 1

    def test_what_a_job_under_way_writes_meanwhile_goes_too(self, simple: Store):
        row = asked(simple)
        written: list[int] = []

        def pull_under_way(_done: int, _total: int) -> None:
            if not written and not Order.objects.exists():
                written.append(record_orders(simple, "us", orders(5)).new)
                StoredHappening.objects.create(
                    type="store.expired", at=product_clock.now(), store_id=simple.pk
                )

        deletion.finish(row, pull_under_way)
        assert written == [5]
        assert not Order.objects.exists()
        assert not StoredHappening.objects.filter(store_id=simple.pk).exists()

    def test_an_area_that_nobody_registered_does_not_stop_it(
        self, simple: Store, monkeypatch: pytest.MonkeyPatch
    ):
        without = {k: v for k, v in erasing._erasers.items() if k != "catalog"}
        monkeypatch.setattr(erasing, "_erasers", without)
        deletion.finish(asked(simple))
        assert not Store.objects.exists()
        assert not Listing.objects.exists()

    def test_no_step_erases_more_than_it_is_asked_to(self, simple: Store):
        area = erasing.erasers()["orders"]
        erased = [area.erase_some(simple.pk, 7) for _step in range(30)]
        assert max(erased) == 7
        assert erased[-1] == area.count(simple.pk) == 0
        assert not Order.objects.exists()


class TestTheJob:
    def test_it_finishes_what_was_asked(self, simple: Store):
        asked(simple)
        assert run_once("stores.delete") == 1
        assert run_once("stores.delete") == 0
        assert not Store.objects.exists()

    def test_each_of_several_is_done(self, simple: Store):
        other = a_store("Another")
        for store in (simple, other):
            asked(store)
        assert run_once("stores.delete") == 2

    def test_it_does_nothing_when_nothing_was_asked(self, simple: Store):
        assert run_once("stores.delete") == 0
        assert Store.objects.exists()


class TestTheSameShopAgain:
    @pytest.fixture
    def tokens(self, grant: Granting) -> Pasted:
        pasted = {
            PRODUCT: Secret(grant(seed.SEMI_ONE, "cn").token),
            order_slot(): Secret(grant(seed.SEMI_ONE, "us").token),
        }
        return Pasted(StoreType.SEMI, pasted)

    def test_meanwhile_the_check_refuses_it(self, semi_store: Store, tokens: Pasted):
        asked(semi_store)
        card = check(tokens)
        assert [one.cause for one in card.findings] == ["being_deleted"]
        assert not card.ok

    def test_meanwhile_connecting_is_refused_with_a_sentence(
        self, semi_store: Store, tokens: Pasted
    ):
        asked(semi_store)
        with pytest.raises(Refusal) as refusal:
            actions.connect("Gamma", tokens, TESTER)
        assert refusal.value.cause == "being_deleted"
        assert refusal.value.sentence == "This store, “Alpha”, is being deleted right now."
        assert Store.objects.get().archived_at is not None

    def test_meanwhile_reauthorizing_is_refused(self, semi_store: Store, tokens: Pasted):
        asked(semi_store)
        with pytest.raises(Refusal) as refusal:
            actions.reauthorize(semi_store, tokens, TESTER)
        assert refusal.value.cause == "being_deleted"

    def test_afterwards_it_is_a_new_store_without_a_past(self, semi_store: Store, tokens: Pasted):
        record_orders(semi_store, "us", orders(3))
        deletion.finish(asked(semi_store))
        done = actions.connect("Alpha", tokens, TESTER)
        assert done.reattached is False
        assert done.store.pk != semi_store.pk
        assert not Order.objects.exists()
        assert [one.deed for one in done.store.events.all()] == ["connected"]

    def test_it_can_be_deleted_again(self, semi_store: Store, tokens: Pasted):
        deletion.finish(asked(semi_store))
        again = actions.connect("Alpha", tokens, TESTER).store
        deletion.finish(asked(again))
        assert StoreDeletion.objects.count() == 2


class TestArchivingKeepsWhatDeletingErases:
    def test_an_archived_store_that_comes_back_has_its_orders_and_its_settings(
        self, semi_store: Store, grant: Granting
    ):
        record_orders(semi_store, "us", orders(3))
        listing = a_listing(semi_store)
        actions.archive(semi_store, TESTER)
        pasted = {
            PRODUCT: Secret(grant(seed.SEMI_ONE, "cn").token),
            order_slot(): Secret(grant(seed.SEMI_ONE, "us").token),
        }
        done = actions.connect("Alpha again", Pasted(StoreType.SEMI, pasted), TESTER)
        assert (done.reattached, done.store.pk) == (True, semi_store.pk)
        assert done.store.orders.count() == 3
        assert done.store.listings.get() == listing
        assert done.store.archived_at is None


@pytest.mark.django_db(transaction=True)
def test_a_writer_at_the_last_moment_makes_it_try_again(
    clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
):
    """A row that comes in between the last look and the end: the database refuses to forget it."""
    store = a_store(NAME)
    row = asked(store)
    finish = deletion._finished

    def disturbed(work: Any) -> None:
        finish(work)
        an_order_count(store)

    told: list[int] = []

    def late(done: int, _total: int) -> None:
        clock.advance(1)
        told.append(done)
        if told[-2:] == [done, done] and not store.events.exists():  # the areas are empty
            actions.note(store, "renamed")

    monkeypatch.setattr(deletion, "_finished", disturbed)
    assert deletion.carry_on(row, told=late) is False
    assert Store.objects.exists()
    row.refresh_from_db()
    assert (row.finished_at, row.leased_until) == (None, None)
    monkeypatch.undo()
    assert deletion.carry_on(row) is True


def an_order_count(store: Store) -> None:
    with connection.cursor() as cursor:
        key = store.pk if connection.vendor == "postgresql" else store.pk.hex
        cursor.execute(
            "INSERT INTO orders_ordercount (store_id, area, state, number) VALUES (%s, '', '', 1)",
            [key],
        )

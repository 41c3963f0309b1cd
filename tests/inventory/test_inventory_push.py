"""Figures set here reach the sandbox, are read back, and their outcome is told truly."""

from collections.abc import Callable

import pytest

from storewarden.catalog.leases import held
from storewarden.catalog.models import Listing
from storewarden.inventory import jobs, queries, wording
from storewarden.inventory.actions import read_stock, refresh_stock, set_figure, work_of
from storewarden.inventory.models import ShownStock
from storewarden.inventory.pushing import PushedStock, push_due
from storewarden.marketplaces.base import Refused, Unreachable
from storewarden.stores.actions import pause, set_stock_push
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, VirtualTime
from tests.inventory.factories import at_home, changes, deeds, in_sandbox, stocked, token

GET, UPDATE = "bg.btg.goods.stock.quantity.get", "bg.btg.goods.stock.quantity.update"
JIT_EDIT, JIT_GET = "bg.qtg.stock.virtualinventoryjit.edit", "bg.qtg.stock.virtualinventoryjit.get"
Connect = Callable[..., ConnectedStore]
Push = ShownStock.Push


def test_a_set_figure_reaches_the_sandbox_and_is_read_back(semi_store: Store, world: World) -> None:
    sku = stocked(semi_store)
    figure = set_figure(sku, at_home(sku).warehouse_id, "77", TESTER)
    assert figure.push == Push.DUE
    assert push_due(token(semi_store)) == PushedStock(done=1, differs=0, refused=0, waiting=0)
    after = at_home(sku)
    assert (after.push, after.shown, in_sandbox(world, after)) == (Push.DONE, 77, 77)
    assert [row.details["after"] for row in changes(world, sku)] == [77]


def test_zero_is_a_figure_like_any_other(semi_store: Store, world: World) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 0, TESTER)
    push_due(token(semi_store))
    assert in_sandbox(world, at_home(sku)) == 0


def test_the_log_tells_who_set_it_and_each_step(semi_store: Store) -> None:
    sku = stocked(semi_store)
    before = at_home(sku).shown
    set_figure(sku, at_home(sku).warehouse_id, 77, TESTER)
    push_due(token(semi_store))
    figure = at_home(sku)
    assert deeds(figure) == ["set", "sent", "done"]
    first = figure.deeds.order_by("id")[0]
    assert (first.who, first.before, first.after) == (TESTER.name, before, 77)


def test_the_figures_of_one_listing_go_in_one_call(
    semi_store: Store, control: Control, world: World
) -> None:
    stocked(semi_store)
    figures = queries.figures_of_listing(Listing.objects.get(skus__code="M1-001-S"))
    for number, figure in enumerate(figures):
        set_figure(figure.sku, figure.warehouse_id, 30 + number, TESTER)
    control.add_fault("latency", UPDATE, ms=0)
    assert push_due(token(semi_store)).done == len(figures) == 4
    assert control.faults()[0]["seen"] == 1


def test_figures_set_several_times_are_pushed_once_with_the_last(
    semi_store: Store, world: World
) -> None:
    sku = stocked(semi_store)
    for quantity in (5, 6, 7):
        set_figure(sku, at_home(sku).warehouse_id, quantity, TESTER)
    push_due(token(semi_store))
    assert [row.details["after"] for row in changes(world, sku)] == [7]


def test_nothing_due_sends_nothing(semi_store: Store, control: Control) -> None:
    stocked(semi_store)
    control.add_fault("latency", "*", ms=0)
    assert push_due(token(semi_store)) == PushedStock(0, 0, 0, 0)
    assert control.faults()[0]["seen"] == 0


def test_a_figure_that_is_not_shown_is_refused_and_never_pushed(
    semi_store: Store, control: Control, world: World
) -> None:
    sku = stocked(semi_store)
    control.set_sku(int(sku.sku_id), viewable=False)
    read_stock(token(semi_store), sku.listing)
    with pytest.raises(Refusal) as refused:
        set_figure(sku, at_home(sku).warehouse_id, 5, TESTER)
    assert refused.value.cause == "hidden"
    assert "never pushed" in refused.value.sentence
    assert at_home(sku).wanted is None
    push_due(token(semi_store))
    assert changes(world, sku) == []


def test_a_figure_hidden_after_it_was_set_is_given_up_not_pushed(
    semi_store: Store, control: Control, world: World
) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 5, TESTER)
    control.set_sku(int(sku.sku_id), viewable=False)
    read_stock(token(semi_store), sku.listing)
    push_due(token(semi_store))
    figure = at_home(sku)
    assert (figure.push, figure.shown) == (Push.REFUSED, None)
    assert "never pushed" in wording.state_of(figure).sentence
    assert deeds(figure)[-1] == "hidden"
    assert changes(world, sku) == []


def test_a_cap_of_the_platform_is_told_with_its_number(
    semi_store: Store, control: Control, world: World
) -> None:
    control.set_mall(seed.SEMI_ONE, stock_cap=300)
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 301, TESTER)
    assert push_due(token(semi_store)).refused == 1
    figure = at_home(sku)
    assert (figure.push, figure.their_code) == (Push.REFUSED, "2000000")
    assert wording.state_of(figure).sentence == "Temu allows at most 300 pieces here."
    assert queries.refused_count() == 1
    assert changes(world, sku) == []


def test_one_refused_figure_does_not_stop_the_others_of_its_listing(
    semi_store: Store, control: Control, world: World
) -> None:
    control.set_mall(seed.SEMI_ONE, stock_cap=300)
    sku = stocked(semi_store)
    other = queries.figures_of_listing(sku.listing)[-1]
    set_figure(sku, at_home(sku).warehouse_id, 301, TESTER)
    set_figure(other.sku, other.warehouse_id, 299, TESTER)
    assert push_due(token(semi_store)) == PushedStock(done=1, differs=0, refused=1, waiting=0)
    assert in_sandbox(world, other) == 299


def test_a_refused_figure_is_not_sent_again_until_it_is_set_again(
    semi_store: Store, control: Control, world: World
) -> None:
    control.set_mall(seed.SEMI_ONE, stock_cap=300)
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 301, TESTER)
    push_due(token(semi_store))
    control.set_mall(seed.SEMI_ONE, stock_cap=9999)
    assert push_due(token(semi_store)) == PushedStock(0, 0, 0, 0)
    set_figure(sku, at_home(sku).warehouse_id, 301, TESTER)
    assert push_due(token(semi_store)).done == 1
    assert (at_home(sku).their_code, at_home(sku).their_message) == ("", "")


def test_a_sale_between_set_and_re_read_is_told_as_a_difference(
    semi_store: Store, world: World, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = stocked(semi_store)
    home = at_home(sku).warehouse_id
    set_figure(sku, home, 50, TESTER)
    control.add_fault("outage", GET)
    with pytest.raises(Unreachable):
        push_due(token(semi_store))
    control.clear_faults()
    control.set_stock_in_seller_central(seed.SEMI_ONE, int(sku.sku_id), 48, home)
    assert push_due(token(semi_store)).differs == 1
    figure = at_home(sku)
    assert (figure.push, figure.shown, figure.wanted) == (Push.DIFFERS, 48, 50)
    assert "2 pieces fewer" in wording.state_of(figure).sentence
    assert len(changes(world, sku)) == 1


def test_an_outage_leaves_the_figure_due_and_the_next_look_sends_it(
    semi_store: Store, control: Control, clock: VirtualTime, world: World
) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    control.add_fault("outage", UPDATE)
    assert jobs.push_due_figures() == 0
    assert at_home(sku).push == Push.DUE
    assert queries.due_pushes() == []
    control.clear_faults()
    clock.advance(16)
    assert jobs.push_due_figures() == 1
    assert in_sandbox(world, at_home(sku)) == 50


def test_a_lost_answer_is_sent_again_and_ends_at_the_same_figure(
    semi_store: Store, control: Control, world: World
) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    control.add_fault("lost_response", UPDATE, times=1)
    assert push_due(token(semi_store)).done == 1
    assert {row.details["after"] for row in changes(world, sku)} == {50}


def test_full_consignment_gets_the_difference_and_shows_the_wanted_figure(
    full_store: Store, world: World
) -> None:
    sku = stocked(full_store, "M3-001-S")
    before = at_home(sku).shown
    assert before is not None
    set_figure(sku, "", before + 9, TESTER)
    assert push_due(token(full_store)).done == 1
    assert [row.details["after"] for row in changes(world, sku)] == [before + 9]


def test_a_lost_answer_never_adds_a_full_consignment_difference_twice(
    full_store: Store, control: Control, world: World, clock: VirtualTime
) -> None:
    sku = stocked(full_store, "M3-001-S")
    before = at_home(sku).shown
    assert before is not None
    set_figure(sku, "", before + 9, TESTER)
    control.add_fault("lost_response", JIT_EDIT, times=1)
    with pytest.raises(Unreachable):
        push_due(token(full_store))
    assert at_home(sku).push == Push.DUE
    push_due(token(full_store))
    assert at_home(sku).push == Push.DONE
    assert [row.details["after"] for row in changes(world, sku)] == [before + 9]


def test_a_product_in_a_promotion_may_not_be_lowered_and_says_so(
    full_store: Store, control: Control
) -> None:
    sku = stocked(full_store, "M3-001-S")
    control.set_sku(int(sku.sku_id), in_promotion=True)
    set_figure(sku, "", 1, TESTER)
    assert push_due(token(full_store)).refused == 1
    figure = at_home(sku)
    assert figure.their_code == "2000037"
    assert "promotion" in wording.state_of(figure).sentence


def test_a_dead_product_token_leaves_figures_due_and_the_order_token_alone(
    connect: Connect, control: Control
) -> None:
    made = connect()
    sku = stocked(made.store)
    credential = token(made.store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    control.remove_grant(made.product.id)
    with pytest.raises(Refused):
        push_due(credential)
    assert at_home(sku).push == Push.DUE
    product = made.store.credentials.get(kind="product")
    order = made.store.credentials.get(kind="order")
    assert product.probe_after == credential.store.stock_work.look_after or product.probe_after
    assert order.state == "active"
    assert order.probe_after != product.probe_after


def test_a_dead_product_token_stops_the_stock_jobs(connect: Connect) -> None:
    made = connect()
    sku = stocked(made.store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    made.store.credentials.filter(kind="product").update(state="disconnected")
    assert queries.due_pushes() == []
    assert queries.due_reads() == []


def test_a_figure_set_while_the_last_one_is_on_its_way_is_sent_too(
    semi_store: Store, control: Control, world: World
) -> None:
    sku = stocked(semi_store)
    home = at_home(sku).warehouse_id
    set_figure(sku, home, 50, TESTER)
    control.add_fault("outage", GET)
    with pytest.raises(Unreachable):
        push_due(token(semi_store))
    assert at_home(sku).push == Push.SENT
    control.clear_faults()
    set_figure(sku, home, 60, TESTER)
    push_due(token(semi_store))
    assert (at_home(sku).push, in_sandbox(world, at_home(sku))) == (Push.DONE, 60)


def test_what_was_sent_and_never_read_back_is_read_back_not_sent_again(
    semi_store: Store, control: Control, world: World, clock: VirtualTime
) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    control.add_fault("outage", GET)
    with pytest.raises(Unreachable):
        push_due(token(semi_store))
    control.clear_faults()
    clock.advance(16)
    assert jobs.push_due_figures() == 1
    assert at_home(sku).push == Push.DONE
    assert len(changes(world, sku)) == 1


def test_two_processes_do_not_push_a_store_at_once(semi_store: Store, world: World) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    with held(work_of(semi_store), "push_leased_until"), pytest.raises(Refusal) as refused:
        push_due(token(semi_store))
    assert refused.value.cause == "busy"
    assert changes(world, sku) == []
    assert push_due(token(semi_store)).done == 1


def test_pushing_switched_off_after_a_set_holds_the_figure_back(
    semi_store: Store, world: World
) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    set_stock_push(semi_store, False, TESTER)
    assert queries.due_pushes() == []
    with pytest.raises(Refusal) as refused:
        push_due(token(semi_store))
    assert refused.value.cause == "push_off"
    assert changes(world, sku) == []


def test_a_paused_store_is_not_pushed(semi_store: Store) -> None:
    sku = stocked(semi_store)
    set_figure(sku, at_home(sku).warehouse_id, 50, TESTER)
    pause(semi_store, TESTER)
    assert queries.due_pushes() == []


def test_pushes_keep_to_two_stock_calls_a_second_a_store(
    semi_store: Store, world: World, clock: VirtualTime
) -> None:
    stocked(semi_store)
    refresh_stock(token(semi_store), limit=6)
    for figure in ShownStock.objects.select_related("sku__store").order_by("pk")[:20]:
        set_figure(figure.sku, figure.warehouse_id, 40, TESTER)
    began_s = clock.now_s()
    pushed = push_due(token(semi_store))
    assert (pushed.done, pushed.waiting) == (20, 0)
    assert clock.now_s() - began_s >= 3

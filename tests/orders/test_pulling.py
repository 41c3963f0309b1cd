"""Pulling from the sandbox: rule 9, no order is missed and only the right jobs stop."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storewarden import clock as product_clock
from storewarden.marketplaces.base import Cause, Refused, StoreType, TokenKind, Unreachable
from storewarden.marketplaces.temu import marketplace as temu_market
from storewarden.orders import jobs, queries
from storewarden.orders.actions import AlreadyPulling, NotWhole, mark_stopped, pull_orders
from storewarden.orders.models import Order, OrderPull
from storewarden.stores import actions as store_actions
from storewarden.stores.checks import Pasted
from storewarden.stores.models import Credential, Store
from storewarden.stores.queries import usable_credentials
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.faults import Fault
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import START_S, TESTER, ConnectedStore, Granting, VirtualTime, order_slot

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "bg.order.list.v2.get"


def token_of(store: Store) -> Credential:
    return usable_credentials(TokenKind.ORDER, store)[0]


def make(control: Control, n: int, **more: Any) -> list[str]:
    told = control.make_orders(seed.SEMI_ONE, n, area="us", **more)
    return list(told["parent_order_sns"])


def kept() -> set[str]:
    return set(Order.objects.values_list("po", flat=True))


def test_a_first_pull_brings_every_order_since_the_date_chosen(
    semi_store: Store, control: Control
) -> None:
    made = make(control, 250)
    done = pull_orders(token_of(semi_store))
    assert done.new == 250
    assert kept() == set(made)


def test_a_second_pull_finds_nothing_new(semi_store: Store, control: Control) -> None:
    make(control, 120)
    pull_orders(token_of(semi_store))
    done = pull_orders(token_of(semi_store))
    assert (done.new, done.changed) == (0, 0)


def test_an_order_changed_in_seller_central_comes_back(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    po = make(control, 3)[0]
    pull_orders(token_of(semi_store))
    clock.advance(300)
    control.cancel_order(po)
    assert pull_orders(token_of(semi_store)).changed == 1
    assert Order.objects.get(po=po).state == "cancelled"


def test_orders_that_share_an_update_time_at_the_page_edge_are_not_missed(
    semi_store: Store, control: Control, world: World
) -> None:
    made = make(control, 450, tie_every=90)
    world.faults.add(Fault("shuffle_ties", api_type=LIST))
    done = pull_orders(token_of(semi_store))
    assert kept() == set(made)
    assert done.new == 450


def test_a_single_second_with_more_orders_than_a_page_comes_together(
    semi_store: Store, control: Control, world: World
) -> None:
    made = make(control, 230, tie_every=230)
    world.faults.add(Fault("shuffle_ties", api_type=LIST))
    pull_orders(token_of(semi_store))
    assert kept() == set(made)


class Meddling:
    """Temu, whose orders change just before given pages are answered."""

    def __init__(self, before_page: dict[int, Callable[[], object]]) -> None:
        self.before_page = before_page

    def install(self, patch: pytest.MonkeyPatch) -> None:
        real = temu_market.Temu.orders

        def orders(itself: Any, access: Any, window: Any, page: int, **more: Any) -> Any:
            meddle = self.before_page.pop(page, None)
            if meddle is not None:
                meddle()
            return real(itself, access, window, page, **more)

        patch.setattr(temu_market.Temu, "orders", orders)


def test_an_order_that_changes_while_pages_are_read_shifts_none_out(
    semi_store: Store, control: Control, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(control, 350)
    clock.advance(1)
    newest = made[-5:]

    def change() -> None:
        clock.advance(5)  # their update time leaves the closed window
        control.touch_orders(newest)

    Meddling({2: change}).install(monkeypatch)
    pull_orders(token_of(semi_store))
    missing = set(made) - kept()
    assert missing <= set(newest)
    monkeypatch.undo()
    pull_orders(token_of(semi_store))
    assert kept() == set(made)


def test_orders_that_change_again_and_again_during_a_pull_are_all_there_after_the_next(
    semi_store: Store, control: Control, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(control, 420, spacing_s=30)
    clock.advance(1)

    def touch(number: int) -> Callable[[], None]:
        def run() -> None:
            clock.advance(2)
            control.touch_orders(made[number * 10 : number * 10 + 3])

        return run

    Meddling({page: touch(page) for page in (1, 2, 3, 4)}).install(monkeypatch)
    pull_orders(token_of(semi_store))
    clock.advance(60)
    pull_orders(token_of(semi_store))
    assert kept() == set(made)


def test_a_read_that_never_comes_together_raises_and_keeps_the_cursor(
    semi_store: Store, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(control, 5)
    real = temu_market.Temu.orders

    def lies(itself: Any, access: Any, window: Any, page: int, **more: Any) -> Any:
        told = real(itself, access, window, page, **more)
        return replace(told, total=told.total + 1) if told.total else told

    monkeypatch.setattr(temu_market.Temu, "orders", lies)
    with pytest.raises(NotWhole):
        pull_orders(token_of(semi_store))
    pull = OrderPull.objects.get()
    first = Order.objects.earliest("updated_at").updated_at
    assert first is not None
    assert pull.good_until < first
    assert pull.failure
    assert pull.leased_until is None
    assert Order.objects.exists()  # what was seen is kept all the same


def test_a_dead_token_stops_the_pull_and_keeps_the_cursor(
    connect: Callable[..., ConnectedStore], control: Control, clock: VirtualTime, world: World
) -> None:
    done = connect()
    assert done.order is not None
    token = token_of(done.store)
    pull_orders(token)
    good = OrderPull.objects.get().good_until
    clock.advance(600)
    world.authorizations.remove(done.order.id)
    with pytest.raises(Refused) as refused:
        pull_orders(token)
    assert refused.value.cause is Cause.TOKEN_UNKNOWN
    pull = OrderPull.objects.get()
    assert pull.good_until == good
    assert pull.failing_since is not None
    assert Credential.objects.get(pk=token.pk).probe_after == product_clock.now()


def test_after_the_token_is_back_the_pull_resumes_and_misses_no_order(
    connect: Callable[..., ConnectedStore],
    control: Control,
    clock: VirtualTime,
    world: World,
    grant: Granting,
) -> None:
    done = connect()
    assert done.order is not None
    before = make(control, 20)
    pull_orders(token_of(done.store))
    world.authorizations.age(done.order.id, 91)
    clock.advance(7200)
    with pytest.raises(Refused):
        pull_orders(token_of(done.store))
    missed = make(control, 130, tie_every=110)
    clock.advance(86_400)
    fresh = grant(seed.SEMI_ONE, "us")
    tokens = {order_slot(): Secret(fresh.token)}
    store_actions.reauthorize(done.store, Pasted(StoreType.SEMI, tokens), TESTER)
    result = pull_orders(token_of(done.store))
    assert result.recovered == 130
    assert kept() == {*before, *missed}
    event = done.store.events.get(deed="recovered")
    assert event.detail["orders"] == 130
    assert OrderPull.objects.get().failing_since is None


def test_orders_missed_without_a_failed_pull_are_counted_as_recovered(
    connect: Callable[..., ConnectedStore], control: Control, clock: VirtualTime
) -> None:
    store = connect().store
    pull_orders(token_of(store))
    Credential.objects.filter(store=store, kind="order").update(state="disconnected")
    assert mark_stopped() == 1
    make(control, 4)
    clock.advance(900)
    Credential.objects.filter(store=store, kind="order").update(state="active")
    assert pull_orders(token_of(store)).recovered == 4


def test_a_dead_token_of_one_store_leaves_the_other_stores_running(
    connect: Callable[..., ConnectedStore], control: Control, world: World, clock: VirtualTime
) -> None:
    dead, alive = connect("Alpha"), connect("Beta", seed.SEMI_TWO)
    assert dead.order is not None
    world.authorizations.remove(dead.order.id)
    control.make_orders(seed.SEMI_TWO, 7, area="us")
    jobs.pull_due()
    assert set(Order.objects.values_list("store__nickname", flat=True)) == {"Beta"}
    assert OrderPull.objects.get(credential__store=dead.store).failing_since is not None
    assert OrderPull.objects.get(credential__store=alive.store).failing_since is None


def test_an_outage_keeps_the_cursor_and_says_nothing_about_the_token(
    semi_store: Store, control: Control, world: World, clock: VirtualTime
) -> None:
    make(control, 250)
    world.faults.add(Fault("outage", api_type=LIST))
    token = token_of(semi_store)
    with pytest.raises(Unreachable):
        pull_orders(token)
    assert OrderPull.objects.get().good_until == semi_store.orders_since
    assert Credential.objects.get(pk=token.pk).state == "active"
    world.faults.clear()
    assert pull_orders(token).new == 250


def test_a_pull_that_breaks_in_the_middle_goes_on_where_it_was_whole(
    semi_store: Store, control: Control, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = 86_400
    old = make(control, 30, updated_at_s=int(START_S) - 20 * day)
    new = make(control, 150)
    clock.advance(1)

    def down() -> None:
        raise Unreachable("the line is down")

    Meddling({2: down}).install(monkeypatch)
    with pytest.raises(Unreachable):
        pull_orders(token_of(semi_store))
    assert set(old) <= kept()
    good = OrderPull.objects.get().good_until
    assert semi_store.orders_since + timedelta(days=7) < good
    pull_orders(token_of(semi_store))
    assert kept() == {*old, *new}


def test_two_pulls_of_one_token_do_not_run_at_once(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    pull_orders(token_of(semi_store))
    OrderPull.objects.update(leased_until=product_clock.now() + timedelta(minutes=5))
    with pytest.raises(AlreadyPulling):
        pull_orders(token_of(semi_store))


def test_the_lease_of_a_killed_pull_runs_out(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    pull_orders(token_of(semi_store))
    OrderPull.objects.update(leased_until=product_clock.now() + timedelta(minutes=5))
    make(control, 3)
    clock.advance(301)
    jobs.pull_due()
    assert Order.objects.count() == 3


def test_a_backfill_from_a_date_does_not_move_the_cursor_back(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    pull_orders(token_of(semi_store))
    good = OrderPull.objects.get().good_until
    older = make(control, 5, updated_at_s=int(START_S) - 60 * 86_400)
    done = pull_orders(token_of(semi_store), since=product_clock.now() - timedelta(days=90))
    assert done.new == 5
    assert kept() == set(older)
    assert OrderPull.objects.get().good_until >= good


def test_a_backfill_that_breaks_does_not_leave_the_cursor_behind(
    semi_store: Store, control: Control, clock: VirtualTime, world: World
) -> None:
    pull_orders(token_of(semi_store))
    good = OrderPull.objects.get().good_until
    world.faults.add(Fault("outage", api_type=LIST, after=3))
    with pytest.raises(Unreachable):
        pull_orders(token_of(semi_store), since=product_clock.now() - timedelta(days=60))
    assert OrderPull.objects.get().good_until == good


def test_an_order_that_temu_lists_half_an_hour_late_is_not_missed(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    pull_orders(token_of(semi_store))
    clock.advance(60)
    late = make(control, 1, updated_at_s=int(product_clock.now().timestamp()) - 1800)
    pull_orders(token_of(semi_store))
    assert kept() == set(late)


def test_a_backfill_after_a_gap_does_not_hide_the_gap(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    token = token_of(semi_store)
    pull_orders(token, since=product_clock.now() - timedelta(hours=1))
    assert OrderPull.objects.get().good_until == semi_store.orders_since


def test_a_patient_pull_gives_way_between_windows_and_is_due_at_once(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    make(control, 5)
    token = token_of(semi_store)
    first = pull_orders(token, patience_s=0)
    assert (first.windows, first.finished) == (1, False)
    assert queries.due_pulls(product_clock.now()) == [token]
    while not pull_orders(token, patience_s=0).finished:
        pass
    assert Order.objects.count() == 5


def test_a_store_is_due_a_minute_after_its_last_pull(semi_store: Store, clock: VirtualTime) -> None:
    jobs.pull_due()
    clock.advance(59)
    assert queries.due_pulls(product_clock.now()) == []
    clock.advance(1)
    assert len(queries.due_pulls(product_clock.now())) == 1


def test_progress_is_told_page_by_page(semi_store: Store, control: Control) -> None:
    make(control, 250)
    told: list[tuple[int, int]] = []
    pull_orders(token_of(semi_store), progress=lambda done, total: told.append((done, total)))
    assert told[-3:] == [(100, 250), (200, 250), (250, 250)]


def test_an_order_temu_garbles_does_not_stop_the_pull(
    semi_store: Store, control: Control, world: World
) -> None:
    made = make(control, 12)
    world.database.write("UPDATE orders SET status = 'weird' WHERE parent_order_sn = ?", (made[3],))
    done = pull_orders(token_of(semi_store))
    assert (done.new, done.set_aside) == (11, 1)
    assert [row.po for row in queries.inbox()] == [made[3]]

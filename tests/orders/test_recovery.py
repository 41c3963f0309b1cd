"""Reauthorize without losing anything: hold, verify, swap, go on, bring in, report."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storewarden import clock as product_clock
from storewarden.marketplaces.base import StoreType, TokenKind
from storewarden.orders import rules
from storewarden.orders.actions import mark_stopped
from storewarden.orders.jobs import pull_due
from storewarden.orders.models import Order, OrderPull
from storewarden.outbox.models import StoredHappening
from storewarden.people.actions import create_owner, keep_preferences
from storewarden.stores import actions, queries
from storewarden.stores.actions import CheckRefused
from storewarden.stores.checks import Pasted
from storewarden.stores.models import AuthorizationEvent, Credential, Store
from storewarden.stores.probes import probe
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, VirtualTime, order_slot

Connect = Callable[..., ConnectedStore]


def token(store: Store) -> Credential:
    return store.credentials.select_related("store", "app").get(kind="order")


def enter(store: Store, text: str) -> actions.Reauthorized:
    return actions.reauthorize(store, Pasted(StoreType.SEMI, {order_slot(): Secret(text)}), TESTER)


def test_what_was_missed_is_brought_in_and_reported_with_what_must_ship_today(
    connect: Connect, world: World, control: Control, clock: VirtualTime
) -> None:
    made = connect()
    assert made.order is not None
    pull_due()
    world.authorizations.remove(made.order.id)
    probe(token(made.store))
    pull_due()
    clock.advance(days=2)
    control.make_orders(seed.SEMI_ONE, 12, area="us", spacing_s=60)
    world.database.write("UPDATE orders SET ship_by_s = ?", (int(clock.now_s()) + 5 * 86_400,))
    few = "SELECT id FROM orders ORDER BY id LIMIT 3"
    world.database.write(
        f"UPDATE orders SET ship_by_s = ? WHERE id IN ({few})", (int(clock.now_s()) + 60,)
    )
    grant = world.authorizations.authorize_again(made.order.id)
    enter(made.store, grant.token)
    pull_due()
    assert Order.objects.count() == 12
    event = AuthorizationEvent.objects.get(deed="recovered")
    assert (event.detail["orders"], event.detail["due_today"]) == (12, 3)
    happening = StoredHappening.objects.get(type="orders.recovered")
    assert (happening.data["orders"], happening.data["due_today"]) == (12, 3)
    assert happening.data["store"]["nickname"] == "Alpha"


def test_while_tokens_are_swapped_the_stores_work_waits(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    pull_due()
    control.make_orders(seed.SEMI_ONE, 1, area="us")
    clock.advance(61)
    Store.objects.update(held_until=product_clock.now() + timedelta(minutes=5))
    pull_due()
    assert queries.usable_credentials(TokenKind.PRODUCT) == []
    assert Order.objects.count() == 0
    assert mark_stopped() == 0, "to wait is not to fail"
    assert OrderPull.objects.get().failing_since is None


def test_a_process_that_died_in_the_middle_holds_it_for_five_minutes_at_most(
    semi_store: Store, clock: VirtualTime
) -> None:
    Store.objects.update(held_until=product_clock.now() + actions.LONGEST_SWAP)
    clock.advance(actions.LONGEST_SWAP.total_seconds())
    assert queries.usable_credentials(TokenKind.ORDER, semi_store)


def test_the_work_goes_on_after_a_swap_that_was_refused(semi_store: Store) -> None:
    with pytest.raises(CheckRefused):
        enter(semi_store, "sandboxnotokenatall0000000000000000000000000000000000000")
    semi_store.refresh_from_db()
    assert semi_store.held_until is None


def test_the_store_is_held_while_temu_is_asked(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, seen = connect(), []
    ask = actions.check

    def asking(pasted: Pasted, store: Store | None = None) -> object:
        seen.append(Store.objects.get(pk=made.store.pk).held_until is not None)
        return ask(pasted, store)

    monkeypatch.setattr(actions, "check", asking)
    assert made.order is not None
    enter(made.store, made.order.token)
    assert seen == [True]
    assert Store.objects.get(pk=made.store.pk).held_until is None


def test_a_hiccup_in_which_nothing_was_missed_is_no_news(
    semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    pull_due()
    control.add_fault(kind="outage", area="us")
    clock.advance(61)
    pull_due()
    control.clear_faults()
    clock.advance(61)
    pull_due()
    assert AuthorizationEvent.objects.filter(deed="recovered").exists()
    assert not StoredHappening.objects.filter(type="orders.recovered").exists()


class TestToday:
    NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def test_ends_at_midnight_where_the_desk_is(self) -> None:
        end = rules.end_of_today(self.NOON, ZoneInfo("Asia/Shanghai"))
        assert end == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)

    def test_is_counted_in_the_zone_of_the_owner(self, db: None) -> None:
        from storewarden.people.queries import home_zone

        assert home_zone() == ZoneInfo("UTC")
        owner = create_owner("owner@example.test", "a long test password")
        keep_preferences(owner, time_zone="Asia/Shanghai")
        assert home_zone() == ZoneInfo("Asia/Shanghai")

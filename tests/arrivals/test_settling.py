"""What messages lead to: exactly that store's pull in that area, once, however many there are."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from storewarden import clock
from storewarden.arrivals import actions, rules
from storewarden.arrivals.erasing import ERASER
from storewarden.arrivals.models import Arrival, EventFeed
from storewarden.engine import known_jobs, run_once
from storewarden.marketplaces.base import TokenKind
from storewarden.orders.actions import pull_orders
from storewarden.orders.models import OrderPull
from storewarden.orders.queries import due_pulls
from storewarden.stores import actions as store_actions
from storewarden.stores.erasing import erasers
from storewarden.stores.models import DeveloperApp, Store
from storewarden.stores.queries import usable_credentials
from temu_openapi import webhooks
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.arrivals.kit import NEWS, STATUS, send, token_of
from tests.conftest import TESTER, ConnectedStore, VirtualTime, order_slot

Apps = dict[str, DeveloperApp]
pytestmark = pytest.mark.django_db
Connect = Callable[..., ConnectedStore]


def pulled(store: Store) -> None:
    for token in usable_credentials(TokenKind.ORDER, store):
        pull_orders(token)


def due() -> set[tuple[str, str]]:
    return {(one.store.nickname, one.area) for one in due_pulls(clock.now())}


def led() -> list[str]:
    return list(Arrival.objects.order_by("id").values_list("led_to", flat=True))


def test_a_message_makes_the_pull_of_its_store_and_area_due(
    apps: Apps, connect: Connect, clock: VirtualTime, world: World
) -> None:
    alpha, beta = connect().store, connect("Beta", seed.SEMI_TWO, "eu").store
    pulled(alpha)
    pulled(beta)
    clock.advance(10)
    assert due() == set()
    send(apps["eu"], {**NEWS, "mallId": seed.SEMI_TWO})
    run_once("arrivals.settle")
    assert due() == {("Beta", "eu")}
    assert led() == ["pull"]
    assert Arrival.objects.get().store == beta


def test_an_event_of_one_area_leaves_the_other_areas_of_the_store_alone(
    apps: Apps, connect: Connect, clock: VirtualTime
) -> None:
    store = connect().store
    pulled(store)
    clock.advance(10)
    send(apps["eu"])
    run_once("arrivals.settle")
    assert (due(), led()) == (set(), ["no_token"])


def test_many_messages_are_one_pull(
    apps: Apps, semi_store: Store, clock: VirtualTime, control: Control
) -> None:
    pulled(semi_store)
    clock.advance(10)
    for number in range(30):
        send(apps["us"], {**NEWS, "orderSn": f"211-{number}"})
    control.add_fault("latency", api_type="bg.order.list.v2.get")
    run_once("arrivals.settle")
    run_once("orders.pull_due")
    run_once("orders.pull_due")
    assert led() == ["pull"] * 30
    assert control.faults()[0]["seen"] == 1


def test_news_that_a_later_pull_has_brought_already_asks_for_nothing(
    apps: Apps, semi_store: Store, clock: VirtualTime
) -> None:
    send(apps["us"])
    clock.advance(1)
    pulled(semi_store)
    run_once("arrivals.settle")
    assert (due(), led()) == (set(), ["pulled_already"])


def test_a_pull_that_runs_when_the_news_comes_is_followed_by_another(
    apps: Apps, semi_store: Store, clock: VirtualTime
) -> None:
    pulled(semi_store)
    clock.advance(100)
    OrderPull.objects.update(tried_at=actions.clock.now(), leased_until=actions.clock.now())
    clock.advance(1)
    send(apps["us"])
    run_once("arrivals.settle")
    assert due() == {("Alpha", "us")}


def test_a_store_that_was_never_pulled_is_due_anyway(apps: Apps, semi_store: Store) -> None:
    send(apps["us"])
    run_once("arrivals.settle")
    assert (due(), led()) == ({("Alpha", "us")}, ["pull"])


def test_a_message_about_a_mall_that_is_no_store_leads_nowhere(
    apps: Apps, semi_store: Store
) -> None:
    send(apps["us"], {**NEWS, "mallId": seed.OTHER_SELLERS_SEMI})
    send(apps["us"], {"parentOrderSn": "PO-1"})
    run_once("arrivals.settle")
    assert led() == ["no_store", "no_store"]
    numbers = Arrival.objects.values_list("mall_id", "po", "order_sn")
    assert set(numbers) == {("", "", "")}, "of a shop that is no store here no number stays"


@pytest.mark.parametrize("deed", [store_actions.pause, store_actions.archive])
def test_a_store_at_rest_is_left_alone(
    apps: Apps, semi_store: Store, clock: VirtualTime, deed: Callable[..., Store]
) -> None:
    pulled(semi_store)
    tried = OrderPull.objects.get().tried_at
    clock.advance(10)
    deed(semi_store, TESTER)
    send(apps["us"])
    run_once("arrivals.settle")
    assert (OrderPull.objects.get().tried_at, led()) == (tried, ["at_rest"])


def test_a_store_whose_token_is_dead_is_left_alone(apps: Apps, semi_store: Store) -> None:
    token = token_of(semi_store, order_slot())
    token.state = "disconnected"
    token.save()
    send(apps["us"])
    run_once("arrivals.settle")
    assert led() == ["no_token"]


@pytest.mark.parametrize(
    ("code", "lead"), [(webhooks.TEST_EVENT, "test"), ("bg_made_tomorrow", "unknown")]
)
def test_what_announces_no_pull_is_settled_without_one(
    apps: Apps, semi_store: Store, clock: VirtualTime, code: str, lead: str
) -> None:
    pulled(semi_store)
    clock.advance(10)
    send(apps["us"], NEWS, code=code)
    run_once("arrivals.settle")
    assert (due(), led()) == (set(), [lead])


@pytest.mark.parametrize(
    "code", [one for one in webhooks.EVENT_CODES if one != webhooks.TEST_EVENT]
)
def test_every_other_documented_event_leads_to_the_orders(
    apps: Apps, semi_store: Store, code: str
) -> None:
    send(apps["us"], {"mallId": seed.SEMI_ONE, "parentOrderSn": "PO-211-1"}, code=code)
    run_once("arrivals.settle")
    assert led() == ["pull"]


def test_settling_asks_the_database_no_more_for_more_messages(
    apps: Apps,
    semi_store: Store,
    clock: VirtualTime,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    pulled(semi_store)
    clock.advance(10)
    for number in range(20):
        send(apps["us"], {**NEWS, "orderSn": f"211-{number}"})
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        actions.settle()


def test_what_is_settled_is_left_alone(apps: Apps, semi_store: Store, clock: VirtualTime) -> None:
    send(apps["us"])
    assert run_once("arrivals.settle") == 1
    before = Arrival.objects.values().get()
    clock.advance(10)
    assert run_once("arrivals.settle") == 0
    assert Arrival.objects.values().get() == before


def test_a_settled_row_must_say_to_what_it_led(apps: Apps) -> None:
    send(apps["us"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrival.objects.update(settled_at=actions.clock.now())


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_settle_at_once_do_no_harm(apps: Apps, semi_store: Store) -> None:
    for number in range(20):
        send(apps["us"], {**NEWS, "orderSn": f"211-{number}"})
    ready = threading.Barrier(2)

    def settle() -> None:
        try:
            ready.wait(10)
            actions.settle()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=settle) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert led() == ["pull"] * 20


def test_old_messages_are_forgotten_but_not_the_last_one_of_an_app(
    apps: Apps, semi_store: Store, clock: VirtualTime
) -> None:
    for number in range(3):
        send(apps["us"], {**NEWS, "orderSn": f"211-{number}"})
        clock.advance(1)
    for name in ("waiting", "newest"):
        send(apps["eu"], {**NEWS, "orderSn": name})
        clock.advance(1)
    Arrival.objects.filter(app=apps["us"]).update(settled_at=actions.clock.now(), led_to="pull")
    clock.advance(rules.KEPT_FOR.total_seconds() + 10)
    assert run_once("arrivals.forget") == 2
    assert set(Arrival.objects.values_list("order_sn", flat=True)) == {"211-2", "waiting", "newest"}


def test_a_week_is_kept(apps: Apps, clock: VirtualTime) -> None:
    send(apps["us"])
    send(apps["us"], {**NEWS, "orderSn": "211-2"})
    Arrival.objects.update(settled_at=actions.clock.now(), led_to="pull")
    clock.advance((rules.KEPT_FOR - timedelta(minutes=1)).total_seconds())
    assert run_once("arrivals.forget") == 0


def test_a_removed_app_takes_its_messages_along(apps: Apps) -> None:
    send(apps["eu"])
    store_actions.remove_app(apps["eu"], TESTER)
    assert not Arrival.objects.exists()


def test_a_deleted_store_takes_all_of_its_messages_along(
    apps: Apps, semi_store: Store, connect: Connect
) -> None:
    connect("Beta", seed.SEMI_TWO)
    run_once("arrivals.hear")
    send(apps["us"])
    run_once("arrivals.settle")
    send(apps["us"], {**NEWS, "orderStatus": 4})
    send(apps["us"], {**NEWS, "mallId": seed.SEMI_TWO})
    assert ERASER.count(semi_store.pk) == 3
    for limit in (1, 1, 5):
        assert ERASER.erase_some(semi_store.pk, limit) == 1
    assert (ERASER.erase_some(semi_store.pk, 5), ERASER.count(semi_store.pk)) == (0, 0)
    assert Arrival.objects.get().mall_id == str(seed.SEMI_TWO)
    assert EventFeed.objects.get().credential.store.nickname == "Beta"


def test_the_deletion_of_a_store_knows_of_them() -> None:
    assert erasers()["arrivals"] is ERASER


def test_the_jobs_look_as_often_as_is_said() -> None:
    every = {name: one.every_s for name, one in known_jobs().items() if name.startswith("arr")}
    assert every == {"arrivals.settle": 5, "arrivals.hear": 60, "arrivals.forget": 3600}


def test_the_same_news_has_the_same_key_for_one_app_only(apps: Apps) -> None:
    send(apps["us"])
    send(apps["eu"])
    assert Arrival.objects.count() == 2
    assert set(Arrival.objects.values_list("code", flat=True)) == {STATUS}

"""Having the events of each store sent: by itself, once a day, and quietly when it cannot."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from storewarden.arrivals import actions, rules
from storewarden.arrivals.models import EventFeed
from storewarden.arrivals.queries import due_to_ask
from storewarden.engine import run_once
from storewarden.marketplaces.base import StoreType
from storewarden.marketplaces.events import EventStanding
from storewarden.stores import actions as store_actions
from storewarden.stores.checks import Pasted
from storewarden.stores.models import DeveloperApp, Store
from storewarden.vault import Secret
from temu_openapi import webhooks
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.arrivals.kit import token_of
from tests.conftest import TESTER, ConnectedStore, VirtualTime, order_slot

pytestmark = pytest.mark.django_db
Hook = Callable[..., None]
Connect = Callable[..., ConnectedStore]
USED = [one for one in webhooks.EVENT_CODES if one != webhooks.TEST_EVENT]
INFO, UPDATE = "bg.open.accesstoken.info.get", "bg.tmc.message.update"
DAY_S = 86_400.0


def asked(control: Control, api_type: str = UPDATE) -> Callable[[], int]:
    """Counts the calls of a type from now on."""
    control.add_fault("latency", api_type=api_type)
    number = len(control.faults()) - 1
    return lambda: int(str(control.faults()[number]["seen"]))


def feed() -> EventFeed:
    return EventFeed.objects.get()


def test_a_connected_store_has_its_events_let_through_by_itself(
    hooked: Hook, semi_store: Store, control: Control
) -> None:
    hooked("us")
    run_once("arrivals.hear")
    (row,) = control.ledger(effect="events_permitted")
    assert (set(row["details"]["permit"]), row["details"]["cancel"]) == (set(USED), [])
    assert (set(feed().permitted), feed().said) == (set(USED), "")


def test_once_all_is_let_through_it_is_looked_at_once_a_day_and_not_asked_for_again(
    hooked: Hook, semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    hooked("us")
    looks, updates = asked(control, INFO), asked(control)
    for _hour in range(49):
        run_once("arrivals.hear")
        clock.advance(3600)
    assert (looks(), updates()) == (3, 1)


def test_without_a_subscription_of_the_app_nothing_is_asked_for(
    semi_store: Store, control: Control
) -> None:
    updates = asked(control)
    assert run_once("arrivals.hear") == 1
    assert updates() == 0
    assert (feed().wanted, feed().said) == ([], "")


def test_a_subscription_made_later_is_noticed_within_a_day(
    hooked: Hook, semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    run_once("arrivals.hear")
    hooked("us")
    clock.advance(DAY_S - 10)
    assert run_once("arrivals.hear") == 0
    clock.advance(10)
    run_once("arrivals.hear")
    assert set(feed().permitted) == set(USED)


def test_a_person_need_not_wait_a_day(
    hooked: Hook, semi_store: Store, apps: dict[str, DeveloperApp]
) -> None:
    run_once("arrivals.hear")
    hooked("us")
    assert actions.ask_again(apps["us"]) == 1
    run_once("arrivals.hear")
    assert set(feed().permitted) == set(USED)


def test_an_event_that_the_seller_withheld_does_not_keep_the_others_back(
    hooked: Hook, connect: Connect, control: Control
) -> None:
    grant = connect().order
    assert grant is not None
    hooked("us")
    control.withhold_events(grant.id, [webhooks.AFTER_SALES_CHANGED])
    run_once("arrivals.hear")
    assert set(feed().permitted) == set(USED) - {webhooks.AFTER_SALES_CHANGED}
    assert "seller to authorize this event" in feed().said
    assert "(110020008)" in feed().said


def test_what_was_withheld_is_asked_for_once_a_day(
    hooked: Hook, connect: Connect, control: Control, clock: VirtualTime
) -> None:
    grant = connect().order
    assert grant is not None
    hooked("us")
    control.withhold_events(grant.id, USED)
    updates = asked(control)
    for _quarter in range(8):
        run_once("arrivals.hear")
        clock.advance(DAY_S / 4)
    assert updates() == 2 * (1 + len(USED))
    assert feed().permitted == []


def test_temus_one_call_a_second_is_kept_over_many_stores(
    hooked: Hook, connect: Connect, control: Control
) -> None:
    hooked("us")
    connect()
    connect("Beta", seed.SEMI_TWO)
    control.withhold_events(4, USED)
    run_once("arrivals.hear")
    assert EventFeed.objects.count() == 2
    assert all("110020007" not in one.said and one.heard_at for one in EventFeed.objects.all())
    assert len(control.ledger(effect="events_permitted")) == 1


def test_a_token_without_the_permission_is_told_and_not_suspected(
    hooked: Hook, semi_store: Store, control: Control, world: World
) -> None:
    hooked("us")
    world.database.write(
        "UPDATE grants SET scopes = replace(scopes, ?, '') WHERE area = 'us'", (UPDATE,)
    )
    before = token_of(semi_store, order_slot()).probe_after
    run_once("arrivals.hear")
    assert "(3000032)" in feed().said
    assert token_of(semi_store, order_slot()).probe_after == before


def test_a_new_token_is_asked_about_at_once(
    hooked: Hook, connect: Connect, control: Control, world: World
) -> None:
    """A new token may begin without any events, as in the sandbox."""
    done = connect()
    assert done.order is not None
    hooked("us")
    run_once("arrivals.hear")
    new = world.authorizations.generate_new(done.order.id)
    store_actions.reauthorize(
        done.store, Pasted(StoreType.SEMI, {order_slot(): Secret(new.token)}), TESTER
    )
    assert run_once("arrivals.hear") == 1
    assert [row["subject"] for row in control.ledger(effect="events_permitted")] == [
        f"grant {done.order.id}",
        f"grant {new.id}",
    ]


def test_an_outage_changes_nothing_and_it_is_asked_again_in_an_hour(
    hooked: Hook, semi_store: Store, control: Control, clock: VirtualTime
) -> None:
    hooked("us")
    control.add_fault("outage", area="us")
    run_once("arrivals.hear")
    assert (feed().heard_at, feed().said) == (None, "")
    control.clear_faults()
    clock.advance(3590)
    assert run_once("arrivals.hear") == 0
    clock.advance(15)
    run_once("arrivals.hear")
    assert feed().heard_at is not None


def test_a_dead_token_is_asked_nothing(semi_store: Store, control: Control) -> None:
    token = token_of(semi_store, order_slot())
    token.state = "disconnected"
    token.save()
    assert run_once("arrivals.hear") == 0


def test_a_refused_token_is_probed_and_what_temu_said_is_kept(
    connect: Connect, world: World, clock: VirtualTime
) -> None:
    done = connect()
    assert done.order is not None
    world.authorizations.remove(done.order.id)
    run_once("arrivals.hear")
    assert "(3000031)" in feed().said
    probe_after = token_of(done.store, order_slot()).probe_after
    assert probe_after is not None
    assert probe_after <= actions.clock.now()


def test_that_temu_has_stopped_sending_is_noticed(
    hooked: Hook, semi_store: Store, control: Control
) -> None:
    hooked("us")
    control.stop_webhooks("sandbox-app-us")
    run_once("arrivals.hear")
    assert feed().stopped


def test_a_status_that_is_not_1_is_asked_for_and_harms_nothing(
    hooked: Hook, semi_store: Store, control: Control, world: World, clock: VirtualTime
) -> None:
    """What the numbers of permitsStatus mean is not documented."""
    hooked("us")
    run_once("arrivals.hear")
    world.database.write("UPDATE event_permits SET permits_status = 0")
    updates = asked(control)
    clock.advance(DAY_S)
    run_once("arrivals.hear")
    assert updates() == 1
    assert set(feed().permitted) == set(USED)


def test_tokens_never_asked_about_go_first(
    connect: Connect, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect()
    run_once("arrivals.hear")
    clock.advance(DAY_S)
    connect("Beta", seed.SEMI_TWO)
    due = due_to_ask(actions.clock.now())
    assert [one.store.nickname for one in due] == ["Beta", "Alpha"]


def test_only_events_that_lead_somewhere_are_lacking() -> None:
    standing = EventStanding(("a", "b", "c"), ("a", "b"), ("b",), stopped=False)
    assert rules.lacking(standing) == ["a"]


@pytest.mark.django_db(transaction=True)
def test_two_processes_ask_once(hooked: Hook, semi_store: Store, control: Control) -> None:
    hooked("us")
    looks, token = asked(control, INFO), token_of(semi_store, order_slot())
    ready = threading.Barrier(2)

    def hear() -> None:
        try:
            ready.wait(10)
            actions.hear(token)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hear) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert looks() == 1

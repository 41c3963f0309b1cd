"""The whole way: Temu tells, we ask; and when nothing is told, polling brings it all the same."""

from collections.abc import Callable

import pytest
from pytest_django.live_server_helper import LiveServer

from storewarden.arrivals.models import Arrival
from storewarden.engine import run_once
from storewarden.orders.models import Order
from storewarden.stores.models import DeveloperApp, Store
from temu_sandbox.control import Control
from temu_sandbox.webhook_post import Reply
from temu_sandbox.world import seed
from temu_sandbox.world.webhooks import RETRY_GAPS_S
from temu_sandbox.world.world import World
from tests.arrivals.kit import path_of
from tests.conftest import VirtualTime

pytestmark = pytest.mark.django_db(transaction=True)
Hook = Callable[..., None]


@pytest.fixture
def heard(hooked: Hook, semi_store: Store, clock: VirtualTime) -> Store:
    """A store whose events come, and whose orders have just been pulled."""
    hooked("us")
    run_once("arrivals.hear")
    run_once("orders.pull_due")
    clock.advance(5)
    return semi_store


def look() -> None:
    """What the engine does every few seconds."""
    run_once("arrivals.settle")
    run_once("orders.pull_due")


def place(control: Control, n: int = 1) -> list[str]:
    made: list[str] = control.make_orders(seed.SEMI_ONE, n, area="us")["parent_order_sns"]
    return made


def kept() -> set[str]:
    return set(Order.objects.values_list("po", flat=True))


def states(pos: list[str]) -> list[str]:
    found = dict(Order.objects.values_list("po", "state"))
    return [found[po] for po in pos]


def test_an_order_is_here_before_the_next_poll(
    heard: Store, control: Control, clock: VirtualTime
) -> None:
    made = place(control)
    look()
    assert kept() == set(), "the last pull is five seconds old, so polling is not due yet"
    assert control.deliver_webhooks() == {"delivered": 1}
    look()
    assert kept() == set(made)


def test_a_lost_event_is_made_good_by_polling(
    heard: Store, control: Control, clock: VirtualTime
) -> None:
    control.add_fault("lost_webhook")
    made = place(control)
    assert control.deliver_webhooks() == {"lost": 1}
    look()
    assert kept() == set()
    clock.advance(60)
    look()
    assert kept() == set(made)
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("sign_ext_param", [True, False])
def test_either_signature_of_temus_documents_is_understood(
    heard: Store, control: Control, sign_ext_param: bool
) -> None:
    control.set_webhook_style(sign_ext_param=sign_ext_param)
    place(control)
    assert control.deliver_webhooks() == {"delivered": 1}


def test_shipping_and_cancelling_in_seller_central_are_told(
    heard: Store, control: Control, clock: VirtualTime
) -> None:
    made = place(control, 2)
    control.deliver_webhooks()
    look()
    clock.advance(5)
    control.ship_in_seller_central(made[0], 998264103, "TRACK00000001")
    control.cancel_order(made[1])
    control.deliver_webhooks()
    look()
    assert states(made) == ["shipped", "cancelled"]


@pytest.mark.parametrize("restamp", [False, True])
def test_events_twice_late_and_unheard_change_nothing_about_the_orders(
    heard: Store, control: Control, clock: VirtualTime, restamp: bool
) -> None:
    control.set_webhook_style(restamp=restamp)
    for kind in ("double_webhook", "late_webhook", "unheard_webhook"):
        control.add_fault(kind, probability=0.5)
    made = place(control, 6)
    control.cancel_order(made[0])
    for _round in range(9):
        control.deliver_webhooks()
        look()
        clock.advance(3700)
    assert states(made) == ["cancelled", *["to_ship"] * 5]
    news = [one for one in control.webhooks() if one["state"] in ("delivered", "waiting")]
    assert Arrival.objects.count() == len(news)


def test_what_came_while_we_were_down_for_a_day_is_still_taken_at_the_last_try(
    heard: Store, control: Control, clock: VirtualTime, world: World
) -> None:
    app, world.post = world.post, lambda *_: Reply(503)
    place(control)
    for gap_s in RETRY_GAPS_S:
        assert control.deliver_webhooks() == {"failed": 1}
        clock.advance(gap_s)
    world.post = app
    assert control.deliver_webhooks() == {"delivered": 1}


def test_an_app_whose_secret_here_is_wrong_is_told_no_and_orders_come_by_polling(
    heard: Store, control: Control, apps: dict[str, DeveloperApp], clock: VirtualTime, world: World
) -> None:
    made = place(control)
    app = world.post
    world.post = lambda url, headers, body: app(url, {**headers, "x-tm-signature": "0" * 64}, body)
    assert control.deliver_webhooks() == {"failed": 1}
    assert control.webhooks()[0]["answer"] == "HTTP 401"
    clock.advance(60)
    look()
    assert kept() == set(made)


def test_the_portals_test_event_is_answered(heard: Store, control: Control) -> None:
    control.test_webhook("sandbox-app-us")
    assert control.deliver_webhooks() == {"delivered": 1}
    run_once("arrivals.settle")
    assert Arrival.objects.get().led_to == "test"


def test_a_changed_address_makes_the_order_read_again(
    heard: Store, control: Control, clock: VirtualTime
) -> None:
    (po,) = place(control)
    control.deliver_webhooks()
    look()
    before = Order.objects.get(po=po).updated_at
    clock.advance(20)
    control.change_address(po)
    control.deliver_webhooks()
    look()
    after = Order.objects.get(po=po).updated_at
    assert before is not None
    assert after is not None
    assert after >= before
    assert Arrival.objects.filter(led_to="pull").count() == 2


def test_over_real_sockets_a_webhook_is_taken(
    apps: dict[str, DeveloperApp], control: Control, clock: VirtualTime, live_server: LiveServer
) -> None:
    control.set_callback("sandbox-app-us", f"{live_server.url}{path_of(apps['us'])}")
    control.test_webhook("sandbox-app-us")
    for _try in range(9):  # a machine under load may need more than half a second
        if control.deliver_webhooks() == {"delivered": 1}:
            break
        clock.advance(3600)
    assert control.webhooks()[0]["state"] == "delivered"
    assert Arrival.objects.get().topic == "test"

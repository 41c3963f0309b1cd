"""A step that is not as the sandbox has it stops the demo, and says what was found."""

from collections.abc import Callable, Iterator

import pytest

from storewarden.demo import connecting, expiring, selling
from storewarden.demo.narrator import SHOWN, Narrator
from storewarden.demo.stage import ORDER_US, PRODUCT, Stage, when_free
from storewarden.orders.models import Order
from storewarden.stores.actions import set_stock_push
from storewarden.stores.errors import Refusal
from temu_sandbox import serve
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore


@pytest.fixture
def stage(world: World, connect: Callable[..., ConnectedStore]) -> Iterator[Stage]:
    done = connect()
    assert done.order is not None
    set_stock_push(done.store, True, TESTER)
    with serve(world) as served:
        made = Stage(served, Narrator())
        made.stores[seed.SEMI_ONE] = done.store
        made.tokens = {
            (seed.SEMI_ONE, PRODUCT): done.product.token,
            (seed.SEMI_ONE, ORDER_US): done.order.token,
        }
        made.narrator.step("a step")
        yield made


def verified(stage: Stage) -> list[str]:
    return list(stage.narrator.steps[-1]["verified"])


def test_the_orders_that_come_in_are_those_of_the_sandbox(stage: Stage) -> None:
    selling.place_orders(stage)
    selling.pull_orders(stage)
    assert len(verified(stage)) == 2
    assert Order.objects.count() == 250


def test_an_order_that_did_not_come_in_stops_the_demo(stage: Stage) -> None:
    selling.place_orders(stage)
    long_ago = stage.world.clock.now_s() - 400 * 86_400
    made = stage.control.make_orders(seed.SEMI_ONE, 1, area="us", updated_at_s=long_ago)
    with pytest.raises(Refusal) as refusal:
        selling.pull_orders(stage)
    assert refusal.value.cause == "demo_step_failed"
    assert made["parent_order_sns"][0] in refusal.value.sentence


def test_a_shipment_stands_in_the_ledger(stage: Stage) -> None:
    selling.place_orders(stage)
    selling.pull_orders(stage)
    selling.ship(stage)
    assert len(stage.control.ledger("order_shipped")) == 1


def test_a_shipment_that_did_not_reach_temu_stops_the_demo(stage: Stage) -> None:
    selling.place_orders(stage)
    selling.pull_orders(stage)
    stage.control.add_fault("bad_gateway", api_type="bg.logistics.shipment.v2.confirm")
    with pytest.raises(Refusal) as refusal:
        selling.ship(stage)
    assert "expected 1, found 0" in refusal.value.sentence


def test_a_token_turns_91_days_old_and_the_orders_come_back(stage: Stage) -> None:
    selling.place_orders(stage)
    selling.pull_orders(stage)
    expiring.grow_old(stage)
    expiring.miss_orders(stage)
    expiring.come_back(stage)
    assert Order.objects.count() == 262


def test_a_token_that_the_sandbox_does_not_know_stops_the_demo(stage: Stage) -> None:
    with pytest.raises(Refusal):
        connecting.verify_token(stage, seed.SEMI_ONE, ORDER_US, "access_token:unknown1234567890")


def test_only_what_differs_of_much_is_told() -> None:
    narrator = Narrator()
    narrator.step("a step")
    with pytest.raises(Refusal) as refusal:
        narrator.verify("orders", set(range(1000)), set(range(900)))
    assert "(100)" in refusal.value.sentence
    assert refusal.value.sentence.count(",") < SHOWN + 3


def test_a_deed_waits_while_the_engine_is_at_it(stage: Stage) -> None:
    tries: list[int] = []

    def deed() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise Refusal("busy", "The engine is at it.")
        return len(tries)

    assert when_free(deed) == 3


def test_any_other_refusal_is_not_waited_for(stage: Stage) -> None:
    def deed() -> int:
        raise Refusal("nickname_taken", "There is one already.")

    with pytest.raises(Refusal):
        when_free(deed)

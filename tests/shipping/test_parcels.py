"""Parcels against the sandbox: confirmed once, refused with reason, looked up when unknown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storewarden import clock as product_clock
from storewarden.marketplaces.base import TokenKind
from storewarden.orders.actions import pull_orders
from storewarden.orders.models import Order, OrderEvent
from storewarden.orders.queries import NoSuchOrder, find_order
from storewarden.shipping import jobs
from storewarden.shipping.actions import (
    look_up_parcel,
    plan_parcel,
    refresh_carriers,
    refresh_ship_from,
    send_parcel,
    ship_order,
)
from storewarden.shipping.models import Carrier, Parcel
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store
from storewarden.stores.queries import usable_credentials
from temu_sandbox.control import Control
from temu_sandbox.faults import Fault
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, VirtualTime

pytestmark = pytest.mark.django_db(transaction=True)
CONFIRM = "bg.logistics.shipment.v2.confirm"
LOOK = "bg.logistics.shipment.v2.get"
UPS = "998264103"
NUMBER = "1Z999AA10123456784"

Made = Callable[..., Order]


@pytest.fixture
def order(semi_store: Store, control: Control, clock: VirtualTime) -> Made:
    """Place an order in the sandbox and pull it: `order(labels=[…])`."""

    def make(**more: Any) -> Order:
        told = control.make_orders(seed.SEMI_ONE, 1, area="us", **more)
        clock.advance(1)
        pull_orders(usable_credentials(TokenKind.ORDER, semi_store)[0])
        return Order.objects.get(po=told["parent_order_sns"][0])

    return make


def plan(order: Order, tracking: str = NUMBER, carrier: str = UPS, **more: Any) -> Parcel:
    return plan_parcel(order, carrier=carrier, tracking=tracking, actor=TESTER, **more)


def shipped(world: World) -> list[Any]:
    return world.ledger.rows(effect="order_shipped")


def test_a_parcel_is_confirmed_and_temu_shows_the_order_shipped(order: Made, world: World) -> None:
    made = order(quantity=3)
    parcel = send_parcel(plan(made).pk)
    assert (parcel.state, parcel.cause) == ("confirmed", "")
    assert parcel.parcel_sn.startswith("PK-")
    made.refresh_from_db()
    assert made.state == "shipped"
    (row,) = shipped(world)
    assert row.subject == made.po
    assert row.details["parcels"][0]["tracking_number"] == NUMBER
    assert row.details["parcels"][0]["items"][0]["quantity"] == 3


def test_the_carrier_may_be_named_without_regard_to_case(order: Made) -> None:
    assert plan(order(), carrier="  ups ").carrier_id == UPS


def test_the_timeline_tells_who_entered_the_number_and_what_came_of_it(order: Made) -> None:
    made = order()
    ship_order(made, carrier="UPS", tracking=NUMBER, actor=TESTER)
    deeds = set(OrderEvent.objects.filter(order=made).values_list("who", "deed"))
    assert (TESTER.name, "parcel_planned") in deeds
    assert (TESTER.name, "parcel_confirmed") in deeds
    assert ("Temu", "state") in deeds


def test_a_form_sent_twice_is_one_parcel(order: Made, world: World) -> None:
    made = order()
    first, second = plan(made), plan(made)
    assert first.pk == second.pk
    send_parcel(first.pk)
    assert plan(made).pk == first.pk
    send_parcel(first.pk)
    assert len(shipped(world)) == 1


def test_a_second_parcel_while_one_is_open_is_refused(order: Made) -> None:
    made = order()
    plan(made)
    with pytest.raises(Refusal) as no:
        plan(made, tracking="1Z999AA10123456785")
    assert no.value.cause == "open_parcel"


def test_a_tracking_number_of_another_order_is_refused(order: Made) -> None:
    plan(order())
    with pytest.raises(Refusal) as no:
        plan(order())
    assert no.value.cause == "tracking_used"


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"status": 1}, "on_hold"),
        ({"warnings": ["RESTRICT_SELF_SHIPPING"]}, "temu_label_only"),
        ({"labels": ["pending_buyer_cancellation"]}, "cancellation_pending"),
        ({"labels": ["pending_risk_control_alert"]}, "risk_alert"),
        ({"payment_type": "COD"}, "cash_on_delivery"),
    ],
)
def test_an_order_that_may_not_go_is_refused_before_anything_is_sent(
    order: Made, world: World, more: dict[str, Any], cause: str
) -> None:
    made = order(**more)
    with pytest.raises(Refusal) as no:
        plan(made)
    assert no.value.cause == cause
    assert no.value.next_step
    assert not Parcel.objects.exists()
    assert shipped(world) == []


@pytest.mark.parametrize(
    "tracking",
    [
        "",
        "   ",
        "<script>alert(1)</script>",
        "1'; DROP TABLE shipping_parcel; --",
        "1Z\u202e999",
        "📦📦",
        "1Z\x00",
        "9" * 10_000_000,
    ],
)
def test_a_bad_tracking_number_is_refused_in_words_and_nothing_is_stored(
    order: Made, tracking: str
) -> None:
    with pytest.raises(Refusal) as no:
        plan(order(), tracking=tracking)
    assert no.value.cause.startswith("tracking_")
    assert len(str(no.value)) < 300
    assert not Parcel.objects.exists()


@pytest.mark.parametrize("carrier", ["", "Pigeon Post", "\x00", "x" * 10_000_000, "0"])
def test_an_unknown_carrier_is_refused(order: Made, carrier: str) -> None:
    with pytest.raises(Refusal) as no:
        plan(order(), carrier=carrier)
    assert no.value.cause == "no_such_carrier"


def test_a_warehouse_of_nobody_is_refused(order: Made) -> None:
    with pytest.raises(Refusal) as no:
        plan(order(), warehouse_id="WH-0")
    assert no.value.cause == "no_such_warehouse"


@pytest.mark.parametrize("po", ["", "PO-0", "\x00", "<b>", "'; --", "9" * 1_000_000])
def test_an_unknown_po_is_refused_in_a_sentence(db: None, po: str) -> None:
    with pytest.raises(NoSuchOrder) as no:
        find_order(po)
    assert no.value.cause == "no_such_order"
    assert len(str(no.value)) < 300


def test_a_refusal_of_temu_keeps_its_code_and_leaves_the_order_to_ship(
    order: Made, world: World
) -> None:
    made = order(warnings=["RESTRICT_USPS_SELF_SHIPPING"])
    parcel = send_parcel(plan(made, carrier="USPS", tracking="9400100000000000000000").pk)
    assert (parcel.state, parcel.their_code) == ("refused", "120011059")
    assert parcel.their_message
    assert shipped(world) == []
    again = send_parcel(plan(made).pk)
    assert again.state == "confirmed"


def test_a_confirm_whose_response_was_lost_is_looked_up_and_recorded_once(
    order: Made, world: World, clock: VirtualTime
) -> None:
    made = order()
    world.faults.add(Fault("lost_response", api_type=CONFIRM, times=1))
    parcel = send_parcel(plan(made).pk)
    assert parcel.state == "unknown"
    for _ in range(5):
        clock.advance(60)
        jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "confirmed"
    assert parcel.parcel_sn
    assert Parcel.objects.count() == 1
    assert len(shipped(world)) == 1


def test_a_confirm_that_never_arrived_is_sent_again_only_after_temu_said_so(
    order: Made, world: World, clock: VirtualTime
) -> None:
    made = order()
    world.faults.add(Fault("bad_gateway", api_type=CONFIRM, times=1))
    parcel = send_parcel(plan(made).pk)
    assert parcel.state == "unknown"
    clock.advance(60)
    assert look_up_parcel(parcel.pk).state == "unknown"  # too early to say
    assert shipped(world) == []
    clock.advance(61)
    assert look_up_parcel(parcel.pk).state == "planned"
    jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "confirmed"
    assert len(shipped(world)) == 1


def test_while_temu_cannot_be_asked_an_unknown_outcome_stays_unknown(
    order: Made, world: World, clock: VirtualTime
) -> None:
    made = order()
    world.faults.add(Fault("lost_response", api_type=CONFIRM, times=1))
    parcel = send_parcel(plan(made).pk)
    world.faults.add(Fault("outage"))
    for _ in range(10):
        clock.advance(300)
        jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "unknown"
    world.faults.clear()
    clock.advance(300)
    jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "confirmed"
    assert len(shipped(world)) == 1


def test_a_process_killed_after_sending_leaves_a_parcel_that_is_looked_up(
    order: Made, world: World, clock: VirtualTime, control: Control
) -> None:
    made = order()
    parcel = plan(made)
    Parcel.objects.update(state="sending", sent_at=product_clock.now())
    control.ship_in_seller_central(made.po, int(UPS), NUMBER)  # it had reached Temu
    clock.advance(119)
    jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "sending"  # its sender may still live
    clock.advance(2)
    jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "confirmed"
    assert len(shipped(world)) == 1


def test_a_process_killed_before_sending_leaves_a_parcel_that_is_sent_after_all(
    order: Made, world: World, clock: VirtualTime
) -> None:
    parcel = plan(order())
    Parcel.objects.update(state="sending", sent_at=product_clock.now())
    for _ in range(4):
        clock.advance(60)
        jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "confirmed"
    assert len(shipped(world)) == 1


def test_two_processes_do_not_send_the_same_parcel(
    order: Made, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = plan(order())
    taken = Parcel.objects.filter(pk=parcel.pk, state="planned")
    taken.update(state="sending", sent_at=product_clock.now())
    assert send_parcel(parcel.pk).state == "sending"
    assert shipped(world) == []


def test_an_order_shipped_in_seller_central_meanwhile_is_not_confirmed_again(
    order: Made, world: World, clock: VirtualTime, control: Control
) -> None:
    made = order()
    parcel = plan(made)
    control.ship_in_seller_central(made.po, int(UPS), "1Z999AA10000000000")
    settled = send_parcel(parcel.pk)
    assert settled.state == "unknown"  # "already shipped": by us, by somebody?
    clock.advance(1)
    settled = look_up_parcel(parcel.pk)
    assert (settled.state, settled.cause) == ("refused", "shipped_elsewhere")
    other = Parcel.objects.get(elsewhere=True)
    assert (other.tracking_number, other.state) == ("1Z999AA10000000000", "confirmed")
    assert len(shipped(world)) == 1


def test_an_order_cancelled_since_it_was_planned_is_not_sent(
    order: Made, world: World, control: Control, clock: VirtualTime, semi_store: Store
) -> None:
    made = order()
    parcel = plan(made)
    control.cancel_order(made.po)
    clock.advance(60)
    pull_orders(usable_credentials(TokenKind.ORDER, semi_store)[0])
    settled = send_parcel(parcel.pk)
    assert (settled.state, settled.cause) == ("refused", "cancelled")


def test_with_a_dead_token_the_parcel_waits_and_goes_when_it_is_back(
    order: Made, world: World, clock: VirtualTime
) -> None:
    parcel = plan(order())
    Credential.objects.filter(kind="order").update(state="expired")
    waiting = send_parcel(parcel.pk)
    assert (waiting.state, waiting.cause) == ("planned", "token_not_usable")
    jobs.confirm_due()
    Credential.objects.filter(kind="order").update(state="active")
    clock.advance(61)
    jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.state == "confirmed"


def test_a_vain_try_is_one_line_in_the_timeline(order: Made, clock: VirtualTime) -> None:
    made = order()
    plan(made)
    Credential.objects.filter(kind="order").update(state="expired")
    for _ in range(5):
        clock.advance(61)
        jobs.confirm_due()
    assert OrderEvent.objects.filter(order=made, deed="parcel_again").count() == 1


def test_a_read_back_that_fails_is_made_up_for(
    order: Made, world: World, clock: VirtualTime
) -> None:
    made = order()
    world.faults.add(Fault("outage", api_type=LOOK, times=4))
    parcel = send_parcel(plan(made).pk)
    assert (parcel.state, parcel.parcel_sn) == ("confirmed", "")
    clock.advance(121)
    jobs.confirm_due()
    clock.advance(121)
    jobs.confirm_due()
    parcel.refresh_from_db()
    assert parcel.parcel_sn
    made.refresh_from_db()
    assert made.state == "shipped"


def test_carriers_are_read_once_a_day(order: Made, clock: VirtualTime) -> None:
    made = order()
    plan(made)
    read = Carrier.objects.earliest("read_at").read_at
    clock.advance(3600)
    plan(made)
    assert Carrier.objects.earliest("read_at").read_at == read
    clock.advance(86_400)
    with pytest.raises(Refusal):
        plan(made, tracking="1Z999AA10000000009")
    assert Carrier.objects.earliest("read_at").read_at > read


def test_an_old_list_is_used_while_temu_cannot_be_reached(
    order: Made, world: World, clock: VirtualTime
) -> None:
    made = order()
    refresh_carriers(made.store, "us", "211")
    refresh_ship_from(made.store, "us")
    clock.advance(2 * 86_400)
    world.faults.add(Fault("outage"))
    assert plan(made).state == "planned"


def test_without_any_list_and_temu_away_the_person_is_told(order: Made, world: World) -> None:
    made = order()
    world.faults.add(Fault("outage"))
    with pytest.raises(Refusal) as no:
        plan(made)
    assert no.value.cause == "not_sent"


def test_a_carrier_that_temu_no_longer_lists_goes(order: Made) -> None:
    made = order()
    Carrier.objects.create(
        marketplace="temu",
        region_id="211",
        carrier_id="1",
        name="Gone",
        read_at=product_clock.now() - timedelta(days=2),
    )
    refresh_carriers(made.store, "us", "211")
    assert not Carrier.objects.filter(name="Gone").exists()

"""Several at once, each with its own connection: each order counted once, each parcel sent once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from storewarden import clock as product_clock
from storewarden.orders import queries
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order, OrderEvent
from storewarden.people.actions import Actor
from storewarden.shipping.actions import plan_parcel
from storewarden.shipping.models import Carrier, Parcel, ShipFromWarehouse
from storewarden.shipping.sending import _claim
from storewarden.stores.errors import Refusal
from tests.orders.factories import a_store, an_order, orders

pytestmark = pytest.mark.django_db(transaction=True)


def together(deed: Callable[[int], object], times: int = 8) -> list[object]:
    """Do a deed in as many threads at once, each with its own connection."""

    def run(number: int) -> object:
        try:
            return deed(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_orders_recorded_by_several_at_once_are_counted_once() -> None:
    store = a_store()
    together(lambda number: record_orders(store, "us", orders(60)))
    assert Order.objects.count() == 60
    assert queries.counts()["to_ship"] == 60
    assert OrderEvent.objects.filter(deed="first_seen").count() == 60


def test_a_parcel_planned_by_several_at_once_is_one_and_sent_by_one() -> None:
    store, now = a_store(), product_clock.now()
    record_orders(store, "us", [an_order(1)])
    Carrier.objects.create(
        marketplace="temu", region_id="211", carrier_id="9", name="UPS", read_at=now
    )
    ShipFromWarehouse.objects.create(
        store=store, area="us", warehouse_id="WH-1", region_id="211", default=True, read_at=now
    )
    order = Order.objects.select_related("store").get()

    def plan(number: int) -> object:
        try:
            return plan_parcel(order, carrier="9", tracking=f"1Z{number}", actor=Actor("x")).pk
        except Refusal as no:
            return no.cause

    done = together(plan)
    assert sorted(map(str, done)).count("open_parcel") == 7
    parcel = Parcel.objects.get()
    claimed = together(lambda number: _claim(parcel.pk))
    assert len([one for one in claimed if one is not None]) == 1

"""The ship form on an order's page, and the queue of parcels that need a look."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from storewarden import clock as product_clock
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order
from storewarden.people.actions import create_owner
from storewarden.shipping.models import Carrier, Parcel, ShipFromWarehouse
from tests.orders.factories import NOON, a_store, an_order

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
GOOD = {"carrier": "9", "tracking": "1Z999AA1", "warehouse": "WH-1"}


@pytest.fixture
def person(client: Client) -> Client:
    client.force_login(create_owner("owner@example.test", "a long enough password"))
    return client


@pytest.fixture
def order(db: None) -> Order:
    """An order to ship, with Temu's lists read."""
    store = a_store()
    record_orders(store, "us", [an_order(1)])
    now = product_clock.now()
    Carrier.objects.create(
        marketplace="temu", region_id="211", carrier_id="9", name="UPS", read_at=now
    )
    ShipFromWarehouse.objects.create(
        store=store,
        area="us",
        warehouse_id="WH-1",
        name="LA-1",
        region_id="211",
        default=True,
        read_at=now,
    )
    return Order.objects.select_related("store").get()


def ship(person: Client, order: Order, asked: dict[str, str], **more: Any) -> Any:
    return person.post(reverse("shipping:plan", args=[order.pk]), asked, **more)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_the_orders_page_offers_temus_carriers_and_warehouses(person: Client, order: Order) -> None:
    seen = text(person.get(reverse("orders:order", args=[order.pk])))
    assert "Ship and tell Temu" in seen
    assert "UPS" in seen
    assert "LA-1" in seen


def test_shipping_writes_the_command_and_names_who_asked(person: Client, order: Order) -> None:
    answer = ship(person, order, GOOD)
    assert answer.status_code == 302
    parcel = Parcel.objects.get()
    assert (parcel.state, parcel.planned_by) == ("planned", "owner@example.test")
    assert parcel.items.get().quantity == 1


def test_while_a_parcel_is_under_way_the_page_asks_again(person: Client, order: Order) -> None:
    seen = text(ship(person, order, GOOD, headers=HTMX))
    parcel = Parcel.objects.get()
    assert reverse("shipping:parcel", args=[parcel.pk]) in seen
    assert "To be confirmed" in seen
    Parcel.objects.update(state="confirmed")
    seen = text(person.get(reverse("shipping:parcel", args=[parcel.pk])))
    assert "hx-trigger" not in seen
    assert "Temu has this parcel on record." in seen


def test_a_form_sent_twice_makes_one_parcel(person: Client, order: Order) -> None:
    ship(person, order, GOOD)
    assert ship(person, order, GOOD).status_code == 302
    assert Parcel.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({**GOOD, "tracking": ""}, "The tracking number is missing."),
        ({**GOOD, "tracking": "1Z 999"}, "characters that Temu refuses"),
        ({**GOOD, "tracking": "<script>"}, "characters that Temu refuses"),
        ({**GOOD, "tracking": "1'; DROP TABLE x"}, "characters that Temu refuses"),
        ({**GOOD, "tracking": "1\u202e9"}, "characters that Temu refuses"),
        ({**GOOD, "tracking": "📦"}, "characters that Temu refuses"),
        ({**GOOD, "tracking": "1\x00"}, "Null characters"),
        ({**GOOD, "tracking": "9" * 500}, "more than 100 characters"),
        ({**GOOD, "carrier": ""}, "Choose the carrier."),
        ({**GOOD, "carrier": "77"}, "77 is not one of the available choices"),
        ({**GOOD, "warehouse": ""}, "Choose the warehouse"),
        ({}, "Choose the carrier."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_is_told_at_its_place_and_nothing_is_stored(
    person: Client, order: Order, asked: dict[str, str], words: str, headers: dict[str, str]
) -> None:
    answer = ship(person, order, asked, headers=headers)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "<script>" not in answer.content.decode().split("</head>")[-1].split("<script src")[0]
    assert not Parcel.objects.exists()


def test_ten_megabytes_are_refused_in_a_sentence(person: Client, order: Order) -> None:
    answer = ship(person, order, {**GOOD, "tracking": "9" * 10_000_000})
    assert answer.status_code == 413
    assert not Parcel.objects.exists()


def test_an_order_that_may_not_go_shows_why_and_no_form(person: Client, order: Order) -> None:
    Order.objects.update(warnings=["RESTRICT_SELF_SHIPPING"])
    seen = text(person.get(reverse("orders:order", args=[order.pk])))
    assert "Temu takes this order only with a label bought through Temu." in seen
    assert "Ship and tell Temu" not in seen


def test_a_form_that_came_too_late_says_why(person: Client, order: Order) -> None:
    Order.objects.update(state="cancelled")
    answer = ship(person, order, GOOD)
    assert answer.status_code == 422
    assert "This order is cancelled." in text(answer)
    assert not Parcel.objects.exists()


def test_without_temus_lists_the_page_offers_to_get_them(person: Client, order: Order) -> None:
    Carrier.objects.all().delete()
    seen = text(person.get(reverse("orders:order", args=[order.pk])))
    assert "Get carriers and warehouses" in seen
    assert 'name="tracking"' not in seen


def test_getting_the_lists_without_a_working_token_says_what_to_do(
    person: Client, order: Order
) -> None:
    url = reverse("shipping:lists", args=[order.pk])
    answer = person.post(url, headers=HTMX)
    assert answer.status_code == 200
    assert "say-error" in answer["HX-Trigger"]
    assert person.post(url).status_code == 302


def a_parcel(order: Order, **fields: Any) -> Parcel:
    made = {
        "carrier_id": "9",
        "carrier_name": "UPS",
        "tracking_number": "1Z999",
        "warehouse_id": "WH-1",
        "planned_at": NOON,
        "planned_by": "owner@example.test",
    }
    return Parcel.objects.create(order=order, **{**made, **fields})


def test_the_queue_shows_what_is_not_settled_with_what_to_check(
    person: Client, order: Order
) -> None:
    a_parcel(order, state="refused", cause="120014022", their_code="120014022")
    a_parcel(order, state="unknown", cause="no_answer", tracking_number="1Z000")
    seen = text(person.get(reverse("shipping:index")))
    assert "Correct the tracking number and ship again." in seen
    assert "120014022" in seen
    assert "never sent twice blindly" in seen
    only = text(person.get(reverse("shipping:index"), {"state": "unknown"}))
    assert "Correct the tracking number" not in only


def test_a_refused_parcel_leaves_the_queue_when_its_order_has_been_shipped(
    person: Client, order: Order
) -> None:
    a_parcel(order, state="refused", cause="120014022")
    Order.objects.update(state="shipped", due_at=None)
    assert "Nothing waits" in text(person.get(reverse("shipping:index")))


def test_a_state_nobody_knows_shows_the_whole_queue(person: Client, order: Order) -> None:
    a_parcel(order, state="refused", cause="120014022")
    assert "1Z999" in text(person.get(reverse("shipping:index"), {"state": "<b>"}))


@pytest.mark.parametrize("name", ["shipping:plan", "shipping:lists", "shipping:parcel"])
def test_what_is_not_there_is_a_plain_404(person: Client, name: str) -> None:
    url = reverse(name, args=[404])
    answer = person.get(url) if name == "shipping:parcel" else person.post(url, GOOD)
    assert answer.status_code == 404

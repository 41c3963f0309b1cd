"""The pages of the order desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from storewarden import clock as product_clock
from storewarden.marketplaces.base import OrderState, Unreadable
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order, OrderPull
from storewarden.people.actions import create_owner
from storewarden.stores.models import Store
from tests.orders.factories import NOON, a_credential, a_line, a_store, an_order, orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> Client:
    client.force_login(create_owner("owner@example.test", "a long enough password"))
    return client


def page(person: Client, name: str = "orders:index", *args: Any, **asked: str) -> str:
    answer = person.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html: str) -> list[str]:
    return re.findall(r"PO-211-\d{12}(?=</a>)", html)


def test_the_list_opens_with_what_has_to_leave_first(person: Client) -> None:
    record_orders(
        a_store(),
        "us",
        [an_order(3), an_order(1), an_order(2, state=OrderState.SHIPPED)],
    )
    assert rows(page(person)) == [an_order(1).po, an_order(3).po]


def test_each_tab_tells_its_exact_count(person: Client) -> None:
    record_orders(a_store(), "us", [*orders(3), an_order(9, state=OrderState.CANCELLED)])
    html = page(person)
    found = re.findall(r'>([A-Z][a-z ]+) <span class="count"><span class="num">(\d+)<', html)
    assert ("To ship", "3") in found
    assert ("Cancelled", "1") in found
    assert ("All", "4") in found


def test_the_counts_follow_the_store_that_is_chosen(person: Client) -> None:
    one, other = a_store("Alpha"), a_store("Beta")
    record_orders(one, "us", orders(3))
    record_orders(other, "us", orders(1))
    html = page(person, store=str(other.pk))
    assert re.search(r'To ship <span class="count"><span class="num">1<', html)


def test_a_deadline_is_told_in_words(person: Client) -> None:
    soon = product_clock.now() + timedelta(hours=5, minutes=30)
    late = product_clock.now() - timedelta(hours=3, minutes=30)
    record_orders(a_store(), "us", [an_order(1, ship_by=soon), an_order(2, ship_by=late)])
    html = page(person)
    assert "5 h left" in html
    assert "3 h late" in html


def test_a_search_looks_in_every_state(person: Client) -> None:
    record_orders(a_store(), "us", [an_order(1), an_order(2, state=OrderState.SHIPPED)])
    assert rows(page(person, q=an_order(2).po)) == [an_order(2).po]


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "\x00"},
        {"q": "x" * 5_000},
        {"q": "<script>alert(1)</script>"},
        {"state": "<b>"},
        {"store": "not-a-store"},
        {"area": "mars"},
        {"sort": "'; DROP TABLE"},
        {"after": "x"},
        {"before": "📦" * 50},
    ],
)
def test_bad_input_narrows_nothing_and_breaks_nothing(
    person: Client, asked: dict[str, str]
) -> None:
    record_orders(a_store(), "us", orders(1))
    html = page(person, **asked)
    assert "<script>alert(1)" not in html


def test_the_next_page_goes_on_after_the_last_row(person: Client) -> None:
    record_orders(a_store(), "us", orders(70))
    first = page(person, state="to_ship")
    after = re.search(r"[?&;]after=([\w-]+)", first)
    assert after is not None
    second = page(person, state="to_ship", after=after[1])
    assert len(rows(first)) == 50
    assert len(rows(second)) == 20
    assert not set(rows(first)) & set(rows(second))


def test_without_a_store_the_list_leads_to_connecting_one(person: Client) -> None:
    assert reverse("stores:add") in page(person)


def test_an_orders_page_shows_lines_warnings_and_timeline_in_plain_words(person: Client) -> None:
    order = an_order(
        1,
        warnings=("RESTRICT_SELF_SHIPPING",),
        labels=("past_due",),
        lines=(a_line(1, quantity=3, pieces_each=2), a_line(2, labels=("made_to_order",))),
    )
    record_orders(a_store(), "us", [order])
    html = page(person, "orders:order", Order.objects.get().pk)
    for words in (
        "Only with a label bought through Temu",
        "The ship-by deadline has passed",
        "Made to order",
        "6 pieces",
        "First seen",
        a_line(2).order_sn,
    ):
        assert words in html


def test_names_from_temu_are_shown_as_text(person: Client) -> None:
    line = a_line(1, name="<img src=x onerror=alert(1)>", picture_url="javascript:alert(1)")
    record_orders(a_store(), "us", [an_order(1, lines=(line,))])
    html = page(person, "orders:order", Order.objects.get().pk)
    assert "<img src=x" not in html
    assert "javascript:" not in html


def test_an_order_that_is_not_there_is_a_plain_404(person: Client) -> None:
    assert person.get(reverse("orders:order", args=[404])).status_code == 404


def test_the_inbox_shows_why_an_order_could_not_be_read(person: Client) -> None:
    record_orders(a_store(), "us", [], [Unreadable("PO-211-9", {"a": "<b>x</b>"}, "no orderList")])
    html = page(person, "orders:inbox")
    assert "PO-211-9" in html
    assert "no orderList" in html
    assert "<b>x</b>" not in html


def test_an_empty_inbox_says_so(person: Client) -> None:
    assert "Every order could be read" in page(person, "orders:inbox")


def test_pull_now_makes_the_pulls_due_at_once(person: Client) -> None:
    token = a_credential(a_store())
    OrderPull.objects.create(credential=token, good_until=NOON, tried_at=NOON, finished_at=NOON)
    answer = person.post(reverse("orders:pull"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert reverse("orders:pulling") in answer.content.decode()
    assert OrderPull.objects.get().tried_at is None


def test_pull_now_without_javascript_comes_back_to_the_list(person: Client) -> None:
    a_credential(a_store())
    answer = person.post(reverse("orders:pull"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("orders:index"))


def test_progress_is_polled_until_the_pull_has_ended(person: Client) -> None:
    token = a_credential(a_store())
    pull = OrderPull.objects.create(
        credential=token,
        good_until=NOON,
        tried_at=NOON,
        leased_until=product_clock.now() + timedelta(minutes=5),
        window_done=100,
        window_total=250,
    )
    running = page(person, "orders:pulling")
    assert "hx-trigger" in running
    assert "250" in running
    pull.leased_until = None
    pull.save()
    assert "hx-trigger" not in page(person, "orders:pulling")


def test_a_store_whose_orders_do_not_come_in_is_named_with_the_reason(person: Client) -> None:
    token = a_credential(a_store("Alpha"))
    OrderPull.objects.create(
        credential=token, good_until=NOON, tried_at=NOON, failing_since=NOON, failure="no answer"
    )
    html = page(person)
    assert "Orders have not come in since" in html
    assert "no answer" in html


def test_of_many_stores_the_worst_pulls_are_named_and_the_others_counted(person: Client) -> None:
    for number in range(8):
        token = a_credential(a_store(f"Store {number}"))
        failing = NOON if number == 6 else None
        OrderPull.objects.create(
            credential=token,
            good_until=NOON,
            tried_at=NOON,
            finished_at=NOON - timedelta(hours=number),
            failing_since=failing,
        )
    html = page(person, "orders:pulling")
    assert "Store 6" in html
    assert "Store 7" in html
    assert "Store 0" not in html
    assert "and 3 more recently" in html


def test_nothing_is_shown_without_signing_in(client: Client) -> None:
    create_owner("owner@example.test", "a long enough password")
    for name in ("orders:index", "orders:inbox", "orders:pulling", "shipping:index"):
        assert client.get(reverse(name)).status_code == 302
    assert Store.objects.count() == 0

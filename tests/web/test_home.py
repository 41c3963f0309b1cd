"""The first page: what needs a hand."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storewarden.orders.models import OrderCount
from storewarden.web import navigation
from tests.web import factories
from tests.web.factories import NOON

pytestmark = pytest.mark.usefixtures("noon")


def page(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_with_nothing_at_all_the_next_step_is_the_developer_app(browser_of_owner: Client) -> None:
    assert "First your developer app, then your first store" in page(browser_of_owner)


def test_with_an_app_the_next_step_is_the_first_store(browser_of_owner: Client) -> None:
    factories.app()
    assert "Connect your first store" in page(browser_of_owner)


def test_a_dead_store_is_named_with_cause_and_next_step(browser_of_owner: Client) -> None:
    factories.store("Alpha", state="disconnected")
    seen = page(browser_of_owner)
    assert "Alpha" in seen
    assert "Disconnected in Seller Central" in seen
    assert "copy the same token and enter it under Reauthorize" in seen


def test_a_store_that_is_well_is_not_listed(browser_of_owner: Client) -> None:
    factories.store("Alpha")
    seen = page(browser_of_owner)
    assert "Every store is authorized" in seen
    assert "Alpha" not in seen


def test_the_most_urgent_order_stands_first_and_late_is_said_in_words(
    browser_of_owner: Client,
) -> None:
    store = factories.store("Alpha")
    factories.order(store, "PO-LATER", NOON + timedelta(hours=30))
    factories.order(store, "PO-LATE", NOON - timedelta(hours=2))
    OrderCount.objects.create(store=store, area="us", state="to_ship", number=2)
    seen = page(browser_of_owner)
    assert seen.index("PO-LATE<") < seen.index("PO-LATER<")
    assert "2 h late" in seen
    assert "1 is past its deadline" in seen


def test_a_pull_that_fails_says_since_when_and_why(browser_of_owner: Client) -> None:
    store = factories.store("Alpha")
    factories.pull(store, failing_since=NOON - timedelta(hours=5), failure="Temu is unwell")
    seen = page(browser_of_owner)
    assert "5 h ago" in seen
    assert "Temu is unwell" in seen


def test_a_name_is_shown_as_text_whatever_it_holds(browser_of_owner: Client) -> None:
    factories.store("<script>alert(1)</script>", state="disconnected")
    seen = page(browser_of_owner)
    assert "<script>alert" not in seen
    assert "&lt;script&gt;alert" in seen


def test_the_number_of_queries_does_not_grow_with_the_stores(browser_of_owner: Client) -> None:
    page(browser_of_owner)  # the first answer also asks whether there is an owner
    counted = []
    for wave in range(2):
        for number in range(1 + wave * 9):
            store = factories.store(f"S{uuid4()}", f"{wave}{number}", state="disconnected")
            factories.pull(store)
            factories.order(store, f"PO-{wave}-{number}", NOON)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(browser_of_owner)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 20


def test_of_many_pulls_those_that_fail_stand_first_and_the_rest_is_counted(
    browser_of_owner: Client,
) -> None:
    for number in range(9):
        factories.pull(factories.store(f"Well {number}", f"1{number}"))
    factories.pull(factories.store("Zeta", "20"), failing_since=NOON, failure="Temu is unwell")
    seen = page(browser_of_owner)
    assert seen.index("Zeta") < seen.index("Well 0")
    assert "Well 8" not in seen
    assert "and 4 more" in seen


@pytest.mark.parametrize(
    ("path", "room"),
    [("/", "/"), ("/preferences/", "/preferences/"), ("/nowhere/", "")],
)
def test_the_sidebar_marks_the_room_one_stands_in(path: str, room: str) -> None:
    assert navigation.current(path) == room


def test_a_page_below_a_room_belongs_to_it() -> None:
    center = navigation.address("stores:center")
    assert navigation.current(navigation.address("stores:add")) == center
    assert navigation.current(navigation.address("stores:apps")) != center


def test_no_room_lies_in_another() -> None:
    urls = [navigation.address(one.name) for _title, rooms in navigation.ROOMS for one in rooms]
    below = [url for url in urls if url != "/"]
    assert [(a, b) for a in below for b in below if a != b and a.startswith(b)] == []

"""The search on top of each page."""

import pytest
from django.test import Client

from tests.web import factories
from tests.web.factories import NOON

pytestmark = pytest.mark.usefixtures("noon")


def sent_to(client: Client, sought: str) -> str:
    answer = client.get("/search/", {"q": sought})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_stores_nickname_opens_the_store(browser_of_owner: Client) -> None:
    store = factories.store("Alpha")
    assert str(store.pk) in sent_to(browser_of_owner, "  Alpha ")


def test_a_shop_id_opens_the_store(browser_of_owner: Client) -> None:
    store = factories.store("Alpha", "634418209999")
    assert str(store.pk) in sent_to(browser_of_owner, "634418209999")


def test_a_po_number_opens_the_order(browser_of_owner: Client) -> None:
    order = factories.order(factories.store("Alpha"), "PO-211-1", NOON)
    assert sent_to(browser_of_owner, "PO-211-1") == f"/orders/{order.pk}/"


def test_what_several_orders_match_opens_the_list_of_them(browser_of_owner: Client) -> None:
    store = factories.store("Alpha")
    for number in range(2):
        factories.order(store, f"PO-211-{number}", NOON)
    assert sent_to(browser_of_owner, "PO-211") == "/orders/?q=PO-211"


@pytest.mark.parametrize("sought", ["", "   ", "\x00"])
def test_nothing_to_look_for_stays_at_home(browser_of_owner: Client, sought: str) -> None:
    assert sent_to(browser_of_owner, sought) == "/"


@pytest.mark.parametrize(
    "sought",
    [
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "🔑",
        "\u202eabc",
        "a b&c=d#e",
        "%",
        "https://x.example/",
    ],
)
def test_odd_text_is_looked_for_like_any_other(browser_of_owner: Client, sought: str) -> None:
    assert sent_to(browser_of_owner, sought).startswith("/orders/?q=")


def test_far_too_much_text_is_refused_in_words(browser_of_owner: Client) -> None:
    answer = browser_of_owner.get("/search/", {"q": "x" * 5000})
    assert answer.status_code == 400
    assert "at most 200 characters" in answer.content.decode()


def test_searching_changes_nothing_so_it_cannot_be_posted(browser_of_owner: Client) -> None:
    assert browser_of_owner.post("/search/", {"q": "x"}).status_code == 405

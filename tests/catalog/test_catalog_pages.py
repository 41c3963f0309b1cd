"""The pages of listings, as a signed-in person gets them."""

import pytest
from django.test import Client
from django.urls import reverse

from storewarden import clock
from storewarden.catalog import queries
from storewarden.catalog.actions import ask_pull, pull_listings
from storewarden.catalog.models import CatalogPull
from storewarden.people.models import User
from storewarden.stores.models import Store
from tests.catalog.factories import a_listing, a_sku, a_store

pytestmark = pytest.mark.django_db
INDEX = reverse("catalog:index")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_owner("owner@example.test", "a-long-password"))
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # Django's test response


def test_without_a_store_the_page_leads_to_connecting_one(desk: Client) -> None:
    page = text(desk.get(INDEX))
    assert "No store is connected yet" in page
    assert reverse("stores:add") in page


def test_the_list_shows_name_codes_status_and_store(desk: Client) -> None:
    listing = a_listing(a_store("Alpha"), name="Garden lamp", code="GL", sites=["US"])
    a_sku(listing, code="GL-RED")
    page = text(desk.get(INDEX))
    for word in ("Garden lamp", "GL-RED", listing.skc_id, "Alpha", "on sale sites"):
        assert word in page


def test_names_from_temu_are_shown_as_text_never_as_markup(desk: Client) -> None:
    a_listing(a_store(), name="<script>alert(1)</script>")
    page = text(desk.get(INDEX))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    desk: Client, django_assert_max_num_queries: object
) -> None:
    store = a_store()
    for _ in range(30):
        a_sku(a_listing(store))
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # pytest-django's fixture
        desk.get(INDEX)


@pytest.mark.parametrize(
    "query",
    [
        "?store=x",
        "?store=%00",
        "?q=%00&status=%00",
        "?after=zzz&before=zzz",
        "?status=" + "x" * 3000,
        "?q=" + "%E2%80%AE" * 500,
        "?store=00000000-0000-0000-0000-000000000000",
    ],
)
def test_nonsense_in_the_address_is_a_page_not_a_traceback(desk: Client, query: str) -> None:
    a_listing(a_store())
    assert desk.get(INDEX + query).status_code == 200


def test_a_listing_page_shows_its_facts_and_asks_for_its_stock(desk: Client) -> None:
    listing = a_listing(a_store("Alpha"), name="Garden lamp")
    page = text(desk.get(reverse("catalog:listing", args=[listing.pk])))
    assert listing.skc_id in page
    assert reverse("inventory:of_listing", args=[listing.pk]) in page


@pytest.mark.parametrize("pk", [1, 0, 2**63, 10**30])
def test_a_listing_that_is_not_there_is_not_found(desk: Client, pk: int) -> None:
    a_store()
    assert desk.get(reverse("catalog:listing", args=[pk])).status_code == 404


def test_pull_now_asks_for_a_pull_and_shows_its_progress(desk: Client, semi_store: Store) -> None:
    page = desk.post(reverse("catalog:pull"), {"store": str(semi_store.pk)}, follow=True)
    assert CatalogPull.objects.get(store=semi_store).asked_at is not None
    assert reverse("catalog:progress", args=[semi_store.pk]) in text(page)
    assert [one.store_id for one in queries.due_pulls()] == [semi_store.pk]


def test_pull_now_of_a_store_whose_token_is_dead_says_why(desk: Client, semi_store: Store) -> None:
    semi_store.credentials.filter(kind="product").update(state="disconnected")
    page = desk.post(reverse("catalog:pull"), {"store": str(semi_store.pk)}, follow=True)
    assert "Reauthorize the store" in text(page)
    assert not CatalogPull.objects.filter(asked_at__isnull=False).exists()


def test_pull_now_of_a_store_that_is_not_there_is_not_found(desk: Client) -> None:
    assert desk.post(reverse("catalog:pull"), {"store": "x"}).status_code == 404


def test_pulling_needs_a_post(desk: Client) -> None:
    a_store()
    assert desk.get(reverse("catalog:pull")).status_code == 405


def test_the_progress_asks_again_until_the_pull_is_done(desk: Client, semi_store: Store) -> None:
    ask_pull(semi_store)
    where = reverse("catalog:progress", args=[semi_store.pk])
    assert "hx-get" in text(desk.get(where))
    pull_listings(queries.product_credential(semi_store))
    done = text(desk.get(where))
    assert "hx-get" not in done
    assert "All listings are read" in done


def test_a_pull_that_stopped_says_why_and_no_longer_asks(desk: Client, semi_store: Store) -> None:
    pull = ask_pull(semi_store)
    pull.failure, pull.failed_at = "timeout", clock.now()
    pull.save()
    page = text(desk.get(reverse("catalog:progress", args=[semi_store.pk])))
    assert "no answer in time" in page
    assert "hx-get" not in page


def test_signed_out_nobody_sees_a_listing(client: Client) -> None:
    User.objects.create_owner("owner@example.test", "a-long-password")
    listing = a_listing(a_store(), name="Garden lamp")
    for where in (INDEX, reverse("catalog:listing", args=[listing.pk])):
        answer = client.get(where)
        assert answer.status_code == 302
        assert b"Garden" not in answer.content

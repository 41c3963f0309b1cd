"""The pages of stock, as a signed-in person gets them."""

import pytest
from django.test import Client
from django.urls import reverse

from storewarden import clock
from storewarden.inventory.actions import set_figure
from storewarden.inventory.models import ShownStock
from storewarden.people.models import User
from storewarden.stores.models import Store
from temu_sandbox.control import Control
from tests.catalog.factories import a_store
from tests.conftest import TESTER
from tests.inventory.factories import a_figure, at_home, stocked

pytestmark = pytest.mark.django_db
INDEX = reverse("inventory:index")
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_owner("owner@example.test", "a-long-password"))
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # Django's test response


def put(desk: Client, figure: ShownStock, quantity: str, **headers: str) -> object:
    where = reverse("inventory:set", args=[figure.pk])
    return desk.post(where, {"quantity": quantity}, **headers)  # type: ignore[arg-type]  # headers


def test_the_table_shows_sku_store_warehouse_and_figures(desk: Client) -> None:
    figure = a_figure(a_store("Alpha", stock_push_on=True), shown=12, wanted=15, push="due")
    page = text(desk.get(INDEX))
    for word in (figure.sku.code, "Alpha", "LA-1", "12", 'value="15"', "waiting to be sent"):
        assert word in page


def test_a_figure_not_shown_is_said_so_and_has_no_form(desk: Client) -> None:
    figure = a_figure(shown=None)
    page = text(desk.get(INDEX))
    assert "not shown to us" in page
    assert reverse("inventory:set", args=[figure.pk]) not in page


def test_setting_in_place_answers_with_the_row_and_says_it(desk: Client) -> None:
    figure = a_figure()
    answer = put(desk, figure, "40", **HTMX)
    assert answer.status_code == 200  # type: ignore[attr-defined]  # test response
    assert "say" in answer["HX-Trigger"]  # type: ignore[index]  # test response
    assert f'id="figure-{figure.pk}"' in text(answer)
    assert "every 2s" in text(answer)
    figure.refresh_from_db()
    assert (figure.wanted, figure.push, figure.wanted_by) == (40, "due", "owner@example.test")


@pytest.mark.parametrize("quantity", ["", "-1", "x", "<b>", "1e9", "9" * 100_000, "\x00"])
def test_bad_input_answers_422_with_a_sentence_and_stores_nothing(
    desk: Client, quantity: str
) -> None:
    figure = a_figure()
    for headers in ({}, HTMX):
        answer = put(desk, figure, quantity, **headers)
        assert answer.status_code == 422  # type: ignore[attr-defined]  # test response
        assert "Write a whole number from 0 to 1,000,000." in text(answer)
        assert "<b>" not in text(answer).replace("<b>Stock", "")
    figure.refresh_from_db()
    assert (figure.wanted, figure.push) == (None, "")


def test_the_error_is_tied_to_its_field(desk: Client) -> None:
    figure = a_figure()
    page = text(put(desk, figure, "x", **HTMX))
    assert f'aria-describedby="error-{figure.pk}"' in page
    assert f'id="error-{figure.pk}"' in page


def test_a_store_with_pushing_off_shows_no_form_and_refuses_a_post(desk: Client) -> None:
    store = a_store("Alpha")
    figure = a_figure(store)
    page = text(desk.get(INDEX, {"store": str(store.pk)}))
    assert "switched off" in page
    assert "Switch it on" in page
    assert "is switched off for" in text(put(desk, figure, "5", **HTMX))


def test_a_row_stops_asking_once_its_figure_is_settled(desk: Client) -> None:
    figure = a_figure(push="done", wanted=12)
    page = text(desk.get(reverse("inventory:figure", args=[figure.pk])))
    assert "every 2s" not in page
    assert "shown on Temu" in page


def test_a_refusal_is_told_in_words_with_temus_code(desk: Client) -> None:
    a_figure(push="refused", wanted=400, their_code="2000000", their_message="最大上限为300")
    page = text(desk.get(INDEX, {"push": "refused"}))
    assert "Temu allows at most 300 pieces here." in page
    assert "2000000" in page


def test_refused_takes_in_what_was_read_back_different(desk: Client) -> None:
    a_figure(push="differs", wanted=40, shown=38)
    a_figure(push="done", wanted=12)
    page = text(desk.get(INDEX, {"push": "refused"}))
    assert "2 pieces fewer" in page
    assert "shown on Temu" not in page.split("<tbody>")[1]


def test_the_log_tells_each_deed(desk: Client) -> None:
    figure = a_figure()
    set_figure(figure.sku, "WH-1", 40, TESTER)
    page = text(desk.get(reverse("inventory:log")))
    assert TESTER.name in page
    assert figure.sku.code in page


def test_the_pages_take_as_many_queries_for_many_as_for_few(
    desk: Client, django_assert_max_num_queries: object
) -> None:
    store = a_store(stock_push_on=True)
    for _ in range(30):
        set_figure(a_figure(store).sku, "WH-1", 40, TESTER)
    for where in (INDEX, reverse("inventory:log")):
        with django_assert_max_num_queries(10):  # type: ignore[operator]  # pytest-django's
            desk.get(where)


def test_reading_now_reads_the_sandbox_and_comes_back_to_the_listing(
    desk: Client, semi_store: Store, control: Control
) -> None:
    sku = stocked(semi_store)
    home = at_home(sku).warehouse_id
    control.set_stock_in_seller_central(int(semi_store.mall_id), int(sku.sku_id), 321, home)
    answer = desk.post(reverse("inventory:read", args=[sku.listing_id]), follow=True)
    assert "read from Temu just now" in text(answer)
    assert at_home(sku).shown == 321
    part = desk.get(reverse("inventory:of_listing", args=[sku.listing_id]))
    assert "321" in text(part)


def test_reading_now_in_an_outage_says_that_nothing_changed(
    desk: Client, semi_store: Store, control: Control
) -> None:
    sku = stocked(semi_store)
    control.add_fault("outage")
    answer = desk.post(reverse("inventory:read", args=[sku.listing_id]), follow=True)
    assert "could not be reached" in text(answer)


def test_an_archived_stores_figures_are_not_in_the_table(desk: Client) -> None:
    figure = a_figure(a_store(archived_at=clock.now()))
    assert figure.sku.code not in text(desk.get(INDEX))


@pytest.mark.parametrize("name", ["figure", "of_listing"])
@pytest.mark.parametrize("pk", [0, 7, 2**63])
def test_what_is_not_there_is_not_found(desk: Client, name: str, pk: int) -> None:
    assert desk.get(reverse(f"inventory:{name}", args=[pk])).status_code == 404


def test_signed_out_nobody_sets_a_figure(client: Client) -> None:
    User.objects.create_owner("owner@example.test", "a-long-password")
    figure = a_figure()
    assert put(client, figure, "5").status_code == 302  # type: ignore[attr-defined]  # response
    figure.refresh_from_db()
    assert figure.wanted is None

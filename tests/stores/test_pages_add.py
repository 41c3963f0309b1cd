"""+ Add New Store: the form, the check card, connecting."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from storewarden import clock as product_clock
from storewarden.stores import actions
from storewarden.stores.models import Credential, DeveloperApp, Store
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.conftest import TESTER, ConnectedStore, Granting, VirtualTime
from tests.stores.pages_kit import ADD, APPS, CHECK, HTMX, add_data, said, signed_in, text, url_of

NO_PARCELS = ("Semi Online Call Shipment Management",)


@pytest.fixture
def pasted(apps: dict[str, DeveloperApp], grant: Granting) -> dict[str, str]:
    """A form filled in rightly for a semi-consignment store."""
    return add_data(grant(seed.SEMI_ONE, "cn").token, us=grant(seed.SEMI_ONE, "us").token)


def check(data: dict[str, str]):
    return signed_in().post(CHECK, data, headers=HTMX)


def cause(answer) -> str:
    return answer.content.decode().partition('data-cause="')[2].partition('"')[0]


def test_the_form_has_a_field_for_each_slot_with_the_way_to_its_token(apps):
    page = signed_in().get(ADD)
    body = page.content.decode()
    for slot in ("product-cn", "order-us", "order-eu", "order-global"):
        assert f'name="token-{slot}"' in body
    assert "Open Service Marketplace › Authorization Management, tab Orders." in text(page)
    assert "服务市场 › 授权管理（订单）" in text(page)
    assert "a sub-account does not see the Service Marketplace" in text(page)


def test_token_fields_are_not_remembered_by_the_browser(apps):
    body = signed_in().get(ADD).content.decode()
    field = body.partition('name="token-product-cn"')[2].partition(">")[0]
    assert 'autocomplete="off"' in field
    assert 'spellcheck="false"' in field


def test_a_slot_without_an_app_says_so_and_leads_to_developer_apps(apps):
    apps["eu"].delete()
    page = signed_in().get(ADD)
    assert "No developer app is registered for the EU area" in text(page)
    assert f'href="{APPS}"' in page.content.decode()
    assert 'name="token-order-eu"' not in page.content.decode()


def test_orders_are_brought_in_since_30_days_by_default(apps):
    wanted = (product_clock.now() - timedelta(days=30)).strftime("%Y-%m-%d")
    assert f'value="{wanted}"' in signed_in().get(ADD).content.decode()


def test_a_check_shows_the_shop_its_type_the_end_and_the_permissions(pasted):
    answer = check(pasted)
    shown = text(answer)
    assert answer.status_code == 200
    for words in (str(seed.SEMI_ONE), "Demo Home Goods", "Semi-Consignment", "days left", "6 of 6"):
        assert words in shown
    assert "data-ok" in answer.content.decode()


def test_a_check_stores_nothing(pasted):
    check(pasted)
    assert not Store.objects.exists()
    assert not Credential.objects.exists()


def test_a_check_without_htmx_answers_with_the_whole_page(pasted):
    answer = signed_in().post(CHECK, pasted)
    assert "<html" in answer.content.decode()
    assert "ready to connect" in text(answer)


def test_a_check_needs_no_nickname_yet(pasted):
    assert check(pasted | {"nickname": ""}).status_code == 200


def test_nothing_pasted_names_each_token_that_is_missing(apps):
    shown = text(check(add_data()))
    assert "The product stock token is missing." in shown
    assert "The order shipping token is missing." in shown


def test_swapped_tokens_are_offered_to_be_swapped_with_one_click(apps, grant: Granting):
    product, order = grant(seed.SEMI_ONE, "cn").token, grant(seed.SEMI_ONE, "us").token
    answer = check(add_data(order, us=product))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert body.count("data-offer=") == 1
    moves = "token-product-cn&gt;token-order-us token-order-us&gt;token-product-cn"
    assert f'data-value="{moves}"' in body


def test_a_token_of_another_area_is_offered_to_be_moved(apps, grant: Granting):
    product, order = grant(seed.SEMI_ONE, "cn").token, grant(seed.SEMI_ONE, "eu").token
    answer = check(add_data(product, us=order))
    assert cause(answer) == "wrong_area"
    assert "Move it to EU" in text(answer)


def test_the_real_store_type_is_offered(apps, grant: Granting):
    answer = check(add_data(grant(seed.FULL, "cn").token, us=grant(seed.SEMI_ONE, "us").token))
    assert "Switch to Full-Consignment" in text(answer)


def test_full_consignment_ignores_what_stands_in_the_order_fields(apps, grant: Granting):
    data = add_data(grant(seed.FULL, "cn").token, store_type="full", us="not looked at, really")
    assert check(data).status_code == 200


def test_a_missing_permission_is_named_and_going_on_without_it_is_offered(apps, grant: Granting):
    order = grant(seed.SEMI_ONE, "us", without=NO_PARCELS).token
    data = add_data(grant(seed.SEMI_ONE, "cn").token, us=order)
    answer = check(data)
    assert answer.status_code == 422
    assert "confirm parcels" in text(answer)
    assert 'data-offer="anyway"' in answer.content.decode()
    assert check(data | {"accept_missing": "on"}).status_code == 200


def test_a_connected_store_is_offered_to_be_reauthorized(
    connect: Callable[..., ConnectedStore],
):
    made = connect()
    assert made.order is not None
    answer = check(add_data(made.product.token, us=made.order.token))
    assert cause(answer) == "already_connected"
    assert f'hx-post="{url_of(made.store, "reauthorize/")}"' in answer.content.decode()


def test_a_refusal_shows_temus_code(apps):
    answer = check(add_data("a1" * 20, us="b2" * 20))
    assert "Temu's code" in text(answer)
    assert cause(answer) == "token_unknown"


def test_an_unreachable_temu_says_nothing_about_the_token(pasted, control: Control):
    control.add_fault("outage")
    answer = check(pasted)
    assert cause(answer) == "unreachable"
    assert "nothing is known about the" in text(answer)


def test_connecting_leads_to_the_stores_page_and_says_so(pasted):
    client = signed_in()
    answer = client.post(ADD, pasted)
    store = Store.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url_of(store))
    assert said(answer) == ["“Alpha” is connected. The first sync has started."]
    assert not store.stock_push_on


def test_connecting_through_htmx_sends_the_browser_to_the_stores_page(pasted):
    answer = signed_in().post(ADD, pasted, headers=HTMX)
    assert answer["HX-Redirect"] == url_of(Store.objects.get())


def test_the_choices_of_what_to_sync_are_kept(pasted):
    signed_in().post(ADD, pasted | {"orders_since": "2026-08-01", "stock_push_on": "on"})
    store = Store.objects.get()
    assert store.orders_since.date().isoformat() == "2026-08-01"
    assert store.stock_push_on


def test_the_history_names_who_connected(pasted):
    signed_in().post(ADD, pasted)
    assert Store.objects.get().events.get().who == "owner@example.test"


def test_connecting_twice_makes_one_store_and_the_second_is_told_why(pasted):
    client = signed_in()
    client.post(ADD, pasted)
    again = client.post(ADD, pasted, headers=HTMX)
    assert again.status_code == 422
    assert "connected already" in text(again)
    assert Store.objects.count() == 1


def test_an_archived_store_comes_back_with_its_data(connect: Callable[..., ConnectedStore]):
    made = connect()
    assert made.order is not None
    actions.archive(made.store, TESTER)
    answer = signed_in().post(ADD, add_data(made.product.token, us=made.order.token))
    assert said(answer) == ["“Alpha” is connected again, with the data it had."]
    assert Store.objects.get().pk == made.store.pk


def test_orders_since_a_day_to_come_are_refused(pasted):
    answer = signed_in().post(ADD, pasted | {"orders_since": "2999-01-01"}, headers=HTMX)
    assert answer.status_code == 422
    assert "This date lies ahead." in text(answer)
    assert not Store.objects.exists()


def test_an_unknown_store_type_is_refused(pasted):
    answer = signed_in().post(ADD, pasted | {"store_type": "rented"})
    assert answer.status_code == 422
    assert "There is no such store type." in text(answer)


def test_a_check_is_a_post(apps, clock: VirtualTime):
    assert signed_in().get(CHECK).status_code == 405

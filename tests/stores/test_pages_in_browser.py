"""What happens in the browser alone: tokens moved about there, menus, filters."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storewarden.stores.models import DeveloperApp, Store
from temu_sandbox.world import seed
from tests.conftest import ConnectedStore, Granting
from tests.journeys.conftest import (
    CHROMIUM,
    browser_context_args,
    desk,
)
from tests.stores.pages_kit import ADD, LIST, many_stores, url_of

__all__ = ["browser_context_args", "desk"]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed"),
]
CHECKED = "#check-card [data-ok]"


@pytest.fixture
def at(desk: Page, live_server: Any) -> Callable[[str], Page]:
    """Open a page of the product, signed in."""

    def go(path: str) -> Page:
        desk.goto(live_server.url + path)
        return desk

    return go


def field(page: Page, slot: str):
    return page.locator(f"[name=token-{slot}]")


def paste(page: Page, **tokens: str) -> None:
    page.get_by_label("Store nickname").fill("Beta")
    for slot, token in tokens.items():
        field(page, slot.replace("_", "-")).fill(token)
    page.get_by_test_id("check").click()


def test_a_token_of_another_area_is_moved_there_with_one_click(at, grant: Granting):
    page = at(ADD)
    token = grant(seed.SEMI_ONE, "eu").token
    paste(page, product_cn=grant(seed.SEMI_ONE, "cn").token, order_us=token)
    page.get_by_test_id("offer-moves").click()
    expect(page.locator(CHECKED)).to_be_visible()
    expect(field(page, "order-eu")).to_have_value(token)
    expect(field(page, "order-us")).to_have_value("")


def test_the_store_type_is_switched_with_one_click(at, grant: Granting):
    page = at(ADD)
    paste(page, product_cn=grant(seed.FULL, "cn").token, order_us=grant(seed.SEMI_ONE, "us").token)
    page.get_by_test_id("offer-type").click()
    expect(page.locator(CHECKED)).to_be_visible()
    expect(page.get_by_label("Full-Consignment")).to_be_checked()


def test_full_consignment_has_no_order_fields(at):
    page = at(ADD)
    expect(field(page, "order-us")).to_be_visible()
    page.get_by_label("Full-Consignment").check()
    expect(field(page, "order-us")).to_be_hidden()


def test_another_area_opens_its_field_and_goes_there(at):
    page = at(ADD)
    expect(field(page, "order-eu")).to_be_hidden()
    page.get_by_test_id("area-eu").click()
    expect(field(page, "order-eu")).to_be_focused()


def test_a_token_changed_after_the_check_has_to_be_checked_again(at, grant: Granting):
    page = at(ADD)
    connect = page.get_by_test_id("connect")
    expect(connect).to_be_hidden()
    order = grant(seed.SEMI_ONE, "us").token
    paste(page, product_cn=grant(seed.SEMI_ONE, "cn").token, order_us=order)
    expect(connect).to_be_visible()
    field(page, "order-us").fill("something else")
    expect(connect).to_be_hidden()
    expect(page.get_by_text("Changed since: check again")).to_be_visible()


def test_a_connected_store_is_reauthorized_with_one_click(
    at, connect: Callable[..., ConnectedStore]
):
    made = connect()
    assert made.order is not None
    page = at(ADD)
    paste(page, product_cn=made.product.token, order_us=made.order.token)
    page.get_by_test_id("offer-reauthorize").click()
    page.wait_for_url(re.compile(url_of(made.store)))
    expect(page.get_by_text("is the same one as before").first).to_be_visible()


def test_a_store_is_connected_by_keyboard_alone(at, grant: Granting):
    page = at(ADD)
    expect(page.get_by_label("Store nickname")).to_be_focused()
    page.keyboard.type("Beta")
    field(page, "product-cn").focus()
    page.keyboard.insert_text(grant(seed.SEMI_ONE, "cn").token)
    field(page, "order-us").focus()
    page.keyboard.insert_text(grant(seed.SEMI_ONE, "us").token)
    page.keyboard.press("Enter")
    expect(page.locator("#check-title")).to_be_focused()
    page.get_by_test_id("connect").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beta")


def test_the_menu_of_a_row_opens_and_closes_by_keyboard(at, semi_store: Store):
    page = at(LIST)
    button = page.get_by_test_id(f"menu-{semi_store.mall_id}")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("check-now")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("check-now")).to_be_hidden()
    expect(button).to_be_focused()


def test_a_filter_changes_the_rows_and_the_address_but_not_the_page(
    at, apps: dict[str, DeveloperApp]
):
    many_stores(6, apps)
    page = at(LIST)
    page.evaluate("window.same = true")
    page.get_by_label("Store type").select_option("full")
    expect(page.get_by_role("link", name="Demo store 01")).to_be_hidden()
    expect(page.get_by_role("link", name="Demo store 05")).to_be_visible()
    assert "type=full" in page.url
    assert page.evaluate("window.same") is True


def test_a_tab_keeps_the_other_filters(at, apps: dict[str, DeveloperApp]):
    many_stores(8, apps)
    page = at(f"{LIST}?area=eu")
    page.get_by_test_id("tab-authorized").click()
    page.wait_for_url(re.compile("area=eu"))
    assert "state=authorized" in page.url

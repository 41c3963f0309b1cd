"""A browser walks from the sign-in to the copied token, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from temu_sandbox import Control, ServedSandbox, World, serve
from temu_sandbox.world.seed import MAIN_ACCOUNT, SEMI_ONE, SEMI_TWO, SUB_ACCOUNT

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed here."),
]


@pytest.fixture
def sandbox() -> Iterator[ServedSandbox]:
    with serve(World.demo()) as served:
        yield served


@pytest.fixture(params=[1280, 400])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of a wide and of a narrow window; a script error fails the test."""
    context = browser.new_context(viewport={"width": request.param, "height": 860})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened, errors = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def sign_in(page: Page, sandbox: ServedSandbox, account: int = MAIN_ACCOUNT) -> None:
    page.goto(f"{sandbox.base_url}/seller-central/")
    page.get_by_test_id(f"account-{account}").click()


def get_authorization(page: Page, site: str) -> str:
    """The seller's clicks; gives what the Copy button put into the clipboard."""
    page.get_by_test_id(f"site-{site}").click()
    page.get_by_test_id("menu-authorization-management").click()
    page.get_by_test_id("get-authorization").click()
    page.get_by_test_id(f"choose-sandbox-app-{site}").click()
    page.get_by_test_id("select-all-standard").check()
    page.get_by_test_id("select-all-special").check()
    page.get_by_test_id("consent").check()
    page.get_by_test_id("confirm").click()
    page.get_by_test_id("copy-token").click()
    expect(page.get_by_test_id("copy-token")).to_have_text("Copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


def assert_sound(page: Page) -> None:
    """No axe finding, nothing wider than the window."""
    findings = Axe().run(page).response["violations"]
    assert [(f["id"], f["nodes"][0]["target"]) for f in findings] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_seller_copies_both_tokens(page: Page, sandbox: ServedSandbox) -> None:
    sign_in(page, sandbox)
    for site in ("cn", "us"):
        copied = get_authorization(page, site)
        assert copied.startswith("access_token:sandbox")
        grant = sandbox.world.authorizations.by_token(copied.removeprefix("access_token:"))
        assert grant is not None
        assert (grant.mall_id, grant.area, grant.state) == (SEMI_ONE, site, "active")


def test_select_all_ticks_its_group_and_follows_it(page: Page, sandbox: ServedSandbox) -> None:
    sign_in(page, sandbox)
    page.goto(
        f"{sandbox.base_url}/seller-central/us/authorization-management/"
        "get-authorization/sandbox-app-us"
    )
    page.get_by_test_id("select-all-standard").check()
    expect(page.get_by_test_id("package-standard-2")).to_be_checked()
    expect(page.get_by_test_id("package-special-1")).not_to_be_checked()
    page.get_by_test_id("package-standard-2").uncheck()
    expect(page.get_by_test_id("select-all-standard")).not_to_be_checked()


def test_the_store_switcher_leads_to_the_other_store(page: Page, sandbox: ServedSandbox) -> None:
    sign_in(page, sandbox)
    page.get_by_test_id("store-switcher").locator("summary").click()
    store = page.get_by_test_id(f"store-{SEMI_TWO}")
    expect(store.get_by_test_id("store-kind")).to_have_text("Semi-Consignment")
    assert_sound(page)
    store.click()
    expect(page.get_by_test_id("current-store")).to_have_text("Demo Outdoor")


def test_a_sub_account_sees_no_service_marketplace(page: Page, sandbox: ServedSandbox) -> None:
    sign_in(page, sandbox, SUB_ACCOUNT)
    expect(page.get_by_test_id("menu-products")).to_be_visible()
    expect(page.get_by_test_id("menu-service-marketplace")).to_have_count(0)
    expect(page.get_by_test_id("menu-authorization-management")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_sound_for_everybody(
    page: Page, sandbox: ServedSandbox, language: str
) -> None:
    page.goto(f"{sandbox.base_url}/seller-central/language?to={language}")
    assert_sound(page)
    page.get_by_test_id(f"account-{MAIN_ACCOUNT}").click()
    world = sandbox.world
    world.authorizations.grant(SEMI_ONE, "sandbox-app-us", "us", ["Semi Order Management"])
    order = Control(world).make_orders(SEMI_ONE, 60, "us")["parent_order_sns"][0]
    for path in (
        "us/", "us/authorization-management/", "us/authorization-management/get-authorization",
        "us/authorization-management/get-authorization/sandbox-app-us",
        "us/authorization-management/1", "us/authorization-management/1/remove",
        "us/authorization-management/1/new-token", "us/authorization-management/token",
        "us/orders/", f"us/orders/{order}", "cn/products/", "sandbox/", "us/products/",
    ):  # fmt: skip
        page.goto(f"{sandbox.base_url}/seller-central/{path}")
        assert_sound(page)

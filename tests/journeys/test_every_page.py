"""Every page: for a screen reader, on a phone, in the dark, in both languages, by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from storewarden.marketplaces.base import TokenKind
from storewarden.stores.models import Credential
from storewarden.stores.queries import usable_credentials
from temu_sandbox.control import Control
from temu_sandbox.server import ServedSandbox
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import ConnectedStore
from tests.journeys.conftest import check_axe
from tests.journeys.test_connect_and_reauthorize import goto

GRAVE = ("error", "warning")
PICTURES_OF_THE_SANDBOX = "img.sandbox.invalid"
TEMU = "/settings/authorization-center/temu"


@pytest.fixture
def furnished(
    desk: Page, temu: ServedSandbox, connect: Callable[..., ConnectedStore], world: World
) -> list[str]:
    """A store with listings and orders; gives the addresses of all pages."""
    from storewarden.catalog.actions import pull_listings
    from storewarden.catalog.models import Listing
    from storewarden.orders.actions import pull_orders
    from storewarden.orders.models import Order

    made = connect("Home Goods US")
    Control(world).make_orders(seed.SEMI_ONE, 5, area="us")
    for credential in usable_credentials(TokenKind.ORDER):
        pull_orders(credential)
    (product,) = Credential.objects.select_related("store", "app").filter(kind="product")
    pull_listings(product)
    order, listing = Order.objects.first(), Listing.objects.first()
    assert order is not None
    assert listing is not None
    own = f"{TEMU}/{made.store.pk}"
    settings = ["/settings/authorization-center/", "/settings/developer-apps/", "/preferences/"]
    stores = [f"{TEMU}/", f"{TEMU}/add/", f"{own}/", f"{own}/reauthorize/", f"{own}/archive/"]
    stores += [f"{own}/links/", f"{own}/delete/", f"{TEMU}/queue/", f"{TEMU}/timeline/"]
    stores += [f"{TEMU}/table/connect/", f"{TEMU}/table/renew/", f"{TEMU}/deletions/"]
    watch = ["/alerts/list/", "/alerts/channels/", "/settings/webhooks/", "/settings/calendar/"]
    goods = ["/listings/", f"/listings/{listing.pk}/", "/stock/"]
    orders = ["/orders/", f"/orders/{order.pk}/", "/orders/inbox/", "/shipping/"]
    return ["/", *settings, *watch, *stores, *goods, *orders, "/nowhere/"]


def sideways(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_finding_in_any_dress(
    desk: Page, furnished: list[str], language: str, scheme: str
) -> None:
    scheme_and_host = "/".join(desk.url.split("/")[:3])
    cookie = {"name": "django_language", "value": language, "url": scheme_and_host}
    desk.context.add_cookies([cookie])  # type: ignore[list-item]
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in furnished:
        goto(desk, path)
        lang = desk.locator("html").get_attribute("lang") or ""
        assert lang.lower() == language
        check_axe(desk)


@pytest.mark.slow
def test_no_page_scrolls_sideways_on_a_phone(desk: Page, furnished: list[str]) -> None:
    desk.set_viewport_size({"width": 400, "height": 800})
    wide = {}
    for path in furnished:
        goto(desk, path)
        if (over := sideways(desk)) > 0:
            wide[path] = over
    assert wide == {}


def test_the_browser_says_nothing_on_its_console(desk: Page, furnished: list[str]) -> None:
    said: list[str] = []
    desk.on("console", lambda one: said.append(one.text) if one.type in GRAVE else None)
    desk.on("pageerror", lambda error: said.append(str(error)))
    for path in furnished[:-1]:  # the last one is the 404 on purpose
        goto(desk, path)
    assert [one for one in said if "net::ERR" not in one] == []  # the sandbox has no pictures


def test_nothing_is_asked_of_another_host_but_temus_pictures(
    desk: Page, furnished: list[str]
) -> None:
    asked: set[str] = set()
    desk.on("request", lambda request: asked.add(request.url.split("/")[2]))
    for path in furnished:
        goto(desk, path)
    own = desk.url.split("/")[2]
    assert asked - {own, PICTURES_OF_THE_SANDBOX} == set()


def test_a_store_is_added_with_the_keyboard_alone(desk: Page, furnished: list[str]) -> None:
    goto(desk, f"{TEMU}/")
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_contain_text(re.compile("skip", re.IGNORECASE))
    link = desk.get_by_test_id("add-store").first
    for _ in range(80):
        if link.evaluate("it => it === document.activeElement"):
            break
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Store nickname")).to_be_focused()

"""Renewing: by somebody without a sign-in, through a link; and store after store, in the queue."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from storewarden.stores.models import Credential, RenewalLink
from storewarden.stores.probes import probe
from storewarden.stores.renewal import actions as links
from temu_sandbox.server import ServedSandbox
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import ConnectedStore
from tests.journeys.conftest import check_axe, picture
from tests.journeys.seller import token_from_seller_central
from tests.journeys.test_connect_and_reauthorize import TEMU, goto
from tests.journeys.test_every_page import sideways
from tests.stores.links_kit import no_tries_yet

__all__ = ["no_tries_yet"]


@pytest.fixture
def stranger(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A browser of somebody who has no sign-in here, set to another language."""
    context = browser.new_context(**{**browser_context_args, "locale": "zh-CN"})
    yield context.new_page()
    context.close()


def dying(made: ConnectedStore, world: World) -> None:
    assert made.order is not None
    world.authorizations.age(made.order.id, 85)
    for one in made.store.credentials.select_related("store", "app"):
        probe(one)


def test_the_holder_of_the_main_account_renews_a_store_through_a_link(
    desk: Page,
    stranger: Page,
    temu: ServedSandbox,
    connect: Callable[..., ConnectedStore],
    world: World,
) -> None:
    made = connect("Home Goods US")
    dying(made, world)
    goto(desk, f"{TEMU}/{made.store.pk}/reauthorize/")
    desk.get_by_test_id("renewal-links").click()
    desk.get_by_test_id("make-link").click()
    expect(desk.get_by_test_id("made-link")).to_be_visible()
    expect(desk.locator("#made")).to_be_focused()
    check_axe(desk)
    desk.get_by_role("button", name="Copy").click()
    address = desk.evaluate("navigator.clipboard.readText()")
    assert "/renew/" in address

    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("New tokens for “Home Goods US”")
    check_axe(stranger)
    picture(stranger, "renewal", full=True)
    token = token_from_seller_central(stranger, temu, "us", seed.SEMI_ONE)
    stranger.goto(address)
    stranger.locator("[name=token-order-us]").fill(token)
    expect(stranger.get_by_test_id("save-tokens")).to_be_hidden()
    stranger.get_by_test_id("check").click()
    card = stranger.get_by_test_id("check-card")
    expect(card).to_contain_text("Checked: ready to save")
    expect(stranger.locator("#check-title")).to_be_focused()
    expect(card).not_to_contain_text(str(seed.SEMI_ONE))
    check_axe(stranger)
    stranger.get_by_test_id("save-tokens").click()
    expect(stranger.get_by_test_id("renewal-done")).to_contain_text("has its new tokens")
    expect(stranger.locator("#done")).to_be_focused()
    check_axe(stranger)

    stranger.goto(address)
    expect(stranger.get_by_test_id("renewal-shut")).to_contain_text("does not work any more")
    check_axe(stranger)
    goto(desk, f"{TEMU}/{made.store.pk}/links/")
    row = desk.get_by_test_id(f"link-{RenewalLink.objects.get().pk}")
    expect(row).to_contain_text("Used")
    check_axe(desk)
    goto(desk, f"{TEMU}/{made.store.pk}/")
    expect(desk.get_by_test_id("store-state").first).to_contain_text("Authorized")
    expect(desk.locator("#authorization-history")).to_contain_text(
        "renewal link of owner@example.test"
    )


def test_a_revoked_link_asks_first_and_then_opens_nothing(
    desk: Page, stranger: Page, connect: Callable[..., ConnectedStore]
) -> None:
    made = connect("Home Goods US")
    goto(desk, f"{TEMU}/{made.store.pk}/links/")
    desk.get_by_test_id("make-link").click()
    address = desk.locator("#address").input_value()
    desk.get_by_test_id("revoke").click()
    desk.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(desk.get_by_text("The link is revoked")).to_be_visible()
    stranger.goto(address)
    expect(stranger.get_by_test_id("renewal-shut")).to_be_visible()


def test_the_link_works_in_a_browser_without_scripts_and_without_cookies(
    browser: Browser,
    live_server: Any,
    transactional_db: None,
    connect: Callable[..., ConnectedStore],
    world: World,
) -> None:
    """As inside some chat programs. Its `Origin: null` must be no hindrance."""
    from tests.conftest import TESTER

    made = connect("Home Goods US")
    assert made.order is not None
    token = world.authorizations.generate_new(made.order.id).token
    _link, secret = links.make_link(made.store, TESTER, "en")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    context.on("response", lambda _response: context.clear_cookies())
    page.goto(f"{live_server.url}/renew/{secret.reveal()}/")
    page.locator("[name=token-order-us]").fill(token)
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("check-card")).to_contain_text("Checked: ready to save")
    page.locator("[name=token-order-us]").fill(token)
    page.get_by_test_id("save-tokens").click()
    expect(page.get_by_test_id("renewal-done")).to_be_visible()
    context.close()


@pytest.fixture
def three_due(connect: Callable[..., ConnectedStore], world: World) -> dict[str, ConnectedStore]:
    made = {
        "Home Goods US": connect("Home Goods US", seed.SEMI_ONE),
        "Outdoor US": connect("Outdoor US", seed.SEMI_TWO),
        "Toys US": connect("Toys US", seed.OTHER_SELLERS_SEMI),
    }
    for days, one in zip((88, 85, 80), made.values(), strict=True):
        assert one.order is not None
        world.authorizations.age(one.order.id, days)
    for one in Credential.objects.select_related("store", "app"):
        probe(one)
    return made


def test_three_stores_are_renewed_one_after_the_other_and_one_is_skipped(
    desk: Page,
    another_tab: Page,
    temu: ServedSandbox,
    three_due: dict[str, ConnectedStore],
    world: World,
) -> None:
    goto(desk, f"{TEMU}/")
    desk.get_by_test_id("renew-all").click()
    title = desk.get_by_role("heading", level=1)
    expect(title).to_have_text("Home Goods US")
    expect(desk.get_by_test_id("place")).to_have_text("Store 1 of 3")
    expect(desk.get_by_role("link", name="Open this page in Temu").first).to_be_visible()
    check_axe(desk)

    token = token_from_seller_central(another_tab, temu, "us", seed.SEMI_ONE)
    desk.locator("[name=token-order-us]").fill(token)
    desk.get_by_test_id("check").click()
    expect(desk.get_by_test_id("check-card")).to_contain_text("Checked: ready to save")
    check_axe(desk)
    picture(desk, "renew-all", full=True)
    desk.get_by_test_id("save-tokens").click()
    expect(title).to_have_text("Outdoor US")
    expect(desk.get_by_test_id("place")).to_have_text("Store 2 of 3")
    expect(desk.get_by_text("Home Goods US: The order shipping token (US) is new")).to_be_visible()

    desk.get_by_test_id("skip").click()
    expect(title).to_have_text("Toys US")
    last = three_due["Toys US"].order
    assert last is not None
    token = world.authorizations.generate_new(last.id).token
    desk.locator("[name=token-order-us]").fill(token)
    desk.get_by_test_id("check").click()
    desk.get_by_test_id("save-tokens").click()
    end = desk.get_by_test_id("queue-end")
    expect(end).to_contain_text("2 stores have new tokens. 1 was skipped.")
    check_axe(desk)
    desk.get_by_test_id("again").click()
    expect(title).to_have_text("Outdoor US")
    expect(desk.get_by_test_id("place")).to_have_text("Store 1 of 1")


def test_the_queue_is_walked_by_keyboard(
    desk: Page, three_due: dict[str, ConnectedStore], world: World
) -> None:
    goto(desk, f"{TEMU}/queue/")
    first = three_due["Home Goods US"]
    assert first.order is not None
    desk.locator("[name=token-order-us]").focus()
    desk.keyboard.insert_text(world.authorizations.generate_new(first.order.id).token)
    desk.keyboard.press("Enter")
    expect(desk.locator("#check-title")).to_be_focused()
    desk.get_by_test_id("save-tokens").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Outdoor US")
    desk.get_by_test_id("skip").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Toys US")


@pytest.mark.slow
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("zh-hans", "light")])
def test_the_pages_of_renewing_in_every_dress(
    desk: Page,
    stranger: Page,
    temu: ServedSandbox,
    three_due: dict[str, ConnectedStore],
    language: str,
    scheme: Any,
    live_server: Any,
) -> None:
    from tests.conftest import TESTER

    made = three_due["Home Goods US"]
    _link, secret = links.make_link(made.store, TESTER, language)
    cookie = {"name": "django_language", "value": language, "url": live_server.url}
    desk.context.add_cookies([cookie])  # type: ignore[list-item]
    outside = [f"/renew/{secret.reveal()}/", "/renew/nowhere/"]
    own = [f"{TEMU}/queue/", f"{TEMU}/queue/?days=1", f"{TEMU}/{made.store.pk}/links/"]
    for page, paths in ((stranger, outside), (desk, own)):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 800})
            for path in paths:
                page.goto(live_server.url + path)
                assert sideways(page) <= 0, (path, width)
                check_axe(page)

"""A seller connects a store, loses it, and brings it back: every click in a browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from storewarden.alerts.watching import look
from storewarden.engine import run_once
from storewarden.marketplaces.base import TokenKind
from storewarden.orders.models import Order
from storewarden.stores.models import Credential, Store
from storewarden.stores.probes import probe
from storewarden.stores.queries import usable_credentials
from storewarden.stores.telling import tell_all
from temu_sandbox.control import Control
from temu_sandbox.server import ServedSandbox
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import ConnectedStore
from tests.journeys.conftest import check_axe, picture
from tests.journeys.seller import token_from_seller_central

TEMU = "/settings/authorization-center/temu"


def goto(page: Page, path: str) -> None:
    base = re.match(r"https?://[^/]+", page.url)
    assert base is not None
    page.goto(base.group() + path)


def test_from_seller_central_to_a_connected_store(
    desk: Page, another_tab: Page, temu: ServedSandbox
) -> None:
    product = token_from_seller_central(another_tab, temu, "cn", seed.SEMI_ONE)
    order = token_from_seller_central(another_tab, temu, "us", seed.SEMI_ONE)
    assert product.startswith("access_token:")

    desk.get_by_role("link", name=re.compile("Authorization Center")).first.click()
    desk.get_by_test_id("marketplace-temu").click()
    desk.get_by_test_id("add-store").first.click()
    desk.get_by_label("Store nickname").fill("Home Goods US")
    desk.locator("[name=token-product-cn]").fill(order)  # pasted in the wrong fields
    desk.locator("[name=token-order-us]").fill(product)
    desk.get_by_test_id("check").click()
    expect(desk.get_by_test_id("offer-moves").first).to_be_visible()
    assert Store.objects.count() == 0

    desk.get_by_test_id("offer-moves").first.click()
    card = desk.get_by_test_id("check-card")
    expect(card).to_contain_text(str(seed.SEMI_ONE))
    expect(card).to_contain_text("Demo Home Goods")
    check_axe(desk)
    picture(desk, "check-card", full=True)

    desk.get_by_test_id("connect").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Home Goods US")
    assert Store.objects.get().mall_id == str(seed.SEMI_ONE)
    secret = product.removeprefix("access_token:")
    assert secret not in desk.content()
    check_axe(desk)


def test_a_dead_token_is_seen_and_reauthorized(
    desk: Page,
    another_tab: Page,
    temu: ServedSandbox,
    connect: Callable[..., ConnectedStore],
    world: World,
) -> None:
    made = connect("Home Goods US")
    assert made.order is not None
    world.authorizations.generate_new(made.order.id)
    probe(Credential.objects.select_related("store", "app").get(kind="order"))

    goto(desk, f"{TEMU}/")
    row = desk.get_by_test_id(f"store-{seed.SEMI_ONE}")
    expect(row).to_contain_text("Expired")
    expect(row).to_contain_text("Replaced by a newer token")

    new = token_from_seller_central(another_tab, temu, "us", seed.SEMI_ONE)
    goto(desk, f"{TEMU}/{made.store.pk}/reauthorize/")
    desk.locator("[name=token-order-us]").fill(new)
    desk.get_by_test_id("check").click()
    expect(desk.get_by_test_id("check-card")).to_contain_text("90")
    desk.get_by_test_id("save-tokens").click()
    expect(desk.get_by_test_id("store-state").first).to_contain_text("Authorized")
    assert len(usable_credentials(TokenKind.ORDER)) == 1


@pytest.fixture
def four_stores(
    connect: Callable[..., ConnectedStore], full_store: Store, world: World
) -> list[Store]:
    """As in the picture of the README: two good ones, one soon due, one with a dead order token."""
    good = connect("Home Goods US", seed.SEMI_ONE)
    dying = connect("Outdoor EU", seed.SEMI_TWO, "eu")
    toys = connect("Toys Global", seed.OTHER_SELLERS_SEMI, "global")
    assert dying.order is not None
    assert toys.order is not None
    world.authorizations.remove(dying.order.id)
    world.authorizations.age(toys.order.id, 78)
    for one in Credential.objects.select_related("store", "app"):
        probe(one)
    return [good.store, dying.store, toys.store, full_store]


def test_the_authorization_center_shows_who_needs_a_hand(
    desk: Page, temu: ServedSandbox, four_stores: list[Store], world: World
) -> None:
    from storewarden.orders.actions import pull_orders

    Control(world).make_orders(seed.SEMI_ONE, 12, area="us")
    for credential in usable_credentials(TokenKind.ORDER):
        pull_orders(credential)
    goto(desk, f"{TEMU}/")
    expect(desk.get_by_test_id(f"store-{seed.SEMI_TWO}")).to_contain_text("Disconnected")
    expect(desk.get_by_test_id(f"store-{seed.OTHER_SELLERS_SEMI}")).to_contain_text("Expiring")
    check_axe(desk)
    picture(desk, "authorization-center")
    goto(desk, f"{TEMU}/{four_stores[1].pk}/")
    check_axe(desk)
    picture(desk, "store", full=True)
    goto(desk, f"{TEMU}/timeline/")
    picture(desk, "timeline")
    tell_all()
    look()
    goto(desk, "/")
    expect(desk.get_by_test_id("banner-expired")).to_contain_text("Outdoor EU")
    check_axe(desk)
    picture(desk, "home")


def test_an_order_is_shipped_from_its_page_and_temu_has_it(
    desk: Page, temu: ServedSandbox, connect: Callable[..., ConnectedStore], world: World
) -> None:
    from storewarden.orders.actions import pull_orders

    connect("Home Goods US")
    Control(world).make_orders(seed.SEMI_ONE, 3, area="us")
    for credential in usable_credentials(TokenKind.ORDER):
        pull_orders(credential)
    order = Order.objects.order_by("id").first()
    assert order is not None
    goto(desk, "/orders/")
    check_axe(desk)
    picture(desk, "orders")
    desk.get_by_role("link", name=order.po).first.click()
    desk.get_by_label("Carrier").select_option(label="UPS")
    desk.get_by_label("Tracking number").fill("1Z999AA10123456784")
    check_axe(desk)
    picture(desk, "order", full=True)
    desk.get_by_role("button", name=re.compile("Confirm|Ship")).first.click()
    expect(desk.locator("#ship")).to_contain_text("1Z999AA10123456784")
    run_once("shipping.confirm_due")  # what the engine does within five seconds
    expect(desk.locator("#ship")).to_contain_text("Confirmed")
    assert world.ledger.rows(effect="order_shipped")[0].subject == order.po

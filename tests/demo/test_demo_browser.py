"""The demo's browser and seller, before the sandbox's real pages."""

from collections.abc import Iterator

import pytest

from storewarden.demo.browser import Browser, NotOnThePage, Page
from storewarden.demo.seller import Seller
from temu_sandbox import ServedSandbox, serve
from temu_sandbox.world import seed
from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.world import World


@pytest.fixture
def sandbox(world: World) -> Iterator[ServedSandbox]:
    with serve(world) as served:
        yield served


@pytest.fixture
def seller(sandbox: ServedSandbox) -> Seller:
    return Seller(f"{sandbox.base_url}/seller-central/", seed.MAIN_ACCOUNT)


def test_the_token_on_the_page_is_the_one_that_was_issued(seller: Seller, world: World) -> None:
    copied = seller.authorize(seed.SEMI_ONE, "us", "sandbox-app-us")
    grant = world.authorizations.of_mall(seed.SEMI_ONE)[0]
    assert copied == f"access_token:{grant.token}"


def test_everything_is_ticked(seller: Seller, world: World) -> None:
    seller.authorize(seed.SEMI_ONE, "cn", "sandbox-app-cn")
    grant = world.authorizations.of_mall(seed.SEMI_ONE)[0]
    assert set(grant.packages) == {one.name for one in packages_of("cn")}


def test_the_store_is_switched_first(seller: Seller, world: World) -> None:
    seller.authorize(seed.FULL, "cn", "sandbox-app-cn")
    assert world.authorizations.of_mall(seed.FULL)
    assert not world.authorizations.of_mall(seed.SEMI_ONE)


def test_a_new_token_ends_the_old_one(seller: Seller, world: World) -> None:
    first = seller.authorize(seed.SEMI_ONE, "us", "sandbox-app-us")
    second = seller.generate_new_token(seed.SEMI_ONE, "us")
    assert first != second
    states = [one.state for one in world.authorizations.of_mall(seed.SEMI_ONE)]
    assert states == ["active", "replaced"]


def test_a_sub_account_has_no_service_marketplace_to_click(sandbox: ServedSandbox) -> None:
    helper = Seller(f"{sandbox.base_url}/seller-central/", seed.SUB_ACCOUNT)
    with pytest.raises(NotOnThePage):
        helper.authorize(seed.SEMI_ONE, "us", "sandbox-app-us")


def test_what_is_not_on_the_page_cannot_be_read(sandbox: ServedSandbox) -> None:
    browser = Browser()
    browser.open(sandbox.base_url)
    with pytest.raises(NotOnThePage):
        browser.read("access-token")


def test_a_form_is_sent_with_its_fields_and_only_the_ticked_boxes() -> None:
    html = """<form action="/go"><input type="hidden" name="a" value="1">
      <input type="checkbox" name="b" value="2" data-testid="box">
      <button name="c" value="3" data-testid="press">Go</button></form>"""
    form = Page("http://x.test/", html).forms[0]
    assert (form.action, form.fields) == ("/go", [("a", "1")])
    assert (form.boxes, form.buttons) == ({"box": ("b", "2")}, {"press": ("c", "3")})

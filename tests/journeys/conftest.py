"""A browser, the product over HTTP, and the sandbox's pages beside it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from storewarden.people.actions import create_owner
from storewarden.stores.models import DeveloperApp
from temu_sandbox.server import ServedSandbox, serve
from temu_sandbox.world.world import World
from tests.conftest import CHROMIUM, VirtualTime

PASSWORD = "a-long-enough-phrase-9"
PICTURES = os.environ.get("STOREWARDEN_PICTURES")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason="Chromium is not installed (Debian: chromium)")
    for item in items:
        if "journeys" in item.nodeid:
            item.add_marker(pytest.mark.journey)
            if not Path(CHROMIUM).exists():
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {
        "viewport": {"width": 1280, "height": 800},
        "locale": "en-GB",
        "timezone_id": "Asia/Shanghai",
        "permissions": ["clipboard-read", "clipboard-write"],
    }


@pytest.fixture
def temu(world: World, clock: VirtualTime) -> Iterator[ServedSandbox]:
    """The sandbox's pages over HTTP; the product calls the same world in process."""
    with serve(world) as served:
        yield served


@pytest.fixture
def desk(
    transactional_db: None,
    live_server: Any,
    page: Page,
    apps: dict[str, DeveloperApp],
) -> Page:
    """The product, signed in as the owner. `page.goto("/…")` is relative to it."""
    create_owner("owner@example.test", PASSWORD)
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("E-mail").fill("owner@example.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_server.url}/")
    return page


@pytest.fixture
def another_tab(context: BrowserContext) -> Page:
    return context.new_page()


def _rest_at_the_top(page: Page) -> None:
    """What the sticky bar covers counts as too small, and htmx scrolls on for a moment."""
    for _ in range(20):
        page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
        page.wait_for_timeout(100)
        if page.evaluate("window.scrollY") == 0:
            return


def check_axe(page: Page) -> None:
    """No finding of axe-core (WCAG 2.2 AA) on the page as it stands."""
    _rest_at_the_top(page)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules).response["violations"]
    told = [
        f"{one['id']}: {one['help']} → {one['nodes'][0]['html'][:160]} {one['nodes'][0]['any'][:1]}"
        for one in found
    ]
    assert told == [], f"{page.url}: {told}"


def picture(page: Page, name: str, *, full: bool = False) -> None:
    """A picture for the documents, when STOREWARDEN_PICTURES names a folder."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=full, animations="disabled")

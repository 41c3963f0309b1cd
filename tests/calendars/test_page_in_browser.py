"""Settings › Calendar in a real browser: made by keyboard, shown once, clean for everybody."""

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright
from pytest_django.live_server_helper import LiveServer

from storewarden.calendars import actions
from tests.conftest import TESTER
from tests.web import factories

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (Debian: chromium)"),
]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


def opened(chromium: Browser, server: LiveServer, width: int, theme: str) -> Page:
    session = factories.reader().cookies["sessionid"].value
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        locale="en-US",
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/settings/calendar/")
    return page


def is_clean(page: Page) -> None:
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (400, "dark")])
def test_a_calendar_is_made_by_keyboard_and_read(
    chromium: Browser, live_server: LiveServer, width: int, theme: str
) -> None:
    factories.owner()
    old = actions.make("Old phone of somebody with a long name", "zh-hans", TESTER)
    actions.revoke(old.feed, TESTER)
    page = opened(chromium, live_server, width, theme)
    is_clean(page)
    page.focus("#id_name")
    page.keyboard.type("Phone of Li")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-testid=new-address]")
    is_clean(page)
    address = page.input_value("#feed-address")
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    page.click("[data-testid=feed] a")
    is_clean(page)
    page.click("[data-testid=revoke-yes]")
    page.wait_for_selector(".note-ok")
    assert page.request.get(address).status == 404
    page.context.close()

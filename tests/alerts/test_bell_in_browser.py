"""The bell in a real browser: it counts by itself, and is silent when nobody answers it."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect
from pytest_django.live_server_helper import LiveServer

from tests.alerts.kit import Time, alert, bare_store, signed_in

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (Debian: chromium)"),
]
A_MINUTE_MS = 61_000


@pytest.fixture
def desk(
    transactional_db: None, time: Time, playwright: Playwright, live_server: LiveServer
) -> Iterator[Page]:
    """The preferences, opened with a clock that the test moves on."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page()
    session = signed_in().cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.clock.install()
    page.goto(f"{live_server.url}/preferences/")
    yield page
    browser.close()


def test_an_alert_that_is_raised_later_is_counted_without_a_click(desk: Page) -> None:
    expect(desk.get_by_role("link", name="0 alerts")).to_be_visible()
    alert(bare_store("Alpha"))
    desk.clock.run_for(A_MINUTE_MS)
    expect(desk.get_by_role("link", name="1 alert")).to_be_visible()
    desk.get_by_test_id("bell").click()
    expect(desk.get_by_role("heading", name="Alerts", exact=True)).to_be_visible()


def test_a_server_that_is_away_does_not_make_the_bell_complain(desk: Page) -> None:
    asked: list[str] = []
    desk.route("**/alerts/bell/", lambda route: (asked.append("bell"), route.abort()))
    desk.clock.run_for(3 * A_MINUTE_MS)
    desk.wait_for_timeout(200)
    assert asked
    expect(desk.locator("#toasts-bad .note")).to_have_count(0)
    expect(desk.get_by_role("link", name="0 alerts")).to_be_visible()

"""The web kit in a real browser: theme, keys, dialogs, times, and what axe finds."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, Route
from pytest_django.live_server_helper import LiveServer

from tests.web import factories
from tests.web.factories import NOON, StoppedClock

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (Debian: chromium)"),
]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser wrote to its console: broken scripts, and what the policy stopped."""
    return []


@pytest.fixture
def opened(
    chromium: Browser, live_server: LiveServer, noon: StoppedClock, complaints: list[str]
) -> Iterator[Opened]:
    """Open a page as the owner: `opened("/", width=400, theme="dark")`."""
    contexts = []

    def visit(path: str, *, width: int = 1280, theme: str = "light", guest: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if theme == "dark" else "light",
            locale="en-US",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        if not guest:
            session = factories.reader().cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    yield visit
    for context in contexts:
        context.close()


def fill_the_desk() -> None:
    store = factories.store("Alpha", state="disconnected")
    factories.store("Beta", "634418200002")
    factories.order(store, "PO-211-1", NOON - timedelta(hours=2))
    factories.order(store, "PO-211-2", NOON + timedelta(hours=40))
    factories.pull(store, failing_since=NOON - timedelta(hours=5), failure="Temu is unwell")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("path", ["/", "/preferences/", "/nowhere/"])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    opened: Opened, complaints: list[str], path: str, width: int, theme: str
) -> None:
    factories.owner()
    fill_the_desk()
    page = opened(path, width=width, theme=theme)
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [one for one in complaints if "404" not in one] == []


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("somebody", [True, False])
def test_axe_finds_nothing_at_the_way_in(opened: Opened, width: int, somebody: bool) -> None:
    if somebody:
        factories.owner()
    page = opened("/", width=width, guest=True)
    page.click("main form .btn-primary")
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def test_the_empty_desk_is_clean_too(opened: Opened) -> None:
    found = Axe().run(opened("/"), options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def test_the_theme_follows_the_machine_until_one_is_chosen(opened: Opened) -> None:
    page = opened("/", theme="dark")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.click("[data-theme-button]")
    assert page.get_attribute("html", "data-bs-theme") == "light"
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "light"


def test_the_theme_is_there_before_anything_is_drawn(opened: Opened) -> None:
    page = opened("/", theme="dark")
    scripts = page.eval_on_selector_all(
        "head script, head link[rel=stylesheet]", "all => all.map(one => one.src || one.href)"
    )
    assert "theme.js" in scripts[0]
    assert page.evaluate("document.querySelector('head script').async") is False
    assert page.evaluate("document.querySelector('head script').defer") is False


def test_slash_goes_to_the_search_and_g_s_to_the_stock(opened: Opened) -> None:
    page = opened("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "top-search"
    page.keyboard.type("gs")
    assert page.input_value("#top-search") == "gs"
    page.locator("#top-search").blur()
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/preferences/")


def test_the_help_lists_the_keys_and_can_switch_them_off(opened: Opened) -> None:
    page = opened("/")
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog#keys")
    page.locator("body").click(position={"x": 700, "y": 700})
    page.keyboard.press("?")
    assert not page.is_visible("dialog#keys")


def test_the_first_tab_stop_skips_to_the_content(opened: Opened) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_small_window_opens_and_closes_its_menu_by_keyboard(opened: Opened) -> None:
    page = opened("/", width=400)
    assert not page.is_visible(".desk-side a")
    page.focus("[data-menu]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".desk-side a[aria-current]", state="visible")
    assert page.get_attribute("[data-menu]", "aria-expanded") == "true"
    page.keyboard.press("Escape")
    page.wait_for_selector(".desk-side a[aria-current]", state="hidden")


def test_the_browser_says_times_in_the_servers_words_by_the_servers_clock(
    opened: Opened,
) -> None:
    """The browser's own clock is months off the server's here; its words must agree anyway."""
    for index, seconds in enumerate([10, 200, 4000, 80_000, 400_000]):
        row = factories.pull(factories.store(f"S{index}", f"{index}"))
        row.finished_at = NOON - timedelta(seconds=seconds)
        row.save()
    page = opened("/")
    served = page.eval_on_selector_all("time[data-ago]", "all => all.map(one => one.textContent)")
    page.eval_on_selector_all("time[data-ago]", "all => all.forEach(one => one.textContent = '')")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    told = page.eval_on_selector_all("time[data-ago]", "all => all.map(one => one.textContent)")
    assert told == served == ["just now", "3 min ago", "1 h ago", "22 h ago", "4 d ago"]


def test_the_browsers_zone_is_remembered_for_the_next_page(opened: Opened) -> None:
    page = opened("/")
    page.goto(page.url + "preferences/")
    assert "Times are shown in Asia/Shanghai" in page.inner_text("main")


def test_a_form_is_sent_once_however_often_it_is_pressed(opened: Opened) -> None:
    page = opened("/preferences/")
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.dblclick("main form .btn-primary")
    page.wait_for_selector(".note-ok")
    assert len(posts) == 1


def test_a_form_under_way_is_not_sent_again_by_other_means(opened: Opened) -> None:
    """While the answer is awaited, pressing Enter in a field asks for another sending."""
    page = opened("/preferences/")
    posts: list[Route] = []
    page.route("**/preferences/", lambda route: posts.append(route))
    page.evaluate(
        """async () => {
            const form = document.querySelector("main form");
            for (const _time of [1, 2, 3]) {
                form.requestSubmit();
                await new Promise((done) => setTimeout(done, 50));
            }
        }"""
    )
    assert len(posts) == 1


def test_a_deed_that_asks_first_is_done_only_after_yes(opened: Opened) -> None:
    page = opened("/preferences/")
    page.evaluate("document.querySelector('main form').dataset.confirm = 'Really?'")
    page.click("main form .btn-primary")
    assert "Really?" in page.inner_text("dialog#confirm")
    page.keyboard.press("Escape")
    assert not page.is_visible(".note-ok")
    page.click("main form .btn-primary")
    page.click("dialog#confirm [data-yes]")
    page.wait_for_selector(".note-ok")


def test_a_lost_connection_is_said_in_words(opened: Opened) -> None:
    page = opened("/")
    page.route("**/livez", lambda route: route.abort())
    page.evaluate("htmx.ajax('GET', '/livez', '#main').catch(() => 0)")
    page.wait_for_selector("#toasts-bad .note")
    assert "Storewarden did not answer" in page.inner_text("#toasts-bad")


def test_a_refusal_of_a_partial_request_shows_its_sentence(opened: Opened) -> None:
    page = opened("/")
    page.evaluate("htmx.ajax('GET', '/nowhere/', '#main').catch(() => 0)")
    page.wait_for_selector("#toasts-bad .note")
    assert "Nothing stands at this address" in page.inner_text("#toasts-bad")


def test_no_page_is_kept_in_the_browsers_storage(opened: Opened) -> None:
    page = opened("/")
    page.evaluate(
        """() => {
            const link = document.querySelector(".brand");
            const asks = {"hx-get": "/preferences/", "hx-target": "#main", "hx-select": "#main"};
            for (const [name, value] of Object.entries(asks)) link.setAttribute(name, value);
            link.setAttribute("hx-push-url", "true");
            htmx.process(link);
            link.click();
        }"""
    )
    page.wait_for_selector("text=Time zone")
    kept = page.evaluate("JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})")
    assert "<" not in kept

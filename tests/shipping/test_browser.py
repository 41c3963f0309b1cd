"""The order desk in a real browser: what axe finds, and shipping by keyboard."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright
from pytest_django.live_server_helper import LiveServer

from storewarden import clock as product_clock
from storewarden.marketplaces.base import OrderState, Unreadable
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order, OrderLine, OrderPull
from storewarden.people.actions import create_owner
from storewarden.shipping.models import Carrier, Parcel, ShipFromWarehouse
from tests.orders.factories import a_credential, a_line, a_store, an_order

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
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
def opened(chromium: Browser, live_server: LiveServer, complaints: list[str]) -> Iterator[Opened]:
    """Open a page as the owner: `opened("/orders/", width=400, theme="dark")`."""
    signed_in = Client()
    signed_in.force_login(create_owner("owner@example.test", "a long enough password"))
    session = signed_in.cookies["sessionid"].value
    contexts = []

    def visit(path: str, *, width: int = 1280, theme: str = "light") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            locale="en-US",
        )
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def desk(db: None) -> list[Order]:
    """A desk with orders in many states, a refused and an unknown parcel, and an inbox."""
    now, store = product_clock.now(), a_store("Alpha Home Goods")
    lines = (a_line(1, quantity=2, pieces_each=3), a_line(99))
    made = [
        an_order(1, lines=lines, ship_by=now + timedelta(hours=5), labels=("soon_to_be_overdue",)),
        an_order(2, ship_by=now - timedelta(hours=7), labels=("past_due",)),
        an_order(3, ship_by=now + timedelta(days=3), warnings=("RESTRICT_SELF_SHIPPING",)),
        an_order(4, state=OrderState.ON_HOLD, ship_by=None),
        an_order(5, state=OrderState.SHIPPED),
        an_order(6, state=OrderState.UNKNOWN, status_code="77"),
        *(an_order(n, ship_by=now + timedelta(hours=n)) for n in range(10, 75)),
    ]
    bad = [Unreadable("PO-211-000000000999", {"parentOrderMap": {}}, "orderList is missing")]
    record_orders(store, "us", made, bad)
    OrderLine.objects.update(picture_url="")  # nothing may be fetched from a test
    OrderPull.objects.create(
        credential=a_credential(store), good_until=now, finished_at=now, tried_at=now
    )
    Carrier.objects.create(
        marketplace="temu", region_id="211", carrier_id="9", name="UPS", read_at=now
    )
    ShipFromWarehouse.objects.create(
        store=store,
        area="us",
        warehouse_id="WH-1",
        name="LA-1",
        region_id="211",
        default=True,
        read_at=now,
    )
    found = list(Order.objects.order_by("po"))
    for order, state, cause in (
        (found[1], "refused", "120014022"),
        (found[7], "unknown", "no_answer"),
    ):
        Parcel.objects.create(
            order=order,
            carrier_id="9",
            carrier_name="UPS",
            tracking_number=f"1Z{order.pk}",
            warehouse_id="WH-1",
            state=state,
            cause=cause,
            their_code=cause if cause.isdigit() else "",
            planned_at=now,
            planned_by="owner@example.test",
        )
    return found


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (400, "dark")])
def test_axe_finds_nothing_on_the_order_desk_and_nothing_runs_over_the_edge(
    opened: Opened, desk: list[Order], complaints: list[str], width: int, theme: str
) -> None:
    pages = ["/orders/", "/orders/inbox/", "/shipping/"]
    pages += [f"/orders/{desk[at].pk}/" for at in (0, 1, 2, 7)]
    for path in pages:
        page = opened(path, width=width, theme=theme)
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, (path, found.generate_report())
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, path
    assert complaints == []


def test_an_order_is_shipped_by_keyboard_alone(opened: Opened, desk: list[Order]) -> None:
    page = opened(f"/orders/{desk[0].pk}/")
    page.get_by_label("Carrier").focus()
    page.keyboard.type("UPS")
    page.keyboard.press("Tab")
    page.keyboard.type("1Z999AA10123456784")
    page.keyboard.press("Enter")
    page.get_by_text("To be confirmed", exact=True).wait_for()
    parcel = Parcel.objects.get(order=desk[0])
    assert (parcel.state, parcel.tracking_number) == ("planned", "1Z999AA10123456784")
    Parcel.objects.filter(pk=parcel.pk).update(state="confirmed")
    page.get_by_text("Temu has this parcel on record.").first.wait_for()


def test_a_bad_number_is_told_at_its_field(opened: Opened, desk: list[Order]) -> None:
    page = opened(f"/orders/{desk[0].pk}/")
    page.get_by_label("Carrier").select_option("9")
    page.get_by_label("Tracking number").fill("1Z 999")
    page.get_by_role("button", name="Ship and tell Temu").click()
    field = page.locator("#ship_tracking[aria-invalid=true]")
    field.wait_for()
    assert (
        "refuses"
        in page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}").inner_text()
    )
    assert field.input_value() == "1Z 999"


def test_typing_a_po_into_the_filter_finds_it(opened: Opened, desk: list[Order]) -> None:
    page = opened("/orders/")
    page.get_by_label("PO, order, SKU code or tracking number").fill(desk[0].po)
    page.locator("#rows tbody tr").nth(1).wait_for(state="detached")
    assert page.locator("#rows tbody tr").count() == 1

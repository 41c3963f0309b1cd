"""Webhooks in a browser: from the first endpoint to a delivery that is sent again."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storewarden.vault import Secret
from storewarden.webhooks.models import Delivery, Endpoint
from storewarden.webhooks.sending import deliver_due
from tests.journeys.conftest import (
    CHROMIUM,
    browser_context_args,
    check_axe,
    desk,
    picture,
)
from tests.outward.servers import Receiver
from tests.webhooks.kit import Time, happen, happen_and_send, is_signed, made

__all__ = ["browser_context_args", "desk"]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed"),
]


@pytest.fixture
def apps() -> None:
    """The desk needs no developer apps here."""


@pytest.fixture
def site(live_server: Any, time: Time, desk: Page) -> Page:
    desk.goto(f"{live_server.url}/settings/webhooks/")
    return desk


def test_from_an_address_to_a_delivery_that_is_sent_again(site: Page, receiver: Receiver) -> None:
    site.get_by_role("link", name="Add endpoint").click()
    site.get_by_label("Address", exact=True).fill(receiver.url)
    site.get_by_test_id("save-endpoint").click()
    expect(site.get_by_text("Plain http:// is refused")).to_be_visible()
    site.get_by_label("This address lies in my own network").check()
    site.get_by_label("Description").fill("ERP")
    site.get_by_test_id("save-endpoint").click()
    picture(site, "webhook-secret-shown")
    check_axe(site)
    site.get_by_role("button", name="Copy the signing secret").click()
    secret = Secret(site.evaluate("navigator.clipboard.readText()"))
    site.get_by_test_id("secret-kept").click()
    site.get_by_test_id("send-test").click()
    expect(site.get_by_text("It was not tried yet.")).to_be_visible()
    deliver_due()
    expect(site.get_by_test_id("delivery-state")).to_contain_text("Delivered")
    site.get_by_test_id("redeliver").click()
    expect(site.get_by_text("It is sent once more, under the same id.")).to_be_visible()
    deliver_due()
    expect(site.get_by_test_id("attempt")).to_have_count(2)
    assert [is_signed(one, secret) for one in receiver.arrived] == [True, True]


@pytest.fixture
def furnished(transactional_db: None, time: Time, receiver: Receiver) -> list[str]:
    """Endpoints in every state, deliveries in every state; the addresses of all pages."""
    own = made(receiver.url, own_network=True, description="ERP of the warehouse")
    receiver.replies(200)
    happen_and_send("store.connected")
    receiver.replies(500)
    happen_and_send("store.expired")
    failed = Delivery.objects.get(type="store.expired")
    Delivery.objects.filter(pk=failed.pk).update(
        state="failed", next_at=None, finished_at=failed.made_at
    )
    happen_and_send("authorization.scope_missing")
    time.advance(7200)
    happen("store.expiring")
    made("https://hooks.example.test/services/storewarden/a-rather-long-path/of-a-receiver")
    gone = made("https://old.example.test/", types=["store.expired"], description="Old desk").row
    Endpoint.objects.filter(pk=gone.pk).update(off_at=gone.made_at, off_why="gone")
    home = "/settings/webhooks/"
    row = f"{home}{own.row.pk}/"
    deeds = [f"{row}{deed}/" for deed in ("change", "secret", "remove")]
    return [home, f"{home}add/", row, f"{home}{gone.pk}/", *deeds, f"{row}deliveries/{failed.pk}/"]


NAMES = ["webhooks", "webhook-add", "webhook-endpoint", "webhook-off", "webhook-change",
         "webhook-secret", "webhook-remove", "webhook-delivery"]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_finding_nor_scrolls_sideways(
    furnished: list[str], site: Page, live_server: Any, scheme: str
) -> None:
    site.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path, name in zip(furnished, NAMES, strict=True):
        site.set_viewport_size({"width": 1280, "height": 800})
        site.goto(live_server.url + path)
        check_axe(site)
        picture(site, f"{name}-{scheme}-1280", full=True)
        site.set_viewport_size({"width": 400, "height": 800})
        picture(site, f"{name}-{scheme}-400", full=True)
        over = site.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert (path, over) == (path, 0)

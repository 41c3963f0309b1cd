"""Settings › Developer apps: the address to copy, what came, which stores send, and why not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from storewarden.engine import run_once
from storewarden.stores.models import DeveloperApp, Store
from temu_openapi import webhooks
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.arrivals.kit import NEWS, path_of, send
from tests.conftest import ConnectedStore, VirtualTime
from tests.stores.pages_kit import APPS, said, signed_in, text

Apps = dict[str, DeveloperApp]
pytestmark = pytest.mark.django_db
Hook = Callable[..., None]


def part(area: str, language: str = "en") -> str:
    """The part of the page about one app's events."""
    page = signed_in(language).get(APPS).content.decode()
    return page.partition(f'data-testid="events-{area}"')[2].partition("</section>")[0]


def words(area: str, language: str = "en") -> str:
    class Part:
        content = part(area, language).encode()

    return text(Part())  # type: ignore[arg-type]


@pytest.mark.parametrize("area", ["us", "eu", "global"])
def test_each_order_app_shows_its_address_to_copy(apps: Apps, area: str) -> None:
    address = f"http://testserver{path_of(apps[area])}"
    assert f'data-copy="{address}"' in part(area)
    assert address in words(area)


def test_the_product_app_has_no_such_part(apps: Apps) -> None:
    assert part("cn") == ""


def test_without_apps_there_is_no_such_part(db: None, clock: VirtualTime) -> None:
    assert part("us") == ""


def test_the_address_is_told_under_the_public_name(
    apps: Apps, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = replace(settings.CONFIG, public_url="https://desk.example.test")
    monkeypatch.setattr(settings, "CONFIG", public)
    assert f"https://desk.example.test{path_of(apps['us'])}" in words("us")
    assert "Enter it for this app on Temu's partner site" in words("us")


def test_an_address_that_temu_cannot_call_says_so(apps: Apps) -> None:
    assert "Temu calls only https addresses" in words("us")


def test_before_anything_came_it_says_never(apps: Apps) -> None:
    assert "Last event never In the last day 0 events" in words("us")


def test_what_came_is_counted_by_its_code_for_a_day(apps: Apps, clock: VirtualTime) -> None:
    send(apps["us"], {**NEWS, "orderSn": "old"})
    clock.advance(86_400)
    for number in range(3):
        send(apps["us"], {**NEWS, "orderSn": f"211-{number}"})
    send(apps["us"], {}, code="bg_made_tomorrow")
    clock.advance(300)
    told = words("us")
    assert "Last event 5 min ago In the last day 4 events" in told
    assert f"{webhooks.ORDER_STATUS_CHANGED} × 3" in told
    assert "bg_made_tomorrow × 1 · not known here: kept, leads to nothing" in told


def test_the_last_event_is_told_however_long_ago(apps: Apps, clock: VirtualTime) -> None:
    send(apps["us"])
    run_once("arrivals.settle")
    clock.advance(days=30)
    run_once("arrivals.forget")
    assert "Last event 30 d ago In the last day 0 events" in words("us")


def test_one_apps_messages_do_not_count_for_another(apps: Apps) -> None:
    send(apps["us"])
    assert "Last event never In the last day 0 events" in words("eu")


def test_a_store_that_sends_is_counted(hooked: Hook, semi_store: Store) -> None:
    hooked("us")
    run_once("arrivals.hear")
    assert "Stores that send events 1 / 1" in words("us").replace(" of ", " / ")


def test_a_store_nobody_asked_about_yet_is_named(semi_store: Store) -> None:
    assert "0 of 1 Alpha: Temu has not been asked yet." in words("us")


def test_what_temu_said_is_kept_and_shown(
    hooked: Hook, connect: Callable[..., ConnectedStore], control: Control
) -> None:
    grant = connect().order
    assert grant is not None
    hooked("us")
    control.withhold_events(grant.id, [webhooks.ORDER_STATUS_CHANGED])
    run_once("arrivals.hear")
    assert "Alpha: Temu said: Access_token don't have this event access" in words("us")


def test_an_app_without_a_subscription_is_told_where_to_make_one(semi_store: Store) -> None:
    run_once("arrivals.hear")
    assert "This app has subscribed no order events on Temu's partner site" in words("us")


def test_a_stopped_app_is_told_so(hooked: Hook, semi_store: Store, control: Control) -> None:
    hooked("us")
    control.stop_webhooks("sandbox-app-us")
    run_once("arrivals.hear")
    assert "Temu has stopped sending to this app" in words("us")
    assert "0 of 1" in words("us")


def test_temu_is_asked_again_at_a_click(hooked: Hook, semi_store: Store, apps: Apps) -> None:
    run_once("arrivals.hear")
    hooked("us")
    answer = signed_in().post(f"/hooks/{apps['us'].pk}/ask-again/")
    assert answer["Location"] == APPS
    assert said(answer) == ["Temu is asked about the events of this app within a minute."]
    run_once("arrivals.hear")
    assert "1 of 1" in words("us")


@pytest.mark.parametrize("area", ["cn", ""])
def test_there_is_nothing_to_ask_about_an_app_without_events(apps: Apps, area: str) -> None:
    pk = apps[area].pk if area else "00000000-0000-4000-8000-000000000000"
    assert signed_in().post(f"/hooks/{pk}/ask-again/").status_code == 404


def test_asking_again_needs_a_sign_in_and_a_post(apps: Apps) -> None:
    path = f"/hooks/{apps['us'].pk}/ask-again/"
    signed_in()
    assert Client().post(path)["Location"].startswith("/accounts/login/")
    assert signed_in().get(path).status_code == 405


def test_asking_again_is_guarded_against_other_sites(apps: Apps) -> None:
    owner = signed_in()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    assert strict.post(f"/hooks/{apps['us'].pk}/ask-again/").status_code == 403


def test_no_app_secret_is_on_the_page(apps: Apps) -> None:
    assert "sandbox-secret" not in signed_in().get(APPS).content.decode()


def test_more_messages_and_stores_cost_no_more_queries(
    apps: Apps,
    connect: Callable[..., ConnectedStore],
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    connect()
    connect("Beta", seed.SEMI_TWO)
    for number in range(10):
        send(apps["us"], {**NEWS, "orderSn": f"211-{number}"}, code=f"bg_code_{number}")
    browser = signed_in()
    browser.get(APPS)
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        browser.get(APPS)

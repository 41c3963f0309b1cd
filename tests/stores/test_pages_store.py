"""A store's own page."""

from collections.abc import Callable
from uuid import UUID

from storewarden.stores.actions import note
from storewarden.stores.models import Credential, Store
from storewarden.stores.probes import probe
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import ConnectedStore, VirtualTime
from tests.stores.pages_kit import LIST, signed_in, text, url_of

NOBODY = UUID("00000000-0000-4000-8000-000000000000")


def probe_all(store: Store) -> None:
    for one in store.credentials.select_related("store", "app"):
        probe(one)


def test_an_unknown_store_is_not_found(apps):
    assert signed_in().get(f"{LIST}{NOBODY}/").status_code == 404


def test_both_sides_of_a_good_store_work(semi_store: Store):
    shown = text(signed_in().get(url_of(semi_store)))
    assert "Listings come in. Stock push is switched off." in shown
    assert "Orders come in, and parcels can be confirmed." in shown


def test_a_dead_order_token_stops_its_side_and_the_other_works_on(
    connect: Callable[..., ConnectedStore], control: Control
):
    made = connect()
    control.remove_grant(made.order.id)
    probe_all(made.store)
    died = Credential.objects.get(kind="order").died_at
    shown = text(signed_in().get(url_of(made.store)))
    assert f"Orders and shipping, US stopped since {died:%Y-%m-%d %H:%M}" in shown
    assert "Disconnected in Seller Central." in shown
    assert "Listings come in." in shown


def test_a_token_past_its_end_stops_at_that_end(semi_store: Store, clock: VirtualTime):
    end = Credential.objects.get(kind="order").expires_at
    clock.advance(days=91)
    shown = text(signed_in().get(url_of(semi_store)))
    assert f"Orders and shipping, US stopped since {end:%Y-%m-%d %H:%M}" in shown


def test_a_paused_store_says_that_you_paused_it(semi_store: Store):
    client = signed_in()
    client.post(url_of(semi_store, "pause/"))
    shown = text(client.get(url_of(semi_store)))
    assert "Paused by you." in shown


def test_permissions_are_told_by_what_they_are_for(semi_store: Store):
    row = Credential.objects.get(kind="order")
    row.scopes = [one for one in row.scopes if "confirm" not in one]
    row.save()
    shown = text(signed_in().get(url_of(semi_store)))
    assert "Permissions: 5 of 6" in shown
    assert "Works, but cannot: confirm parcels." in shown


def test_a_token_is_shown_by_its_fingerprint_and_last_four(semi_store: Store):
    row = Credential.objects.get(kind="product")
    shown = text(signed_in().get(url_of(semi_store)))
    assert f"…{row.last4}" in shown
    assert row.fingerprint[:12] in shown


def test_the_history_says_who_which_deed_and_what_temu_said(
    connect: Callable[..., ConnectedStore], control: Control
):
    made = connect()
    control.remove_grant(made.order.id)
    probe_all(made.store)
    row = Credential.objects.get(kind="order")
    shown = text(signed_in().get(url_of(made.store)))
    assert "tester@example.test Store connected" in shown
    assert "Storewarden, by itself Token stopped working: Order shipping token (US)" in shown
    assert f"Temu said: {row.their_message} {row.their_code}" in shown


def test_older_history_stands_on_another_page(semi_store: Store):
    for number in range(30):
        note(semi_store, "renamed", detail={"before": f"name {number}.", "after": "x"})
    client = signed_in()
    first = client.get(url_of(semi_store))
    cursor = first.context["older"]
    assert "Store connected" not in text(first)
    second = text(client.get(f"{url_of(semi_store)}?after={cursor}"))
    assert "Store connected" in second
    assert "name 29." not in second


def test_a_cursor_that_is_none_shows_the_newest(semi_store: Store):
    client = signed_in()
    for cursor in ("x", "-1", "9" * 40, "%00", "²"):
        assert client.get(f"{url_of(semi_store)}?after={cursor}").status_code == 200


def test_past_tokens_stay_with_their_end_and_its_cause(
    connect: Callable[..., ConnectedStore], world: World
):
    made = connect()
    newer = world.authorizations.generate_new(made.order.id)
    client = signed_in()
    client.post(url_of(made.store, "reauthorize/"), {"token-order-us": newer.token})
    shown = text(client.get(url_of(made.store)))
    past = shown.partition("Past tokens")[2]
    assert f"…{made.order.token[-4:]}" in past
    assert "Replaced by a newer token." in past


def test_an_archived_store_can_be_connected_again(semi_store: Store):
    client = signed_in()
    client.post(url_of(semi_store, "archive/"))
    shown = text(client.get(url_of(semi_store)))
    assert "Connect again" in shown
    assert "Archived: nothing runs." in shown


def test_the_shop_name_of_temu_is_shown(semi_store: Store):
    shown = text(signed_in().get(url_of(semi_store)))
    assert str(seed.SEMI_ONE) in shown
    assert "Demo Home Goods" in shown

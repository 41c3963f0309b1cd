"""Reauthorize: the same token again, a new one, one of another store, a dead one."""

from collections.abc import Callable

import pytest

from storewarden import vault
from storewarden.stores.models import Credential
from storewarden.stores.probes import probe
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import ConnectedStore, Granting, VirtualTime
from tests.stores.pages_kit import HTMX, said, signed_in, text, url_of


@pytest.fixture
def made(connect: Callable[..., ConnectedStore]) -> ConnectedStore:
    return connect()


def tokens(**given: str) -> dict[str, str]:
    return {f"token-{slot.replace('_', '-')}": token for slot, token in given.items()}


def probe_all(made: ConnectedStore) -> None:
    for one in made.store.credentials.select_related("store", "app"):
        probe(one)


def test_the_page_shows_what_is_there_now(made: ConnectedStore):
    shown = text(signed_in().get(url_of(made.store, "reauthorize/")))
    assert "There now:" in shown
    assert f"…{made.product.token[-4:]}" in shown


def test_the_same_token_is_recognised_by_the_check(made: ConnectedStore):
    data = tokens(order_us=made.order.token)
    answer = signed_in().post(url_of(made.store, "reauthorize/check/"), data, headers=HTMX)
    assert answer.status_code == 200
    assert "the same token as before" in text(answer)


def test_a_disconnected_store_works_again_with_the_same_token(
    made: ConnectedStore, control: Control
):
    control.remove_grant(made.order.id)
    probe_all(made)
    control.authorize_again(made.order.id)
    data = tokens(order_us=made.order.token)
    answer = signed_in().post(url_of(made.store, "reauthorize/"), data)
    assert answer["Location"] == url_of(made.store)
    assert "is the same one as before; it works until" in said(answer)[0]
    assert Credential.objects.get(kind="order").state == "active"


def test_a_new_token_is_said_to_be_new(made: ConnectedStore, world: World):
    newer = world.authorizations.generate_new(made.order.id)
    data = tokens(order_us=newer.token)
    answer = signed_in().post(url_of(made.store, "reauthorize/"), data)
    assert "is new; it works until" in said(answer)[0]
    kept = Credential.objects.get(kind="order").fingerprint
    assert kept == vault.fingerprint(Secret(newer.token))


def test_a_token_of_another_store_is_refused_and_nothing_is_stored(
    made: ConnectedStore, grant: Granting
):
    before = Credential.objects.get(kind="order").fingerprint
    data = tokens(order_us=grant(seed.SEMI_TWO, "us").token)
    answer = signed_in().post(url_of(made.store, "reauthorize/"), data, headers=HTMX)
    assert answer.status_code == 422
    assert "This token belongs to another store" in text(answer)
    assert Credential.objects.get(kind="order").fingerprint == before


def test_a_token_past_its_end_is_refused_with_the_date(made: ConnectedStore, clock: VirtualTime):
    end = Credential.objects.get(kind="order").expires_at
    clock.advance(days=91)
    data = tokens(order_us=made.order.token)
    answer = signed_in().post(url_of(made.store, "reauthorize/"), data, headers=HTMX)
    assert answer.status_code == 422
    assert f"ended on {end:%Y-%m-%d}" in text(answer)
    assert "dead for good" in text(answer)


def test_nothing_pasted_is_refused(made: ConnectedStore):
    answer = signed_in().post(url_of(made.store, "reauthorize/"), {}, headers=HTMX)
    assert answer.status_code == 422
    assert "No token was entered." in text(answer)


def test_a_second_area_can_be_added(made: ConnectedStore, grant: Granting):
    data = tokens(order_eu=grant(seed.SEMI_ONE, "eu").token)
    signed_in().post(url_of(made.store, "reauthorize/"), data)
    assert made.store.credentials.filter(kind="order").count() == 2


def test_the_one_click_of_the_add_form_reauthorizes_the_existing_store(made: ConnectedStore):
    data = {"store_type": "semi", "nickname": "Other", **tokens(order_us=made.order.token)}
    answer = signed_in().post(url_of(made.store, "reauthorize/"), data, headers=HTMX)
    assert answer["HX-Redirect"] == url_of(made.store)

"""The deeds of a store's menu."""

from collections.abc import Callable
from uuid import UUID

import pytest

from storewarden.stores.models import Credential, Store
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.conftest import ConnectedStore, VirtualTime
from tests.stores.pages_kit import LIST, said, signed_in, text, url_of

NOBODY = UUID("00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    ("deed", "field", "expected"),
    [
        ("pause/", "paused_at", True),
        ("resume/", "paused_at", False),
        ("stock-push-on/", "stock_push_on", True),
        ("stock-push-off/", "stock_push_on", False),
        ("archive/", "archived_at", True),
    ],
)
def test_a_deed_is_done_and_leads_back(semi_store: Store, deed: str, field: str, expected: bool):
    answer = signed_in().post(url_of(semi_store, deed))
    semi_store.refresh_from_db()
    assert bool(getattr(semi_store, field)) is expected
    assert (answer.status_code, answer["Location"]) == (302, url_of(semi_store))
    assert "“Alpha”" in said(answer)[0]


@pytest.mark.parametrize("deed", ["pause/", "stock-push-on/", "archive/"])
def test_a_deed_sent_twice_is_written_once(semi_store: Store, deed: str):
    client = signed_in()
    before = semi_store.events.count()
    first = client.post(url_of(semi_store, deed))
    second = client.post(url_of(semi_store, deed))
    assert first.status_code == second.status_code == 302
    assert semi_store.events.count() == before + 1


def test_a_pause_keeps_its_beginning_when_it_is_asked_again(semi_store: Store, clock: VirtualTime):
    client = signed_in()
    client.post(url_of(semi_store, "pause/"))
    began = Store.objects.get().paused_at
    clock.advance(60)
    client.post(url_of(semi_store, "pause/"))
    assert Store.objects.get().paused_at == began


@pytest.mark.parametrize("deed", ["pause/", "resume/", "stock-push-on/", "probe/"])
def test_an_archived_store_refuses_with_a_sentence_and_the_next_step(semi_store: Store, deed: str):
    client = signed_in()
    client.post(url_of(semi_store, "archive/"))
    answer = client.post(url_of(semi_store, deed))
    assert answer.status_code == 409
    assert "archived" in text(answer)
    assert "Connect the store again first." in text(answer)


@pytest.mark.parametrize(
    "deed", ["pause/", "resume/", "probe/", "rename/", "archive/", "reauthorize/", "nonsense/"]
)
def test_an_unknown_store_is_not_found(apps, deed: str):
    assert signed_in().post(f"{LIST}{NOBODY}/{deed}").status_code == 404


def test_an_unknown_deed_is_not_found(semi_store: Store):
    assert signed_in().post(url_of(semi_store, "explode/")).status_code == 404


@pytest.mark.parametrize("deed", ["pause/", "resume/", "probe/", "stock-push-on/"])
def test_looking_at_a_deed_does_nothing(semi_store: Store, deed: str):
    assert signed_in().get(url_of(semi_store, deed)).status_code == 405


def test_the_way_back_is_the_list_that_one_came_from(semi_store: Store):
    back = f"{LIST}?state=authorized"
    answer = signed_in().post(url_of(semi_store, "pause/"), {"next": back})
    assert answer["Location"] == back


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_the_way_back_never_leads_away(semi_store: Store, away: str):
    answer = signed_in().post(url_of(semi_store, "pause/"), {"next": away})
    assert answer["Location"] == url_of(semi_store)


def test_archiving_asks_first(semi_store: Store):
    page = text(signed_in().get(url_of(semi_store, "archive/")))
    assert "Archive Alpha?" in page
    assert "Its orders, listings and history are kept." in page
    assert Store.objects.get().archived_at is None


def test_archiving_destroys_the_tokens(semi_store: Store):
    signed_in().post(url_of(semi_store, "archive/"))
    assert set(Credential.objects.values_list("token_sealed", flat=True)) == {""}


def test_check_now_says_that_every_token_works(semi_store: Store):
    answer = signed_in().post(url_of(semi_store, "probe/"))
    assert said(answer) == ["Temu says: every token of “Alpha” works."]


def test_check_now_finds_a_token_that_was_disconnected_and_notes_who_asked(
    connect: Callable[..., ConnectedStore], control: Control
):
    made = connect()
    control.remove_grant(made.order.id)
    answer = signed_in().post(url_of(made.store, "probe/"))
    assert "Disconnected in Seller Central." in said(answer)[0]
    assert made.store.events.first().who == "owner@example.test"


def test_check_now_in_an_outage_says_that_what_is_known_stays(semi_store: Store, control: Control):
    control.add_fault("bad_gateway")
    answer = signed_in().post(url_of(semi_store, "probe/"))
    assert "Temu could not be reached" in said(answer)[0]
    assert set(Credential.objects.values_list("state", flat=True)) == {"active"}


def test_a_store_is_renamed(semi_store: Store):
    answer = signed_in().post(url_of(semi_store, "rename/"), {"nickname": " Beta  store "})
    assert Store.objects.get().nickname == "Beta store"
    assert said(answer) == ["The store is now called “Beta store”."]


def test_renaming_to_the_same_name_writes_no_history(semi_store: Store):
    before = semi_store.events.count()
    signed_in().post(url_of(semi_store, "rename/"), {"nickname": "Alpha"})
    assert semi_store.events.count() == before


def test_a_taken_nickname_is_refused_in_place(connect: Callable[..., ConnectedStore]):
    connect("Alpha")
    other = connect("Beta", seed.SEMI_TWO).store
    answer = signed_in().post(url_of(other, "rename/"), {"nickname": "alpha"})
    assert answer.status_code == 422
    assert "There is a store called “alpha” already. Choose another nickname." in text(answer)
    assert "Rename Beta" in text(answer)
    other.refresh_from_db()
    assert other.nickname == "Beta"

"""The pages of deleting: the question, the progress, the record."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from storewarden import clock as product_clock
from storewarden.orders.actions import record_orders
from storewarden.stores import actions
from storewarden.stores.deletion import actions as deletion
from storewarden.stores.deletion import views as view
from storewarden.stores.models import Credential, Store, StoreDeletion
from temu_sandbox.world import seed
from tests.catalog.factories import a_listing, a_store
from tests.conftest import TESTER, ConnectedStore, VirtualTime
from tests.orders.factories import orders
from tests.stores.pages_kit import HTMX, LIST, said, signed_in, text, url_of

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
DELETIONS = f"{LIST}deletions/"
WRONG = {
    "empty": "",
    "blanks": " \t\u3000 ",
    "another case": "ALPHA",
    "right to left": "\u202eAlpha",
    "zero width": "Al\u200bpha",
    "HTML": "<b>Alpha</b>",
    "SQL": "Alpha'; DROP TABLE stores_store; --",
    "emoji": "Alpha 💥",
    "too long": "Alpha" * 1_000,
    "much too long": "a" * 1_000_000,
}


@pytest.fixture
def gone(db: None, clock: VirtualTime) -> StoreDeletion:
    """A store that has been deleted."""
    store = a_store("Gone")
    record_orders(store, "us", orders(3))
    return deletion.finish(deletion.ask_deletion(store, "Gone", TESTER))


def post(store: Store, nickname: str | None = "Alpha"):
    data = {} if nickname is None else {"nickname": nickname}
    return signed_in().post(url_of(store, "delete/"), data)


def untouched(store: Store) -> bool:
    sealed = Credential.objects.filter(store=store).values_list("token_sealed", flat=True)
    return not StoreDeletion.objects.exists() and "" not in sealed


class TestTheQuestion:
    def test_it_says_what_will_go_and_what_stays(self, semi_store: Store):
        record_orders(semi_store, "us", orders(3))
        a_listing(semi_store)
        shown = text(signed_in().get(url_of(semi_store, "delete/")))
        assert "Delete Alpha for good?" in shown
        assert "orders, their lines and their history 10 " in shown
        assert "listings and their SKUs 1 " in shown
        assert f"one line that “Alpha” ( {semi_store.mall_id} ) was deleted" in shown
        assert "In Temu nothing changes" in shown
        assert "Type Alpha to go on." in shown

    def test_looking_at_it_does_nothing(self, semi_store: Store):
        signed_in().get(url_of(semi_store, "delete/"))
        assert untouched(semi_store)

    def test_it_offers_to_archive_instead_unless_that_is_done(self, semi_store: Store):
        archive = url_of(semi_store, "archive/")
        assert archive in signed_in().get(url_of(semi_store, "delete/")).content.decode()
        actions.archive(semi_store, TESTER)
        assert archive not in signed_in().get(url_of(semi_store, "delete/")).content.decode()

    @pytest.mark.parametrize("nickname", WRONG.values(), ids=WRONG)
    def test_another_name_is_refused_in_place(self, semi_store: Store, nickname: str):
        answer = post(semi_store, nickname)
        assert answer.status_code == 422
        assert "nickname of the store" in text(answer)
        assert untouched(semi_store)

    def test_no_name_at_all_is_refused_in_place(self, semi_store: Store):
        assert post(semi_store, None).status_code == 422
        assert untouched(semi_store)

    def test_a_nul_is_refused(self, semi_store: Store):
        assert 400 <= post(semi_store, "Alpha\x00").status_code < 500
        assert untouched(semi_store)

    def test_ten_megabytes_are_refused(self, semi_store: Store):
        assert 400 <= post(semi_store, "x" * 10_000_000).status_code < 500
        assert untouched(semi_store)

    def test_an_unknown_store_is_not_found(self, semi_store: Store):
        assert signed_in().get(f"{LIST}{NOBODY}/delete/").status_code == 404
        assert signed_in().post(f"{LIST}{NOBODY}/delete/", {"nickname": "Alpha"}).status_code == 404

    def test_a_nickname_is_shown_as_text(self, semi_store: Store):
        actions.rename(semi_store, "<b>Alpha</b>", TESTER)
        page = signed_in().get(url_of(semi_store, "delete/")).content.decode()
        assert "<b>Alpha" not in page


class TestAsked:
    def test_it_is_asked_for_and_leads_to_the_deletions(self, semi_store: Store):
        answer = post(semi_store)
        assert (answer.status_code, answer["Location"]) == (302, DELETIONS)
        assert said(answer) == ["“Alpha” is being deleted. Its tokens are destroyed already."]
        assert StoreDeletion.objects.get().who == "owner@example.test"

    def test_blanks_around_the_name_are_forgiven(self, semi_store: Store):
        assert post(semi_store, "  Alpha ").status_code == 302

    def test_sent_twice_it_is_done_once(self, semi_store: Store):
        post(semi_store)
        assert post(semi_store)["Location"] == DELETIONS
        assert StoreDeletion.objects.count() == 1

    def test_an_archived_store_is_deleted_from_its_page(self, semi_store: Store):
        actions.archive(semi_store, TESTER)
        page = signed_in().get(url_of(semi_store)).content.decode()
        assert url_of(semi_store, "delete/") in page
        assert post(semi_store).status_code == 302

    def test_the_menu_of_a_store_leads_to_it(self, semi_store: Store):
        assert url_of(semi_store, "delete/") in signed_in().get(LIST).content.decode()

    def test_connecting_it_meanwhile_is_refused_in_words(
        self, connect: Callable[..., ConnectedStore]
    ):
        made = connect()
        post(made.store)
        data = {
            "store_type": "semi", "nickname": "Beta",
            "token-product-cn": made.product.token, "token-order-us": made.order.token,
        }  # fmt: skip
        answer = signed_in().post(f"{LIST}add/", data)
        assert answer.status_code == 422
        assert "This store, “Alpha”, is being deleted right now." in text(answer)
        assert Store.objects.count() == 1


class TestTheDeletions:
    def test_one_that_runs_shows_how_far_it_is_and_asks_again(self, semi_store: Store):
        row = deletion.ask_deletion(semi_store, "Alpha", TESTER)
        StoreDeletion.objects.update(done=2, total=10)
        page = signed_in().get(DELETIONS).content.decode()
        assert 'value="2" max="10"' in page
        assert f'hx-get="{DELETIONS}{row.pk}/"' in page

    def test_a_part_of_it_is_answered_while_it_runs_and_once_more_when_it_is_done(
        self, semi_store: Store
    ):
        row = deletion.ask_deletion(semi_store, "Alpha", TESTER)
        address = f"{DELETIONS}{row.pk}/"
        running = signed_in().get(address, headers=HTMX).content.decode()
        assert "hx-get" in running
        assert "<html" not in running
        deletion.finish(row)
        done = signed_in().get(address, headers=HTMX)
        assert "hx-get" not in done.content.decode()
        assert "Deleted" in text(done)

    def test_the_record_says_who_and_what_went(self, gone: StoreDeletion):
        shown = text(signed_in().get(DELETIONS))
        assert f"Gone {gone.mall_id} asked by tester@example.test" in shown
        assert "orders, their lines and their history: 10" in shown
        assert "Deleted 2026-09-21" in shown

    def test_without_any_it_says_so(self, semi_store: Store):
        assert "No store was deleted" in text(signed_in().get(DELETIONS))

    def test_an_unknown_one_is_not_found(self, gone: StoreDeletion):
        assert signed_in().get(f"{DELETIONS}{NOBODY}/").status_code == 404

    def test_the_list_leads_to_it_also_when_no_store_is_left(self, gone: StoreDeletion):
        assert f'href="{DELETIONS}"' in signed_in().get(LIST).content.decode()

    def test_a_long_record_goes_on_after_the_last_one(
        self, db: None, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(view, "ROWS_A_PAGE", 4)
        now = product_clock.now()
        for number in range(10):
            StoreDeletion.objects.create(
                store_id=UUID(int=number), marketplace="temu", mall_id=f"mall-{number}",
                nickname=f"Store {number}", who="x", asked_at=now - timedelta(days=number // 3),
                finished_at=now,
            )  # fmt: skip
        client, cursor, found = signed_in(), "", []
        while True:
            page = client.get(f"{DELETIONS}?after={cursor}")
            found += re.findall(r"<strong>Store (\d)</strong>", page.content.decode())
            if not (cursor := page.context["older"]):
                break
        assert sorted(found) == [str(number) for number in range(10)]
        days = [int(number) // 3 for number in found]
        assert days == sorted(days)

    @pytest.mark.parametrize("cursor", ["x", "%00", "²", "9" * 40, str(NOBODY)])
    def test_a_cursor_that_is_none_shows_the_newest(self, gone: StoreDeletion, cursor: str):
        assert "Gone" in text(signed_in().get(f"{DELETIONS}?after={cursor}"))


def test_nobody_sees_or_deletes_anything_without_signing_in(semi_store: Store):
    signed_in()
    stranger = Client()
    for address in (url_of(semi_store, "delete/"), DELETIONS):
        assert stranger.get(address).status_code == 302
    assert stranger.post(url_of(semi_store, "delete/"), {"nickname": "Alpha"}).status_code == 302
    assert untouched(semi_store)


def test_another_store_is_not_touched(connect: Callable[..., ConnectedStore]):
    alpha, beta = connect("Alpha").store, connect("Beta", seed.SEMI_TWO).store
    post(alpha)
    deletion.carry_on_all()
    assert [one.nickname for one in Store.objects.all()] == ["Beta"]
    assert beta.credentials.exclude(token_sealed="").count() == 2

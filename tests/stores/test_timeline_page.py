"""The timeline's page, the picture on a store's page, and how each state was last proven."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from storewarden import clock as product_clock
from storewarden.stores import actions
from storewarden.stores.models import Credential, DeveloperApp, Store, TokenRecord
from storewarden.stores.probes import probe
from storewarden.stores.timeline import views as view
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, VirtualTime
from tests.stores.pages_kit import HTMX, LIST, many_stores, signed_in, text, url_of

TIMELINE = f"{LIST}timeline/"
Apps = dict[str, DeveloperApp]


def pictures(answer: HttpResponse) -> list[ElementTree.Element]:
    """The drawings of the page, as XML."""
    found = re.findall(r"<svg class=\"tl-picture\".*?</svg>", answer.content.decode(), re.S)
    return [ElementTree.fromstring(one) for one in found]


def names(answer: HttpResponse) -> list[str]:
    """The rows of the picture, from the top."""
    return re.findall(r'<li class="tl-row.*?<(?:a|span)[^>]*>([^<]*)<', answer.content.decode())


def tokens_of(name: str) -> list[Credential]:
    return list(Credential.objects.filter(store__nickname=name))


def ends_in(days: float, *credentials: Credential) -> None:
    for one in credentials:
        one.expires_at = product_clock.now() + timedelta(days=days)
        one.save()


def test_the_store_that_ends_first_stands_on_top(apps: Apps, clock: VirtualTime):
    many_stores(5, apps, states=("active",))
    ends_in(3, tokens_of("Demo store 03")[0])
    shown = names(signed_in().get(TIMELINE))
    assert shown[0] == "Demo store 03"
    assert len(shown) == 5


def test_each_row_leads_to_its_store(semi_store: Store):
    page = signed_in().get(TIMELINE).content.decode()
    assert re.search(rf'<a href="{url_of(semi_store)}"[^>]*>Alpha</a>', page)


def test_a_bar_stands_for_every_token_and_the_picture_has_a_name(semi_store: Store):
    (drawn,) = pictures(signed_in().get(TIMELINE))
    assert len({one.get("y") for one in drawn.iter("rect")}) == 2
    title = drawn.find("title")
    assert title is not None
    assert str(title.text).startswith("Authorization timeline of 1 store, from ")
    assert drawn.get("aria-labelledby") == "tl-title tl-desc"
    assert drawn.find("desc") is not None


def test_a_past_token_stands_before_the_one_that_replaced_it(
    connect: Callable[..., ConnectedStore], world: World, clock: VirtualTime
):
    made = connect()
    clock.advance(days=20)
    newer = world.authorizations.generate_new(made.order.id)
    client = signed_in()
    client.post(url_of(made.store, "reauthorize/"), {"token-order-us": newer.token})
    answer = client.get(TIMELINE)
    kinds = [one.get("class") for one in pictures(answer)[0].iter("rect")]
    assert "tl-bar tl-past tl-lived" in kinds
    assert "until 2026-10-11 14:13, then replaced by the next one." in text(answer)


def test_an_early_end_is_drawn_and_told_with_its_cause(
    connect: Callable[..., ConnectedStore], control: Control, clock: VirtualTime
):
    made = connect()
    clock.advance(days=5)
    control.remove_grant(made.order.id)
    for one in made.store.credentials.select_related("store", "app"):
        probe(one)
    answer = signed_in().get(TIMELINE)
    assert [one.get("class") for one in pictures(answer)[0].iter("use")] == ["tl-early tl-bad"]
    assert "stopped early, on 2026-09-26 14:13. Disconnected in Seller Central." in text(answer)


def test_a_missing_core_permission_is_no_end_but_does_not_work(semi_store: Store):
    Credential.objects.filter(kind="order").update(
        state="scope_missing", cause="core_permission_missing"
    )
    shown = text(signed_in().get(TIMELINE))
    assert "does not work. A permission for its main job is missing." in shown


def test_an_archived_store_is_not_on_it(semi_store: Store, full_store: Store):
    actions.archive(semi_store, TESTER)
    assert names(signed_in().get(TIMELINE)) == ["Full"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("type=full", ["Full"]),
        ("area=us", ["Alpha"]),
        ("q=ful", ["Full"]),
        ("state=expired", []),
        ("state=authorized", ["Alpha", "Full"]),
        ("state=nonsense&type=%00&area=mars&ahead=-1", ["Alpha", "Full"]),
    ],
)
def test_it_is_narrowed_as_the_list_is(
    semi_store: Store, full_store: Store, asked: str, expected: list[str]
):
    assert sorted(names(signed_in().get(f"{TIMELINE}?{asked}"))) == expected


def test_a_part_of_it_is_answered_to_htmx(semi_store: Store):
    part = signed_in().get(f"{TIMELINE}?ahead=30", headers=HTMX)
    assert "<html" not in part.content.decode()
    assert names(part) == ["Alpha"]


@pytest.mark.parametrize(
    ("asked", "back", "ahead"),
    [("", 90, 120), ("?ahead=30", 30, 30), ("?ahead=90", 90, 90), ("?ahead=365", 90, 365)],
)
def test_the_reader_chooses_how_far_ahead(semi_store: Store, asked: str, back: int, ahead: int):
    (drawn,) = pictures(signed_in().get(f"{TIMELINE}{asked}"))
    (today,) = [one for one in drawn.iter("line") if one.get("class") == "tl-today"]
    assert today.get("x1") == f"{100 * back / (back + ahead):.2f}%"


def test_the_next_quarter_is_told_by_month(apps: Apps, clock: VirtualTime):
    many_stores(3, apps, states=("active",))
    for credential in Credential.objects.all():
        ends_in(200, credential)
    ends_in(3, tokens_of("Demo store 01")[0])
    ends_in(20, *tokens_of("Demo store 02"), *tokens_of("Demo store 03"))
    shown = text(signed_in().get(TIMELINE))
    assert "1 store in September 2026 2 stores in October 2026 0 stores in November 2026" in shown


def test_stores_with_a_dead_token_are_told_first(apps: Apps, clock: VirtualTime):
    many_stores(3, apps, states=("disconnected", "active", "expired"))
    assert "2 stores with a token that does not work" in text(signed_in().get(TIMELINE))


def test_without_a_store_it_says_what_will_be_here(apps: Apps):
    assert "No store yet" in text(signed_in().get(TIMELINE))


def test_when_no_store_fits_it_says_so(semi_store: Store):
    assert "No store fits" in text(signed_in().get(f"{TIMELINE}?q=nobody"))


def test_queries_do_not_grow_with_the_stores(apps: Apps, clock: VirtualTime):
    client, counts = signed_in(), []
    for number in (3, 60):
        Store.objects.all().delete()
        many_stores(number, apps)
        client.get(TIMELINE)
        with CaptureQueriesContext(connection) as queries:
            client.get(TIMELINE)
        counts.append(len(queries))
    assert Store.objects.count() == 60
    assert counts[0] == counts[1]


def test_a_long_list_goes_on_after_the_last_store_and_back(
    apps: Apps, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(view, "ROWS_A_PAGE", 4)
    many_stores(10, apps, states=("active",))
    client = signed_in()
    pages = [client.get(TIMELINE)]
    while older := pages[-1].context["older"]:
        pages.append(client.get(f"{TIMELINE}?after={older}"))
    everything = [name for page in pages for name in names(page)]
    assert sorted(everything) == [f"Demo store {n:02d}" for n in range(1, 11)]
    assert [len(names(page)) for page in pages] == [4, 4, 2]
    back = client.get(f"{TIMELINE}?before={pages[-1].context['newer']}")
    assert names(back) == names(pages[1])


def test_the_next_page_begins_at_its_place_although_stores_were_renewed(
    apps: Apps, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(view, "ROWS_A_PAGE", 2)
    many_stores(5, apps, states=("active",))
    client = signed_in()
    first = client.get(TIMELINE)
    ends_in(300, *tokens_of(names(first)[1]))  # the last one shown is renewed meanwhile
    second = client.get(f"{TIMELINE}?after={first.context['older']}")
    assert names(second) == ["Demo store 02", "Demo store 01"]


@pytest.mark.parametrize("mark", ["x", "%00", "²", "W10", "eyJhIjogMX0", "a" * 5_000, "W1sxXV0"])
def test_a_cursor_that_is_none_shows_the_beginning(semi_store: Store, mark: str):
    for way in ("after", "before"):
        answer = signed_in().get(f"{TIMELINE}?{way}={mark}")
        assert names(answer) == ["Alpha"]


@pytest.mark.parametrize("nickname", ["<b>Alpha</b>", '"><script>alert(1)</script>', "店铺 💥"])
def test_a_nickname_is_shown_as_text(semi_store: Store, nickname: str):
    actions.rename(semi_store, nickname, TESTER)
    page = signed_in().get(TIMELINE).content.decode()
    assert "<b>Alpha" not in page
    assert "<script>alert" not in page
    assert len(pictures(signed_in().get(TIMELINE))) == 1


def test_no_style_of_its_own_is_in_the_page(semi_store: Store):
    page = signed_in().get(TIMELINE).content.decode()
    assert not re.search(r"<[^>]*\sstyle=", page)


def test_it_speaks_chinese(semi_store: Store):
    (drawn,) = pictures(signed_in("zh-hans").get(TIMELINE))
    assert all(float(str(one.get("x")).rstrip("%")) >= 0 for one in drawn.iter("rect"))


class TestAStoresOwn:
    def test_each_slot_has_a_row(self, semi_store: Store):
        answer = signed_in().get(url_of(semi_store))
        assert names(answer) == ["Product", "US"]
        assert len(pictures(answer)) == 1

    def test_an_archived_store_keeps_its_past_in_the_picture(self, semi_store: Store):
        actions.archive(semi_store, TESTER)
        answer = signed_in().get(url_of(semi_store))
        kinds = {one.get("class") for one in pictures(answer)[0].iter("rect")}
        assert kinds == {"tl-bar tl-past tl-lived", "tl-bar tl-past tl-lost"} or kinds == {
            "tl-bar tl-past tl-lost"
        }
        assert "Archived; the token was destroyed." in text(answer)

    def test_a_store_without_any_token_has_an_empty_picture(self, semi_store: Store):
        Credential.objects.all().delete()
        TokenRecord.objects.all().delete()
        assert names(signed_in().get(url_of(semi_store))) == []


class TestProof:
    """How each state was last proven, and when."""

    @pytest.fixture
    def proven(self, semi_store: Store, clock: VirtualTime) -> Callable[..., str]:
        def say(how: str, by: str = "", **more: Any) -> str:
            row = Credential.objects.filter(kind="order")
            ago = product_clock.now() - timedelta(minutes=12)
            row.update(proven_how=how, proven_by=by, proven_at=ago, **more)
            page = signed_in().get(url_of(semi_store)).content.decode()
            told = re.findall(r'data-testid="proven">(.*?)</dd>', page, re.S)[-1]
            return " ".join(re.sub(r"<[^>]+>", " ", told).split())

        return say

    @pytest.mark.parametrize(
        ("how", "by", "words"),
        [
            ("probe", "", "12 min ago , by the schedule"),
            (
                "check",
                "a@example.test",
                "12 min ago , checked by a@example.test before it was saved",
            ),
            ("check", "", "12 min ago , checked before it was saved"),
            ("asked", "a@example.test", "12 min ago , when a@example.test asked"),
            ("", "", "12 min ago"),
        ],
    )
    def test_it_says_how_and_when(self, proven: Callable[..., str], how: str, by: str, words: str):
        assert proven(how, by) == words

    def test_a_silence_since_then_stands_beside_it(self, proven: Callable[..., str]):
        since = product_clock.now() - timedelta(hours=3)
        shown = proven("probe", unreachable_since=since, unreachable_reason="timeout")
        assert shown == "12 min ago , by the schedule not reached since 3 h ago"


def test_the_list_leads_to_the_timeline(semi_store: Store):
    assert f'href="{TIMELINE}"' in signed_in().get(LIST).content.decode()


def test_two_stores_of_the_sandbox_share_one_page(connect: Callable[..., ConnectedStore]):
    connect("Alpha", seed.SEMI_ONE)
    connect("Beta", seed.SEMI_TWO, area="eu")
    assert sorted(names(signed_in().get(TIMELINE))) == ["Alpha", "Beta"]

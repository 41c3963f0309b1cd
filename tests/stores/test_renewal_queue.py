"""Renew all: the stores that are due, the earliest first, one at a time."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from storewarden import vault
from storewarden.stores import actions
from storewarden.stores.models import Credential, DeveloperApp, Store
from storewarden.stores.probes import probe
from storewarden.stores.renewal import queries as queue
from storewarden.stores.renewal import queue_rules
from storewarden.vault import Secret
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, Granting, VirtualTime
from tests.stores.pages_kit import HTMX, LIST, many_stores, said, signed_in, text

QUEUE = f"{LIST}queue/"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class TestTheRules:
    def test_a_token_is_due_when_it_ends_within_so_many_days(self) -> None:
        assert queue_rules.is_due(True, NOW + 14 * DAY, NOW, 14)
        assert not queue_rules.is_due(True, NOW + 14 * DAY + timedelta(seconds=1), NOW, 14)

    def test_a_dead_token_is_due_whatever_its_date(self) -> None:
        assert queue_rules.is_due(False, NOW + 80 * DAY, NOW, 14)

    def test_a_dead_token_is_due_since_it_died(self) -> None:
        assert queue_rules.due_at(True, NOW + DAY, None, NOW) == NOW + DAY
        assert queue_rules.due_at(False, NOW + 80 * DAY, NOW - DAY, NOW) == NOW - DAY
        assert queue_rules.due_at(False, NOW - 3 * DAY, NOW - DAY, NOW) == NOW - 3 * DAY
        assert queue_rules.due_at(False, NOW + DAY, None, NOW) == NOW

    @pytest.mark.parametrize(
        ("asked", "days"),
        [("30", 30), ("1", 1), ("365", 365)]
        + [(bad, 14) for bad in ("", "0", "366", "-1", "x", "1.5", "９", "9" * 500, "\x00", "<b>")],
    )
    def test_days_that_make_no_sense_are_as_good_as_none(self, asked: str, days: int) -> None:
        assert queue_rules.days_of(asked) == days

    def test_the_place_counts_what_is_behind_and_what_is_to_come(self) -> None:
        assert queue_rules.place([], ["a", "b"]) == (1, 2)
        assert queue_rules.place(["a", "b"], ["c"]) == (3, 3)
        assert queue_rules.place(["a"], []) == (2, 1)

    def test_a_run_is_over_when_nobody_went_on_with_it_for_half_a_day(self) -> None:
        assert queue_rules.run_is_over(None, NOW)
        assert not queue_rules.run_is_over(NOW, NOW + timedelta(hours=11))
        assert queue_rules.run_is_over(NOW, NOW + timedelta(hours=12))
        assert queue_rules.run_is_over(NOW, NOW - timedelta(hours=1))  # the clock was set back


@pytest.fixture
def three(connect: Callable[..., ConnectedStore], world: World) -> dict[str, ConnectedStore]:
    """Due in 5 days, in 10 (far off), and dead at once."""
    made = {
        "Five": connect("Five", seed.SEMI_ONE),
        "Afar": connect("Afar", seed.SEMI_TWO),
        "Dead": connect("Dead", seed.OTHER_SELLERS_SEMI),
    }
    age(world, made["Five"], 85)
    age(world, made["Afar"], 80)
    assert made["Dead"].order is not None
    world.authorizations.remove(made["Dead"].order.id)
    for one in Credential.objects.select_related("store", "app"):
        probe(one)
    return made


def age(world: World, made: ConnectedStore, days: int) -> None:
    assert made.order is not None
    world.authorizations.age(made.order.id, days)


def new_token(world: World, made: ConnectedStore) -> str:
    assert made.order is not None
    return world.authorizations.generate_new(made.order.id).token


def due(days: int = 14) -> list[str]:
    return [one.store.nickname for one in queue.due_stores(queue.lines_of("temu"), days)]


class TestWhatIsDue:
    def test_the_earliest_comes_first_and_a_dead_one_before_it(
        self, three: dict[str, ConnectedStore]
    ) -> None:
        assert due() == ["Dead", "Five", "Afar"]

    def test_fewer_days_show_fewer_stores(self, three: dict[str, ConnectedStore]) -> None:
        assert due(7) == ["Dead", "Five"]
        assert due(1) == ["Dead"]

    def test_only_the_tokens_that_are_due_are_named(self, three: dict[str, ConnectedStore]) -> None:
        for one in queue.due_stores(queue.lines_of("temu"), 14):
            assert one.slots == {"order:us"}

    def test_a_store_that_lacks_a_token_is_due(self, semi_store: Store) -> None:
        assert due() == []
        semi_store.credentials.filter(kind="order").delete()
        assert due() == ["Alpha"]

    def test_an_archived_store_is_not(self, three: dict[str, ConnectedStore]) -> None:
        actions.archive(three["Dead"].store, TESTER)
        assert due() == ["Five", "Afar"]

    def test_a_paused_store_is_since_its_tokens_end_all_the_same(
        self, three: dict[str, ConnectedStore]
    ) -> None:
        actions.pause(three["Five"].store, TESTER)
        assert due() == ["Dead", "Five", "Afar"]

    def test_two_queries_however_many_stores(
        self, apps: dict[str, DeveloperApp], django_assert_num_queries: Callable[[int], object]
    ) -> None:
        many_stores(12, apps)
        with django_assert_num_queries(2):  # type: ignore[attr-defined]
            assert len(queue.due_stores(queue.lines_of("temu"), 365)) == 12


def shown(answer) -> str:
    return text(answer)


def heading(answer) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert found is not None
    return found.group(1)


def deed(made: ConnectedStore, name: str = "") -> str:
    return f"{QUEUE}{made.store.pk}/{name}"


class TestThePage:
    def test_it_shows_the_first_store_and_how_far_one_is(
        self, three: dict[str, ConnectedStore]
    ) -> None:
        answer = signed_in().get(QUEUE)
        assert heading(answer) == "Dead"
        assert "Store 1 of 3" in shown(answer)
        assert "Disconnected in Seller Central." in shown(answer)

    def test_the_steps_of_the_due_token_are_open_and_it_comes_first(
        self, three: dict[str, ConnectedStore]
    ) -> None:
        page = signed_in().get(QUEUE).content.decode()
        assert page.count('class="how" open') == 1
        assert page.index('data-slot="token-order-us"') < page.index('data-slot="token-product-cn"')
        assert 'data-slot="token-order-eu"' not in page

    def test_those_to_come_stand_beside_it(self, three: dict[str, ConnectedStore]) -> None:
        page = signed_in().get(QUEUE).content.decode()
        assert page.count('data-testid="to-come"') == 3

    def test_a_store_of_the_list_can_be_chosen(self, three: dict[str, ConnectedStore]) -> None:
        answer = signed_in().get(f"{QUEUE}?store={three['Afar'].store.pk}")
        assert heading(answer) == "Afar"

    def test_what_makes_no_sense_in_the_address_is_left_aside(
        self, three: dict[str, ConnectedStore]
    ) -> None:
        client = signed_in()
        for query in ("store=nobody", "store=%00", "days=%00", "days=💥", "days=" + "9" * 5000):
            assert heading(client.get(f"{QUEUE}?{query}")) == "Dead"

    def test_fewer_days_are_kept_from_page_to_page(self, three: dict[str, ConnectedStore]) -> None:
        client = signed_in()
        assert "Store 1 of 2" in shown(client.get(f"{QUEUE}?days=7"))
        answer = client.post(deed(three["Dead"], "skip/") + "?days=7")
        assert answer["Location"] == f"{QUEUE}?days=7"

    def test_it_needs_a_sign_in(self, three: dict[str, ConnectedStore]) -> None:
        signed_in()
        for address in (QUEUE, deed(three["Dead"]), deed(three["Dead"], "check/")):
            assert Client().post(address)["Location"].startswith("/accounts/login/")

    def test_the_number_of_queries_does_not_grow_with_the_stores(
        self, apps: dict[str, DeveloperApp], django_assert_max_num_queries
    ) -> None:
        client = signed_in()
        many_stores(30, apps)
        with django_assert_max_num_queries(12):
            page = client.get(f"{QUEUE}?days=365")
        assert "Store 1 of 30" in shown(page)

    def test_no_token_is_shown(self, three: dict[str, ConnectedStore]) -> None:
        page = signed_in().get(QUEUE).content.decode()
        for one in three.values():
            assert one.product.token not in page

    def test_the_list_of_stores_leads_to_it(self, three: dict[str, ConnectedStore]) -> None:
        assert f'href="{QUEUE}"' in signed_in().get(LIST).content.decode()


class TestGoingOn:
    def test_checking_shows_the_card_and_saves_nothing(
        self, three: dict[str, ConnectedStore], world: World
    ) -> None:
        before = three["Dead"].store.credentials.get(kind="order").fingerprint
        data = {"token-order-us": new_token(world, three["Five"])}
        answer = signed_in().post(deed(three["Five"], "check/"), data, headers=HTMX)
        assert answer.status_code == 200
        assert "Checked: ready to save" in shown(answer)
        assert three["Dead"].store.credentials.get(kind="order").fingerprint == before

    def test_without_a_browsers_script_the_card_comes_with_the_page(
        self, three: dict[str, ConnectedStore], world: World
    ) -> None:
        data = {"token-order-us": new_token(world, three["Five"])}
        answer = signed_in().post(deed(three["Five"], "check/"), data)
        assert heading(answer) == "Five"
        assert "Checked: ready to save" in shown(answer)
        assert "Store 1 of 3" in shown(answer)

    @pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
    def test_saving_leads_to_the_next_store(
        self, three: dict[str, ConnectedStore], world: World, headers: dict[str, str]
    ) -> None:
        client, token = signed_in(), new_token(world, three["Five"])
        answer = client.post(deed(three["Five"]), {"token-order-us": token}, headers=headers)
        assert answer.get("HX-Redirect", answer.get("Location")) == f"{QUEUE}?days=14"
        assert said(answer)[0].startswith("Five: The order shipping token (US) is new")
        kept = three["Five"].store.credentials.get(kind="order").fingerprint
        assert kept == vault.fingerprint(Secret(token))
        after = client.get(QUEUE)
        assert heading(after) == "Dead"
        assert "Store 2 of 3" in shown(after)

    def test_a_token_of_another_store_is_refused_and_one_stays(
        self, three: dict[str, ConnectedStore], world: World, grant: Granting
    ) -> None:
        client = signed_in()
        data = {"token-order-us": grant(seed.SEMI_TWO, "us").token}
        answer = client.post(deed(three["Five"]), data)
        assert answer.status_code == 422
        assert heading(answer) == "Five"
        assert "This token belongs to another store" in shown(answer)
        assert "Store 1 of 3" in shown(client.get(QUEUE))

    def test_skipping_leads_to_the_next_store_and_changes_nothing(
        self, three: dict[str, ConnectedStore]
    ) -> None:
        client = signed_in()
        before = list(Credential.objects.values_list("fingerprint", "state"))
        client.post(deed(three["Dead"], "skip/"))
        answer = client.get(QUEUE)
        assert heading(answer) == "Five"
        assert "Store 2 of 3" in shown(answer)
        assert answer.content.decode().count('data-testid="skipped"') == 1
        assert list(Credential.objects.values_list("fingerprint", "state")) == before

    def test_the_end_says_what_was_done_and_what_was_skipped(
        self, three: dict[str, ConnectedStore], world: World
    ) -> None:
        client = signed_in()
        client.post(deed(three["Dead"], "skip/"))
        for name in ("Five", "Afar"):
            client.post(deed(three[name]), {"token-order-us": new_token(world, three[name])})
        answer = client.get(QUEUE)
        assert "You are through. 2 stores have new tokens. 1 was skipped." in shown(answer)
        page = answer.content.decode()
        assert (page.count('data-testid="done"'), page.count('data-testid="skipped"')) == (2, 1)

    def test_beginning_again_brings_the_skipped_ones_back(
        self, three: dict[str, ConnectedStore]
    ) -> None:
        client = signed_in()
        for one in three.values():
            client.post(deed(one, "skip/"))
        assert "3 were skipped" in shown(client.get(QUEUE))
        client.post(f"{QUEUE}again/")
        assert "Store 1 of 3" in shown(client.get(QUEUE))

    def test_a_skipped_store_can_be_done_after_all(
        self, three: dict[str, ConnectedStore], world: World
    ) -> None:
        client = signed_in()
        client.post(deed(three["Five"], "skip/"))
        client.post(deed(three["Five"]), {"token-order-us": new_token(world, three["Five"])})
        page = client.get(QUEUE).content.decode()
        assert 'data-testid="skipped"' not in page
        assert page.count('data-testid="done"') == 1

    def test_a_skip_sent_twice_counts_once(self, three: dict[str, ConnectedStore]) -> None:
        client = signed_in()
        for _n in range(2):
            client.post(deed(three["Dead"], "skip/"))
        assert "Store 2 of 3" in shown(client.get(QUEUE))

    def test_the_next_day_what_was_skipped_comes_again(
        self, three: dict[str, ConnectedStore], clock: VirtualTime
    ) -> None:
        client = signed_in()
        client.post(deed(three["Dead"], "skip/"))
        clock.advance(days=1)
        assert heading(client.get(QUEUE)) == "Dead"

    def test_two_people_have_a_run_each(self, three: dict[str, ConnectedStore]) -> None:
        signed_in().post(deed(three["Dead"], "skip/"))
        assert "Store 1 of 3" in shown(signed_in().get(QUEUE))

    def test_no_token_and_no_store_stands_in_the_session_but_by_its_id(
        self, three: dict[str, ConnectedStore], world: World
    ) -> None:
        client, token = signed_in(), new_token(world, three["Five"])
        client.post(deed(three["Five"]), {"token-order-us": token})
        kept = dict(client.session["renewal_run"])
        kept.pop("at")
        assert kept == {"done": [str(three["Five"].store.pk)], "skipped": []}

    def test_a_store_archived_meanwhile_takes_no_token(
        self, three: dict[str, ConnectedStore], world: World
    ) -> None:
        token = new_token(world, three["Five"])
        actions.archive(three["Five"].store, TESTER)
        answer = signed_in().post(deed(three["Five"]), {"token-order-us": token}, headers=HTMX)
        assert answer.status_code == 422
        assert "archived" in shown(answer)
        assert Store.objects.get(nickname="Five").archived_at is not None

    def test_a_deleted_store_drops_out_of_the_run(self, three: dict[str, ConnectedStore]) -> None:
        client = signed_in()
        client.post(deed(three["Dead"], "skip/"))
        Store.objects.get(nickname="Dead").delete()
        answer = client.get(QUEUE)
        assert heading(answer) == "Five"
        assert "Store 1 of 2" in shown(answer)

    def test_an_unknown_store_is_not_found(self, semi_store: Store) -> None:
        client, nobody = signed_in(), "00000000-0000-4000-8000-000000000000"
        for name in ("", "check/", "skip/"):
            assert client.post(f"{QUEUE}{nobody}/{name}").status_code == 404

    def test_looking_at_a_deed_does_nothing(self, semi_store: Store) -> None:
        client = signed_in()
        for name in ("", "check/", "skip/"):
            assert client.get(f"{QUEUE}{semi_store.pk}/{name}").status_code == 405

    @pytest.mark.parametrize("name", ["", "check/"])
    def test_what_is_no_token_is_refused(self, semi_store: Store, name: str) -> None:
        client, address = signed_in(), f"{QUEUE}{semi_store.pk}/{name}"
        for bad in ("a\x00b", "\u202ex", "💥", "<script>", "' OR 1=1", "a" * 5000):
            answer = client.post(address, {"token-order-us": bad}, headers=HTMX)
            assert answer.status_code == 422
            assert "This is no token" in shown(answer)

    def test_ten_megabytes_are_refused(self, semi_store: Store) -> None:
        answer = signed_in().post(f"{QUEUE}{semi_store.pk}/", {"token-order-us": "x" * 10_000_000})
        assert answer.status_code == 413


class TestNothingDue:
    def test_it_says_so_and_names_the_next_one(self, semi_store: Store) -> None:
        answer = signed_in().get(QUEUE)
        assert "No store is due within 14 days" in shown(answer)
        assert "The next one is Alpha, on" in shown(answer)

    def test_with_no_store_at_all_there_is_no_next_one(self, db: None, clock: VirtualTime) -> None:
        answer = signed_in().get(QUEUE)
        assert answer.status_code == 200
        assert "The next one" not in shown(answer)

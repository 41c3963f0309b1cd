"""`storewarden stores check`, `connect` and `reauthorize`."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from storewarden.stores.models import Credential, DeveloperApp, Store
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.authorizations import Grant
from temu_sandbox.world.packages import packages_of
from tests.cli.kit import refused, run, tokens, told
from tests.conftest import ConnectedStore, VirtualTime

CONNECT = ("stores", "connect", "--type", "semi", "--nickname", "Alpha")
CHECK = ("stores", "check", "--type", "semi")
Granting = Callable[..., Grant]
Apps = dict[str, DeveloperApp]


def semi_tokens(grant: Granting) -> str:
    return tokens(grant(seed.SEMI_ONE, "cn").token, us=grant(seed.SEMI_ONE, "us").token)


def test_a_check_shows_the_card_and_stores_nothing(apps: Apps, grant: Granting) -> None:
    card = told(*CHECK, stdin=semi_tokens(grant))["check"]
    assert card["ok"]
    assert card["mall_id"] == str(seed.SEMI_ONE)
    assert [one["slot"] for one in card["tokens"]] == ["order:us", "product:cn"]
    assert all(one["days_left"] in (89, 90) for one in card["tokens"])
    assert not Store.objects.exists()


def test_a_check_that_finds_something_in_the_way_is_refused(apps: Apps, grant: Granting) -> None:
    answer = told(*CHECK, stdin=tokens(grant(seed.SEMI_ONE, "cn").token), code=1)
    assert answer["refused"]["cause"] == "token_required"
    assert not answer["check"]["ok"]


def test_a_check_of_a_taken_nickname_is_refused(semi_store: Store, grant: Granting) -> None:
    assert refused(*CHECK, "--nickname", "alpha", stdin=tokens("x"))["cause"] == "nickname_taken"


def test_a_store_is_connected(apps: Apps, grant: Granting) -> None:
    store = told(*CONNECT, stdin=semi_tokens(grant))["store"]
    assert (store["nickname"], store["state"]) == ("Alpha", "authorized")
    assert store["works"] == ["order:us", "product"]
    assert Credential.objects.count() == 2


def test_a_full_consignment_store_needs_the_product_token_alone(
    apps: Apps, grant: Granting
) -> None:
    given = tokens(grant(seed.FULL, "cn").token)
    store = told("stores", "connect", "--type", "full", "--nickname", "Full", stdin=given)["store"]
    assert (store["store_type"], store["state"]) == ("full", "authorized")


def test_orders_since_and_stock_push_are_kept(apps: Apps, grant: Granting) -> None:
    more = ("--orders-since", "2026-09-01", "--stock-push")
    store = told(*CONNECT, *more, stdin=semi_tokens(grant))["store"]
    assert store["stock_push_on"]
    assert Store.objects.get().orders_since == datetime(2026, 9, 1, tzinfo=UTC)


def test_tokens_never_come_back_out(apps: Apps, grant: Granting) -> None:
    product, order = grant(seed.SEMI_ONE, "cn").token, grant(seed.SEMI_ONE, "us").token
    given = tokens(product, us=order)
    outputs = [run(*CHECK, stdin=given), run(*CONNECT, "--json", stdin=given)]
    outputs += [run("stores", "show", "Alpha", *json) for json in ((), ("--json",))]
    outputs += [run("stores", "reauthorize", "Alpha", stdin=given)]
    for one in outputs:
        assert one.exit_code == 0, one.output
        assert product not in one.output
        assert order not in one.output


def test_swapped_tokens_are_refused_with_the_code_and_the_whole_card(
    apps: Apps, grant: Granting
) -> None:
    swapped = tokens(grant(seed.SEMI_ONE, "us").token, us=grant(seed.SEMI_ONE, "cn").token)
    answer = told(*CONNECT, stdin=swapped, code=1)
    assert answer["refused"]["cause"] == "swapped"
    assert answer["refused"]["code"] in ("7000018", "3000031")
    assert {one["offer"] for one in answer["check"]["findings"]} >= {"swap"}
    assert not Store.objects.exists()


def test_a_refusal_for_a_person_is_sentences_on_standard_error(apps: Apps, grant: Granting) -> None:
    result = run(*CONNECT, stdin=tokens(grant(seed.FULL, "cn").token))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "missing" in result.stderr


def test_a_missing_permission_can_be_accepted(apps: Apps, grant: Granting) -> None:
    special = [one.name for one in packages_of("us") if one.section == "special"]
    order = grant(seed.SEMI_ONE, "us", without=tuple(special)).token
    given = tokens(grant(seed.SEMI_ONE, "cn").token, us=order)
    assert refused(*CONNECT, stdin=given)["cause"] == "permission_missing"
    told(*CONNECT, "--accept-missing", stdin=given)
    assert Store.objects.count() == 1


BAD_STDIN = {
    "empty": "",
    "no JSON": "product=abc",
    "a list": "[1, 2]",
    "a number": "12",
    "unknown key": '{"token": "abc"}',
    "order no object": '{"product": "abc", "order": "def"}',
    "token no text": '{"product": 12}',
    "nothing in it": '{"product": "", "order": {}}',
    "deep": "[" * 100_000,
    "10 MB": '{"product": "' + "a" * 10_000_000 + '"}',
}


@pytest.mark.parametrize("text", BAD_STDIN.values(), ids=BAD_STDIN.keys())
def test_standard_input_that_is_no_table_of_tokens_is_refused(apps: Apps, text: str) -> None:
    assert refused(*CONNECT, stdin=text)["cause"] == "bad_input"
    assert not Store.objects.exists()


BAD_TOKENS = ["a\x00b", "店铺", "<b>x</b>", "a'; DROP TABLE x; --", "\u202etoken", "😀"]


@pytest.mark.parametrize("text", BAD_TOKENS)
def test_an_unfit_token_is_refused_and_its_slot_named(apps: Apps, text: str) -> None:
    no = refused(*CONNECT, stdin=tokens(text))
    assert no["cause"] == "token_unfit"
    assert no["sentence"].startswith("product stock token")
    assert not Store.objects.exists()


def test_an_unknown_order_area_is_refused(apps: Apps) -> None:
    assert refused(*CONNECT, stdin=tokens("abc", mars="def"))["cause"] == "area_unknown"


def test_a_full_consignment_store_takes_no_order_token(apps: Apps) -> None:
    given = tokens("abc", us="def")
    wanted = ("stores", "connect", "--type", "full", "--nickname", "Full")
    assert refused(*wanted, stdin=given)["cause"] == "slot_unknown"


@pytest.mark.parametrize("day", ["tomorrow", "2099-01-01", "0001-01-01", "2026-13-01", ""])
def test_a_bad_date_is_wrong_usage(apps: Apps, day: str) -> None:
    assert run(*CONNECT, "--orders-since", day, stdin=tokens("abc")).exit_code == 2


def test_a_bad_nickname_is_refused_before_the_tokens_are_read(apps: Apps) -> None:
    wanted = ("stores", "connect", "--type", "semi", "--nickname", "a\u202eb")
    assert refused(*wanted, stdin="")["cause"] == "nickname_unprintable"


def test_the_same_token_again_is_recognised(
    connect: Callable[..., ConnectedStore], control: Control
) -> None:
    done = connect()
    assert done.order is not None
    control.remove_grant(done.order.id)
    control.authorize_again(done.order.id)
    answer = told("stores", "reauthorize", "Alpha", stdin=tokens(us=done.order.token))
    assert (answer["same"], answer["new"]) == (["order:us"], [])


def test_a_token_that_is_dead_for_good_is_refused_with_its_date(
    connect: Callable[..., ConnectedStore], control: Control, clock: VirtualTime
) -> None:
    done = connect()
    assert done.order is not None
    clock.advance(days=91)
    no = refused("stores", "reauthorize", "Alpha", stdin=tokens(us=done.order.token))
    assert no["cause"] == "expired_for_good"
    assert "20" in no["sentence"]

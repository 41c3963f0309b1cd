"""`storewarden stores`: list, show, probe and the small deeds."""

from collections.abc import Callable

import pytest

from storewarden.stores.models import Credential, Store
from temu_sandbox.control import Control
from tests.cli.kit import refused, run, told
from tests.conftest import ConnectedStore


def test_the_list_names_every_store_with_its_state(semi_store: Store, full_store: Store) -> None:
    stores = told("stores", "list")["stores"]
    assert [(one["nickname"], one["state"]) for one in stores] == [
        ("Alpha", "authorized"),
        ("Full", "authorized"),
    ]


@pytest.mark.parametrize(
    ("more", "names"),
    [
        (("--type", "full"), ["Full"]),
        (("--area", "us"), ["Alpha"]),
        (("--search", "ful"), ["Full"]),
        (("--state", "expired"), []),
        (("--archived",), []),
    ],
)
def test_the_list_is_narrowed(
    semi_store: Store, full_store: Store, more: tuple[str, ...], names: list[str]
) -> None:
    assert [one["nickname"] for one in told("stores", "list", *more)["stores"]] == names


def test_a_person_gets_a_table(semi_store: Store) -> None:
    result = run("stores", "list")
    assert "Alpha" in result.stdout
    assert "Semi-Consignment" in result.stdout


def test_a_store_is_shown_with_its_history(semi_store: Store) -> None:
    answer = told("stores", "show", semi_store.mall_id)
    assert answer["history"][0]["deed"] == "connected"
    assert {one["slot"] for one in answer["store"]["tokens"]} == {"product:cn", "order:us"}


def test_a_probe_finds_a_token_that_was_removed(
    connect: Callable[..., ConnectedStore], control: Control
) -> None:
    done = connect()
    assert done.order is not None
    control.remove_grant(done.order.id)
    store = told("stores", "probe", "Alpha")["stores"][0]
    assert (store["state"], store["cause"]) == ("expired", "disconnected")
    assert store["works"] == ["product"]


def test_a_probe_without_a_name_asks_about_every_store(
    semi_store: Store, full_store: Store
) -> None:
    assert len(told("stores", "probe")["stores"]) == 2


def test_a_probe_in_an_outage_is_refused_and_changes_no_state(
    semi_store: Store, control: Control
) -> None:
    control.add_fault("outage")
    answer = told("stores", "probe", "Alpha", code=1)
    assert answer["refused"]["cause"] == "unreachable"
    assert set(Credential.objects.values_list("state", flat=True)) == {"active"}


def test_a_store_is_renamed(semi_store: Store) -> None:
    assert told("stores", "rename", "Alpha", "Beta")["store"]["nickname"] == "Beta"


def test_a_taken_name_is_refused(semi_store: Store, full_store: Store) -> None:
    assert refused("stores", "rename", "Alpha", "full")["cause"] == "nickname_taken"


def test_a_store_is_paused_and_resumed(semi_store: Store) -> None:
    assert told("stores", "pause", "Alpha")["store"]["state"] == "paused"
    assert told("stores", "resume", "Alpha")["store"]["state"] == "authorized"


def test_stock_push_is_switched_on_and_off(semi_store: Store) -> None:
    assert told("stores", "push-on", "Alpha")["store"]["stock_push_on"]
    assert not told("stores", "push-off", "Alpha")["store"]["stock_push_on"]


def test_a_store_is_archived_and_its_tokens_are_destroyed(semi_store: Store) -> None:
    assert told("stores", "archive", "Alpha", "--yes")["store"]["state"] == "archived"
    assert set(Credential.objects.values_list("token_sealed", flat=True)) == {""}


def test_archiving_asks_first_and_no_is_no(semi_store: Store) -> None:
    assert run("stores", "archive", "Alpha", stdin="n\n").exit_code == 1
    assert Store.objects.get().archived_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "nobody", "<b>", "'; --", "😀", "\u202e", "x" * 100_000])
def test_an_unknown_store_is_refused(name: str) -> None:
    for deed in ("show", "probe", "pause", "resume", "push-on"):
        if not (deed == "probe" and not name):
            assert refused("stores", deed, name)["cause"] == "no_such_store"


@pytest.mark.django_db
def test_an_argument_that_is_no_utf8_is_wrong_usage() -> None:
    assert run("stores", "show", "\udcff\udcfe").exit_code == 2


def test_a_name_cannot_redraw_the_terminal(semi_store: Store) -> None:
    Store.objects.update(nickname="\x1b]0;title\x07red\u202e")
    for command in (("stores", "list"), ("stores", "show", semi_store.mall_id)):
        shown = run(*command).output
        assert "red" in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)

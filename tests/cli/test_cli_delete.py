"""`storewarden stores delete`."""

from datetime import timedelta

import pytest

from storewarden import clock as product_clock
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order
from storewarden.stores.deletion import actions as deletion
from storewarden.stores.models import Store, StoreDeletion
from tests.cli.kit import refused, run, told
from tests.conftest import TESTER, VirtualTime
from tests.orders.factories import orders


def test_a_store_is_erased_and_told_what_went(semi_store: Store) -> None:
    record_orders(semi_store, "us", orders(3))
    gone = told("stores", "delete", "Alpha", "--nickname", "Alpha", "--yes")["deleted"]
    assert (gone["mall_id"], gone["nickname"]) == (semi_store.mall_id, "Alpha")
    assert gone["removed"]["orders"] == 10
    assert gone["rows"] == sum(gone["removed"].values())
    assert gone["who"] == "command line"
    assert gone["finished_at"]
    assert not Store.objects.exists()
    assert not Order.objects.exists()


def test_a_person_reads_it_in_a_sentence(semi_store: Store) -> None:
    result = run("stores", "delete", semi_store.mall_id, "--nickname", "Alpha", "--yes")
    assert "“Alpha” is deleted for good" in result.stdout


def test_it_asks_first_with_the_number_of_rows(semi_store: Store) -> None:
    result = run("stores", "delete", "Alpha", "--nickname", "Alpha", stdin="n\n")
    assert result.exit_code == 1
    assert "Erase “Alpha” with its orders" in result.stderr
    assert Store.objects.get().archived_at is None


def test_a_yes_at_the_question_is_enough(semi_store: Store) -> None:
    assert run("stores", "delete", "Alpha", "--nickname", "Alpha", stdin="y\n").exit_code == 0
    assert not Store.objects.exists()


@pytest.mark.parametrize("name", ["", "alpha", "Alpha ", "\u202eAlpha", "'; --", "💥", "x" * 5000])
def test_another_nickname_is_refused_before_anything_is_asked(semi_store: Store, name: str) -> None:
    no = refused("stores", "delete", "Alpha", "--nickname", name)
    assert no["cause"] == "nickname_differs"
    assert Store.objects.get().archived_at is None


def test_the_nickname_must_be_given(semi_store: Store) -> None:
    assert run("stores", "delete", "Alpha", "--yes").exit_code == 2
    assert Store.objects.exists()


def test_an_unknown_store_is_refused(semi_store: Store) -> None:
    assert refused("stores", "delete", "Beta", "--nickname", "Beta")["cause"] == "no_such_store"


def test_one_that_was_asked_for_on_the_page_is_finished_here(semi_store: Store) -> None:
    deletion.ask_deletion(semi_store, "Alpha", TESTER)
    for name in ("Alpha", semi_store.mall_id, str(semi_store.pk)):
        assert deletion.under_way(name) is not None
    gone = told("stores", "delete", "Alpha", "--nickname", "Alpha")["deleted"]
    assert gone["who"] == TESTER.name
    assert not Store.objects.exists()


def test_it_waits_for_a_server_that_is_at_it(semi_store: Store, clock: VirtualTime) -> None:
    """The server is killed meanwhile: once its lease is over, the command does the rest."""
    deletion.ask_deletion(semi_store, "Alpha", TESTER)
    until = product_clock.now() + timedelta(seconds=20)
    StoreDeletion.objects.update(leased_until=until)
    told("stores", "delete", "Alpha", "--nickname", "Alpha")
    assert product_clock.now() >= until
    assert not Store.objects.exists()

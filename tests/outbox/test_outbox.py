"""What happened is told to everybody who asked, once, and never lost in between."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from storewarden import clock as product_clock
from storewarden.outbox import handlers
from storewarden.outbox.actions import forget_spread, publish, spread
from storewarden.outbox.handlers import Happening
from storewarden.outbox.models import StoredHappening

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[Happening]]:
    seen: list[Happening] = []
    handlers.subscribe("test", seen.append)
    yield seen
    handlers.unsubscribe("test")


def test_what_happened_is_told_once(heard: list[Happening]) -> None:
    publish("store.connected", {"store": {"nickname": "Alpha"}})
    assert (spread(), spread()) == (1, 0)
    assert [(one.type, one.data["store"]["nickname"]) for one in heard] == [
        ("store.connected", "Alpha")
    ]


def test_what_another_process_has_told_meanwhile_is_not_told_again(
    heard: list[Happening],
) -> None:
    def other_process(one: Happening) -> None:
        if one.type == "first":
            spread()

    publish("first", {})
    publish("second", {})
    handlers.subscribe("other process", other_process)
    try:
        spread()
    finally:
        handlers.unsubscribe("other process")
    assert sorted(one.type for one in heard) == ["first", "second"]


def test_a_deed_that_is_undone_never_happened(heard: list[Happening]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish("store.connected", {})
        raise RuntimeError
    assert spread() == 0


def test_a_handler_that_fails_is_told_again(heard: list[Happening]) -> None:
    def broken(_one: Happening) -> None:
        raise RuntimeError

    publish("store.connected", {})
    handlers.subscribe("broken", broken)
    try:
        spread()
    finally:
        handlers.unsubscribe("broken")
    assert StoredHappening.objects.filter(spread_at__isnull=True).exists()
    assert spread() == 1


def test_one_that_cannot_be_told_does_not_stop_the_others(heard: list[Happening]) -> None:
    def broken(one: Happening) -> None:
        if one.type == "bad":
            raise RuntimeError

    publish("bad", {})
    publish("good", {})
    handlers.subscribe("broken", broken)
    try:
        spread()
    finally:
        handlers.unsubscribe("broken")
    assert StoredHappening.objects.get(spread_at__isnull=True).type == "bad"


def test_what_was_told_is_forgotten_after_thirty_days() -> None:
    publish("store.connected", {})
    publish("store.expired", {})
    spread()
    StoredHappening.objects.filter(type="store.connected").update(
        spread_at=product_clock.now() - timedelta(days=31)
    )
    assert forget_spread() == 1
    assert StoredHappening.objects.get().type == "store.expired"

"""What other areas add to the list and to a store's page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from storewarden import clock as product_clock
from storewarden.stores import columns
from storewarden.stores.columns import Column, Progress
from storewarden.stores.models import Store
from tests.conftest import VirtualTime
from tests.stores.pages_kit import LIST, many_stores, signed_in, text, url_of


@pytest.fixture(autouse=True)
def _nothing_else_registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(columns, "_moments", {})
    monkeypatch.setattr(columns, "_progresses", {})
    return


def test_the_last_order_pull_stands_in_the_row(semi_store: Store, clock: VirtualTime):
    def pulled(stores: Sequence[UUID]) -> Mapping[UUID, datetime | None]:
        return dict.fromkeys(stores, product_clock.now() - timedelta(minutes=7))

    columns.register(Column.ORDER_PULL, pulled)
    assert "orders 7 min ago" in text(signed_in().get(LIST))


def test_a_column_is_asked_once_for_all_stores(apps, clock: VirtualTime):
    asked: list[int] = []

    def pushed(stores: Sequence[UUID]) -> Mapping[UUID, datetime | None]:
        asked.append(len(stores))
        return {}

    columns.register(Column.STOCK_PUSH, pushed)
    many_stores(9, apps)
    signed_in().get(LIST)
    assert asked == [9]


def test_a_running_sync_is_shown_on_the_stores_page_and_asked_again(semi_store: Store):
    columns.register_progress("orders", lambda _store: [Progress("Orders", 120, 250, True)])
    page = signed_in().get(url_of(semi_store))
    assert "120 of 250" in text(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()


def test_the_progress_part_stops_asking_when_all_is_done(semi_store: Store, clock: VirtualTime):
    columns.register_progress("orders", lambda _store: [Progress("Orders", 250, 250, False)])
    clock.advance(3600)
    part = signed_in().get(url_of(semi_store, "progress/")).content.decode()
    assert "hx-trigger" not in part
    assert "250" not in part


def test_a_sync_that_failed_says_why(semi_store: Store):
    why = "Temu did not answer."
    columns.register_progress("orders", lambda _store: [Progress("Orders", 0, 0, False, why)])
    assert why in text(signed_in().get(url_of(semi_store)))

"""The order list: keyset pages, filters, search, and how many queries they take."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from storewarden.marketplaces.base import MarketOrder, OrderState
from storewarden.orders import queries
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order, OrderPull
from storewarden.orders.paging import unmarked
from storewarden.orders.queries import Wanted, order_page
from storewarden.shipping.models import Parcel
from storewarden.stores.models import Store
from tests.orders.factories import NOON, a_credential, a_line, a_store, an_order, orders

pytestmark = pytest.mark.django_db


def keep(store: Store, *made: MarketOrder, area: str = "us") -> None:
    record_orders(store, area, made)


def walk(wanted: Wanted, size: int) -> list[int]:
    """Every row, page after page to the end."""
    found, after = [], ""
    while True:
        page = order_page(wanted, after=after, size=size)
        found += [row.pk for row in page.rows]
        after = page.older
        if not after:
            return found


def test_walking_the_pages_shows_every_order_once_newest_first() -> None:
    store = a_store()
    keep(store, *(an_order(n, placed_at=NOON - timedelta(minutes=n // 7)) for n in range(60)))
    found = walk(Wanted(), size=9)
    assert len(found) == len(set(found)) == 60
    assert found == list(Order.objects.order_by("-listed_at", "-id").values_list("pk", flat=True))


def test_walking_back_shows_the_same_pages() -> None:
    keep(a_store(), *orders(30))
    first = order_page(Wanted(), size=10)
    second = order_page(Wanted(), after=first.older, size=10)
    back = order_page(Wanted(), before=second.newer, size=10)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert (back.newer, bool(back.older)) == ("", True)


def test_an_order_that_comes_in_between_does_not_shift_the_next_page() -> None:
    store = a_store()
    keep(store, *orders(20))
    first = order_page(Wanted(), size=10)
    keep(store, an_order(99, placed_at=NOON + timedelta(hours=1)))
    second = order_page(Wanted(), after=first.older, size=10)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert len(second.rows) == 10


def test_by_deadline_the_most_urgent_comes_first_and_what_has_left_is_not_there() -> None:
    keep(
        a_store(),
        an_order(1, ship_by=NOON + timedelta(hours=9)),
        an_order(2, ship_by=NOON - timedelta(hours=1)),
        an_order(3, ship_by=None),
        an_order(4, state=OrderState.SHIPPED),
        an_order(5, state=OrderState.ON_HOLD, ship_by=None),
    )
    found = order_page(Wanted(sort="deadline")).rows
    assert [row.po[-1] for row in found] == ["2", "1", "3"]


def test_walking_by_deadline_shows_every_order_that_still_has_to_leave_once() -> None:
    keep(a_store(), *(an_order(n, ship_by=NOON + timedelta(hours=n % 4)) for n in range(40)))
    found = walk(Wanted(sort="deadline"), size=7)
    assert len(found) == len(set(found)) == 40


def test_the_list_is_narrowed_by_store_state_and_area() -> None:
    one, other = a_store("Alpha"), a_store("Beta")
    keep(one, an_order(1), an_order(2, state=OrderState.SHIPPED))
    keep(one, an_order(3), area="eu")
    keep(other, an_order(4))
    found = order_page(Wanted(store_id=str(one.pk), state="to_ship", area="us")).rows
    assert [row.po for row in found] == [an_order(1).po]


@pytest.mark.parametrize(
    "text", ["PO-211-000000000007", "PO-211-00000000000", " PO-211-000000000007 "]
)
def test_a_search_finds_a_po_whole_or_by_its_beginning(text: str) -> None:
    other = an_order(8, po="PO-211-700000000000", lines=(a_line(8),))
    keep(a_store(), an_order(7), other)
    assert [row.po for row in order_page(Wanted(text=text)).rows] == [an_order(7).po]


def test_a_search_finds_order_number_sku_code_and_tracking_number() -> None:
    keep(a_store(), an_order(1), an_order(2), an_order(3))
    first, second, third = Order.objects.order_by("po")
    Parcel.objects.create(
        order=third,
        carrier_id="1",
        carrier_name="UPS",
        tracking_number="1Z1",
        warehouse_id="W",
        planned_at=NOON,
        planned_by="x",
    )
    assert order_page(Wanted(text=a_line(1).order_sn)).rows == [first]
    assert order_page(Wanted(text=a_line(2).code)).rows == [second]
    assert order_page(Wanted(text="1Z1")).rows == [third]


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE orders_order; --", "%", "_", "\x00", "<b>", "📦", "\u202e", "x" * 10**6]
)
def test_a_search_for_nonsense_finds_nothing(text: str) -> None:
    keep(a_store(), an_order(1))
    found = order_page(Wanted(text=text)).rows
    assert found == [] or text == "\x00"


def test_a_search_looks_at_a_bounded_number_of_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MATCHES", 5)
    keep(a_store(), *orders(9))
    assert len(order_page(Wanted(text="PO-211")).rows) == 5
    assert queries.is_capped("PO-211")


@pytest.mark.parametrize("mark", ["x", "W10", "bnVsbA", "WzEsMl0", "📦", "W1tbW1tb" * 10_000])
def test_a_made_up_cursor_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="no place in the list"):
        unmarked(mark)


def count(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        deed()
    assert not any("OFFSET" in one["sql"] for one in captured)
    return len(captured)


def test_a_page_of_the_list_takes_two_queries_however_many_orders_there_are() -> None:
    store = a_store()
    keep(store, *orders(5))
    few = count(lambda: order_page(Wanted(store_id=str(store.pk), state="to_ship")))
    keep(store, *orders(120))
    many = count(lambda: order_page(Wanted(store_id=str(store.pk), state="to_ship")))
    assert few == many == 2


def test_a_search_takes_six_queries() -> None:
    keep(a_store(), *orders(20))
    assert count(lambda: order_page(Wanted(text=an_order(3).po))) == 6


def test_an_orders_page_takes_three_queries() -> None:
    keep(a_store(), an_order(1, lines=tuple(a_line(n) for n in range(1, 9))))
    pk = Order.objects.get().pk
    assert count(lambda: queries.order_file(pk)) == 3


def test_counts_are_read_not_counted() -> None:
    keep(a_store(), *orders(50))
    with CaptureQueriesContext(connection) as captured:
        assert queries.counts()["to_ship"] == 50
    assert len(captured) == 1
    assert "orders_ordercount" in captured[0]["sql"]
    assert "orders_orderline" not in captured[0]["sql"]


@pytest.mark.sqlite_only  # the plan is read in SQLite's words
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(state="to_ship"),
        Wanted(area="us"),
        Wanted(area="us", state="to_ship"),
        Wanted(sort="deadline"),
        Wanted(sort="deadline", area="us"),
        Wanted(sort="deadline", state="to_ship"),
    ],
)
def test_a_page_is_read_out_of_an_index(wanted: Wanted) -> None:
    keep(a_store(), *orders(10))
    first = order_page(wanted, size=3)
    with CaptureQueriesContext(connection) as captured:
        order_page(wanted, after=first.older, size=3)
    sql = captured[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "USING INDEX order_" in plan
    assert "TEMP B-TREE" not in plan


def test_a_late_order_is_counted() -> None:
    keep(a_store(), an_order(1, ship_by=NOON - timedelta(1)), an_order(2, ship_by=NOON))
    assert queries.late_count(NOON) == 1


def test_the_most_urgent_order_is_named_first() -> None:
    keep(a_store(), *orders(9))
    assert queries.most_urgent(2)[0].po == an_order(1).po


def test_a_po_in_two_stores_needs_the_store() -> None:
    one, other = a_store("Alpha"), a_store("Beta")
    keep(one, an_order(1))
    keep(other, an_order(1))
    with pytest.raises(queries.NoSuchOrder) as no:
        queries.find_order(an_order(1).po)
    assert no.value.cause == "several_orders"
    assert queries.find_order(an_order(1).po, other).store == other


def pulled(minutes_ago: float, **fields: Any) -> OrderPull:
    tried = NOON - timedelta(minutes=minutes_ago)
    token = a_credential(a_store(f"Store {minutes_ago}"))
    return OrderPull.objects.create(credential=token, good_until=tried, tried_at=tried, **fields)


def test_pulls_are_due_a_minute_after_the_last_try_the_oldest_first() -> None:
    pulled(0.5)
    two, nine = pulled(2), pulled(9)
    due = queries.due_pulls(NOON)
    assert [one.pk for one in due] == [nine.credential_id, two.credential_id]


def test_a_pull_that_runs_is_not_due() -> None:
    pulled(9, leased_until=NOON + timedelta(minutes=1))
    assert queries.due_pulls(NOON) == []
    assert queries.due_pulls(NOON, at_once=True) == []


def test_a_paused_store_is_not_pulled() -> None:
    token = a_credential(a_store())
    Store.objects.update(paused_at=NOON)
    assert token not in queries.due_pulls(NOON)


def test_how_far_the_running_pulls_are_is_told() -> None:
    assert queries.is_pulling(NOON) is None
    pulled(1, leased_until=NOON + timedelta(minutes=1), window_done=100, window_total=250)
    assert queries.is_pulling(NOON) == (100, 250)


def test_an_order_placed_at_an_unknown_time_is_in_the_list_all_the_same() -> None:
    keep(a_store(), replace(an_order(1), placed_at=None))
    assert len(order_page(Wanted()).rows) == 1

"""Keeping a page of orders: what is written, and what is not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from storewarden import clock as product_clock
from storewarden.marketplaces.base import OrderState, Unreadable
from storewarden.orders import queries
from storewarden.orders.actions import record_orders
from storewarden.orders.models import Order, OrderCount, OrderEvent, OrderInbox, OrderLine
from tests.orders.factories import NOON, a_line, a_store, an_order, orders

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Stopped:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def now_s(self) -> float:
        return self.at.timestamp()

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def time() -> Iterator[Stopped]:
    stopped = Stopped()
    with product_clock.running_on(stopped):
        yield stopped


def writes(captured: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in captured if one["sql"].lstrip().upper().startswith(WRITES)]


def test_a_page_is_kept_with_its_lines_and_counted() -> None:
    store = a_store()
    done = record_orders(store, "us", orders(3))
    assert (done.new, done.changed, done.unchanged) == (3, 0, 0)
    assert OrderLine.objects.filter(order__store=store).count() == 3
    assert queries.counts()["to_ship"] == 3


def test_a_page_that_comes_again_unchanged_writes_nothing(time: Stopped) -> None:
    store = a_store()
    record_orders(store, "us", orders(100))
    time.sleep(60)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        done = record_orders(store, "us", orders(100, updated_at=NOON))
    assert done.unchanged == 100
    assert writes(captured) == []
    assert len(captured) <= 4


def test_only_the_changed_order_of_a_page_is_written(time: Stopped) -> None:
    store = a_store()
    record_orders(store, "us", orders(50))
    time.sleep(60)
    page = orders(50)
    page[7] = an_order(8, state=OrderState.SHIPPED, updated_at=NOON)
    done = record_orders(store, "us", page)
    assert (done.changed, done.unchanged) == (1, 49)
    assert Order.objects.filter(changed_at__gt=NOON).count() == 1


def test_counts_follow_an_order_through_its_states(time: Stopped) -> None:
    store = a_store()
    record_orders(store, "us", orders(5))
    time.sleep(60)
    record_orders(store, "us", [an_order(1, state=OrderState.CANCELLED, updated_at=NOON)])
    kept = {row.state: row.number for row in OrderCount.objects.all()}
    assert kept == {"to_ship": 4, "cancelled": 1}


def test_counts_are_kept_by_area() -> None:
    store = a_store()
    record_orders(store, "us", orders(2))
    record_orders(store, "eu", [an_order(9, po="PO-76-1")])
    assert queries.counts(area="eu")["to_ship"] == 1
    assert queries.counts()["to_ship"] == 3


def test_the_timeline_tells_first_seen_and_each_change_of_state(time: Stopped) -> None:
    store = a_store()
    record_orders(store, "us", [an_order()])
    time.sleep(60)
    record_orders(store, "us", [an_order(state=OrderState.SHIPPED, updated_at=NOON)])
    told = list(OrderEvent.objects.order_by("id").values_list("who", "deed"))
    assert told == [("Temu", "first_seen"), ("Temu", "state")]


def test_a_change_of_labels_alone_is_no_line_in_the_timeline(time: Stopped) -> None:
    store = a_store()
    record_orders(store, "us", [an_order()])
    time.sleep(60)
    record_orders(store, "us", [an_order(labels=("past_due",), updated_at=NOON)])
    assert OrderEvent.objects.count() == 1
    assert Order.objects.get().labels == ["past_due"]


def test_lines_that_are_no_longer_told_are_kept(time: Stopped) -> None:
    store = a_store()
    record_orders(store, "us", [an_order(lines=(a_line(1), a_line(2)))])
    time.sleep(60)
    record_orders(store, "us", [an_order(lines=(a_line(1, quantity=4),), updated_at=NOON)])
    kept = dict(OrderLine.objects.values_list("order_sn", "quantity"))
    assert kept == {a_line(1).order_sn: 4, a_line(2).order_sn: 1}


def test_when_it_was_first_seen_stays_when_an_order_changes(time: Stopped) -> None:
    store = a_store()
    record_orders(store, "us", [an_order(placed_at=None)])
    time.sleep(3600)
    record_orders(store, "us", [an_order(placed_at=None, labels=("past_due",), updated_at=NOON)])
    row = Order.objects.get()
    assert row.first_seen_at == row.listed_at == NOON
    assert row.changed_at == NOON + timedelta(hours=1)


def test_an_older_reading_does_not_overwrite_a_newer_one(time: Stopped) -> None:
    store = a_store()
    shipped = an_order(state=OrderState.SHIPPED, updated_at=NOON)
    record_orders(store, "us", [shipped])
    time.sleep(60)
    record_orders(store, "us", [an_order(updated_at=NOON - timedelta(minutes=9))])
    assert Order.objects.get().state == "shipped"


def test_a_page_asked_for_before_the_row_was_written_does_not_overwrite_it(
    time: Stopped,
) -> None:
    store = a_store()
    time.sleep(60)
    record_orders(store, "us", [an_order(state=OrderState.SHIPPED, updated_at=None)])
    record_orders(store, "us", [an_order()], read_at=NOON)
    assert Order.objects.get().state == "shipped"


def test_one_bad_order_goes_to_the_inbox_and_the_others_are_kept() -> None:
    store = a_store()
    page = [*orders(3), an_order(4, lines=(a_line(4, quantity=-2),))]
    done = record_orders(store, "us", page, [Unreadable("PO-211-9", {"x": 1}, "no orderList")])
    assert (done.new, done.set_aside) == (3, 2)
    reasons = {row.po: row.reason for row in queries.inbox()}
    assert reasons["PO-211-9"] == "no orderList"
    assert "-2" in reasons[an_order(4).po]


def test_an_unreadable_order_that_comes_again_writes_nothing() -> None:
    store = a_store()
    bad = [Unreadable("PO-211-9", {"x": 1}, "no orderList")]
    record_orders(store, "us", [], bad)
    with CaptureQueriesContext(connection) as captured:
        record_orders(store, "us", [], bad)
    assert writes(captured) == []


def test_an_inbox_row_is_solved_when_its_order_reads_well() -> None:
    store = a_store()
    record_orders(store, "us", [], [Unreadable(an_order().po, {"x": 1}, "no orderList")])
    record_orders(store, "us", [an_order()])
    assert queries.inbox() == []
    assert OrderInbox.objects.get().solved_at == NOON


def test_an_order_that_becomes_unreadable_again_comes_back_to_the_inbox() -> None:
    store = a_store()
    bad = [Unreadable(an_order().po, {"x": 1}, "no orderList")]
    record_orders(store, "us", [], bad)
    record_orders(store, "us", [an_order()])
    record_orders(store, "us", [], bad)
    assert [row.po for row in queries.inbox()] == [an_order().po]


def test_unreadable_orders_without_a_number_do_not_hide_each_other() -> None:
    store = a_store()
    bad = [Unreadable("", {"x": 1}, "no number"), Unreadable("", {"x": 2}, "no number")]
    record_orders(store, "us", [], bad)
    assert len(queries.inbox()) == 2


def test_a_huge_unreadable_order_is_not_kept_whole() -> None:
    record_orders(a_store(), "us", [], [Unreadable("PO-1", {"x": "y" * 10_000_000}, "huge")])
    assert OrderInbox.objects.get().raw == {"too_large_to_keep_bytes": 10_000_008}


def test_texts_with_a_nul_or_without_end_are_cut_to_what_fits() -> None:
    line = a_line(1, name="Lamp\x00" + "x" * 900, spec="s" * 400, picture_url="u" * 2000)
    record_orders(a_store(), "us", [an_order(lines=(line,))])
    kept = OrderLine.objects.get()
    assert (len(kept.name), len(kept.spec), len(kept.picture_url)) == (500, 300, 1000)
    assert "\x00" not in kept.name


def test_an_unknown_state_is_kept_and_shown_as_such() -> None:
    record_orders(a_store(), "us", [an_order(state=OrderState.UNKNOWN, status_code="77")])
    assert [row.status_code for row in queries.unknown_orders()] == ["77"]


def test_the_same_number_in_two_stores_is_two_orders() -> None:
    record_orders(a_store("Alpha"), "us", [an_order()])
    record_orders(a_store("Beta"), "us", [an_order()])
    assert Order.objects.count() == 2


def test_what_belongs_to_the_page_is_undone_with_it() -> None:
    store = a_store()

    def fails() -> None:
        raise RuntimeError("the cursor could not be moved")

    with pytest.raises(RuntimeError), transaction.atomic():
        record_orders(store, "us", orders(3), also=fails)
    assert Order.objects.count() == OrderCount.objects.count() == 0

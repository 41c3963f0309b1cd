"""Rows written by one statement read back as Django's models wrote them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from storewarden.orders.models import OrderEvent, OrderInbox
from storewarden.orders.recording import record_orders
from storewarden.orders.rows import Row, as_id, as_json, as_time, insert, upsert
from storewarden.stores.models import Store
from tests.orders.factories import NOON, a_store, an_order

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(microseconds=1)
UNIQUE = ("store_id", "po")


def an_inbox_row(store: Store, **values: object) -> Row:
    row = {
        "store_id": as_id(store.pk),
        "area": "us",
        "po": "PO-211-1",
        "raw": as_json({"折叠灯": [None, "a\"b'c%s"]}),
        "reason": "no number",
        "first_seen_at": as_time(NOON),
        "last_seen_at": as_time(NOON),
        "solved_at": as_time(None),
    }
    return {**row, **values}  # type: ignore[dict-item]  # the values are a test's own


def test_every_kind_of_value_reads_back_as_it_was() -> None:
    store = a_store()
    upsert(OrderInbox, [an_inbox_row(store, last_seen_at=as_time(LATER))], unique=UNIQUE)
    row = OrderInbox.objects.get(store=store)
    assert row.raw == {"折叠灯": [None, "a\"b'c%s"]}
    assert (row.first_seen_at, row.last_seen_at, row.solved_at) == (NOON, LATER, None)


def test_a_time_is_kept_as_django_keeps_it() -> None:
    store = a_store()
    upsert(OrderInbox, [an_inbox_row(store)], unique=UNIQUE)
    assert OrderInbox.objects.filter(first_seen_at=NOON, last_seen_at__lte=NOON).exists()


def test_a_row_that_is_there_is_overwritten_but_for_what_is_kept() -> None:
    store = a_store()
    upsert(OrderInbox, [an_inbox_row(store)], unique=UNIQUE)
    before = OrderInbox.objects.get().pk
    again = an_inbox_row(
        store, reason="another", first_seen_at=as_time(LATER), last_seen_at=as_time(LATER)
    )
    upsert(OrderInbox, [again], unique=UNIQUE, kept=("first_seen_at",))
    row = OrderInbox.objects.get()
    assert (row.pk, row.reason) == (before, "another")
    assert (row.first_seen_at, row.last_seen_at) == (NOON, LATER)


def test_no_rows_are_no_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        upsert(OrderInbox, [], unique=UNIQUE)
        insert(OrderEvent, [])
    assert not captured.captured_queries


def test_a_row_that_breaks_a_rule_of_the_table_is_refused_with_all_others() -> None:
    store = a_store()
    bad = an_inbox_row(store, po="PO-211-2", reason=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        upsert(OrderInbox, [an_inbox_row(store), bad], unique=UNIQUE)
    assert not OrderInbox.objects.exists()


def test_a_page_of_orders_takes_the_same_few_statements_whatever_its_length() -> None:
    store = a_store()
    record_orders(store, "us", [an_order(1)])
    with CaptureQueriesContext(connection) as one:
        record_orders(store, "us", [an_order(2)])
    with CaptureQueriesContext(connection) as many:
        record_orders(store, "us", [an_order(number) for number in range(3, 103)])
    assert len(many) == len(one)

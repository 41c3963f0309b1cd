"""A store with rows in every corner, and a look into every table of the database."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection

from storewarden import chance, clock
from storewarden.arrivals.models import Arrival
from storewarden.inventory.actions import set_figure
from storewarden.marketplaces.base import TokenKind
from storewarden.orders.actions import pull_orders
from storewarden.orders.models import Order, OrderInbox
from storewarden.outbox.actions import publish, spread
from storewarden.shipping.actions import ship_order
from storewarden.stores.actions import note
from storewarden.stores.models import RenewalLink, Store, TableJob, TableRow
from storewarden.stores.queries import usable_credentials
from storewarden.webhooks.actions import Wanted, add_endpoint
from storewarden.webhooks.models import Endpoint
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.alerts.kit import alert, item, message
from tests.conftest import TESTER
from tests.inventory.factories import at_home, stocked

Tables = dict[str, Counter[str]]
UPS = "998264103"
CODES = {seed.SEMI_ONE: "M1-001-S", seed.SEMI_TWO: "M2-001-S"}
KEPT_FOR_ALL = {"stores_storedeletion", "stores_contact", "shipping_carrier", "sqlite_sequence"}
"""Tables that a store may leave something in: the record, and what is nobody's in particular."""


def furnish(store: Store, control: Control) -> None:
    """Orders, a shipped parcel, listings, stock, an unread order, a link, a table, happenings."""
    _endpoint()
    control.make_orders(int(store.mall_id), 5, area="us")
    pull_orders(usable_credentials(TokenKind.ORDER, store)[0])
    order = Order.objects.filter(store=store, state="to_ship")[0]
    ship_order(order, carrier=UPS, tracking=f"1Z{store.mall_id}", actor=TESTER)
    sku = stocked(store, CODES[int(store.mall_id)])
    set_figure(sku, at_home(sku).warehouse_id, 7, TESTER)
    _unread_order(store)
    _link(store)
    _table(store)
    alert(store)
    message(item(store))
    _arrival(store)
    note(store, "renamed", detail={"before": "Old lamp", "after": store.nickname})
    publish("store.expiring", {"store": {"id": str(store.pk)}}, store_id=store.pk)
    spread()


def _unread_order(store: Store) -> None:
    now = clock.now()
    OrderInbox.objects.create(
        store=store, area="us", po=f"PO-{store.mall_id}", raw={"odd": store.mall_id}, reason="?",
        first_seen_at=now, last_seen_at=now,
    )  # fmt: skip


def _arrival(store: Store) -> None:
    now = clock.now()
    Arrival.objects.create(
        app=store.credentials.all()[0].app, dedup_key=chance.letters(64), code="x", topic="order",
        mall_id=store.mall_id, po=f"PO-{store.mall_id}", sent_at=now, received_at=now,
    )  # fmt: skip


def _endpoint() -> None:
    """Where programs are told of it: each happening becomes a delivery."""
    if not Endpoint.objects.exists():
        add_endpoint(Wanted("https://127.0.0.1:9/hook", own_network=True), TESTER)


def _link(store: Store) -> None:
    now = clock.now()
    RenewalLink.objects.create(
        store=store, secret_hash=chance.letters(64), language="en", made_by=TESTER.name,
        made_at=now, expires_at=now,
    )  # fmt: skip


def _table(store: Store) -> None:
    """One line that became the store, one that was refused since it names it, one of another."""
    job = TableJob.objects.create(
        kind="connect", marketplace="temu", who=TESTER.name, made_at=clock.now()
    )
    TableRow.objects.create(job=job, line=1, state="done", store=store, asked={"nickname": "x"})
    told = [{"cause": "already_connected", "data": {"nickname": store.nickname}}]
    TableRow.objects.create(job=job, line=2, state="refused", findings=told)
    TableRow.objects.create(job=job, line=3, state="due", asked={"shop_id": store.mall_id})


def marks_of(store: Store) -> set[str]:
    """Everything by which the store could be recognised."""
    orders = Order.objects.filter(store=store)
    found = {str(store.pk), store.pk.hex, store.mall_id, store.nickname}
    found |= {str(one.pk) for one in store.credentials.all()}
    found |= {one.pk.hex for one in store.credentials.all()}
    found |= set(store.tokens.values_list("fingerprint", flat=True))
    found |= set(orders.values_list("po", flat=True))
    found |= set(orders.values_list("lines__order_sn", flat=True))
    return {one for one in found if one}


def everything() -> Tables:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        return {name: Counter(_rows(cursor, name)) for name in names}


def _rows(cursor: Any, name: str) -> Iterable[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
    return [repr(row) for row in cursor.fetchall()]


def tables_with(marks: set[str]) -> set[str]:
    """The tables in which any of these texts occurs, whatever the column."""
    return {
        name
        for name, rows in everything().items()
        if any(mark in row for row in rows for mark in marks)
    }


def differing(before: Tables, after: Tables) -> dict[str, tuple[int, int]]:
    """For each table the number of rows that were lost and that were gained."""
    changed = {
        name: ((before[name] - after[name]).total(), (after[name] - before[name]).total())
        for name in before
    }
    return {name: both for name, both in changed.items() if any(both)}

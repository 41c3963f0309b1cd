"""Keeping what the marketplace told about orders: one transaction a page, changes alone.

An order that came unchanged writes nothing. One that cannot be read or kept
goes into the inbox and never blocks the others.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F

from storewarden import clock
from storewarden.marketplaces.base import MarketLine, MarketOrder, Unreadable
from storewarden.marketplaces.registry import marketplace
from storewarden.orders import rules
from storewarden.orders.models import Order, OrderCount, OrderEvent, OrderInbox, OrderLine
from storewarden.orders.rows import Row, Value, as_id, as_json, as_time, insert, upsert
from storewarden.stores.models import Store

LARGEST_RAW = 50_000


@dataclass(frozen=True)
class Recorded:
    """How many orders of a page were new, changed or as before, and which ones were set aside."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0

    def __add__(self, other: "Recorded") -> "Recorded":
        return Recorded(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.set_aside + other.set_aside,
        )


@dataclass(frozen=True)
class _Known:
    id: int
    digest: str
    area: str
    state: str
    updated_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True)
class _Sorted:
    """A page, sorted by what has to be done about each order."""

    new: list[MarketOrder]
    changed: list[MarketOrder]
    unchanged: int
    bad: list[Unreadable]
    known: Mapping[str, _Known]
    solved: list[int]

    @property
    def nothing_to_write(self) -> bool:
        return not (self.new or self.changed or self.bad or self.solved)


def record_orders(
    store: Store,
    area: str,
    page: Sequence[MarketOrder],
    unreadable: Sequence[Unreadable] = (),
    *,
    read_at: datetime | None = None,
    also: Callable[[], object] | None = None,
) -> Recorded:
    """Keep a page of orders: rows, lines, counts, timeline and inbox in one transaction.

    `read_at` is when the page was asked for: an order that was written since
    stays as it is. `also` runs inside the same transaction (the cursor of a
    pull). Lines that are no longer told are kept.
    """
    asked = read_at or clock.now()
    sifted = _sift(page, unreadable)
    if also is None and _sort(store, *sifted, asked).nothing_to_write:
        return Recorded(unchanged=len(sifted[0]))
    with transaction.atomic():
        # Two processes that record for one store must not both call an order new.
        Store.objects.select_for_update(no_key=True).filter(pk=store.pk).first()
        found = _sort(store, *sifted, asked)
        _write(store, area, found)
        if also is not None:
            also()
    return Recorded(len(found.new), len(found.changed), found.unchanged, len(sifted[1]))


def _sift(
    page: Sequence[MarketOrder], unreadable: Sequence[Unreadable]
) -> tuple[dict[str, MarketOrder], dict[str, Unreadable]]:
    good: dict[str, MarketOrder] = {}
    bad = {rules.key_of(one): one for one in unreadable}
    for order in page:
        fault = rules.fault_of(order)
        if fault:
            raw = msgspec.to_builtins(order, enc_hook=str)
            broken = Unreadable(order.po, raw, fault)
            bad[rules.key_of(broken)] = broken
        else:
            good[order.po] = order
    return good, bad


def _sort(
    store: Store,
    good: Mapping[str, MarketOrder],
    bad: Mapping[str, Unreadable],
    asked: datetime,
) -> _Sorted:
    known = _known(store, good)
    new = [order for po, order in good.items() if po not in known]
    changed = [
        order for po, order in good.items() if po in known and _has_changed(order, known[po], asked)
    ]
    unchanged = len(good) - len(new) - len(changed)
    return _Sorted(new, changed, unchanged, _unheard(store, bad), known, _solved(store, good))


def _known(store: Store, pos: Iterable[str]) -> dict[str, _Known]:
    rows = Order.objects.filter(store=store, po__in=list(pos)).values_list(
        "po", "id", "digest", "area", "state", "updated_at", "changed_at"
    )
    return {row[0]: _Known(*row[1:]) for row in rows}


def _has_changed(order: MarketOrder, kept: _Known, asked: datetime) -> bool:
    if rules.digest(order) == kept.digest:
        return False
    return not rules.is_stale(order.updated_at, kept.updated_at, asked, kept.changed_at)


def _unheard(store: Store, bad: Mapping[str, Unreadable]) -> list[Unreadable]:
    """The unreadable orders that the inbox does not show already, just as they are."""
    if not bad:
        return []
    rows = OrderInbox.objects.filter(store=store, po__in=list(bad), solved_at__isnull=True)
    shown = {row.po: (row.raw, row.reason) for row in rows}
    pairs = ((po, replace(one, po=po, raw=_bounded(one.raw))) for po, one in bad.items())
    return [one for po, one in pairs if shown.get(po) != (one.raw, one.reason[:300])]


def _bounded(raw: dict[str, Any]) -> dict[str, Any]:
    text = msgspec.json.encode(raw, enc_hook=str)
    if len(text) > LARGEST_RAW:
        return {"too_large_to_keep_bytes": len(text)}
    clean: dict[str, Any] = msgspec.json.decode(text.replace(b"\\u0000", b""))
    return clean


def _solved(store: Store, good: Iterable[str]) -> list[int]:
    rows = OrderInbox.objects.filter(store=store, solved_at__isnull=True, po__in=list(good))
    return list(rows.values_list("pk", flat=True))


def _write(store: Store, area: str, found: _Sorted) -> None:
    if found.nothing_to_write:
        return
    now = clock.now()
    at = as_time(now)
    written = (*found.new, *found.changed)
    _write_orders(store, area, written, at)
    ids = _ids(store, written)
    _write_lines(ids, written)
    _count(store, area, found)
    _tell(marketplace(store.marketplace).name, ids, found, at)
    _set_aside(store, area, found.bad, now)
    OrderInbox.objects.filter(pk__in=found.solved).update(solved_at=now)


def _write_orders(store: Store, area: str, orders: Iterable[MarketOrder], at: Value) -> None:
    upsert(
        Order,
        [_row(store, area, order, at) for order in orders],
        unique=("store_id", "po"),
        kept=("first_seen_at", "listed_at"),
    )


def _ids(store: Store, orders: Iterable[MarketOrder]) -> dict[str, int]:
    rows = Order.objects.filter(store=store, po__in=[order.po for order in orders])
    return dict(rows.values_list("po", "id"))


def _row(store: Store, area: str, order: MarketOrder, at: Value) -> Row:
    return {
        "store_id": as_id(store.pk),
        "area": area,
        "po": order.po,
        "state": order.state.value,
        "status_code": order.status_code,
        "region_id": order.region_id,
        "placed_at": as_time(order.placed_at),
        "updated_at": as_time(order.updated_at),
        "ship_by": as_time(order.ship_by),
        "deliver_by": as_time(order.deliver_by),
        "shipped_at": as_time(order.shipped_at),
        "payment": order.payment,
        "labels": as_json(order.labels),
        "warnings": as_json(order.warnings),
        "listed_at": as_time(order.placed_at) or at,
        "due_at": as_time(rules.due_at(order.state, order.ship_by)),
        "digest": rules.digest(order),
        "first_seen_at": at,
        "changed_at": at,
    }


def _write_lines(ids: Mapping[str, int], orders: Iterable[MarketOrder]) -> None:
    lines = [_line(ids[order.po], line) for order in orders for line in order.lines]
    upsert(OrderLine, lines, unique=("order_id", "order_sn"))


def _line(order_id: int, line: MarketLine) -> Row:
    return {
        "order_id": order_id,
        "order_sn": line.order_sn,
        "state": line.state.value,
        "goods_id": line.goods_id,
        "sku_id": line.sku_id,
        "product_sku_id": line.product_sku_id,
        "code": line.code,
        "name": _readable(line.name, 500),
        "spec": _readable(line.spec, 300),
        "picture_url": _readable(line.picture_url, 1000),
        "quantity": line.quantity,
        "ordered_quantity": line.ordered_quantity,
        "cancelled_quantity": line.cancelled_quantity,
        "pieces_each": line.pieces_each,
        "fulfilment": line.fulfilment,
        "labels": as_json(line.labels),
        "warnings": as_json(line.warnings),
    }


def _readable(text: str, longest: int) -> str:
    return text.replace("\x00", "")[:longest]


def _count(store: Store, area: str, found: _Sorted) -> None:
    by: Counter[tuple[str, str]] = Counter((area, order.state.value) for order in found.new)
    for order in found.changed:
        before = found.known[order.po]
        by[before.area, before.state] -= 1
        by[area, order.state.value] += 1
    for (where, state), difference in by.items():
        if difference:
            _add_to_count(store, where, state, difference)


def _add_to_count(store: Store, area: str, state: str, difference: int) -> None:
    row = OrderCount.objects.filter(store=store, area=area, state=state)
    if not row.update(number=F("number") + difference):
        OrderCount.objects.create(store=store, area=area, state=state, number=difference)


def _tell(who: str, ids: Mapping[str, int], found: _Sorted, at: Value) -> None:
    events = [
        _event(ids[order.po], who, "first_seen", {"state": order.state.value}, at)
        for order in found.new
    ]
    for order in found.changed:
        before = found.known[order.po].state
        if before != order.state.value:
            detail = {"before": before, "after": order.state.value}
            events.append(_event(ids[order.po], who, "state", detail, at))
    insert(OrderEvent, events)


def _event(order_id: int, who: str, deed: str, detail: Mapping[str, str], at: Value) -> Row:
    return {
        "order_id": order_id,
        "at": at,
        "who": who,
        "deed": deed,
        "detail": as_json(detail),
    }


def _set_aside(store: Store, area: str, bad: Iterable[Unreadable], now: datetime) -> None:
    OrderInbox.objects.bulk_create(
        [
            OrderInbox(
                store=store,
                area=area,
                po=one.po,
                raw=one.raw,
                reason=one.reason[:300],
                first_seen_at=now,
                last_seen_at=now,
            )
            for one in bad
        ],
        update_conflicts=True,
        unique_fields=["store", "po"],
        update_fields=["area", "raw", "reason", "last_seen_at", "solved_at"],
    )

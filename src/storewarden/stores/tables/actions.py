"""Tables of tokens: hand one in, start it, stop it, forget what nobody started.

Between the steps the tokens lie sealed, each line's in its own row, and are
destroyed in the transaction that settles the row. `settling` does the rows.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from storewarden import chance, clock, vault
from storewarden.marketplaces.base import Slot, StoreType
from storewarden.people.actions import Actor
from storewarden.stores.checking import Finding
from storewarden.stores.models import Store, TableJob, TableRow
from storewarden.stores.tables import rules as table_rules
from storewarden.stores.tables.columns import CONNECT
from storewarden.stores.tables.findings import slot_of, told
from storewarden.stores.tables.reading import Row, Table, surplus
from storewarden.vault import Secret

HELD, DUE, RUNNING, DONE, REFUSED = "held", "due", "running", "done", "refused"
UNSETTLED = (HELD, DUE, RUNNING)


def look_at(table: Table, actor: Actor) -> list[TableRow]:
    """The rows that handing this table in would make; nothing is stored, no token kept."""
    job = _job(table, actor)
    return [_row(job, one, accept_missing=False) for one in _judged(table)]


def hand_in(table: Table, actor: Actor, *, accept_missing: bool = False) -> TableJob:
    """Keep a table that was read: what is right waits for its start, what is wrong is refused.

    Nothing is asked of the marketplace yet.
    """
    job, rows = _job(table, actor), []
    for one in _judged(table):
        row = _row(job, one, accept_missing=accept_missing)
        row.tokens_sealed = _sealed(row, one.row.tokens) if row.state == HELD else ""
        rows.append(row)
    with transaction.atomic():
        job.save(force_insert=True)
        TableRow.objects.bulk_create(rows)
        finish(job.made_at, job)
    return job


def _job(table: Table, actor: Actor) -> TableJob:
    return TableJob(
        kind=table.kind, marketplace=table.market, who=actor.name, made_at=clock.now()
    )  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A line, the store it is for where there is one, and all that is wrong with it."""

    row: Row
    store: Store | None
    problems: tuple[Finding, ...]


def _judged(table: Table) -> Iterable[Judged]:
    """Each line held against the stores that are there, which are read once."""
    stores = _Stores(table.market)
    if table.kind == CONNECT:
        return [Judged(one, None, (*one.problems, *stores.taken(one))) for one in table.rows]
    return stores.found(table.rows)


class _Stores:
    """The stores of a marketplace, by what a table calls them."""

    def __init__(self, market: str) -> None:
        self.market = market
        stores = list(Store.objects.filter(marketplace=market))
        self.by_name = {one.nickname.casefold(): one for one in stores}
        self.by_shop = {one.mall_id: one for one in stores}

    def taken(self, row: Row) -> list[Finding]:
        """The name of an archived store may be that of the mall which comes back."""
        there = self.by_name.get(row.nickname.casefold()) if row.nickname else None
        return [] if there is None or there.archived_at else [Finding("nickname_taken")]

    def found(self, rows: Iterable[Row]) -> Iterable[Judged]:
        first: dict[Any, int] = {}
        for row in rows:
            store, problems = (None, []) if row.problems else self._meant(row)
            if store is not None:
                line = first.setdefault(store.pk, row.line)
                if line != row.line:
                    problems.append(Finding("store_repeated", data={"line": line}))
            yield Judged(row, store, (*row.problems, *problems))

    def _meant(self, row: Row) -> tuple[Store | None, list[Finding]]:
        named = self.by_name.get(row.nickname.casefold()) or self.by_shop.get(row.nickname)
        by_id = self.by_shop.get(row.shop_id)
        if row.shop_id and by_id and named and named != by_id:
            return None, [Finding("two_stores_named")]
        store = by_id if row.shop_id else named
        return store, self._unfit(row, store) if store else [self._unknown(row)]

    def _unknown(self, row: Row) -> Finding:
        name = row.shop_id or row.nickname
        if table_rules.is_mangled(name):
            return Finding("shop_id_mangled", data={"value": name})
        return Finding("no_such_store", data={"name": name})

    def _unfit(self, row: Row, store: Store) -> list[Finding]:
        if store.archived_at is not None:
            return [Finding("archived", data={"name": store.nickname})]
        slot = surplus(self.market, StoreType(store.store_type), row.tokens)
        return [Finding("slot_surplus", slot)] if slot else []


def _row(job: TableJob, judged: Judged, *, accept_missing: bool) -> TableRow:
    wrong = judged.problems
    return TableRow(
        id=chance.new_id(),
        job=job,
        line=judged.row.line,
        asked=_asked(judged, accept_missing),
        state=REFUSED if wrong else HELD,
        cause=wrong[0].cause if wrong else "",
        findings=[told(one) for one in wrong],
        store=judged.store,
        settled_at=job.made_at if wrong else None,
    )


def _asked(judged: Judged, accept_missing: bool) -> dict[str, Any]:
    row, store = judged.row, judged.store
    return {
        "nickname": store.nickname if store else row.nickname,
        "shop_id": store.mall_id if store else row.shop_id,
        "store_type": str(store.store_type if store else row.store_type or ""),
        "last4": {str(slot): token.last4() for slot, token in row.tokens.items()},
        "accept_missing": accept_missing,
    }


def _sealed(row: TableRow, tokens: Mapping[Slot, Secret]) -> str:
    text = json.dumps({str(slot): token.reveal() for slot, token in tokens.items()})
    return vault.seal(Secret(text), table="table_row", row=row.id, column="tokens")


def tokens_of(row: TableRow) -> dict[Slot, Secret]:
    """The tokens of a row that is not settled. Raises SealBroken or KeyProblem."""
    text = vault.open_sealed(row.tokens_sealed, table="table_row", row=row.id, column="tokens")
    return {slot_of(slot): Secret(token) for slot, token in json.loads(text.reveal()).items()}


def start(job: TableJob) -> int:
    """Have the lines that wait done. Returns how many; 0 if started before, or too late."""
    forget(clock.now())
    return TableRow.objects.filter(job=job, state=HELD).update(state=DUE)


def stop(job: TableJob) -> int:
    """Take back what has not begun; its tokens are destroyed. Returns how many lines.

    Lines that are being checked at this moment go to their end.
    """
    now = clock.now()
    with transaction.atomic():
        TableJob.objects.filter(pk=job.pk, stopped_at=None, finished_at=None).update(stopped_at=now)
        cast = _refuse(TableRow.objects.filter(job=job, state=HELD), "cancelled", now)
        stopped = _refuse(TableRow.objects.filter(job=job, state=DUE), "stopped", now)
        finish(now, job)
    return cast + stopped


def forget(now: datetime) -> int:
    """Destroy tokens that have waited too long, and those that a stop overlooked.

    The state stands in the update's own condition, so a row that is claimed meanwhile is let be.
    """
    jobs, rows = TableJob.objects, TableRow.objects
    unstarted = jobs.filter(made_at__lte=now - table_rules.START_WITHIN)
    late = jobs.filter(made_at__lte=now - table_rules.SETTLE_WITHIN)
    stopped = jobs.filter(stopped_at__isnull=False)
    with transaction.atomic():
        gone = _refuse(rows.filter(state=HELD, job__in=unstarted), "not_started", now)
        gone += _refuse(rows.filter(state=DUE, job__in=late), "too_old", now)
        gone += _refuse(rows.filter(state=DUE, job__in=stopped), "stopped", now)
        finish(now)
    return gone


def _refuse(rows: QuerySet[TableRow], cause: str, now: datetime) -> int:
    return rows.update(
        state=REFUSED,
        cause=cause,
        findings=[told(Finding(cause))],
        tokens_sealed="",
        leased_until=None,
        settled_at=now,
    )


def finish(now: datetime, job: TableJob | None = None) -> int:
    """Mark what has no unsettled line left as finished. Returns how many tables."""
    left = TableRow.objects.filter(job=OuterRef("pk"), state__in=UNSETTLED)
    jobs = TableJob.objects.filter(~Exists(left), finished_at__isnull=True)
    if job is not None:
        jobs = jobs.filter(pk=job.pk)
    return jobs.update(finished_at=now)

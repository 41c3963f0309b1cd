"""Settling the lines of a table, one at a time: claim, ask, store, destroy the tokens.

A claim is a lease in the row. Whoever comes after a claim that ran out, or after a
refusal which a twin of this claim may have caused, looks first whether the deed is
done: a store that holds these very tokens, entered since the table was handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Count, Q

from storewarden import chance, clock, vault
from storewarden.marketplaces.base import Slot, StoreType
from storewarden.outbox.actions import publish
from storewarden.people.actions import Actor
from storewarden.stores import actions
from storewarden.stores.checking import Finding
from storewarden.stores.checks import CheckCard, Pasted
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store, TableJob, TableRow
from storewarden.stores.tables import rules as table_rules
from storewarden.stores.tables.actions import DONE, DUE, REFUSED, RUNNING, finish, tokens_of
from storewarden.stores.tables.columns import CONNECT, RENEW
from storewarden.stores.tables.findings import said, told
from storewarden.vault import KeyProblem, SealBroken, Secret

CANDIDATES = 20
SILENT = "silent"
# The deeds by which tokens are entered, with what a line is then said to have come to.
ENTRIES = {
    CONNECT: {"connected": "connected", "reattached": "reattached"},
    RENEW: {"new_token": "renewed", "same_token_again": "same_tokens"},
}
# Refusals that a twin brings about which did the deed a moment before.
MAYBE_DONE = frozenset({"already_connected", "just_taken", "nickname_taken"})
log = structlog.get_logger(__name__)
Tokens = Mapping[Slot, Secret]


@dataclass(frozen=True)
class Claim:
    """A row that is ours until then. `again`: who claimed it before did not come back."""

    row: TableRow
    until: datetime
    again: bool


@dataclass(frozen=True)
class Outcome:
    """How a row ended; `silent`: not at all, since the marketplace did not answer."""

    state: str
    cause: str
    code: str = ""
    findings: tuple[dict[str, Any], ...] = ()
    store: Store | None = None


def claim(job: TableJob | None = None) -> Claim | None:
    """Take the next row that is due, of this table or of any; None: there is none."""
    now = clock.now()
    for row in due_rows(now, job)[:CANDIDATES]:
        until, seen = now + table_rules.LEASE, (row.state, row.leased_until)
        mine = TableRow.objects.filter(pk=row.pk, state=seen[0], leased_until=seen[1])
        if mine.update(state=RUNNING, leased_until=until):
            return Claim(row, until, again=row.state == RUNNING)
    return None


def due_rows(now: datetime, job: TableJob | None = None) -> Any:
    """Rows to do, and rows whose claim has run out; the oldest table first."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    rows = TableRow.objects.filter(free, state__in=[DUE, RUNNING]).select_related("job", "store")
    if job is not None:
        rows = rows.filter(job=job)
    return rows.order_by("job__made_at", "job_id", "line")


def settle(claimed: Claim) -> str:
    """Do a claimed row and note how it ended. Returns the outcome's state."""
    row = claimed.row
    try:
        outcome = _outcome(claimed)
    except (DatabaseError, KeyProblem):  # the claim runs out, and the row has its turn again
        raise
    except SealBroken:
        outcome = _refused(Finding("seal_broken"))
    except Exception:  # a fault of ours in one row must not stop the others
        reference = chance.letters(8)
        log.exception("tables.row_broke", job=str(row.job_id), line=row.line, reference=reference)
        outcome = _refused(Finding("unexpected", data={"reference": reference}))
    _note(claimed, outcome)
    return outcome.state


def _outcome(claimed: Claim) -> Outcome:
    row = claimed.row
    tokens = tokens_of(row)
    done = _done_already(row, tokens) if claimed.again else None
    if done is not None:
        return done
    if TableJob.objects.filter(pk=row.job_id, stopped_at__isnull=False).exists():
        return _refused(Finding("stopped"))
    if table_rules.is_too_old(row.job.made_at, clock.now()):
        return _refused(Finding("too_old"))
    outcome = _tried(row, tokens)
    if outcome.cause in MAYBE_DONE:
        return _done_already(row, tokens) or outcome
    return outcome


def _tried(row: TableRow, tokens: Tokens) -> Outcome:
    try:
        return _connected(row, tokens) if row.job.kind == CONNECT else _renewed(row, tokens)
    except actions.CheckRefused as no:
        return _checked(no.card)
    except Refusal as no:
        return Outcome(REFUSED, no.cause, no.code, (said(no),))


def _connected(row: TableRow, tokens: Tokens) -> Outcome:
    pasted = _pasted(row, StoreType(row.asked["store_type"]), tokens)
    done = actions.connect(row.asked["nickname"], pasted, Actor(row.job.who))
    cause = "reattached" if done.reattached else "connected"
    return Outcome(DONE, cause, findings=_remarks(done.card), store=done.store)


def _renewed(row: TableRow, tokens: Tokens) -> Outcome:
    store = row.store
    if store is None:
        return _refused(Finding("store_gone"))
    if store.archived_at is not None:
        return _refused(Finding("archived", data={"name": store.nickname}))
    pasted = _pasted(row, StoreType(store.store_type), tokens)
    done = actions.reauthorize(store, pasted, Actor(row.job.who))
    cause = "renewed" if done.new else "same_tokens"
    return Outcome(DONE, cause, findings=_remarks(done.card), store=done.store)


def _pasted(row: TableRow, store_type: StoreType, tokens: Tokens) -> Pasted:
    return Pasted(store_type, tokens, row.job.marketplace, row.asked["accept_missing"])


def _remarks(card: CheckCard) -> tuple[dict[str, Any], ...]:
    """What is worth knowing of a store that is connected; that it came back is the outcome."""
    return tuple(told(one) for one in card.findings if one.cause != "reattach")


def _checked(card: CheckCard) -> Outcome:
    """Silence alone says nothing about the row; beside a refusal it changes nothing."""
    blocking = [one for one in card.findings if one.blocking]
    told_no = [one for one in blocking if one.cause != "unreachable"]
    if not told_no and blocking:
        return Outcome(SILENT, "unreachable", findings=(told(blocking[0]),))
    found = told_no or [Finding("no_token")]
    return Outcome(REFUSED, found[0].cause, found[0].code, tuple(told(one) for one in found))


def _refused(found: Finding) -> Outcome:
    return Outcome(REFUSED, found.cause, findings=(told(found),))


def _done_already(row: TableRow, tokens: Tokens) -> Outcome | None:
    """Whether a store holds all of these tokens, entered by this table's hand."""
    marks = {(slot.kind, slot.area): vault.fingerprint(token) for slot, token in tokens.items()}
    stores = Store.objects.filter(
        archived_at__isnull=True, credentials__fingerprint__in=marks.values()
    )
    if row.job.kind == CONNECT:
        stores = stores.filter(nickname=row.asked["nickname"])
    for store in stores.distinct():
        held = store.credentials.values_list("kind", "area", "fingerprint")
        whole = marks.items() <= {(kind, area): mark for kind, area, mark in held}.items()
        if whole and (cause := _entry(store, row.job)):
            return Outcome(DONE, cause, store=store)
    return None


def _entry(store: Store, job: TableJob) -> str:
    """What came of a store since the table was handed in, by who did that; or ""."""
    causes = ENTRIES[job.kind]
    since = store.events.filter(who=job.who, at__gte=job.made_at, deed__in=causes)
    deeds = set(since.values_list("deed", flat=True))
    return next((cause for deed, cause in causes.items() if deed in deeds), "")


def _note(claimed: Claim, outcome: Outcome) -> None:
    """Write the outcome, if the row is still ours; the tokens go in the same statement.

    The table is looked at after that is committed: of two last lines that end at the same moment,
    each would else see the other one open.
    """
    row, now = claimed.row, clock.now()
    mine = TableRow.objects.filter(pk=row.pk, state=RUNNING, leased_until=claimed.until)
    mine.update(**(_waiting(row, outcome, now) or _settled(row, outcome, now)))
    with transaction.atomic():
        if finish(now, row.job) and table_rules.is_news(row.job.made_at, now):
            _tell_done(row.job)


def _tell_done(job: TableJob) -> None:
    """A long table is finished: nobody may be looking any more."""
    ended = dict(job.rows.values_list("state").annotate(Count("pk")).order_by())
    counts = {"done": ended.get(DONE, 0), "refused": ended.get(REFUSED, 0)}
    publish("table.done", {"table": str(job.pk), "kind": job.kind, "by": job.who, **counts})


def _waiting(row: TableRow, outcome: Outcome, now: datetime) -> dict[str, Any] | None:
    """What is written of a row that is tried again; each silence so far is in its findings."""
    silences = [*row.findings, *outcome.findings]
    again = table_rules.try_again_at(len(silences), now) if outcome.state == SILENT else None
    if again is None:
        return None
    return {"state": DUE, "leased_until": again, "cause": outcome.cause, "findings": silences}


def _settled(row: TableRow, outcome: Outcome, now: datetime) -> dict[str, Any]:
    given_up = outcome.state == SILENT
    message = outcome.findings[0].get("message", "") if given_up else ""
    last = told(Finding("given_up", message=message))
    return {
        "state": REFUSED if given_up else outcome.state,
        "cause": "given_up" if given_up else outcome.cause,
        "their_code": outcome.code,
        "findings": [last] if given_up else list(outcome.findings),
        "store": outcome.store or row.store,
        "tokens_sealed": "",
        "leased_until": None,
        "settled_at": now,
    }


@dataclass(frozen=True)
class Worked:
    """How many rows were settled, and whether the marketplace fell silent meanwhile."""

    rows: int
    silent: bool


def work(job: TableJob | None = None, patience: timedelta | None = None) -> Worked:
    """Settle what is due, until nothing is, time is up, or the marketplace does not answer."""
    until = clock.monotonic_s() + patience.total_seconds() if patience else None
    count = 0
    while until is None or clock.monotonic_s() < until:
        claimed = claim(job)
        if claimed is None:
            break
        if settle(claimed) == SILENT:
            return Worked(count, silent=True)
        count += 1
    return Worked(count, silent=False)

"""Pulling orders: every order of the time since the last good moment, none missed.

A pull holds a lease on its cursor. Threads make the network calls and nothing
else; this thread records. The cursor moves in the transaction that records
the last page of a window which has been read whole.
"""

from collections import Counter, deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.marketplaces.base import (
    ORDERS_A_PAGE,
    Access,
    Marketplace,
    OrderPage,
    OrderWindow,
    Refused,
    Unreachable,
)
from storewarden.marketplaces.registry import marketplace
from storewarden.orders import rules
from storewarden.orders.models import Order, OrderPull
from storewarden.orders.reasons import noted
from storewarden.orders.recording import Recorded, record_orders
from storewarden.outbox.actions import publish
from storewarden.people.queries import home_zone
from storewarden.stores.access import using
from storewarden.stores.actions import note
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential
from storewarden.stores.telling import store_told

LEASE = timedelta(minutes=5)
# Six calls under way keep Temu's 20 a second up to an answer time of 300 ms.
THREADS = 6
PAGES_AHEAD = 12
TRIES = 3
TRIES_OF_ONE_SECOND = 20
TELL_EVERY = 10

Progress = Callable[[int, int], object]
"""Told after each page: orders read and orders expected of the window being read."""

log = structlog.get_logger(__name__)


class AlreadyPulling(Refusal):
    """Somebody else pulls these orders right now."""


class LeaseLost(Refusal):
    """The pull took so long that another process took it over."""


class NotWhole(Refusal):
    """The marketplace does not list all orders of a second that it says are there."""

    reason = ""


@dataclass(frozen=True)
class Pulled:
    """What a pull brought. `recovered`: orders that had been missed while it failed.

    `finished` is False when it stopped for its patience; the next one goes on.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0
    recovered: int = 0
    windows: int = 0
    finished: bool = True


@dataclass
class _Run:
    """One pull while it runs."""

    credential: Credential
    market: Marketplace
    access: Access
    pull: OrderPull
    urgent: bool
    progress: Progress | None
    recorded: Recorded = field(default_factory=Recorded)
    windows: int = 0

    def fetch(self, window: OrderWindow, page: int) -> "_Fetched":
        asked = clock.now()
        return _Fetched(asked, self.market.orders(self.access, window, page, urgent=self.urgent))


@dataclass(frozen=True)
class _Fetched:
    asked_at: datetime
    page: OrderPage


def pull_orders(
    credential: Credential,
    *,
    since: datetime | None = None,
    urgent: bool = False,
    progress: Progress | None = None,
    patience_s: float | None = None,
) -> Pulled:
    """Record every order that was updated since the last good moment.

    `since` reads from there instead (a person's back-fill) and never moves the
    cursor back nor over a gap. With `patience_s` it stops between two windows
    after that many seconds. Raises Refused or Unreachable (the cursor stays,
    the failure is noted), NotWhole, or AlreadyPulling.
    """
    pull = _lease(credential)
    began_s = clock.monotonic_s()
    try:
        with using(credential) as access:
            market = marketplace(credential.store.marketplace)
            run = _Run(credential, market, access, pull, urgent, progress)
            finished = _read_windows(run, since, began_s, patience_s)
    except (Refused, Unreachable, NotWhole) as problem:
        _failed(pull, problem)
        raise
    except LeaseLost:
        raise
    except BaseException:
        _release(pull)
        raise
    return _finished(run, finished)


def _lease(credential: Credential) -> OrderPull:
    now = clock.now()
    pull, _new = OrderPull.objects.get_or_create(
        credential=credential, defaults={"good_until": credential.store.orders_since}
    )
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    mine = OrderPull.objects.filter(free, pk=pull.pk)
    until = now + LEASE
    if not mine.update(leased_until=until, tried_at=now, window_done=0, window_total=0):
        raise AlreadyPulling(
            "already_pulling",
            _("The orders of “%(store)s” are being pulled right now.")
            % {"store": credential.store.nickname},
            _("Wait until it has finished, then look again."),
        )
    pull.refresh_from_db()
    return pull


def _held(pull: OrderPull, **changes: object) -> None:
    """Write to the cursor, if it is still ours."""
    rows = OrderPull.objects.filter(pk=pull.pk, leased_until=pull.leased_until)
    if not rows.update(**changes):
        raise LeaseLost(
            "lease_lost",
            _("This pull took too long, and another one has taken it over."),
            _("Nothing is lost: look at the other one's result."),
        )
    for name, value in changes.items():
        setattr(pull, name, value)


def _read_windows(
    run: _Run, since: datetime | None, began_s: float, patience_s: float | None
) -> bool:
    now = clock.now()
    if since is None:
        wanted = rules.windows(run.pull.good_until, now)
    else:
        wanted = rules.windows(since, now, timedelta(0))
    for window in wanted:
        if _out_of_patience(run, began_s, patience_s):
            return False
        _read_window(run, window)
        run.windows += 1
    return True


def _out_of_patience(run: _Run, began_s: float, patience_s: float | None) -> bool:
    if patience_s is None or not run.windows:
        return False
    return clock.monotonic_s() - began_s >= patience_s


def _read_window(run: _Run, window: OrderWindow) -> None:
    """Read a window until it is whole; if it stays torn, each half of its time by itself."""
    tally = rules.Tally.empty()
    for _try in range(TRIES if rules.halves(window) else TRIES_OF_ONE_SECOND):
        if _read_once(run, window, tally):
            return
    parts = rules.halves(window)
    if parts is None:
        raise _not_whole(window, tally)
    log.info("orders.window_split", start=str(window.start), end=str(window.end))
    for part in parts:
        _read_window(run, part)


def _not_whole(window: OrderWindow, tally: rules.Tally) -> NotWhole:
    values = {
        "total": max(tally.totals, default=0),
        "seen": len(tally.seen),
        "time": window.start.isoformat(),
    }
    problem = NotWhole(
        "not_whole",
        _("Temu says there are %(total)s orders at %(time)s, but lists only %(seen)s of them.")
        % values,
        _("Nothing is lost: the pull will be tried again from the same moment."),
    )
    problem.reason = noted("not_whole", **values)
    return problem


def _read_once(run: _Run, window: OrderWindow, tally: rules.Tally) -> bool:
    """Read all pages once and record them; True when the window is whole, with the cursor moved."""
    totals: list[int] = []
    seen: list[str] = []
    held: _Fetched | None = None
    with closing(_pages(run, window)) as pages:
        for fetched in pages:
            if held is not None:
                _record(run, held)
            held = fetched
            totals.append(fetched.page.total)
            seen += _numbers(fetched.page)
            _tell(run, len(totals), len(seen), fetched.page.total)
    whole = tally.add(totals, _distinct(seen))
    if held is not None:
        _record(run, held, window if whole else None)
    return whole


def _numbers(page: OrderPage) -> list[str]:
    return [order.po for order in page.orders] + [rules.key_of(bad) for bad in page.unreadable]


def _distinct(numbers: list[str]) -> set[str]:
    """Different orders; those without a PO that look alike count each for itself."""
    nameless = Counter(number for number in numbers if number.startswith("?"))
    extra = {f"{mark}#{i}" for mark, often in nameless.items() for i in range(1, often)}
    return set(numbers) | extra


def _pages(run: _Run, window: OrderWindow) -> Generator[_Fetched, None, None]:
    """All pages of a window in order; those after the first are fetched at the same time."""
    first = run.fetch(window, 1)
    yield first
    last = -(-first.page.total // ORDERS_A_PAGE)
    if last <= 1:
        return
    with ThreadPoolExecutor(THREADS, thread_name_prefix="orders") as pool:
        waiting: deque[Future[_Fetched]] = deque()
        try:
            for number in range(2, last + 1):
                waiting.append(pool.submit(run.fetch, window, number))
                if len(waiting) >= PAGES_AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _record(run: _Run, fetched: _Fetched, whole: OrderWindow | None = None) -> None:
    store, area = run.credential.store, run.credential.area
    page = fetched.page
    also = None if whole is None else lambda: _move_cursor(run.pull, whole)
    run.recorded += record_orders(
        store, area, page.orders, page.unreadable, read_at=fetched.asked_at, also=also
    )


def _move_cursor(pull: OrderPull, whole: OrderWindow) -> None:
    """Forward only, and never over time that was not read."""
    joins = whole.start <= pull.good_until + rules.ONE_SECOND
    good_until = max(pull.good_until, whole.end) if joins else pull.good_until
    _held(pull, good_until=good_until, leased_until=clock.now() + LEASE)


def _tell(run: _Run, pages: int, done: int, total: int) -> None:
    if run.progress is not None:
        run.progress(done, total)
    if total > ORDERS_A_PAGE and pages % TELL_EVERY == 1:
        _held(run.pull, window_done=done, window_total=total, leased_until=clock.now() + LEASE)


def _failed(pull: OrderPull, problem: Refused | Unreachable | NotWhole) -> None:
    now = clock.now()
    rows = OrderPull.objects.filter(pk=pull.pk, leased_until=pull.leased_until)
    rows.filter(failing_since__isnull=True).update(failing_since=now)
    rows.update(failure=problem.reason[:300], leased_until=None)
    log.warning("orders.pull_failed", credential=str(pull.credential_id), why=problem.reason)


def _release(pull: OrderPull) -> None:
    rows = OrderPull.objects.filter(pk=pull.pk, leased_until=pull.leased_until)
    rows.update(leased_until=None)


def _finished(run: _Run, finished: bool) -> Pulled:
    recovered = _recovered(run) if finished else 0
    if finished:
        ends = {"finished_at": clock.now(), "failing_since": None, "failure": ""}
    else:
        ends = {"tried_at": None}
    failing = run.pull.failing_since
    with transaction.atomic():
        _held(run.pull, leased_until=None, window_done=F("window_total"), **ends)
        if finished and failing is not None:
            _report(run, recovered, failing)
    count = run.recorded
    log.info("orders.pulled", store=str(run.credential.store_id), area=run.credential.area,
             new=count.new, changed=count.changed, set_aside=count.set_aside)  # fmt: skip
    return Pulled(
        count.new, count.changed, count.unchanged, count.set_aside, recovered, run.windows, finished
    )


def _recovered(run: _Run) -> int:
    """Orders first seen since the pull began to fail."""
    if run.pull.failing_since is None:
        return 0
    return _seen_since(run, run.pull.failing_since).count()


def _seen_since(run: _Run, failing: datetime) -> QuerySet[Order]:
    return Order.objects.filter(
        store=run.credential.store, area=run.credential.area, first_seen_at__gte=failing
    )


def _report(run: _Run, recovered: int, failing: datetime) -> None:
    """What was brought in late, into the history and the outbox: "12, of which 3 today"."""
    store, today = run.credential.store, rules.end_of_today(clock.now(), home_zone())
    urgent = _seen_since(run, failing).filter(due_at__lt=today).count() if recovered else 0
    detail = {"orders": recovered, "due_today": urgent, "since": failing.isoformat()}
    note(store, "recovered", kind=run.credential.kind, area=run.credential.area, detail=detail)
    if recovered:
        told = {"store": store_told(store), "area": run.credential.area}
        publish("orders.recovered", told | detail, store_id=store.pk)

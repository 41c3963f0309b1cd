"""Deleting a store: asked for with its nickname, done in the background, resumed after a kill.

The tokens are destroyed at once. Then every area erases its rows, a few thousand in a
transaction, and at last the store itself goes. What stays is the `StoreDeletion`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.people.actions import Actor
from storewarden.stores import erasing
from storewarden.stores.actions import archive
from storewarden.stores.deletion import own_rows
from storewarden.stores.erasing import Eraser
from storewarden.stores.errors import NoSuchStore, Refusal
from storewarden.stores.models import Store, StoreDeletion

LEASE = timedelta(minutes=1)
ROWS_A_STEP = 2_000
PATIENCE_S = 10.0
LONGEST_REST_S = 0.5
WAIT_S = 1.0

Told = Callable[[int, int], object]
"""Told after each step: rows erased, rows in all."""
log = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """Another process goes on with this deletion."""


def areas() -> dict[str, Eraser]:
    """Everything that is erased, in this order: nothing is handed on any more, then the areas
    above, then what is the store's own."""
    return {
        "outbox": own_rows.HAPPENINGS,
        "tables": own_rows.LINES,
        **erasing.erasers(),
        "stores": own_rows.OWN,
    }


def counts(store: Store) -> dict[str, int]:
    """How many rows of the store each area has."""
    found = {name: one.count(store.pk) for name, one in areas().items()}
    return {name: number for name, number in found.items() if number}


def asked_for(market: str, *, before: str = "", size: int = 50) -> list[StoreDeletion]:
    """Deletions, the newest first; `before` is the id of the last one shown."""
    rows = StoreDeletion.objects.filter(marketplace=market).order_by("-asked_at", "-pk")
    last = _row(before)
    if last is not None:
        same = Q(asked_at=last.asked_at, pk__lt=last.pk)
        rows = rows.filter(Q(asked_at__lt=last.asked_at) | same)
    return list(rows[:size])


def under_way(text: str) -> StoreDeletion | None:
    """A deletion that is not finished, by the store's nickname, shop id or id."""
    running = StoreDeletion.objects.filter(finished_at__isnull=True)
    wanted = text.replace("\x00", "").strip()
    by = Q(nickname=wanted) | Q(mall_id=wanted)
    with suppress(ValueError):  # no id: then it is a nickname or a shop id
        by |= Q(store_id=UUID(wanted))
    return running.filter(by).first()


def _row(key: str) -> StoreDeletion | None:
    try:
        return StoreDeletion.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None


def ask_deletion(store: Store, typed_nickname: str, actor: Actor) -> StoreDeletion:
    """Destroy the store's tokens and have all that it has erased. Asked twice it is done once.

    Raises Refusal unless the typed nickname is the store's.
    """
    total = sum(counts(store).values())
    with transaction.atomic():
        kept = Store.objects.select_for_update(no_key=True).filter(pk=store.pk).first()
        asked = StoreDeletion.objects.filter(store_id=store.pk).first()
        if asked is not None:
            return asked
        kept = _named(kept, typed_nickname)
        if kept.archived_at is None:
            archive(kept, actor)
        asked = _written(kept, total, actor)
    log.info("store.deletion_asked", store=str(store.pk), rows=total)
    return asked


def _named(store: Store | None, typed_nickname: str) -> Store:
    if store is None:
        raise NoSuchStore("no_such_store", _("This store is gone already."))
    refuse_other_name(store, typed_nickname)
    return store


def refuse_other_name(store: Store, typed_nickname: str) -> None:
    """Only who knows how the store is called deletes it."""
    if typed_nickname != store.nickname:
        raise Refusal(
            "nickname_differs",
            _("This is not the nickname of the store."),
            _("Type “%(store)s”, exactly as it is written here.") % {"store": store.nickname},
        )


def _written(store: Store, total: int, actor: Actor) -> StoreDeletion:
    return StoreDeletion.objects.create(
        store_id=store.pk,
        marketplace=store.marketplace,
        mall_id=store.mall_id,
        nickname=store.nickname,
        who=actor.name,
        asked_at=clock.now(),
        total=total,
    )


@dataclass
class _Work:
    """One deletion while this process holds it."""

    row: StoreDeletion
    until: datetime
    began_s: float
    patience_s: float | None
    told: Told | None

    @property
    def is_out_of_patience(self) -> bool:
        if self.patience_s is None:
            return False
        return clock.monotonic_s() - self.began_s >= self.patience_s

    def note(self, area: str, erased: int) -> None:
        """Keep how far it has come, and hold the lease longer. Call it in a step's transaction."""
        removed = {**self.row.removed, area: self.row.removed.get(area, 0) + erased}
        until = clock.now() + LEASE
        mine = StoreDeletion.objects.filter(pk=self.row.pk, leased_until=self.until)
        if not mine.update(done=F("done") + erased, removed=removed, leased_until=until):
            raise LeaseLostError
        self.until, self.row.removed = until, removed
        self.row.done += erased

    def tell(self) -> None:
        if self.told is not None:
            self.told(self.row.done, max(self.row.done, self.row.total))


def carry_on(
    asked: StoreDeletion, *, patience_s: float | None = None, told: Told | None = None
) -> bool:
    """Go on erasing. False: it is not done yet, for patience ended or another process is at it."""
    work = _take(asked, patience_s, told)
    if work is None:
        return False
    try:
        return _erase_areas(work) and _erase_store(work)
    except LeaseLostError:
        log.info("store.deletion_overtaken", store=str(work.row.store_id))
        return False
    finally:
        mine = StoreDeletion.objects.filter(pk=work.row.pk, leased_until=work.until)
        mine.update(leased_until=None)


def finish(asked: StoreDeletion, told: Told | None = None) -> StoreDeletion:
    """Go on until it is done, waiting for another process that is at it."""
    while not carry_on(asked, told=told):
        clock.sleep(WAIT_S)
        asked.refresh_from_db()
        if asked.finished_at is not None:
            break
    asked.refresh_from_db()
    return asked


def carry_on_all() -> int:
    """Go on with what was asked, the oldest first, for about ten seconds. Returns how many were
    finished."""
    began_s, done = clock.monotonic_s(), 0
    for asked in StoreDeletion.objects.filter(finished_at__isnull=True).order_by("asked_at"):
        left_s = PATIENCE_S - (clock.monotonic_s() - began_s)
        if left_s <= 0:
            break
        done += carry_on(asked, patience_s=left_s)
    return done


def _take(asked: StoreDeletion, patience_s: float | None, told: Told | None) -> _Work | None:
    now = clock.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    mine = StoreDeletion.objects.filter(free, pk=asked.pk, finished_at__isnull=True)
    if not mine.update(leased_until=now + LEASE):
        return None
    row = StoreDeletion.objects.get(pk=asked.pk)
    return _Work(row, now + LEASE, clock.monotonic_s(), patience_s, told)


def _erase_areas(work: _Work) -> bool:
    for name, eraser in areas().items():
        while _step(work, name, eraser):
            if work.is_out_of_patience:
                return False
    return True


def _step(work: _Work, name: str, eraser: Eraser) -> int:
    """Erase some rows; then leave the database to others for as long as that took."""
    began_s = clock.monotonic_s()
    with transaction.atomic():
        _locked(work)
        erased = eraser.erase_some(work.row.store_id, ROWS_A_STEP)
        if erased:
            work.note(name, erased)
    work.tell()
    clock.sleep(min(clock.monotonic_s() - began_s, LONGEST_REST_S))
    return erased


def _erase_store(work: _Work) -> bool:
    """The last step, whole: a job that was under way may have written while the areas were
    emptied. False: one writes this very moment, so it is tried again."""
    until = work.until
    try:
        with transaction.atomic():
            _locked(work)
            for name, eraser in areas().items():
                while erased := eraser.erase_some(work.row.store_id, ROWS_A_STEP):
                    work.note(name, erased)
            Store.objects.filter(pk=work.row.store_id).delete()
            _finished(work)
    except IntegrityError:
        work.row.refresh_from_db()
        work.until = until  # nothing of the step was kept
        return False
    log.info("store.deleted", store=str(work.row.store_id), rows=work.row.done)
    return True


def _locked(work: _Work) -> None:
    """Recording orders locks the store first as well, so neither waits for the other in a ring."""
    Store.objects.select_for_update().filter(pk=work.row.store_id).first()


def _finished(work: _Work) -> None:
    mine = StoreDeletion.objects.filter(pk=work.row.pk, leased_until=work.until)
    ends = {"finished_at": clock.now(), "leased_until": None, "total": F("done")}
    if not mine.update(**ends):
        raise LeaseLostError

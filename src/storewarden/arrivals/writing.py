"""Rows that many requests write at the same moment, while somebody counts the milliseconds.

Those who wait are written together by whoever is first, in one transaction: one wait for the disk,
and no quarrel over SQLite's one writer. Written is written: nobody returns before the commit.
"""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection

from storewarden.arrivals.models import Arrival

TURN_WITHIN_S = 0.45
"""Temu counts an answer after half a second as none, so waiting longer only holds up others."""

TRIES, TRY_MS = 80, 5
"""SQLite looks ever more seldom for a free moment the longer it waits, and so starves beside a
process that writes all the time; many short waits find the gap."""


class Busy(Exception):
    """The database did not take the row in time. Nothing is lost: the sender tries again."""


@dataclass
class _Entry:
    row: Arrival
    written: bool = False


class GroupWriter:
    """Threads may share one; a row whose `dedup_key` is there already is left as it is."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: deque[_Entry] = deque()

    def write(self, row: Arrival) -> None:
        """Write a row, with those of others. Raises Busy, and what the database raises."""
        entry = _Entry(row)
        self._waiting.append(entry)
        if not self._turn.acquire(timeout=TURN_WITHIN_S):
            raise Busy
        try:
            if self._waiting and not entry.written:
                self._write_waiting()
        finally:
            self._turn.release()
        if not entry.written:  # the one who wrote for us did not succeed
            raise Busy

    def _write_waiting(self) -> None:
        entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
        # In the order of the keys, so that two processes cannot wait for one another.
        rows = sorted((entry.row for entry in entries), key=lambda row: row.dedup_key)
        _insert(rows)
        for entry in entries:
            entry.written = True


def _insert(rows: Sequence[Arrival]) -> None:
    if connection.vendor != "sqlite":
        Arrival.objects.bulk_create(rows, ignore_conflicts=True)
        return
    with _short_waits():
        for _try in range(TRIES):
            try:
                Arrival.objects.bulk_create(rows, ignore_conflicts=True)
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
            else:
                return
    raise Busy


@contextmanager
def _short_waits() -> Iterator[None]:
    """SQLite gives up after a few milliseconds, on this connection, until the block ends."""
    connection.ensure_connection()
    raw = connection.connection
    usual = int(raw.execute("PRAGMA busy_timeout").fetchone()[0])
    raw.execute(f"PRAGMA busy_timeout = {TRY_MS}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {usual}")

"""Tables of tokens, worked off by the engine: several lines side by side."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock

from django.db import connections

from storewarden import clock, engine
from storewarden.stores.tables.actions import forget
from storewarden.stores.tables.settling import due_rows, work

LINES_AT_ONCE = 4
PATIENCE = timedelta(seconds=60)
_looking = Lock()


@engine.job("stores.tables", every_s=10)
def settle_tables() -> int:
    """Settle the lines that are due. A look that finds one still at work leaves it to that one."""
    if not _looking.acquire(blocking=False):
        return 0
    try:
        forget(clock.now())
        return _settle_due()
    finally:
        _looking.release()


def _settle_due() -> int:
    waiting = due_rows(clock.now())[:LINES_AT_ONCE]
    if len(waiting) <= 1:
        return work(patience=PATIENCE).rows if waiting else 0
    with ThreadPoolExecutor(LINES_AT_ONCE, thread_name_prefix="table") as pool:
        return sum(pool.map(lambda _each: _work_in_thread(), waiting))


def _work_in_thread() -> int:
    try:
        return work(patience=PATIENCE).rows
    finally:
        connections.close_all()

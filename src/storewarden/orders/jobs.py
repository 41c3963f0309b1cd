"""What the engine does about orders: pull those that are due."""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import connections

from storewarden import clock, engine
from storewarden.marketplaces.base import Refused, Unreachable
from storewarden.orders.actions import mark_stopped, pull_orders
from storewarden.orders.queries import due_pulls
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential

APP_KEYS_AT_ONCE = 4
PATIENCE_S = 45.0
"""A long first fill gives way between two windows, so that the others get their turn."""

log = structlog.get_logger(__name__)


@engine.job("orders.pull_due", every_s=15)
def pull_due() -> None:
    """Pull every store whose last pull is a minute old, one after the other an app key."""
    mark_stopped()
    by_key: dict[str, list[Credential]] = defaultdict(list)
    for credential in due_pulls(clock.now()):
        by_key[credential.app.app_key].append(credential)
    if len(by_key) <= 1:
        for group in by_key.values():
            _pull_all(group)
        return
    with ThreadPoolExecutor(APP_KEYS_AT_ONCE, thread_name_prefix="app-key") as pool:
        list(pool.map(_in_thread(_pull_all), by_key.values()))


@engine.job("orders.pull")
def pull_store(store_id: str) -> None:
    """Pull one store now, because a person asked."""
    for credential in due_pulls(clock.now(), store_id=store_id, at_once=True):
        _pull(credential, urgent=True)


def _in_thread(work: Callable[[list[Credential]], None]) -> Callable[[list[Credential]], None]:
    def run(group: list[Credential]) -> None:
        try:
            work(group)
        finally:
            connections.close_all()

    return run


def _pull_all(group: list[Credential]) -> None:
    for credential in group:
        _pull(credential)


def _pull(credential: Credential, *, urgent: bool = False) -> None:
    """One store's trouble never stops the others: it is noted at its cursor."""
    try:
        pull_orders(credential, urgent=urgent, patience_s=PATIENCE_S)
    except (Refused, Unreachable, Refusal) as problem:
        log.info("orders.not_pulled", store=str(credential.store_id), why=type(problem).__name__)
    except Exception:  # a fault of ours in one store must not stop the others
        log.exception("orders.pull_broke", store=str(credential.store_id))

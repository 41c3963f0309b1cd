"""Supervision: what is due follows from rows and the time."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import connections

from storewarden import clock
from storewarden.engine import job
from storewarden.stores.models import Credential
from storewarden.stores.probes import probe
from storewarden.stores.queries import due_probes

APPS_AT_ONCE = 4
log = structlog.get_logger(__name__)


@job("stores.probe_due", every_s=15)
def probe_all_due() -> int:
    """Probe every credential that is due, the apps side by side. Returns how many were asked."""
    by_app: dict[object, list[Credential]] = defaultdict(list)
    for credential in due_probes(clock.now()):
        by_app[credential.app_id].append(credential)
    groups = list(by_app.values())
    with ThreadPoolExecutor(APPS_AT_ONCE) as pool:
        list(pool.map(_probe_group, groups))
    return sum(len(group) for group in groups)


def _probe_group(credentials: list[Credential]) -> None:
    try:
        _probe_each(credentials)
    finally:
        connections.close_all()


def _probe_each(credentials: list[Credential]) -> None:
    for credential in credentials:
        done = probe(credential)
        if done.died or done.recovered:
            slot, store = str(credential), str(credential.store_id)
            log.warning(
                "credential.changed", store=store, slot=slot, before=done.before, after=done.after
            )

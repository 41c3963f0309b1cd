"""One round of a job over many stores: side by side, and none stops the others."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from django.db import connections

from storewarden.marketplaces.base import MarketplaceError
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential

log = structlog.get_logger(__name__)

# Calls of one app key are paced together; these threads only wait for answers side by side.
THREADS = 4
Work = Callable[[Credential], object]


def each(job: str, credentials: Sequence[Credential], work: Work) -> int:
    """Do the work for every credential and return for how many it went well."""
    if len(credentials) <= 1:
        return sum(_one(job, work, one) for one in credentials)
    with ThreadPoolExecutor(min(THREADS, len(credentials))) as pool:
        return sum(pool.map(partial(_in_thread, job, work), credentials))


def one_by_one(job: str, credentials: Sequence[Credential], work: Work) -> int:
    """The same in this thread alone, as a simulation needs it."""
    return sum(_one(job, work, one) for one in credentials)


def _in_thread(job: str, work: Work, credential: Credential) -> bool:
    try:
        return _one(job, work, credential)
    finally:
        connections.close_all()


def _one(job: str, work: Work, credential: Credential) -> bool:
    try:
        work(credential)
    except (MarketplaceError, Refusal) as error:
        # The row that the action left says it to people; the log says it to who runs this.
        log.info(f"{job}.stopped", store=str(credential.store_id), why=type(error).__name__)
        return False
    except Exception:  # a fault of ours in one store must not stop the others
        log.exception(f"{job}.failed", store=str(credential.store_id))
        return False
    return True

"""When a store's listings are pulled, and when a reading of them is complete. Pure."""

from datetime import datetime, timedelta

PULL_EVERY = timedelta(hours=6)
RESUME_WITHIN = timedelta(hours=1)
RETRY_AFTER = timedelta(minutes=5)


def due(
    finished_at: datetime | None,
    asked_at: datetime | None,
    failed_at: datetime | None,
    now: datetime,
) -> bool:
    """True when a pull is due: never finished, asked for since, or six hours old.

    After a failure the next look waits five minutes, unless a person asked since.
    """
    if asked_at is not None and (failed_at is None or asked_at > failed_at):
        return True
    if failed_at is not None and now - failed_at < RETRY_AFTER:
        return False
    return finished_at is None or asked_at is not None or now - finished_at >= PULL_EVERY


def may_resume(next_page: int, began_at: datetime | None, now: datetime) -> bool:
    """True when a pull that was cut off goes on at its page; an old one begins again."""
    return next_page > 1 and began_at is not None and now - began_at <= RESUME_WITHIN


def last_page(rows: int, page: int, total: int, size: int) -> bool:
    """True when no page follows: a short page, or all that were promised have come."""
    return rows < size or page * size >= total


def complete(seen: int, total: int, steady: bool) -> bool:
    """True when no listing can have slipped through: `steady` totals, and as many
    different listings seen as that total.

    Temu pages by number and offers no order to sort by (cn-pa-api.md 5.1 [C]): a
    listing added or deleted meanwhile shifts the pages, and one may be missed.
    Only a complete reading says that a listing is gone.
    """
    return steady and seen == total

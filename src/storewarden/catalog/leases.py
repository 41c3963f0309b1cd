"""A row lease: one process does a piece of work at a time, and a killed one's work is found again.

The lease is a time in a column of the row. It is taken by one conditional
UPDATE, renewed as the work goes on, and free again once that time has passed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q

from storewarden import clock

# Longer than the longest single call: three attempts with their time-outs and pauses.
LEASE = timedelta(minutes=3)


class LeaseHeldError(Exception):
    """Another process holds the lease, or took it over while ours had run out."""


class Lease:
    """A lease that is held; `renew` before each step that takes long."""

    def __init__(self, row: Model, column: str) -> None:
        self._rows: Any = type(row)._default_manager.filter(pk=row.pk)
        self._column = column
        self._until: datetime | None = None

    def take(self) -> None:
        """Take the lease, or raise LeaseHeldError."""
        now = clock.now()
        free = Q(**{f"{self._column}__isnull": True}) | Q(**{f"{self._column}__lte": now})
        self._move(free, now + LEASE)

    def renew(self) -> None:
        """Hold it longer. Raises LeaseHeldError when it ran out and somebody else has it."""
        self._move(Q(**{self._column: self._until}), clock.now() + LEASE)

    def give_back(self) -> None:
        self._rows.filter(**{self._column: self._until}).update(**{self._column: None})

    def _move(self, condition: Q, until: datetime) -> None:
        if not self._rows.filter(condition).update(**{self._column: until}):
            raise LeaseHeldError
        self._until = until


@contextmanager
def held(row: Model, column: str = "leased_until") -> Iterator[Lease]:
    """Hold the lease of a row for the length of the block. Raises LeaseHeldError."""
    lease = Lease(row, column)
    lease.take()
    try:
        yield lease
    finally:
        lease.give_back()

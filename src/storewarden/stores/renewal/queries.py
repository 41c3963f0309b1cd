"""The stores whose tokens are due for renewal, the earliest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storewarden import clock
from storewarden.marketplaces.base import TokenKind
from storewarden.stores.models import Store
from storewarden.stores.queries import StoreLine, TokenLine, Wanted, store_lines
from storewarden.stores.renewal import queue_rules


@dataclass(frozen=True)
class DueStore:
    """A store that waits for tokens: those that are due, and the kinds that it lacks."""

    line: StoreLine
    tokens: tuple[TokenLine, ...]
    lacking: tuple[TokenKind, ...]
    at: datetime

    @property
    def store(self) -> Store:
        return self.line.store

    @property
    def key(self) -> str:
        return str(self.line.store.pk)

    @property
    def slots(self) -> frozenset[str]:
        """The slots that are due, as `order:us`."""
        return frozenset(str(one.credential) for one in self.tokens)


def lines_of(market: str) -> list[StoreLine]:
    """Every store that is not archived, in two queries."""
    return [one for one in store_lines(Wanted()) if one.store.marketplace == market]


def due_stores(lines: Sequence[StoreLine], days: int) -> list[DueStore]:
    """Those with a token that is dead or ends within so many days, or with none; earliest first."""
    now = clock.now()
    found = [one for one in (_due(line, now, days) for line in lines) if one is not None]
    return sorted(found, key=lambda one: (one.at, one.store.nickname.casefold()))


def _due(line: StoreLine, now: datetime, days: int) -> DueStore | None:
    tokens = tuple(
        one
        for one in line.tokens
        if queue_rules.is_due(one.usable, one.credential.expires_at, now, days)
    )
    if not tokens and not line.standing.lacking:
        return None
    moments = [_moment(one, now) for one in tokens]
    return DueStore(line, tokens, line.standing.lacking, min(moments, default=now))


def _moment(one: TokenLine, now: datetime) -> datetime:
    row = one.credential
    return queue_rules.due_at(one.usable, row.expires_at, row.died_at, now)


def next_end(lines: Sequence[StoreLine]) -> StoreLine | None:
    """The store whose token ends first."""
    ends = [one for one in lines if one.standing.earliest is not None]
    return min(ends, key=_earliest, default=None)


def _earliest(line: StoreLine) -> float:
    return line.standing.earliest.at.timestamp() if line.standing.earliest else 0.0

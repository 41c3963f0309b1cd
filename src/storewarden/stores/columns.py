"""What the areas above this one tell about stores: when they last synced, and how far a sync is.

Layers go down only, so stores cannot ask orders or inventory. Each of them
registers here, once, in its `AppConfig.ready()`; what nobody registered is not shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from storewarden.stores.models import Store


class Column(StrEnum):
    """What a row of the list of stores can say about another area."""

    ORDER_PULL = "order_pull"
    STOCK_PUSH = "stock_push"


@dataclass(frozen=True)
class Progress:
    """How far one piece of work of a store has come; `total` 0: not known yet."""

    title: str
    done: int
    total: int
    running: bool
    failure: str = ""


Moments = Callable[[Sequence[UUID]], Mapping[UUID, datetime | None]]
Progresses = Callable[[Store], Sequence[Progress]]
_moments: dict[Column, Moments] = {}
_progresses: dict[str, Progresses] = {}


def register(column: Column, moments: Moments) -> None:
    """Fill a column: ids of stores in, for each its last moment out, in one query."""
    _moments[column] = moments


def register_progress(name: str, progresses: Progresses) -> None:
    """Show work on a store's own page while it runs; in one query."""
    _progresses[name] = progresses


def moments(stores: Sequence[UUID]) -> dict[str, Mapping[UUID, datetime | None]]:
    """Each registered column, asked once for all stores."""
    return {str(column): ask(stores) for column, ask in _moments.items()}


def progress(store: Store) -> list[Progress]:
    """All work of a store, in the order in which it was registered."""
    return [one for ask in _progresses.values() for one in ask(store)]

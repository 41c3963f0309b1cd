"""What the areas above this one tell about stores and apps: last synced when, how far a sync is.

Layers go down only, so stores cannot ask orders or inventory. Each of them
registers here, once, in its `AppConfig.ready()`; what nobody registered is not shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from storewarden.stores.models import DeveloperApp, Store


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


@dataclass(frozen=True)
class AppPart:
    """What another area shows of a developer app: its template, and what stands in it."""

    app: DeveloperApp
    template: str
    shown: object


Moments = Callable[[Sequence[UUID]], Mapping[UUID, datetime | None]]
Progresses = Callable[[Store], Sequence[Progress]]
AppParts = Callable[[Sequence[DeveloperApp]], Mapping[UUID, object]]
_moments: dict[Column, Moments] = {}
_progresses: dict[str, Progresses] = {}
_app_parts: dict[str, AppParts] = {}


def register(column: Column, moments: Moments) -> None:
    """Fill a column: ids of stores in, for each its last moment out, in one query."""
    _moments[column] = moments


def register_progress(name: str, progresses: Progresses) -> None:
    """Show work on a store's own page while it runs; in one query."""
    _progresses[name] = progresses


def register_app_part(template: str, parts: AppParts) -> None:
    """Show something of each developer app on their page: apps in, what the template shows out."""
    _app_parts[template] = parts


def moments(stores: Sequence[UUID]) -> dict[str, Mapping[UUID, datetime | None]]:
    """Each registered column, asked once for all stores."""
    return {str(column): ask(stores) for column, ask in _moments.items()}


def progress(store: Store) -> list[Progress]:
    """All work of a store, in the order in which it was registered."""
    return [one for ask in _progresses.values() for one in ask(store)]


def app_parts(apps: Sequence[DeveloperApp]) -> list[AppPart]:
    """The parts of all apps, app by app; each area is asked once."""
    told = {template: ask(apps) for template, ask in _app_parts.items()}
    return [
        AppPart(app, template, shown[app.pk])
        for app in apps
        for template, shown in told.items()
        if app.pk in shown
    ]

"""Who is told of what happened."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Happening:
    """One thing that happened: `type` is a stable word (`store.expired`), `data` holds JSON
    values and never a secret."""

    id: uuid.UUID
    type: str
    at: datetime
    data: Mapping[str, Any]
    store_id: uuid.UUID | None = None


Handler = Callable[[Happening], object]
_handlers: dict[str, Handler] = {}


def subscribe(name: str, handler: Handler) -> None:
    """Have `handler` told of every happening, once each; it may only write rows."""
    _handlers[name] = handler


def unsubscribe(name: str) -> None:
    _handlers.pop(name, None)


def all_handlers() -> list[Handler]:
    return list(_handlers.values())

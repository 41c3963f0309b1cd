"""Store Authorization: all stores of a marketplace and the state of their tokens."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from storewarden.marketplaces.base import StoreType, TokenKind
from storewarden.marketplaces.registry import all_marketplaces, marketplace
from storewarden.stores import columns, queries, wording
from storewarden.stores.models import Store
from storewarden.stores.queries import StoreLine, Wanted
from storewarden.stores.rules import StoreState
from storewarden.stores.views.answers import is_partial

GRAVEST_FIRST = (
    StoreState.EXPIRED,
    StoreState.INCOMPLETE,
    StoreState.EXPIRING,
    StoreState.AUTHORIZED,
    StoreState.PAUSED,
    StoreState.ARCHIVED,
)
SORTS = ("nickname", "expiry")


@dataclass(frozen=True)
class Row:
    """A store's line and when it last synced."""

    line: StoreLine
    order_pull: datetime | None
    stock_push: datetime | None


@dataclass(frozen=True)
class Tab:
    """One state to narrow the list to, with how many stores are in it."""

    state: str
    count: int


@require_safe
def index(request: HttpRequest, market: str) -> HttpResponse:
    wanted = wanted_of(request, market)
    shown = context(market, wanted)
    template = "stores/_stores.html" if is_partial(request) else "stores/index.html"
    return render(request, template, shown)


def wanted_of(request: HttpRequest, market: str) -> Wanted:
    """The filters of the address; what is no filter of ours is as good as none."""
    return Wanted(
        _one_of(request, "state", list(StoreState)),
        _one_of(request, "type", list(StoreType)),
        _one_of(request, "area", order_areas(market)),
        request.GET.get("q", "").strip()[:200],
        _one_of(request, "sort", SORTS) or "nickname",
    )


def _one_of(request: HttpRequest, name: str, allowed: Sequence[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in allowed else ""


def order_areas(market: str) -> list[str]:
    slots = marketplace(market).slots(StoreType.SEMI)
    return [slot.area for slot in slots if slot.kind is TokenKind.ORDER]


def context(market: str, wanted: Wanted) -> dict[str, Any]:
    """Read once, in a number of queries that does not grow with the stores."""
    all_states = replace(wanted, state="")
    live = _of(market, queries.store_lines(all_states))
    archived = _of(market, queries.store_lines(all_states, archived=True))
    shown = [one for one in live + archived if one.standing.state == wanted.state]
    return {
        "market": marketplace(market),
        "markets": all_marketplaces(),
        "wanted": wanted,
        "tabs": tabs([*live, *archived], wanted.state),
        "count": len(live),
        "rows": rows(shown if wanted.state else live),
        "areas": order_areas(market),
        "types": wording.STORE_TYPES,
        "narrowed": any((wanted.state, wanted.store_type, wanted.area, wanted.search)),
        "no_store": not Store.objects.filter(marketplace=market).exists(),
        "no_app": not queries.apps(),
    }


def _of(market: str, lines: Sequence[StoreLine]) -> list[StoreLine]:
    return [one for one in lines if one.store.marketplace == market]


def tabs(lines: Sequence[StoreLine], chosen: str) -> list[Tab]:
    """The states that occur, the gravest first; the chosen one stays although it is empty."""
    counts = Counter(str(one.standing.state) for one in lines)
    return [
        Tab(state, counts[state]) for state in GRAVEST_FIRST if counts[state] or state == chosen
    ]


def rows(lines: Sequence[StoreLine]) -> list[Row]:
    last = columns.moments([one.store.pk for one in lines])
    pulls = last.get(columns.Column.ORDER_PULL, {})
    pushes = last.get(columns.Column.STOCK_PUSH, {})
    return [Row(one, pulls.get(one.store.pk), pushes.get(one.store.pk)) for one in lines]

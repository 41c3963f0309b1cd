"""Settings › Authorization Center: the marketplaces to choose from."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from storewarden.marketplaces.base import Marketplace
from storewarden.marketplaces.registry import all_marketplaces
from storewarden.stores import queries


@dataclass(frozen=True)
class Choice:
    """One marketplace: how many stores it has here, and how many need a hand."""

    market: Marketplace
    stores: int
    hands: int


@require_safe
def center(request: HttpRequest) -> HttpResponse:
    lines = queries.store_lines(queries.Wanted())
    waiting = queries.needs_a_hand()
    choices = [
        Choice(
            one,
            sum(line.store.marketplace == one.key for line in lines),
            sum(line.store.marketplace == one.key for line in waiting),
        )
        for one in all_marketplaces()
    ]
    return render(request, "stores/center.html", {"choices": choices})

"""Renew all: the stores that are due, one at a time. Paste, check, save, next; or skip.

What was done and skipped in this run stands in the session; what is due follows from the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from storewarden import clock
from storewarden.marketplaces.base import StoreType
from storewarden.marketplaces.registry import marketplace
from storewarden.people.queries import actor_of
from storewarden.stores import actions, wording
from storewarden.stores.checks import check as check_tokens
from storewarden.stores.errors import Refusal
from storewarden.stores.forms import TokensForm
from storewarden.stores.models import Store
from storewarden.stores.queries import StoreLine, one_line
from storewarden.stores.renewal import queries as renewals
from storewarden.stores.renewal import queue_rules
from storewarden.stores.renewal.forms import OwnTokensForm
from storewarden.stores.renewal.queries import DueStore
from storewarden.stores.views.adding import (
    Page,
    SlotBlock,
    answered,
    blocks,
    gone_to,
    reauthorized_words,
    refused,
    start_sync,
    status_of,
)
from storewarden.stores.views.answers import store_or_404
from storewarden.stores.views.cards import Answer
from storewarden.stores.views.deeds import archived

RUN = "renewal_run"
SHOWN = 30


@dataclass(frozen=True)
class Run:
    """One walk through the stores that are due: what was done, what was skipped."""

    done: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def with_done(self, key: str) -> "Run":
        left = tuple(one for one in self.skipped if one != key)
        return Run(tuple(dict.fromkeys((*self.done, key))), left)

    def with_skipped(self, key: str) -> "Run":
        if key in self.done:
            return self
        return replace(self, skipped=tuple(dict.fromkeys((*self.skipped, key))))


def run_of(request: HttpRequest) -> Run:
    """The run that this person is in; a new one when the last deed of it lies long ago."""
    kept = request.session.get(RUN, {})
    if queue_rules.run_is_over(parse_datetime(kept.get("at", "")), clock.now()):
        return Run()
    return Run(tuple(kept["done"]), tuple(kept["skipped"]))


def keep(request: HttpRequest, run: Run) -> None:
    at = clock.now().isoformat()
    request.session[RUN] = {"at": at, "done": list(run.done), "skipped": list(run.skipped)}


@require_safe
def queue(request: HttpRequest, market: str) -> HttpResponse:
    """The next store that is due, or what came of the run."""
    walk = walk_of(request, market)
    now = walk.chosen(request.GET.get("store", "")) or walk.first
    if now is None:
        return render(request, "stores/queue_end.html", walk.page())
    return show_store(walk, now.store)(request, market, OwnTokensForm(now.store))


@sensitive_post_parameters()
@require_POST
def save(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """New tokens for the store that is shown; then the next one."""
    store = store_or_404(pk)
    form = OwnTokensForm(store, request.POST)
    page = show_store(walk_of(request, market), store)
    if not form.is_valid():
        return answered(request, Answer(market, form, store=store), page)
    if store.archived_at is not None:
        return answered(request, refused(market, form, archived(store), store), page)
    try:
        done = actions.reauthorize(store, form.pasted(form.store_type), actor_of(request))
    except Refusal as no:
        return answered(request, refused(market, form, no, store), page)
    keep(request, run_of(request).with_done(str(store.pk)))
    start_sync()
    for sentence in reauthorized_words(done):
        messages.success(request, wording.labelled(store.nickname, sentence))
    return gone_to(request, address(market, days_of(request)))


@sensitive_post_parameters()
@require_POST
def check(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Ask Temu about what was pasted; nothing is stored."""
    store = store_or_404(pk)
    form = OwnTokensForm(store, request.POST)
    page = show_store(walk_of(request, market), store)
    if not form.is_valid():
        return answered(request, Answer(market, form, store=store), page)
    card = check_tokens(form.pasted(form.store_type), store)
    return answered(request, Answer(market, form, card, store=store), page)


@require_POST
def skip(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Leave a store out of this run."""
    keep(request, run_of(request).with_skipped(str(store_or_404(pk).pk)))
    return redirect(address(market, days_of(request)))


@require_POST
def again(request: HttpRequest, market: str) -> HttpResponse:
    """A new run: what was skipped comes again."""
    keep(request, Run())
    return redirect(address(market, days_of(request)))


def days_of(request: HttpRequest) -> int:
    return queue_rules.days_of(request.GET.get("days", ""))


def address(market: str, days: int) -> str:
    return f"{reverse('stores:queue', kwargs={'market': market})}?days={days}"


def deed_address(deed: str, market: str, store: Store, days: int) -> str:
    path = reverse(f"stores:{deed}", kwargs={"market": market, "pk": store.pk})
    return f"{path}?days={days}"


@dataclass(frozen=True)
class Walk:
    """What is due at this moment, beside what this run has behind it."""

    market: str
    days: int
    run: Run
    lines: Sequence[StoreLine]
    due: Sequence[DueStore]

    @property
    def to_come(self) -> list[DueStore]:
        behind = {*self.run.done, *self.run.skipped}
        return [one for one in self.due if one.key not in behind]

    @property
    def first(self) -> DueStore | None:
        return next(iter(self.to_come), None)

    def chosen(self, key: str) -> DueStore | None:
        """The store that the side list was asked for, skipped ones included."""
        return next((one for one in self.due if one.key == key), None)

    def behind(self, keys: Sequence[str]) -> list[StoreLine]:
        known = {str(one.store.pk): one for one in self.lines}
        return [known[key] for key in keys if key in known]

    def page(self) -> dict[str, Any]:
        to_come = self.to_come
        done, skipped = self.behind(self.run.done), self.behind(self.run.skipped)
        behind = (str(one.store.pk) for one in (*done, *skipped))
        number, count = queue_rules.place(behind, (one.key for one in to_come))
        return {
            "market": marketplace(self.market),
            "days": self.days,
            "choices": sorted({*queue_rules.CHOICES, self.days}),
            "done": done,
            "skipped": skipped,
            "to_come": to_come[:SHOWN],
            "more": max(0, len(to_come) - SHOWN),
            "number": number,
            "behind": number - 1,
            "count": count,
            "next_end": renewals.next_end(self.lines),
        }


def walk_of(request: HttpRequest, market: str) -> Walk:
    lines, days = renewals.lines_of(market), days_of(request)
    return Walk(market, days, run_of(request), lines, renewals.due_stores(lines, days))


def show_store(walk: Walk, store: Store) -> Page:
    def show(
        request: HttpRequest, market: str, form: TokensForm, answer: Answer | None = None
    ) -> HttpResponse:
        now = walk.chosen(str(store.pk))
        page = walk.page()
        page |= {
            "store": store,
            "line": now.line if now else one_line(store),
            "now": now,
            "form": form,
            "parts": parts_of(form, store, now),
            "answer": answer,
            "save_url": deed_address("queue_save", market, store, walk.days),
            "check_url": deed_address("queue_check", market, store, walk.days),
            "skip_url": deed_address("queue_skip", market, store, walk.days),
        }
        return render(request, "stores/queue.html", page, status=status_of(answer))

    return show


def parts_of(form: TokensForm, store: Store, now: DueStore | None) -> list[SlotBlock]:
    """The store's slots, those that are due first and with their steps open."""
    made = blocks(form, [StoreType(store.store_type)], store)
    due = now.slots if now else frozenset()
    marked = [replace(one, due=one.now is None or str(one.slot) in due) for one in made]
    return sorted(marked, key=lambda one: not one.due)

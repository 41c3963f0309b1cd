"""A store's own page: what works right now, its tokens, and the history of its authorization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from storewarden import clock
from storewarden.marketplaces.base import Permission, StoreType, TokenKind
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import columns, queries, wording
from storewarden.stores.access import slot_of
from storewarden.stores.models import AuthorizationEvent, Store
from storewarden.stores.queries import StoreLine, TokenLine
from storewarden.stores.rules import CORE_MISSING
from storewarden.stores.views.answers import store_or_404
from storewarden.stores.views.listing import Row, rows

EVENTS_A_PAGE = 25
FIRST_SYNC = timedelta(minutes=5)


@dataclass(frozen=True)
class Side:
    """What one token is for, and whether that works right now."""

    works: bool
    title: str
    sentence: str
    since: datetime | None = None
    next_step: str = ""


@dataclass(frozen=True)
class TokenPart:
    """One token as the page shows it, with each permission and whether it was granted."""

    line: TokenLine
    permissions: Sequence[tuple[Permission, bool]]


@require_safe
def store(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    shown = store_or_404(pk)
    line = queries.one_line(shown)
    events, older = history(shown, request.GET.get("after", ""))
    page: dict[str, Any] = {
        "store": shown,
        "market": marketplace(shown.marketplace),
        "line": line,
        "row": row_of(line),
        "sides": sides(line),
        "tokens": [token_part(shown, one) for one in line.tokens],
        "past": shown.tokens.filter(ended_at__isnull=False),
        "events": events,
        "older": older,
        **progress_of(shown),
    }
    return render(request, "stores/store.html", page)


@require_safe
def progress(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """How far the syncs of a store have come; asks again while one runs."""
    shown = store_or_404(pk)
    return render(request, "stores/_progress.html", {"store": shown, **progress_of(shown)})


def progress_of(shown: Store) -> dict[str, Any]:
    works = [one for one in columns.progress(shown) if one.running or one.failure]
    fresh = clock.now() - shown.connected_at < FIRST_SYNC and shown.archived_at is None
    running = any(one.running for one in works)
    return {"progress": works, "poll": running or fresh}


def row_of(line: StoreLine) -> Row:
    return rows([line])[0]


def history(shown: Store, after: str) -> tuple[Sequence[AuthorizationEvent], str]:
    """A page of the history, and the cursor of the next one or ""."""
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    found = queries.history(shown, before, EVENTS_A_PAGE + 1)
    more = len(found) > EVENTS_A_PAGE
    return found[:EVENTS_A_PAGE], str(found[EVENTS_A_PAGE - 1].pk) if more else ""


def token_part(shown: Store, line: TokenLine) -> TokenPart:
    needed = marketplace(shown.marketplace).permissions(
        slot_of(line.credential), StoreType(shown.store_type)
    )
    return TokenPart(line, [(one, one not in line.lacking) for one in needed])


def sides(line: StoreLine) -> list[Side]:
    """Product side and each order area: does it work, and if not since when and why."""
    if line.store.archived_at is not None:
        return [Side(False, _("Everything"), _("Archived: nothing runs."), line.store.archived_at)]
    found = [side(line.store, one) for one in line.tokens]
    return found + [lacking(kind) for kind in line.standing.lacking]


def side(shown: Store, line: TokenLine) -> Side:
    title = side_title(line)
    if shown.paused_at is not None:
        return Side(False, title, _("Paused by you."), shown.paused_at, _("Resume the store."))
    if not line.usable:
        return stopped(title, line)
    if line.lacking:
        without = wording.listed(_(one.purpose) for one in line.lacking)
        return Side(True, title, _("Works, but cannot: %(purposes)s.") % {"purposes": without})
    return Side(True, title, works_words(shown, line))


def side_title(line: TokenLine) -> str:
    if line.credential.kind == TokenKind.PRODUCT:
        return _("Listings and stock")
    area = wording.AREA_NAMES.get(line.credential.area, line.credential.area)
    return _("Orders and shipping, %(area)s") % {"area": area}


def stopped(title: str, line: TokenLine) -> Side:
    words = wording.state_cause(line.verdict.cause)
    past = line.verdict.state == "expired" and line.credential.died_at is None
    since = line.credential.expires_at if past else line.credential.died_at
    if line.verdict.cause == CORE_MISSING:
        since = None
    return Side(False, title, words.sentence, since, words.next_step)


def works_words(shown: Store, line: TokenLine) -> str:
    if line.credential.kind == TokenKind.ORDER:
        return _("Orders come in, and parcels can be confirmed.")
    if shown.stock_push_on:
        return _("Listings come in, and stock figures are pushed.")
    return _("Listings come in. Stock push is switched off.")


def lacking(kind: TokenKind) -> Side:
    words = wording.state_cause("token_missing")
    title = _("Listings and stock") if kind is TokenKind.PRODUCT else _("Orders and shipping")
    return Side(False, title, words.sentence, None, words.next_step)

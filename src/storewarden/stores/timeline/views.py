"""The authorization timeline: of all stores on one page, and of one store on its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from storewarden import clock
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import queries, wording
from storewarden.stores.models import Store
from storewarden.stores.queries import StoreLine
from storewarden.stores.rules import StoreState
from storewarden.stores.templatetags.store_words import side_name
from storewarden.stores.timeline import queries as past_tokens
from storewarden.stores.timeline.layout import (
    Named,
    Picture,
    Token,
    Tone,
    Window,
    by_slot,
    draw,
    due,
    fitted,
    window,
)
from storewarden.stores.timeline.wording import fate, token_tale
from storewarden.stores.views.answers import is_partial, store_url
from storewarden.stores.views.keyset import cut
from storewarden.stores.views.listing import order_areas, wanted_of

AHEAD = ("30", "90", "120", "365")
USUAL = "120"
ROWS_A_PAGE = 200
STATES = [one for one in StoreState if one is not StoreState.ARCHIVED]


@dataclass(frozen=True)
class Fact:
    """What a bar shows, in words."""

    name: str
    url: str
    slot: str
    token: Token
    tone: Tone
    fate: str


@dataclass(frozen=True)
class Shown:
    """A picture with its title, and the same facts as a table."""

    picture: Picture
    title: str
    facts: Sequence[Fact]
    tales: Sequence[str]

    @property
    def rows(self) -> list[tuple[Any, str]]:
        """Each row with its facts in one text."""
        return list(zip(self.picture.rows, self.tales, strict=True))


@require_safe
def timeline(request: HttpRequest, market: str) -> HttpResponse:
    """All stores, the one that ends first on top."""
    page = context(request, market)
    template = "stores/_timelines.html" if is_partial(request) else "stores/timeline.html"
    return render(request, template, page)


def context(request: HttpRequest, market: str) -> dict[str, Any]:
    """Read once, in a number of queries that does not grow with the stores."""
    wanted = replace(wanted_of(request, market), sort="expiry")
    ahead = request.GET.get("ahead", "")
    ahead = ahead if ahead in AHEAD else USUAL
    shown = window(here_and_now(), int(ahead))
    lines = [one for one in queries.store_lines(wanted) if one.store.marketplace == market]
    some = cut(lines, place_of, request.GET, ROWS_A_PAGE)
    return {
        "market": marketplace(market),
        "wanted": wanted,
        "ahead": ahead,
        "choices": AHEAD,
        "types": wording.STORE_TYPES,
        "areas": order_areas(market),
        "states": STATES,
        "months": due([past_tokens.held_tokens(one) for one in lines], shown.now),
        "dead": sum(bool(one.standing.stopped) for one in lines),
        "stores": len(lines),
        "shown": of_stores(some.rows, shown),
        "newer": some.newer,
        "older": some.older,
        "narrowed": any((wanted.state, wanted.store_type, wanted.area, wanted.search)),
    }


def place_of(line: StoreLine) -> tuple[str, str, str]:
    """Where a store stands in the list: the earliest end first, none at all last."""
    earliest = line.standing.earliest
    end = earliest.at.isoformat(timespec="microseconds") if earliest else "~"
    return end, line.store.nickname.casefold(), str(line.store.pk)


def here_and_now() -> datetime:
    """This moment in the reader's zone, in which the months begin."""
    return timezone.localtime(clock.now())


def of_stores(lines: Sequence[StoreLine], shown: Window) -> Shown:
    found = past_tokens.tokens(lines, shown.start)
    named = [Named(one.store.nickname, found[one.store.pk], store_url(one.store)) for one in lines]
    words = ngettext(
        "Authorization timeline of %(count)d store, from %(start)s to %(end)s",
        "Authorization timeline of %(count)d stores, from %(start)s to %(end)s",
        len(lines),
    )
    return with_words(draw(named, shown), words % {"count": len(lines), **_stretch(shown)})


def of_store(store: Store) -> Shown:
    """One store's own: a row for each slot, all of its tokens."""
    line, now = queries.one_line(store), here_and_now()
    found = past_tokens.tokens([line], datetime.min.replace(year=1970, tzinfo=now.tzinfo))
    tokens = found[store.pk]
    shown = fitted(tokens, now)
    named = [Named(side_name(slot), some) for slot, some in by_slot(tokens).items()]
    words = _("Authorization timeline of “%(store)s”, from %(start)s to %(end)s")
    return with_words(draw(named, shown), words % {"store": store.nickname, **_stretch(shown)})


def _stretch(shown: Window) -> dict[str, str]:
    return {"start": f"{shown.start:%Y-%m-%d}", "end": f"{shown.end:%Y-%m-%d}"}


def with_words(picture: Picture, title: str) -> Shown:
    now = picture.window.now
    facts = [
        Fact(row.name, row.url, one.slot, one, one.tone(now), fate(one, now))
        for row in picture.rows
        for one in row.tokens
    ]
    tales = [
        " ".join(token_tale(one, now) for one in row.tokens if one.held) for row in picture.rows
    ]
    return Shown(picture, title, facts, tales)

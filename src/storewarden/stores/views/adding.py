"""+ Add New Store, and Reauthorize: paste, check, save.

A check answers with a card and stores nothing. Tokens come in with the request
and never go out with a page: the fields keep them in the browser.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from storewarden import engine
from storewarden.marketplaces.base import Guide, Slot, StoreType, TokenKind
from storewarden.marketplaces.registry import marketplace
from storewarden.people.queries import actor_of
from storewarden.stores import actions, queries, wording
from storewarden.stores.checks import check
from storewarden.stores.errors import Refusal
from storewarden.stores.forms import AddForm, TokensForm, field_of
from storewarden.stores.models import Store
from storewarden.stores.queries import TokenLine
from storewarden.stores.views.answers import is_partial, store_or_404, store_url
from storewarden.stores.views.cards import Answer, show_card


@dataclass(frozen=True)
class SlotBlock:
    """One token's part of the form: its field, how to get it, what is there now."""

    slot: Slot
    field: BoundField
    guides: Sequence[tuple[StoreType, Guide]]
    has_app: bool
    now: TokenLine | None = None
    due: bool = False

    @property
    def is_order(self) -> bool:
        return self.slot.kind is TokenKind.ORDER

    @property
    def name(self) -> str:
        return field_of(self.slot)


def blocks(form: TokensForm, types: Sequence[StoreType], store: Store | None) -> list[SlotBlock]:
    """The form's slots, with what each store type that can be chosen needs to know."""
    areas = {app.area for app in queries.apps()}
    line = queries.one_line(store) if store else None
    held = {str(one.credential): one for one in line.tokens} if line else {}
    market = form.market
    return [
        SlotBlock(
            slot,
            form[field_of(slot)],
            [(kind, market.guide(slot, kind)) for kind in types if slot in market.slots(kind)],
            slot.area in areas,
            held.get(str(slot)),
        )
        for slot in form.slots
    ]


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, market: str) -> HttpResponse:
    """The form; and connecting what was filled in."""
    if request.method != "POST":
        return show_add(request, market, AddForm(marketplace(market)))
    form = AddForm(marketplace(market), request.POST)
    if not form.is_valid():
        return answered(request, Answer(market, form), show_add)
    try:
        done = connect(request, form)
    except Refusal as no:
        return answered(request, refused(market, form, no), show_add)
    start_sync()
    messages.success(request, connected_words(done))
    return gone_to(request, store_url(done.store))


def connect(request: HttpRequest, form: AddForm) -> actions.Connected:
    pasted = form.pasted(form.chosen_type)
    name = form.cleaned_data["nickname"]
    return actions.connect(name, pasted, actor_of(request), form.choices())


def connected_words(done: actions.Connected) -> str:
    name = {"store": done.store.nickname}
    if done.reattached:
        return _("“%(store)s” is connected again, with the data it had.") % name
    return _("“%(store)s” is connected. The first sync has started.") % name


@sensitive_post_parameters()
@require_POST
def check_new(request: HttpRequest, market: str) -> HttpResponse:
    """Ask Temu about what was pasted; nothing is stored."""
    form = AddForm(marketplace(market), request.POST, saving=False)
    if not form.is_valid():
        return answered(request, Answer(market, form), show_add)
    answer = Answer(market, form, check(form.pasted(form.chosen_type)))
    return answered(request, answer, show_add)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reauthorize(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """New tokens, or the same ones again, for a store that is there."""
    store = store_or_404(pk)
    form = again_form(store, request)
    if request.method != "POST":
        return show_again(store)(request, market, form)
    if not form.is_valid():
        return answered(request, Answer(market, form, store=store), show_again(store))
    pasted = form.pasted(StoreType(store.store_type))
    try:
        done = actions.reauthorize(store, pasted, actor_of(request))
    except Refusal as no:
        return answered(request, refused(market, form, no, store), show_again(store))
    start_sync()
    for sentence in reauthorized_words(done):
        messages.success(request, sentence)
    return gone_to(request, store_url(store))


@sensitive_post_parameters()
@require_POST
def check_again(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Ask Temu about tokens for a store that is there; nothing is stored."""
    store = store_or_404(pk)
    form = again_form(store, request)
    if not form.is_valid():
        return answered(request, Answer(market, form, store=store), show_again(store))
    card = check(form.pasted(StoreType(store.store_type)), store)
    return answered(request, Answer(market, form, card, store=store), show_again(store))


def again_form(store: Store, request: HttpRequest) -> TokensForm:
    data = request.POST if request.method == "POST" else None
    return TokensForm(marketplace(store.marketplace), StoreType(store.store_type), data)


def reauthorized_words(done: actions.Reauthorized) -> list[str]:
    ends = {one.slot: wording.day(one.expires.at) for one in done.card.slots if one.expires}
    same = [
        _("The %(token)s is the same one as before; it works until %(end)s.")
        % {"token": wording.slot_name(slot), "end": ends[slot]}
        for slot in done.same
    ]
    new = [
        _("The %(token)s is new; it works until %(end)s.")
        % {"token": wording.slot_name(slot), "end": ends[slot]}
        for slot in done.new
    ]
    return same + new


Page = Callable[..., HttpResponse]


def refused(market: str, form: TokensForm, no: Refusal, store: Store | None = None) -> Answer:
    """A refused deed: the card with its findings where there is one, else the sentence."""
    if isinstance(no, actions.CheckRefused):
        return Answer(market, form, no.card, store=store)
    return Answer(market, form, refusal=no, store=store)


def answered(request: HttpRequest, answer: Answer, page: Page) -> HttpResponse:
    """The card alone for htmx, else the whole page with it."""
    if is_partial(request):
        return show_card(request, answer)
    return page(request, answer.market, answer.form, answer)


def show_add(
    request: HttpRequest, market: str, form: AddForm, answer: Answer | None = None
) -> HttpResponse:
    shown = AddForm(marketplace(market))  # has every slot, whatever type was chosen
    parts = blocks(shown, list(StoreType), None)
    page = {"form": form, "parts": parts, "market": marketplace(market), "answer": answer}
    return render(request, "stores/add.html", page, status=status_of(answer))


def show_again(store: Store) -> Page:
    def show(
        request: HttpRequest, market: str, form: TokensForm, answer: Answer | None = None
    ) -> HttpResponse:
        parts = blocks(form, [StoreType(store.store_type)], store)
        page: dict[str, Any] = {"form": form, "parts": parts, "store": store, "answer": answer}
        page["line"] = queries.one_line(store)
        page["market"] = marketplace(store.marketplace)
        return render(request, "stores/reauthorize.html", page, status=status_of(answer))

    return show


def status_of(answer: Answer | None) -> int:
    return 200 if answer is None or answer.ok else 422


def gone_to(request: HttpRequest, url: str) -> HttpResponse:
    if is_partial(request):
        return HttpResponseClientRedirect(url)
    return redirect(url)


def start_sync() -> None:
    """Ask for the first look at once; the next look would find the work anyway."""
    engine.submit("catalog.pull_due")
    engine.submit("orders.pull_due")

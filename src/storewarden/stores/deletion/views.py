"""Deleting a store: the question with what will go, how far it is, and what was deleted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from storewarden import engine
from storewarden.marketplaces.registry import marketplace
from storewarden.people.queries import actor_of
from storewarden.stores.deletion import actions as deletion
from storewarden.stores.deletion.wording import ROWS_OF, rows_of
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store, StoreDeletion
from storewarden.stores.views.answers import store_or_404, store_url

ROWS_A_PAGE = 50


class DeleteForm(forms.Form):
    """The nickname, typed by hand."""

    nickname = forms.CharField(
        label=gettext_lazy("Nickname of the store"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Type the nickname of the store."),
            "max_length": gettext_lazy("This is not the nickname of the store."),
        },
    )


@dataclass(frozen=True)
class Part:
    """How many rows of an area go, or went."""

    words: str
    rows: int


def parts(counted: dict[str, int]) -> list[Part]:
    """Each area in words, what people know best first."""
    known = [name for name in ROWS_OF if name in counted]
    others = [name for name in counted if name not in ROWS_OF]
    return [Part(rows_of(name), counted[name]) for name in (*known, *others)]


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Says what will go and what stays, and asks for the nickname."""
    asked = StoreDeletion.objects.filter(store_id=pk).first()
    if asked is not None:
        return redirect("stores:deletions", market=market)
    store = store_or_404(pk)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _asked(request, store, form):
        return redirect("stores:deletions", market=market)
    page = {"store": store, "form": form, "parts": parts(deletion.counts(store))}
    page["back"] = store_url(store)
    return render(request, "stores/delete.html", page, status=422 if form.errors else 200)


def _asked(request: HttpRequest, store: Store, form: DeleteForm) -> bool:
    try:
        deletion.ask_deletion(store, form.cleaned_data["nickname"], actor_of(request))
    except Refusal as no:
        form.add_error("nickname", f"{no.sentence} {no.next_step}")
        return False
    engine.submit("stores.delete")
    words = _("“%(store)s” is being deleted. Its tokens are destroyed already.")
    messages.success(request, words % {"store": store.nickname})
    return True


@dataclass(frozen=True)
class Line:
    """One deletion as the list shows it."""

    asked: StoreDeletion

    @property
    def running(self) -> bool:
        return self.asked.finished_at is None

    @property
    def parts(self) -> list[Part]:
        return parts(self.asked.removed)


@require_safe
def deletions(request: HttpRequest, market: str) -> HttpResponse:
    """What is being deleted, and what was: the newest first."""
    found = deletion.asked_for(market, before=request.GET.get("after", ""), size=ROWS_A_PAGE + 1)
    some = found[:ROWS_A_PAGE]
    page: dict[str, Any] = {
        "market": marketplace(market),
        "lines": [Line(one) for one in some],
        "older": str(some[-1].pk) if len(found) > ROWS_A_PAGE else "",
    }
    return render(request, "stores/deletions.html", page)


@require_safe
def deletion_progress(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """One line of the list; it asks again while it runs."""
    found = get_object_or_404(StoreDeletion, pk=pk, marketplace=market)
    page = {"line": Line(found), "market": marketplace(market)}
    return render(request, "stores/_deletion.html", page)

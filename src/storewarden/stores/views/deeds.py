"""The deeds of a store's menu: check now, rename, pause, resume, stock push, archive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from storewarden.people.actions import Actor
from storewarden.people.queries import actor_of
from storewarden.stores import actions, wording
from storewarden.stores.errors import Refusal
from storewarden.stores.forms import RenameForm
from storewarden.stores.models import Store
from storewarden.stores.probes import Probed, probe_store
from storewarden.stores.rules import USABLE
from storewarden.stores.views.answers import refused, store_or_404, store_url, way_back


@dataclass(frozen=True)
class Switch:
    """A deed that can be undone by another; done twice it is done once."""

    act: Callable[[Store, Actor], object]
    words: str | Promise


SWITCHES: Mapping[str, Switch] = {
    "pause": Switch(
        actions.pause,
        gettext_lazy("“%(store)s” is paused: nothing is pulled or pushed until you resume it."),
    ),
    "resume": Switch(
        actions.resume,
        gettext_lazy("“%(store)s” goes on where it stopped."),
    ),
    "stock-push-on": Switch(
        lambda store, who: actions.set_stock_push(store, True, who),
        gettext_lazy("Stock figures of “%(store)s” are pushed to Temu from now on."),
    ),
    "stock-push-off": Switch(
        lambda store, who: actions.set_stock_push(store, False, who),
        gettext_lazy("Stock figures of “%(store)s” are no longer pushed."),
    ),
}


@require_POST
def switch(request: HttpRequest, market: str, pk: UUID, deed: str) -> HttpResponse:
    """Pause, resume, stock push on or off; a second click changes nothing."""
    store = store_or_404(pk)
    if deed not in SWITCHES:
        raise Http404
    wanted = SWITCHES[deed]
    try:
        wanted.act(store, actor_of(request))
    except Refusal as no:
        return refused(request, no, store_url(store))
    messages.success(request, str(wanted.words) % {"store": store.nickname})
    return redirect(way_back(request, store_url(store)))


@require_POST
def probe_now(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Ask Temu about every token of the store, and say what it said."""
    store = store_or_404(pk)
    if store.archived_at is not None:
        return refused(request, archived(store), store_url(store))
    who = actor_of(request).name
    say(request, store, probe_store(store, who))
    return redirect(way_back(request, store_url(store)))


def archived(store: Store) -> Refusal:
    return Refusal(
        "archived",
        _("“%(store)s” is archived, and its tokens are destroyed.") % {"store": store.nickname},
        _("Connect the store again first."),
    )


def say(request: HttpRequest, store: Store, found: list[Probed]) -> None:
    """One sentence when all is well, else one for each token that is not."""
    name = {"store": store.nickname}
    bad = [one for one in found if one.unreachable or one.after not in USABLE]
    for one in bad:
        show = messages.warning if one.unreachable else messages.error
        show(request, wording.labelled(store.nickname, token_words(one)))
    if found and not bad:
        messages.success(request, _("Temu says: every token of “%(store)s” works.") % name)
    if not found:
        messages.warning(request, _("“%(store)s” has no token to check.") % name)


def token_words(one: Probed) -> str:
    token = wording.slot_name(str(one.credential))
    if one.unreachable:
        return _(
            "Temu could not be reached about the %(token)s (%(reason)s); what is known stays."
        ) % {"token": token, "reason": wording.silence(one.unreachable)}
    words = wording.state_cause(one.credential.cause)
    return wording.labelled(token, f"{words.sentence} {words.next_step}")


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Another nickname for a store."""
    store = store_or_404(pk)
    before = store.nickname
    form = RenameForm(request.POST if request.method == "POST" else {"nickname": before})
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["nickname"] != before:
                actions.rename(store, form.cleaned_data["nickname"], actor_of(request))
        except Refusal as no:
            form.add_error("nickname", f"{no.sentence} {no.next_step}")
        else:
            messages.success(request, _("The store is now called “%s”.") % store.nickname)
            return redirect(store_url(store))
    page = {"store": store, "form": form, "nickname": before}
    return render(request, "stores/rename.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """Asks first; then destroys the tokens and keeps the data."""
    store = store_or_404(pk)
    if request.method != "POST":
        return render(request, "stores/archive.html", {"store": store})
    if store.archived_at is None:
        actions.archive(store, actor_of(request))
    words = _("“%(store)s” is archived. Its tokens are destroyed, its data is kept.")
    messages.success(request, words % {"store": store.nickname})
    return redirect(store_url(store))

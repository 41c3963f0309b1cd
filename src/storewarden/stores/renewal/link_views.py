"""The renewal links of a store, for who may authorize stores: make, look, revoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from storewarden import clock
from storewarden.marketplaces.registry import marketplace
from storewarden.people.queries import actor_of
from storewarden.stores.errors import Refusal
from storewarden.stores.models import RenewalLink, Store
from storewarden.stores.renewal import actions as links
from storewarden.stores.renewal.forms import LinkForm, own_name
from storewarden.stores.renewal.rules import WORKS, LinkState
from storewarden.stores.renewal.wording import LINK_STATES
from storewarden.stores.views.answers import refused, store_or_404, store_url
from storewarden.vault import Secret

LOOKS = {
    LinkState.OPEN: ("info", "link"),
    LinkState.OPENED: ("info", "eye"),
    LinkState.USED: ("ok", "circle-check"),
    LinkState.EXPIRED: ("muted", "hourglass"),
    LinkState.REVOKED: ("muted", "ban"),
}


@dataclass(frozen=True)
class LinkRow:
    """A link as the list shows it."""

    link: RenewalLink
    state: LinkState

    @property
    def works(self) -> bool:
        return self.state in WORKS

    @property
    def word(self) -> str:
        return str(LINK_STATES[self.state])

    @property
    def tone(self) -> str:
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.state][1]

    @property
    def language(self) -> str:
        return own_name(self.link.language)


@require_http_methods(["GET", "POST"])
def of_store(request: HttpRequest, market: str, pk: UUID) -> HttpResponse:
    """The links of a store; and making one, whose address is shown in this answer alone."""
    store = store_or_404(pk)
    if request.method != "POST":
        return show(request, store, LinkForm(initial={"language": get_language()}))
    form = LinkForm(request.POST)
    if not form.is_valid():
        return show(request, store, form)
    wanted = form.cleaned_data
    try:
        made = links.make_link(store, actor_of(request), wanted["language"], wanted["hours"])
    except Refusal as no:
        return refused(request, no, store_url(store))
    return show(request, store, LinkForm(initial=wanted), made)


@require_POST
def revoke(request: HttpRequest, market: str, pk: UUID, link: UUID) -> HttpResponse:
    """End a link; done twice it is done once."""
    store = store_or_404(pk)
    found = store.renewal_links.select_related("store").filter(pk=link).first()
    if found is None:
        raise Http404
    if links.state_of(links.revoke_link(found, actor_of(request))) is LinkState.REVOKED:
        messages.success(request, _("The link is revoked: it opens nothing any more."))
    else:
        messages.warning(request, _("The link had ended already."))
    return redirect("stores:links", market=market, pk=pk)


def show(
    request: HttpRequest,
    store: Store,
    form: LinkForm,
    made: tuple[RenewalLink, Secret] | None = None,
) -> HttpResponse:
    page: dict[str, Any] = {
        "store": store,
        "market": marketplace(store.marketplace),
        "form": form,
        "made": made[0] if made else None,
        "address": address(request, made[1]) if made else "",
        "rows": rows(store),
        "shown": links.SHOWN,
    }
    return render(request, "stores/links.html", page, status=422 if form.errors else 200)


def rows(store: Store) -> Sequence[LinkRow]:
    now = clock.now()
    return [LinkRow(one, links.state_of(one, now)) for one in links.links_of(store)]


def address(request: HttpRequest, secret: Secret) -> str:
    """Where the link leads: under the address that people use, else under this one."""
    path = reverse("renewal:renew", args=[secret.reveal()])
    base = settings.CONFIG.public_url
    return f"{base}{path}" if base else request.build_absolute_uri(path)

"""What several pages answer alike: the way back, refusals, a store that is not there."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store
from storewarden.stores.queries import not_leaving


def is_partial(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page."""
    return bool(getattr(request, "htmx", False))


def store_or_404(pk: UUID) -> Store:
    found = not_leaving().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def store_url(store: Store) -> str:
    return reverse("stores:store", kwargs={"market": store.marketplace, "pk": store.pk})


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where the person came from, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else otherwise


def refused(request: HttpRequest, no: Refusal, back: str, status: int = 409) -> HttpResponse:
    """A page that says why a deed was not done, and what to do."""
    words = {"sentence": no.sentence, "next_step": no.next_step, "code": no.code, "back": back}
    return render(request, "web/refused.html", words, status=status)

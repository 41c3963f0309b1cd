"""What a check is shown with: its findings, and what can be done about them with one click."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from storewarden.marketplaces.base import Slot
from storewarden.stores import wording
from storewarden.stores.checking import Finding
from storewarden.stores.checks import CheckCard
from storewarden.stores.errors import Refusal
from storewarden.stores.forms import TokensForm, field_of
from storewarden.stores.models import Store


@dataclass(frozen=True)
class Offer:
    """One click. `moves` and `choose` happen in the browser, where the tokens are."""

    kind: str
    label: str
    value: str = ""


def offers(findings: Sequence[Finding], market: str) -> list[Offer]:
    """Each thing once, although several findings offer it."""
    made = [*_moves(findings), *_others(findings, market)]
    return list(dict.fromkeys(made))


def _moves(findings: Sequence[Finding]) -> Iterator[Offer]:
    pairs = list(_pairs(findings))
    if not pairs:
        return
    swapped = any(one.offer == "swap" for one in findings)
    value = " ".join(f"{field_of(start)}>{field_of(end)}" for start, end in pairs)
    area = wording.AREA_NAMES.get(pairs[0][1].area, pairs[0][1].area)
    label = _("Swap the two tokens") if swapped else _("Move it to %(area)s") % {"area": area}
    yield Offer("moves", label, value)


def _pairs(findings: Sequence[Finding]) -> Iterator[tuple[Slot, Slot]]:
    for one in findings:
        where = one.data.get("where")
        if isinstance(where, Slot) and one.slot is not None and one.offer:
            yield one.slot, where


def _others(findings: Sequence[Finding], market: str) -> Iterator[Offer]:
    for one in findings:
        kind, _colon, value = one.offer.partition(":")
        if kind == "switch":
            real = wording.STORE_TYPES[value]
            yield Offer("type", _("Switch to %(type)s") % {"type": real}, value)
        elif kind == "reauthorize":
            url = reverse("stores:reauthorize", kwargs={"market": market, "pk": value})
            name = str(one.data.get("nickname", ""))
            yield Offer("reauthorize", _("Reauthorize “%(store)s” with it") % {"store": name}, url)
        elif kind == "connect_anyway":
            yield Offer("anyway", _("Go on without these permissions"))


@dataclass(frozen=True)
class Answer:
    """A check to show: the card, or why there is none."""

    market: str
    form: TokensForm
    card: CheckCard | None = None
    refusal: Refusal | None = None
    store: Store | None = None

    @property
    def ok(self) -> bool:
        return self.card is not None and self.card.ok and self.refusal is None

    @property
    def nothing(self) -> wording.Words | None:
        """What to say when there was nothing to ask about."""
        asked = self.card is None or self.card.slots or self.card.findings
        return None if asked else wording.nothing_to_check()

    @property
    def offers(self) -> list[Offer]:
        return offers(self.card.findings, self.market) if self.card else []

    @property
    def real_type(self) -> str:
        """The store type that Temu tells, or ""."""
        told = [one.heard.report for one in self.card.slots] if self.card else []
        return next((str(one.store_type) for one in told if one and one.store_type), "")

    @property
    def field_errors(self) -> list[tuple[str, str, str]]:
        """The id of the field, its label, the sentence."""
        return [
            (self.form[name].id_for_label, str(self.form[name].label), str(text))
            for name, texts in self.form.errors.items()
            for text in texts
        ]


def show_card(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The card alone: 200 when nothing stands in the way, else 422."""
    status = 200 if answer.ok else 422
    return render(request, "stores/_card.html", {"answer": answer}, status=status)

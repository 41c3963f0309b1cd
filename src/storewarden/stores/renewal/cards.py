"""What a check shows behind a renewal link: only what is listed here reaches the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from storewarden.stores import wording
from storewarden.stores.checks import CheckCard, SlotCard
from storewarden.stores.errors import Refusal
from storewarden.stores.forms import TokensForm
from storewarden.stores.renewal import wording as link_wording
from storewarden.stores.views.cards import Answer, Offer
from storewarden.stores.wording import Words

IN_THE_BROWSER = frozenset({"moves", "anyway"})


@dataclass(frozen=True)
class Told:
    """One thing to say, and whether it stands in the way."""

    words: Words
    blocking: bool = True


@dataclass(frozen=True)
class TokenLine:
    """What Temu says about one token. `answer`: accepted, refused, silent or unasked."""

    name: str
    answer: str
    ends_at: datetime | None
    estimated: bool
    granted: int
    needed: int


@dataclass(frozen=True)
class OutsideCard:
    """The card. `ok`: it can be saved."""

    ok: bool
    told: Sequence[Told]
    tokens: Sequence[TokenLine] = ()
    offers: Sequence[Offer] = ()
    field_errors: Sequence[tuple[str, str, str]] = ()


def of_check(market: str, form: TokensForm, card: CheckCard) -> OutsideCard:
    answer = Answer(market, form, card)
    told = [Told(link_wording.finding(one), one.blocking) for one in card.findings]
    if answer.nothing:
        told.append(
            Told(Words(answer.nothing.sentence, _("Paste the token that you were asked for.")))
        )
    offers = [one for one in answer.offers if _fits(one, form)]
    return OutsideCard(answer.ok, told, [_line(one) for one in card.slots], offers)


def of_refusal(no: Refusal) -> OutsideCard:
    return OutsideCard(False, [Told(Words(no.sentence, no.next_step))])


def of_bad_form(market: str, form: TokensForm) -> OutsideCard:
    return OutsideCard(False, (), field_errors=Answer(market, form).field_errors)


def _fits(offer: Offer, form: TokensForm) -> bool:
    """What happens in the browser alone, between fields that this page has."""
    names = offer.value.replace(">", " ").split() if offer.kind == "moves" else []
    return offer.kind in IN_THE_BROWSER and all(name in form.fields for name in names)


def _line(one: SlotCard) -> TokenLine:
    return TokenLine(
        wording.slot_name(one.slot),
        _answer(one),
        one.expires.at if one.expires else None,
        bool(one.expires and one.expires.estimated),
        one.granted,
        one.needed,
    )


def _answer(one: SlotCard) -> str:
    if one.heard.report is not None:
        return "accepted"
    if one.heard.unreachable:
        return "silent"
    return "unasked" if one.heard.app_missing else "refused"

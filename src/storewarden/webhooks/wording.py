"""States and causes of deliveries in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from storewarden.stores.errors import Refusal
from storewarden.webhooks import rules
from storewarden.webhooks.models import Attempt, Delivery, Endpoint


@dataclass(frozen=True)
class Look:
    """A word with the tone and the icon of its chip, as in web/states.py."""

    tone: str
    icon: str
    label: str


LOOKS = {
    Delivery.State.DUE: ("info", "clock"),
    Delivery.State.SENDING: ("info", "send"),
    Delivery.State.DONE: ("ok", "check"),
    Delivery.State.FAILED: ("bad", "alert-circle"),
}
STATES: dict[str, str | Promise] = {
    Delivery.State.DUE: _("Waiting"),
    Delivery.State.SENDING: _("Being sent"),
    Delivery.State.DONE: _("Delivered"),
    Delivery.State.FAILED: _("Failed"),
}
# Why a try brought no yes, as a short phrase.
WHY: dict[str, str | Promise] = {
    "answered_no": _("the receiver did not take it"),
    "redirected": _("the receiver sent it elsewhere; redirects are not followed"),
    "gone": _("the receiver wants nothing any more"),
    "timeout": _("no answer in time"),
    "connection": _("no connection"),
    "tls": _("the secure connection failed: certificate or name do not fit"),
    "garbled": _("an answer that is no HTTP"),
    "no_such_host": _("the host has no address"),
    "private_address": _("not called: the host lies in a private network"),
    "interrupted": _("Storewarden was stopped during the try"),
    "secret_unreadable": _(
        "not sent: the signing secret does not open with the keys of this machine"
    ),
    "endpoint_off": _("not sent: the endpoint was switched off"),
}
NOT_CALLED = _("not called: the address is not allowed")

OFF_SENTENCES: dict[str, str | Promise] = {
    Endpoint.Off.BY_HAND: _("It was switched off by %(who)s."),
    Endpoint.Off.GONE: _(
        "The receiver answered 410 Gone, which means that it wants no more events, so it was switched off."
    ),
    Endpoint.Off.FAILING: _("It took nothing for five days, so it was switched off."),
}

ADDRESS_REFUSALS: dict[str, tuple[str | Promise, str | Promise]] = {
    "bad_url": (
        _("This is no address that can be called."),
        _("Copy the address from the receiver; it looks like https://erp.example.com/hook."),
    ),
    "scheme": (
        _("The address does not begin with https://."),
        _("Write the whole address, beginning with https://."),
    ),
    "https_required": (
        _("Plain http:// is refused: everybody on the way could read the events."),
        _("Use https://, or say that the address lies in your own network."),
    ),
    "user_info": (
        _("The address has a name or password in front of the host."),
        _("Leave it away: the signature proves who is calling."),
    ),
    "bad_host": (
        _("The host in the address is none."),
        _("Copy the address from the receiver; it looks like https://erp.example.com/hook."),
    ),
    "odd_address": (
        _("The host is a number that is written in an unusual way."),
        _("Write it like 192.168.1.20, or use the host's name."),
    ),
    "private_address": (
        _("The address lies in a private network or belongs to no machine of the internet."),
        _("If it is a machine of yours, say that the address lies in your own network."),
    ),
}


def refused_address(reason: str) -> Refusal:
    """An address that `outward` refuses, in words."""
    sentence, step = ADDRESS_REFUSALS[reason]
    return Refusal(reason, str(sentence), str(step))


def why(reason: str) -> str:
    """Why a try was no success; an address that was refused is told in one phrase."""
    return str(WHY.get(reason, NOT_CALLED)) if reason else ""


def off_sentence(endpoint: Endpoint) -> str:
    """Why an endpoint is off; "" while it is on."""
    return (
        str(OFF_SENTENCES[endpoint.off_why]) % {"who": endpoint.off_by} if endpoint.off_why else ""
    )


def both_for() -> str:
    """How long an old secret signs beside a new one."""
    hours = int(rules.BOTH_SECRETS_FOR.total_seconds() // 3600)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def delivery_look(delivery: Delivery) -> Look:
    state = Delivery.State(delivery.state)
    if state is Delivery.State.DUE and delivery.tries > delivery.tries_before:
        return Look("warn", "clock", str(_("Waiting to try again")))
    return Look(*LOOKS[state], str(STATES[state]))


def attempt_look(attempt: Attempt) -> Look:
    if not attempt.why:
        return Look("ok", "check", str(STATES[Delivery.State.DONE]))
    return Look("bad", "alert-circle", why(attempt.why))


def endpoint_look(endpoint: Endpoint) -> Look:
    """Green only once something was taken there."""
    if not endpoint.is_on:
        by_hand = endpoint.off_why == Endpoint.Off.BY_HAND
        tone, icon = ("muted", "player-pause") if by_hand else ("bad", "alert-circle")
        return Look(tone, icon, str(_("Switched off")))
    if endpoint.failing_since:
        return Look("warn", "alert-triangle", str(_("Failing")))
    if endpoint.last_success_at:
        return Look("ok", "circle-check", str(_("Works")))
    return Look("info", "clock", str(_("Nothing sent yet")))

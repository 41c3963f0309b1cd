"""What alerts, messages and channels say: what is the matter, and the one next step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from storewarden.alerts import outcomes
from storewarden.stores.wording import (
    AREA_NAMES,
    Words,
    bracketed,
    day,
    listed,
    slot_name,
    state_cause,
)

MESSAGE_KINDS = {
    "digest": gettext_lazy("Reminder of the day"),
    "urgent": gettext_lazy("Urgent reminder"),
    "second": gettext_lazy("To the second person"),
    "outage": gettext_lazy("Temu does not answer"),
    "outage_over": gettext_lazy("Temu answers again"),
    "news": gettext_lazy("News"),
    "test": gettext_lazy("Test"),
}
ROLES = {
    "first": gettext_lazy("First person"),
    "second": gettext_lazy("Second person"),
}
WHYS = {
    "first": gettext_lazy("first person"),
    "second": gettext_lazy("second person"),
    "fallback": gettext_lazy("in place of a channel that failed"),
    "test": gettext_lazy("test"),
}
DELIVERY_STATES = {
    "due": gettext_lazy("Waiting"),
    "sending": gettext_lazy("Being sent"),
    "sent": gettext_lazy("Sent"),
    "failed": gettext_lazy("Failed"),
}
SNOOZES = {
    "day": gettext_lazy("1 day"),
    "three_days": gettext_lazy("3 days"),
    "week": gettext_lazy("1 week"),
}
NEWS = ("recovered", "link_used", "table_done")
CHECK_ADDRESS = gettext_lazy("Check its address, then send a test.")
CHECK_LINE = gettext_lazy("Check this machine's line and the service, then send a test.")


def moment(value: Any) -> datetime | None:
    """A time of an item, which is kept as text."""
    return parse_datetime(value) if isinstance(value, str) else None


def when(value: Any) -> str:
    """A time of an item in the reader's zone."""
    at = moment(value)
    return day(at) if at else ""


def areas(codes: Any) -> str:
    """`["us", "eu"]` → US, EU."""
    return listed(AREA_NAMES.get(one, one) for one in codes or [])


def tokens(slots: Sequence[str]) -> str:
    """The names of tokens, in one line."""
    return listed(slot_name(one) for one in slots)


def days_left(days: int) -> str:
    """How long a token still works, in whole days."""
    if days <= 0:
        return _("less than a day left")
    return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}


def end_of(item: Mapping[str, Any]) -> str:
    """When a token ends."""
    end = when(item.get("expires_at"))
    return bracketed(end, _("estimated")) if item.get("estimated") else end


def token_words(item: Mapping[str, Any], slots: Sequence[str]) -> Words:
    """What is the matter with tokens of one store, without its name."""
    if item["kind"] == "dead":
        return _dead_words(item, slots)
    sentence = ngettext(
        "The %(tokens)s works until %(end)s, %(left)s.",
        "These tokens work until %(end)s, %(left)s: %(tokens)s.",
        len(slots),
    )
    left = days_left(int(item.get("days", 0)))
    return Words(sentence % {"left": left, "tokens": tokens(slots), "end": end_of(item)}, _renew())


def _dead_words(item: Mapping[str, Any], slots: Sequence[str]) -> Words:
    cause = state_cause(str(item.get("cause", "")))
    sentence = ngettext(
        "The %(tokens)s does not work.", "These tokens do not work: %(tokens)s.", len(slots)
    ) % {"tokens": tokens(slots)}
    return Words(f"{sentence} {cause.sentence}".strip(), cause.next_step or _renew())


def _renew() -> str:
    return _("Make a new token in Temu and enter it under Reauthorize.")


def outage_words(item: Mapping[str, Any]) -> Words:
    names = {"areas": areas(item.get("areas")), "since": when(item.get("since"))}
    return Words(
        _(
            "Temu (%(areas)s) has not answered since %(since)s; what is known about the tokens "
            "stands."
        )
        % names,
        _("If Temu's pages open in your browser, check the line of this machine; else wait."),
    )


def outage_over_words(item: Mapping[str, Any]) -> Words:
    names = {"areas": areas(item.get("areas")), "since": when(item.get("since"))}
    sentence = _("Temu (%(areas)s) answers again. It had been silent since %(since)s.") % names
    return Words(sentence, _("Nothing is to be done: everything goes on where it stopped."))


def recovered_words(item: Mapping[str, Any]) -> Words:
    """`12 orders, of which 3 must ship today`."""
    orders, due = int(item.get("orders", 0)), int(item.get("due_today", 0))
    if not orders:
        return Words(_("Works again; no order was missed."), _("Nothing is to be done."))
    came = ngettext(
        "Works again: %(n)d missed order is in", "Works again: %(n)d missed orders are in", orders
    ) % {"n": orders}
    if not due:
        sentence = _("%(orders)s; none must ship today.") % {"orders": came}
        return Words(sentence, _("Ship them by their deadlines."))
    must = ngettext(
        "%(orders)s, of which %(n)d must ship today.",
        "%(orders)s, of which %(n)d must ship today.",
        due,
    )
    return Words(must % {"orders": came, "n": due}, _("Ship those that are due today first."))


def link_used_words(item: Mapping[str, Any]) -> Words:
    by = {"by": str(item.get("by", ""))}
    return Words(
        _("The renewal link that %(by)s made was used: the new tokens are checked and saved.") % by,
        _("Nothing is to be done."),
    )


def table_done_words(item: Mapping[str, Any]) -> Words:
    done, refused = int(item.get("done", 0)), int(item.get("refused", 0))
    numbers = {"done": done, "refused": refused}
    sentence = _("A table of tokens is finished: %(done)d done, %(refused)d refused.") % numbers
    step = _("Look at the refused rows.") if refused else _("Nothing is to be done.")
    return Words(sentence, step)


OTHERS = {
    "outage": outage_words,
    "outage_over": outage_over_words,
    "recovered": recovered_words,
    "link_used": link_used_words,
    "table_done": table_done_words,
}


def item_words(item: Mapping[str, Any], slots: Sequence[str]) -> Words:
    """An item of a message or an alert, without the name of its store."""
    told = OTHERS.get(str(item["kind"]))
    return told(item) if told else token_words(item, slots)


def failure(code: str) -> Words:
    """Why a message did not go out, and what to do."""
    cause, number, text = outcomes.parts(code)
    sentence, step = _FAILURES.get(cause, _FAILURES["refused"])
    if cause == "http":
        sentence, step = _http(number)
    said = str(sentence) % {"number": number} if number else str(sentence)
    return Words(f"{said} {_their_words(text)}".strip(), str(step))


def _their_words(text: str) -> str:
    return _("It said: %(text)s") % {"text": text} if text else ""


def _http(number: str) -> tuple[Any, Any]:
    if number in ("401", "403"):
        return gettext_lazy("The service refuses the key or token (%(number)s)."), CHECK_ADDRESS
    if number in ("400", "404", "410"):
        return gettext_lazy("The service knows no such receiver (%(number)s)."), CHECK_ADDRESS
    if number == "429":
        return (
            gettext_lazy("The service takes no more messages for now (%(number)s)."),
            gettext_lazy("Nothing is to be done: it is tried again."),
        )
    return (
        gettext_lazy("The service answered with the error %(number)s."),
        gettext_lazy("If it stays so, look whether the service has a fault."),
    )


_FAILURES: dict[str, tuple[Any, Any]] = {
    "timeout": (gettext_lazy("No answer came in time."), CHECK_LINE),
    "hung": (
        gettext_lazy("An earlier call to this service has still not ended."),
        gettext_lazy("Check its address; restart Storewarden if it stays so."),
    ),
    "no_such_host": (
        gettext_lazy("There is no server of this name."),
        gettext_lazy("Check the server's name in its address, and this machine's line."),
    ),
    "unreachable": (gettext_lazy("The server could not be reached."), CHECK_LINE),
    "certificate": (
        gettext_lazy("The server's certificate cannot be trusted."),
        gettext_lazy("Check the server's name, its certificate and the port."),
    ),
    "smtp": (
        gettext_lazy("The mail server refused the message (%(number)s)."),
        gettext_lazy("Check user, password, sender and receiver."),
    ),
    "refused": (gettext_lazy("The service did not take the message."), CHECK_ADDRESS),
    "sealed": (
        gettext_lazy("Its sealed address does not open with the keys of this installation."),
        gettext_lazy("Put the right keys back, or enter its address again."),
    ),
    "switched_off": (gettext_lazy("The channel was switched off."), ""),
    "nothing_left": (gettext_lazy("What it was about has been deleted."), ""),
    "unexpected": (
        gettext_lazy("Something went wrong that was not foreseen."),
        gettext_lazy("Look at the log of this machine."),
    ),
    "address_unknown": (
        gettext_lazy("Its address is no longer understood."),
        gettext_lazy("Enter its address again."),
    ),
    "address_unfit": (
        gettext_lazy("Its address is no longer understood."),
        gettext_lazy("Enter its address again."),
    ),
    "channel_not_installed": (
        gettext_lazy("A package that it needs is no longer installed."),
        gettext_lazy("Install it again, or choose another channel."),
    ),
}  # fmt: skip

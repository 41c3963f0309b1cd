"""What the calendar says, in the language of the feed."""

from django.utils.translation import gettext as _

from storewarden.calendars.queries import Line
from storewarden.calendars.rules import What
from storewarden.marketplaces.registry import marketplace
from storewarden.stores.wording import bracketed, slot_name, state_cause


def summary(line: Line) -> str:
    """The title of an event."""
    values = {
        "market": marketplace(line.market).name,
        "store": line.nickname or _("a store"),
        "token": slot_name(line.slot),
    }
    text = _titles()[line.entry.what] % values
    if line.entry.what is What.ENDS and line.estimated:
        return bracketed(text, _("estimated"))
    return text


def _titles() -> dict[What, str]:
    return {
        What.ENDS: _("%(market)s token of %(store)s ends: %(token)s"),
        What.ENDED: _("%(market)s token of %(store)s has ended: %(token)s"),
        What.STOPPED: _("%(market)s token of %(store)s stopped working: %(token)s"),
    }


def description(line: Line) -> str:
    """What to do, a sentence a line."""
    return "\n".join(filter(None, _sentences(line)))


def _sentences(line: Line) -> list[str]:
    if line.entry.what is not What.ENDS:
        words = state_cause(line.entry.cause)
        return [words.sentence, words.next_step]
    found = [
        _("Before this moment make a new token in Temu and enter it under Reauthorize."),
        _("A new token ends this one at once, so enter it without delay."),
    ]
    if line.estimated:
        found.append(_("Temu does not say this token's end: 90 days from the day it was entered."))
    return found

"""Moments in a reader's words. Pure: a moment and a now in, words out."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from storewarden.stores import rules

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
PATTERNS = {"date": "Y-m-d", "minute": "Y-m-d H:i", "second": "Y-m-d H:i:s"}


@dataclass(frozen=True)
class Words:
    """A text and the class that colours it: "late", "soon", "fine" or ""."""

    text: str
    tone: str


def ago_words() -> dict[str, str]:
    """The patterns of `relative`, which the browser uses too (desk.js)."""
    return {
        "now": _("just now"),
        "minutes": _("{n} min ago"),
        "hours": _("{n} h ago"),
        "days": _("{n} d ago"),
    }


def relative(moment: datetime, now: datetime) -> str:
    """How long ago, or how far ahead, in one short phrase."""
    seconds = (now - moment).total_seconds()
    if seconds < -1:
        return _("in {span}").format(span=span(-seconds))
    words = ago_words()
    if seconds < 45:
        return words["now"]
    if seconds < HOUR_S - 30:
        return words["minutes"].format(n=max(1, round(seconds / MINUTE_S)))
    if seconds < DAY_S:
        return words["hours"].format(n=max(1, int(seconds // HOUR_S)))
    return words["days"].format(n=int(seconds // DAY_S))


def span(seconds: float) -> str:
    """A stretch of time in its largest useful unit: minutes, hours to 48, days."""
    if seconds < HOUR_S:
        return _("{n} min").format(n=max(1, round(seconds / MINUTE_S)))
    if seconds < 2 * DAY_S:
        return _("{n} h").format(n=int(seconds // HOUR_S))
    return _("{n} d").format(n=int(seconds // DAY_S))


def days_left(end: datetime, now: datetime, *, estimated: bool = False) -> Words:
    """What is left of a validity, in the whole days that stores.rules counts."""
    days = rules.days_left(end, now)
    if end <= now:
        words = Words(_ended((now - end).days), "late")
    elif days == 0:
        words = Words(_("less than a day left"), "late")
    else:
        text = ngettext("{n} day left", "{n} days left", days).format(n=days)
        words = Words(text, "soon" if end - now <= rules.EXPIRING_WITHIN else "fine")
    return (
        Words(_("{text} (estimated)").format(text=words.text), words.tone) if estimated else words
    )


def _ended(days: int) -> str:
    if days == 0:
        return _("ended less than a day ago")
    return ngettext("ended {n} day ago", "ended {n} days ago", days).format(n=days)


def due(deadline: datetime, now: datetime) -> Words:
    """A count-down to a deadline: late, soon (a day or less) or fine."""
    seconds = (deadline - now).total_seconds()
    if seconds < 0:
        return Words(_("{span} late").format(span=span(-seconds)), "late")
    tone = "soon" if seconds <= DAY_S else "fine"
    return Words(_("{span} left").format(span=span(seconds)), tone)


def absolute(moment: datetime, detail: str = "minute") -> str:
    """A moment in the reader's zone, written the same way in every language."""
    return date_format(timezone.localtime(moment), PATTERNS[detail])


def with_zone(moment: datetime) -> str:
    """A moment to the second with the name of the zone, for titles."""
    local = timezone.localtime(moment)
    return f"{absolute(local, 'second')} {local.tzname()}"


def language_tag() -> str:
    """The language of this page as HTML names it: en, zh-Hans."""
    name = get_language() or "en"
    return "zh-Hans" if name == "zh-hans" else name

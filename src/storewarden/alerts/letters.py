"""A message as a person reads it: title and text, in a language and a time zone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storewarden.alerts import links, wording
from storewarden.alerts.models import Channel, Message
from storewarden.stores.models import Store
from storewarden.stores.wording import Words, state_cause

IN_FULL = 5
MOST_LINES = 20
OUR_NAME = "Storewarden"
JOINS_EMOJI = "\u200d"
Item = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """What is sent: a line of subject, and plain text."""

    title: str
    body: str


@dataclass
class Entry:
    """What a message says about one store: one line, for all tokens in the same case."""

    item: Item
    store: Store | None
    slots: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return one_line(self.store.nickname) if self.store else ""

    @property
    def words(self) -> Words:
        return wording.item_words(self.item, self.slots)


def letter(message: Message, channel: Channel, zone: str) -> Letter | None:
    """The message in the channel's language; None when all that it was about is deleted."""
    with translation.override(channel.language), timezone.override(ZoneInfo(zone)):
        if message.kind == "test":
            return _test(channel)
        entries = entries_of(message.items)
        return _written(message.kind, entries) if entries else None


def one_line(name: str) -> str:
    """A name that cannot break a line or turn the direction of a text."""
    kept = (letter if letter.isprintable() or letter == JOINS_EMOJI else " " for letter in name)
    return " ".join("".join(kept).split())


def entries_of(items: Sequence[Item], stores: dict[str, Store] | None = None) -> list[Entry]:
    """The items with their stores, the tokens of a store in the same case taken together.

    An item whose store is deleted is left out.
    """
    known = stores if stores is not None else stores_of(items)
    found: dict[tuple[str, ...], Entry] = {}
    for item in items:
        store = known.get(str(item.get("store", "")))
        if item.get("store") and store is None:
            continue
        entry = found.setdefault(_case(item), Entry(item, store))
        if item.get("token"):
            entry.slots.append(str(item["token"]))
    return list(found.values())


def _case(item: Item) -> tuple[str, ...]:
    names = ("cause",) if item["kind"] == "dead" else ("days", "estimated", "area", "since")
    return tuple(str(item.get(name, "")) for name in ("kind", "store", *names))


def stores_of(items: Sequence[Item]) -> dict[str, Store]:
    """The stores that items speak of, in one query."""
    ids = {str(item["store"]) for item in items if item.get("store")}
    return {str(pk): store for pk, store in Store.objects.in_bulk(ids).items()} if ids else {}


def _test(channel: Channel) -> Letter:
    text = _("This is a test of the channel “%(name)s”. It works: reminders will come here.")
    body = [text % {"name": one_line(channel.name)}, _("Nothing is to be done."), links.base()]
    return Letter(_titled(_("a test")), "\n".join(body))


def _titled(text: str) -> str:
    """Begins with our name: group robots ask for a keyword, and people look for it."""
    return f"{OUR_NAME}: {text}"


def _written(kind: str, entries: Sequence[Entry]) -> Letter:
    about_tokens = all(entry.slots for entry in entries)
    text = _reminder(kind, entries) if about_tokens else _told(entries)
    return Letter(_titled(title(kind, entries)), "\n".join(text).strip())


def title(kind: str, entries: Sequence[Entry]) -> str:
    """What a message is about, in one line."""
    first = entries[0]
    if len({entry.name for entry in entries}) > 1:
        return _of_many(entries)
    if first.slots:
        return _("“%(store)s”: %(what)s") % {"store": first.name, "what": _short(first)}
    head = str(wording.MESSAGE_KINDS.get(kind, ""))
    return _("“%(store)s”: news") % {"store": first.name} if first.name else head


def _short(entry: Entry) -> str:
    if entry.item["kind"] == "dead":
        return _("a token does not work")
    return wording.days_left(int(entry.item.get("days", 0)))


def _of_many(entries: Sequence[Entry]) -> str:
    number = len({entry.name for entry in entries})
    dead = len({entry.name for entry in entries if entry.item["kind"] == "dead"})
    if dead:
        text = ngettext(
            "%(n)d store has a token that does not work",
            "%(n)d stores have a token that does not work",
            dead,
        )
        return text % {"n": dead}
    text = ngettext("%(n)d store needs new tokens", "%(n)d stores need new tokens", number)
    return text % {"n": number}


def _told(entries: Sequence[Entry]) -> list[str]:
    return [line for entry in entries for line in _in_full(entry)]


def _in_full(entry: Entry) -> list[str]:
    """What, the one next step, and the link."""
    words = entry.words
    store = {"store": entry.name, "what": words.sentence}
    what = _("“%(store)s”: %(what)s") % store if entry.name else words.sentence
    return [what, words.next_step, links.base() + _page(entry), ""]


def _page(entry: Entry) -> str:
    if entry.store is None:
        return links.path("alerts:index")
    if entry.slots:
        return links.reauthorize(entry.store)
    if entry.item["kind"] == "recovered":
        return links.to_ship(entry.store)
    return links.own_page(entry.store)


def _reminder(kind: str, entries: Sequence[Entry]) -> list[str]:
    lines = [] if kind != "second" else [_nobody_acted(), ""]
    if len(entries) <= IN_FULL:
        return lines + _told(entries)
    lines += _grouped(entries[:MOST_LINES])
    more = len(entries) - MOST_LINES
    if more > 0:
        lines.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
    step = _("Renew them one after another: the queue shows each way and takes the new tokens.")
    return [*lines, "", step, links.base() + links.queue()]


def _nobody_acted() -> str:
    return _("Nobody has acknowledged this for 24 hours, so it comes to you as well.")


def _grouped(entries: Sequence[Entry]) -> list[str]:
    """One line an entry, under a heading a day."""
    lines: list[str] = []
    head = ""
    for entry in entries:
        here = _heading(entry)
        if here != head:
            lines += ["", here] if lines else [here]
            head = here
        lines.append(_compact(entry))
    return lines


def _heading(entry: Entry) -> str:
    if entry.item["kind"] == "dead":
        return _("Does not work")
    left = wording.days_left(int(entry.item.get("days", 0)))
    return left[:1].upper() + left[1:]


def _compact(entry: Entry) -> str:
    dead = entry.item["kind"] == "dead"
    cause = state_cause(str(entry.item.get("cause", ""))).sentence
    values = {
        "store": entry.name,
        "tokens": wording.tokens(entry.slots),
        "end": wording.end_of(entry.item),
        "cause": cause,
    }
    if dead:
        return (_("• “%(store)s”: %(tokens)s. %(cause)s") % values).strip()
    return _("• “%(store)s”: %(tokens)s, until %(end)s") % values

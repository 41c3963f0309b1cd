"""What is wrong with a line of a table, and how it ended, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from storewarden.stores import wording
from storewarden.stores.checking import Finding
from storewarden.stores.tables.columns import RENEW
from storewarden.stores.wording import Words

# What there is to add to “Connected” or “Reauthorized”.
OUTCOMES = {
    "connected": "",
    "reattached": gettext_lazy("It was here before; the data it had is attached again."),
    "renewed": gettext_lazy("The tokens are new."),
    "same_tokens": gettext_lazy("The tokens are the same ones as before."),
}
STATES = {
    "held": gettext_lazy("Fine in form"),
    "due": gettext_lazy("Waiting"),
    "running": gettext_lazy("Being checked"),
    "refused": gettext_lazy("Not connected"),
    "done": pgettext_lazy("line of a table", "Connected"),
}
RENEW_STATES = {
    "refused": gettext_lazy("Not reauthorized"),
    "done": gettext_lazy("Reauthorized"),
}


def state(kind: str, name: str) -> str:
    """How far a line is: `done` → Connected, or Reauthorized."""
    known = STATES | RENEW_STATES if kind == RENEW else STATES
    return str(known.get(name, name))


def outcome(cause: str) -> str:
    """What there is to say of a line that went well."""
    return str(OUTCOMES.get(cause, cause))


def words(found: Finding) -> Words:
    """A finding about a line, or one of a check."""
    if found.cause in _LINES:
        sentence, step = _LINES[found.cause]
        values = _values(found)
        return Words(str(sentence) % values, str(step) % values)
    if "sentence" in found.data:  # of a deed that has its own words
        return Words(str(found.data["sentence"]), str(found.data.get("next_step", "")))
    return wording.finding(found)


def _values(found: Finding) -> dict[str, str]:
    named = ("cell", "value", "line", "name", "reference")
    values = {name: str(found.data.get(name, "")) for name in named}
    token = wording.slot_name(found.slot) if found.slot else _("token")
    return values | {"token": token, "silence": wording.silence(found.message)}


TYPE_STEP = gettext_lazy("Write Semi-Consignment or Full-Consignment (半托管 or 全托管).")
AREA_STEP = gettext_lazy("Write US, EU or Global.")
ONCE_STEP = gettext_lazy("Keep one of the two lines.")
AGAIN_STEP = gettext_lazy("Hand the line in again; its tokens were destroyed.")

_LINES: dict[str, tuple[Any, Any]] = {
    # the cells
    "too_many_cells": (
        gettext_lazy("The line has more cells than the header: %(cell)s."),
        gettext_lazy("Put a text that has a separator in it between quotation marks."),
    ),
    "cell_is_formula": (
        gettext_lazy("Cell %(cell)s holds a formula or an error, not a text."),
        gettext_lazy("Paste what it shows as a value, or write it by hand."),
    ),
    "cell_is_date": (
        gettext_lazy("Cell %(cell)s holds a date: Excel made one of what was typed."),
        gettext_lazy("Give the column the format Text in Excel, and type it again."),
    ),
    "nickname_empty": (
        gettext_lazy("The nickname is empty."),
        gettext_lazy("Write a name for the store."),
    ),
    "nickname_too_long": (
        gettext_lazy("The nickname is longer than 80 characters."),
        gettext_lazy("Write a shorter one."),
    ),
    "nickname_unprintable": (
        gettext_lazy("The nickname has invisible characters."),
        gettext_lazy("Type it instead of pasting it."),
    ),
    "nickname_is_token": (
        gettext_lazy("A token stands where the nickname belongs."),
        gettext_lazy("See whether the columns stand under the right names."),
    ),
    "nickname_taken": (
        gettext_lazy("There is a store with this nickname already."),
        gettext_lazy("Choose another nickname; or reauthorize that store, if it is the same."),
    ),
    "type_missing": (gettext_lazy("The store type is missing."), TYPE_STEP),
    "type_unknown": (gettext_lazy("“%(value)s” is no store type."), TYPE_STEP),
    "area_missing": (
        gettext_lazy("The area of the order shipping token is missing."),
        AREA_STEP,
    ),
    "area_unfit": (gettext_lazy("“%(value)s” is no area for orders."), AREA_STEP),
    "slot_twice": (
        gettext_lazy("The %(token)s stands in this line twice."),
        gettext_lazy("Keep one of the two."),
    ),
    "slot_surplus": (
        gettext_lazy(
            "A full-consignment store has no order shipping token: Temu ships its orders."
        ),
        gettext_lazy("Leave that cell empty, or see whether the store type is right."),
    ),
    "token_unfit": (
        gettext_lazy("This is no %(token)s: Temu's tokens are letters and digits in one piece."),
        gettext_lazy("Copy the token in Temu with its Copy button and paste it again."),
    ),
    "no_token": (
        gettext_lazy("No token stands in this line."),
        gettext_lazy("Paste the new token, or take the line out."),
    ),
    "shop_id_mangled": (
        gettext_lazy("Excel made the number “%(value)s” of the shop id, and digits are lost."),
        gettext_lazy("Give the column the format Text in Excel, and enter the shop id again."),
    ),
    "shop_id_unfit": (
        gettext_lazy("“%(value)s” is no shop id: Temu's shop ids are digits alone."),
        gettext_lazy("Copy it from Seller Central, or use the nickname."),
    ),
    "store_missing": (
        gettext_lazy("The line does not say which store it is for."),
        gettext_lazy("Write its nickname or its shop id."),
    ),
    # the table
    "nickname_repeated": (
        gettext_lazy("The same nickname stands in line %(line)s already."),
        ONCE_STEP,
    ),
    "shop_id_repeated": (
        gettext_lazy("The same shop id stands in line %(line)s already."),
        ONCE_STEP,
    ),
    "store_repeated": (
        gettext_lazy("Line %(line)s is for the same store already."),
        ONCE_STEP,
    ),
    "token_repeated": (
        gettext_lazy(
            "The same %(token)s stands in line %(line)s already, maybe in another column."
        ),
        gettext_lazy("Copy the token of this store in Temu and paste it here."),
    ),
    # the stores that are there
    "no_such_store": (
        gettext_lazy("There is no store called “%(name)s”."),
        gettext_lazy("Use its nickname or its shop id, as the list of stores has them."),
    ),
    "two_stores_named": (
        gettext_lazy("The nickname and the shop id belong to different stores."),
        gettext_lazy("Correct one of the two, or leave it empty."),
    ),
    "archived": (
        gettext_lazy("“%(name)s” is archived."),
        gettext_lazy("Connect the store again first."),
    ),
    "store_gone": (
        gettext_lazy("The store was deleted since the table was handed in."),
        gettext_lazy("Connect it as a new store, if you want it back."),
    ),
    "just_taken": (
        gettext_lazy("This store was connected, or its nickname taken, a moment ago."),
        gettext_lazy("Look at the list of stores before you try again."),
    ),
    # the work
    "not_started": (
        gettext_lazy("It was not started within an hour, so its tokens were destroyed."),
        gettext_lazy("Hand the table in again."),
    ),
    "cancelled": (
        gettext_lazy("The table was discarded before it was started; nothing was asked of Temu."),
        gettext_lazy("Hand the table in again, if you want it after all."),
    ),
    "stopped": (gettext_lazy("The work was stopped before this line had its turn."), AGAIN_STEP),
    "too_old": (
        gettext_lazy("It could not be worked off within a day, so its tokens were destroyed."),
        gettext_lazy("See whether Storewarden was running, and hand the line in again."),
    ),
    "given_up": (
        gettext_lazy("Temu could not be reached (%(silence)s) in several tries."),
        AGAIN_STEP,
    ),
    "seal_broken": (
        gettext_lazy("The tokens of this line could not be opened: the keys have changed."),
        AGAIN_STEP,
    ),
    "unexpected": (
        gettext_lazy("Something went wrong that was not foreseen (reference %(reference)s)."),
        gettext_lazy("Look for the reference in the log. Nothing was half-saved; try it again."),
    ),
}

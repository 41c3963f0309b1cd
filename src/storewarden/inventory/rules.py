"""What may be pushed, what a figure must be, and what a re-read says. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

GREATEST_QUANTITY = 1_000_000
RETRY_AFTER_OUTAGE = timedelta(seconds=15)
RETRY_READ_AFTER = timedelta(hours=1)

_QUANTITY = re.compile(r"[0-9]{1,12}", re.ASCII)
_CAP = re.compile(r"上限\D*([0-9]+)\D*$", re.ASCII)


class Against(StrEnum):
    """Why a figure may not be set or pushed."""

    HIDDEN = "hidden"
    GONE = "gone"
    PUSH_OFF = "push_off"
    PAUSED = "paused"
    ARCHIVED = "archived"


class BadQuantity(StrEnum):
    """What is wrong with a quantity that a person wrote."""

    EMPTY = "empty"
    NEGATIVE = "negative"
    NO_NUMBER = "no_number"
    TOO_MUCH = "too_much"


class Outcome(StrEnum):
    """What a re-read says about a figure that was sent."""

    DONE = "done"
    DIFFERS = "differs"


@dataclass(frozen=True)
class StoreNow:
    """What of a store decides whether its figures are pushed."""

    push_on: bool
    paused: bool = False
    archived: bool = False


def may_set(shown: int | None, gone: bool, store: StoreNow) -> Against | None:
    """What stands against setting this figure; None: nothing.

    A figure that we may not see is never pushed: we could not tell what became
    of it, and null is not zero (cn-pa-api.md 6.1 [D]).
    """
    if store.archived:
        return Against.ARCHIVED
    if store.paused:
        return Against.PAUSED
    if not store.push_on:
        return Against.PUSH_OFF
    if gone:
        return Against.GONE
    return Against.HIDDEN if shown is None else None


def quantity_of(written: str | int) -> int | BadQuantity:
    """The whole number that was written, 0 to 1,000,000, or what is wrong with it.

    Only plain digits count: no sign, no comma, no exponent, no other script's digits.
    """
    if isinstance(written, int):
        return _within(written)
    text = written.strip()
    if not text:
        return BadQuantity.EMPTY
    if re.fullmatch(r"[-−–]\s*[0-9]{1,12}(\.[0-9]{1,12})?", text, re.ASCII):
        return BadQuantity.NEGATIVE
    return _within(int(text)) if _QUANTITY.fullmatch(text) else BadQuantity.NO_NUMBER


def _within(number: int) -> int | BadQuantity:
    if number < 0:
        return BadQuantity.NEGATIVE
    return number if number <= GREATEST_QUANTITY else BadQuantity.TOO_MUCH


def diff_for(fresh: int | None, wanted: int) -> int | None:
    """By how much to change a figure so that it shows `wanted`; None: not ours to change."""
    return None if fresh is None else wanted - fresh


def outcome(wanted: int, read: int | None) -> Outcome:
    """What the re-read says; a figure that is hidden or gone by then is not the one wanted."""
    return Outcome.DONE if read == wanted else Outcome.DIFFERS


def cap_in(message: str) -> int | None:
    """The greatest quantity that a refusal names, if it names one.

    "…设置库存数量最大上限…为N" ends with the number (cn-pa-api.md 2.4 [C]).
    """
    found = _CAP.search(message)
    return int(found[1]) if found else None

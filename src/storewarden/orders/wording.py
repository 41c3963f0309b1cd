"""Temu's words about orders, in plain words: labels, warnings, states, deadlines.

All values of partner-api.md 4.3 [DOC]. One that is not listed here is shown as it came.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from storewarden.marketplaces.base import OrderState
from storewarden.orders.models import OrderEvent
from storewarden.orders.reasons import read
from storewarden.orders.rules import Deadline
from storewarden.stores.wording import day, labelled, listed, silence


@dataclass(frozen=True)
class Plain:
    """A label or warning in plain words; `tone` is bad, warn or info."""

    code: str
    words: str
    tone: str


Table = dict[str, tuple[Promise | str, str]]

ORDER_LABELS: Table = {
    "soon_to_be_overdue": (gettext_lazy("The ship-by deadline is near"), "warn"),
    "past_due": (gettext_lazy("The ship-by deadline has passed"), "bad"),
    "pending_buyer_cancellation": (
        gettext_lazy("The buyer asks to cancel: answer in Seller Central before shipping"),
        "bad",
    ),
    "pending_buyer_address_change": (
        gettext_lazy(
            "The buyer asks for another address: answer in Seller Central before shipping"
        ),
        "bad",
    ),
    "pending_risk_control_alert": (
        gettext_lazy("Temu is checking this order for risk: do not ship yet"),
        "bad",
    ),
    "signature_required_on_delivery": (
        gettext_lazy("The buyer must sign: choose a carrier service with signature"),
        "warn",
    ),
}
LINE_LABELS: Table = {
    "customized_products": (gettext_lazy("Customized product: see the buyer's design"), "info"),
    "US_to_CA": (gettext_lazy("Ships from the US to Canada"), "info"),
    "is_US_to_CA_BBC": (
        gettext_lazy("Ships from the US to Canada through Temu's consolidator"),
        "info",
    ),
    "Y2_advance_sale": (gettext_lazy("Advance sale: ships later than usual"), "info"),
    "pre_sale_order": (gettext_lazy("Pre-sale order"), "info"),
    "made_to_order": (gettext_lazy("Made to order"), "info"),
    "vacation_order": (gettext_lazy("Ordered during the store's vacation"), "info"),
    "second_hand_collectible_order": (gettext_lazy("Second-hand collectible"), "info"),
    "second_hand_luxury_order": (gettext_lazy("Second-hand luxury article"), "info"),
    "platform_covered_shipping": (gettext_lazy("Temu pays the freight"), "info"),
}
ORDER_WARNINGS: Table = {
    "SUGGEST_SIGNATURE_ON_DELIVERY": (
        gettext_lazy("Temu suggests delivery against signature"),
        "info",
    ),
    "CONFIRMED_CHANGED_ADDRESS": (
        gettext_lazy("The address was changed: use the new one"),
        "warn",
    ),
    "RESTRICT_FEDEX_SELF_SHIPPING": (gettext_lazy("Not by FedEx on your own account"), "warn"),
    "RESTRICT_USPS_SELF_SHIPPING": (gettext_lazy("Not by USPS on your own account"), "warn"),
    "RESTRICT_SELF_SHIPPING": (
        gettext_lazy("Only with a label bought through Temu: your own carrier is not accepted"),
        "bad",
    ),
    "RESTRICT_CALL_SHIPPING": (
        gettext_lazy("Only by your own carrier: no label can be bought through Temu"),
        "warn",
    ),
    "REQUIRES_CUSTOMER_PICKUP": (gettext_lazy("The buyer picks it up"), "warn"),
    "SAVE_SN_INFORMATION_FOR_RETURN": (
        gettext_lazy("Note the serial number: it is asked for when the article is returned"),
        "warn",
    ),
    "REQUIRES_AUTHENTICATION_REPORT_SUBMISSION": (
        gettext_lazy("An authentication report must be handed in"),
        "warn",
    ),
    "REQUIRES_AGE_VERIFICATION": (
        gettext_lazy("The buyer's age must be checked on delivery"),
        "warn",
    ),
    "SPECIFIC_LOGISTICS_REQUIRED": (gettext_lazy("Only certain carriers may bring it"), "warn"),
    "WRONG_SHIPPING_ADDRESS": (gettext_lazy("A parcel went to another address"), "bad"),
    "SUSPECTED_ERROR_PROVIDER": (gettext_lazy("The carrier named may be the wrong one"), "bad"),
    "NO_TRACK": (gettext_lazy("The tracking number shows no movement"), "bad"),
    "TRACK_TOO_EARLY": (
        gettext_lazy("The tracking number moved before the order was placed"),
        "bad",
    ),
    "OVERTIME_COLLECTION": (gettext_lazy("The carrier collected it late"), "warn"),
    "TRACK_COLLECT_FAIL": (gettext_lazy("The carrier could not collect it"), "bad"),
    "SIGNED_BUT_UNRECEIVED_TASK": (
        gettext_lazy("Signed for, but the buyer says it did not arrive"),
        "bad",
    ),
}
BLOCKED = "BLOCK_LOGISTICS_PROVIDERS_"

STATES: dict[str, Promise | str] = {
    OrderState.ON_HOLD: gettext_lazy("On hold"),
    OrderState.TO_SHIP: pgettext_lazy("order state", "To ship"),
    OrderState.PARTLY_SHIPPED: gettext_lazy("Partly shipped"),
    OrderState.SHIPPED: pgettext_lazy("order state", "Shipped"),
    OrderState.COMPLETED: gettext_lazy("Completed"),
    OrderState.CANCELLED: gettext_lazy("Cancelled"),
    OrderState.UNKNOWN: gettext_lazy("Unknown state"),
}
STATE_TONES = {
    OrderState.ON_HOLD: "muted",
    OrderState.TO_SHIP: "info",
    OrderState.PARTLY_SHIPPED: "warn",
    OrderState.SHIPPED: "ok",
    OrderState.COMPLETED: "ok",
    OrderState.CANCELLED: "muted",
    OrderState.UNKNOWN: "bad",
}


def state(word: str) -> str:
    return str(STATES.get(word, word))


def state_tone(word: str) -> str:
    return STATE_TONES[OrderState(word)] if word in STATES else "bad"


def plain(code: str) -> Plain:
    """A label or warning as a person reads it."""
    for table in (ORDER_LABELS, LINE_LABELS, ORDER_WARNINGS):
        if code in table:
            words, tone = table[code]
            return Plain(code, str(words), tone)
    if code.startswith(BLOCKED):
        names = code.removeprefix(BLOCKED).strip("{}").split(",")
        words = _("Not by these carriers: %(names)s") % {"names": listed(names)}
        return Plain(code, words, "warn")
    return Plain(code, code, "warn")


def deadline(told: Deadline) -> str:
    """How long is left, or how late it is."""
    number = {"n": told.number}
    if told.kind == "late_hours":
        return ngettext("%(n)d h late", "%(n)d h late", told.number) % number
    if told.kind == "late_days":
        return ngettext("%(n)d day late", "%(n)d days late", told.number) % number
    if told.kind == "minutes":
        return ngettext("%(n)d min left", "%(n)d min left", told.number) % number
    if told.kind == "hours":
        return ngettext("%(n)d h left", "%(n)d h left", told.number) % number
    if told.kind == "days":
        return ngettext("%(n)d day left", "%(n)d days left", told.number) % number
    return _("no deadline told")


DEEDS: dict[str, Promise | str] = {
    "first_seen": gettext_lazy("First seen"),
    "state": gettext_lazy("State changed"),
    "parcel_planned": gettext_lazy("Tracking number entered"),
    "parcel_confirmed": gettext_lazy("Shipment confirmed to Temu"),
    "parcel_refused": gettext_lazy("Temu refused the shipment"),
    "parcel_unknown": gettext_lazy("Outcome unknown: it is looked up"),
    "parcel_elsewhere": gettext_lazy("Shipped in Seller Central"),
    "parcel_again": gettext_lazy("It had not reached Temu: it is sent again"),
}


def event(row: OrderEvent) -> str:
    """One line of the timeline, without who and when."""
    words = str(DEEDS.get(row.deed, row.deed))
    told = row.detail
    if row.deed == "state":
        return labelled(words, f"{state(told['before'])} → {state(told['after'])}")
    if row.deed == "first_seen":
        return labelled(words, state(told["state"]))
    if told.get("tracking"):
        return labelled(words, f"{told.get('carrier', '')} {told['tracking']}".strip())
    return labelled(words, told["why"]) if told.get("why") else words


NOT_PULLED: dict[str, Promise] = {
    "token_not_usable": gettext_lazy("the order shipping token does not work"),
    "not_whole": gettext_lazy(
        "Temu says there are %(total)s orders at %(time)s, but lists only %(seen)s of them"
    ),
}
NOT_READ: dict[str, Promise] = {
    "no_number": gettext_lazy("The order has no number."),
    "line_twice": gettext_lazy("Two lines of the order have the same number."),
    "no_pieces": gettext_lazy("“%(field)s” is %(number)s, which is no number of pieces."),
    "too_long": gettext_lazy(
        "“%(field)s” has %(length)s characters, at most %(most)s are expected."
    ),
    "nul_character": gettext_lazy("“%(field)s” has a NUL character."),
    "not_listed": gettext_lazy("Temu does not list this order for this store."),
}


def why_not_pulled(reason: str) -> str:
    """Why orders do not come in, without a full stop: our reason, a silence, or Temu's no."""
    code, values = read(reason)
    if code not in NOT_PULLED:
        return silence(reason)
    if "time" in values:
        values["time"] = day(datetime.fromisoformat(values["time"]))
    return str(NOT_PULLED[code]) % values


def why_not_read(reason: str) -> str:
    """Why an order lies in the inbox; what is no code of ours is where its shape differs."""
    code, values = read(reason)
    if code in NOT_READ:
        return str(NOT_READ[code]) % values
    return _("Temu sent it in another shape than documented: %(where)s") % {"where": reason}

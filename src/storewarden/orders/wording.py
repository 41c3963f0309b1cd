"""Temu's words about orders, in plain words: labels, warnings, states, deadlines.

All values of partner-api.md 4.3 [DOC]. One that is not listed here is shown as it came.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from storewarden.marketplaces.base import OrderState
from storewarden.orders.models import OrderEvent
from storewarden.orders.rules import Deadline


@dataclass(frozen=True)
class Plain:
    """A label or warning in plain words; `tone` is bad, warn or info."""

    code: str
    words: str
    tone: str


Table = dict[str, tuple[Promise | str, str]]

ORDER_LABELS: Table = {
    "soon_to_be_overdue": (later("The ship-by deadline is near"), "warn"),
    "past_due": (later("The ship-by deadline has passed"), "bad"),
    "pending_buyer_cancellation": (
        later("The buyer asks to cancel: answer in Seller Central before shipping"),
        "bad",
    ),
    "pending_buyer_address_change": (
        later("The buyer asks for another address: answer in Seller Central before shipping"),
        "bad",
    ),
    "pending_risk_control_alert": (
        later("Temu is checking this order for risk: do not ship yet"),
        "bad",
    ),
    "signature_required_on_delivery": (
        later("The buyer must sign: choose a carrier service with signature"),
        "warn",
    ),
}
LINE_LABELS: Table = {
    "customized_products": (later("Customized product: see the buyer's design"), "info"),
    "US_to_CA": (later("Ships from the US to Canada"), "info"),
    "is_US_to_CA_BBC": (later("Ships from the US to Canada through Temu's consolidator"), "info"),
    "Y2_advance_sale": (later("Advance sale: ships later than usual"), "info"),
    "pre_sale_order": (later("Pre-sale order"), "info"),
    "made_to_order": (later("Made to order"), "info"),
    "vacation_order": (later("Ordered during the store's vacation"), "info"),
    "second_hand_collectible_order": (later("Second-hand collectible"), "info"),
    "second_hand_luxury_order": (later("Second-hand luxury article"), "info"),
    "platform_covered_shipping": (later("Temu pays the freight"), "info"),
}
ORDER_WARNINGS: Table = {
    "SUGGEST_SIGNATURE_ON_DELIVERY": (
        later("Temu suggests delivery against signature"),
        "info",
    ),
    "CONFIRMED_CHANGED_ADDRESS": (
        later("The address was changed: use the new one"),
        "warn",
    ),
    "RESTRICT_FEDEX_SELF_SHIPPING": (later("Not by FedEx on your own account"), "warn"),
    "RESTRICT_USPS_SELF_SHIPPING": (later("Not by USPS on your own account"), "warn"),
    "RESTRICT_SELF_SHIPPING": (
        later("Only with a label bought through Temu: your own carrier is not accepted"),
        "bad",
    ),
    "RESTRICT_CALL_SHIPPING": (
        later("Only by your own carrier: no label can be bought through Temu"),
        "warn",
    ),
    "REQUIRES_CUSTOMER_PICKUP": (later("The buyer picks it up"), "warn"),
    "SAVE_SN_INFORMATION_FOR_RETURN": (
        later("Note the serial number: it is asked for when the article is returned"),
        "warn",
    ),
    "REQUIRES_AUTHENTICATION_REPORT_SUBMISSION": (
        later("An authentication report must be handed in"),
        "warn",
    ),
    "REQUIRES_AGE_VERIFICATION": (later("The buyer's age must be checked on delivery"), "warn"),
    "SPECIFIC_LOGISTICS_REQUIRED": (later("Only certain carriers may bring it"), "warn"),
    "WRONG_SHIPPING_ADDRESS": (later("A parcel went to another address"), "bad"),
    "SUSPECTED_ERROR_PROVIDER": (later("The carrier named may be the wrong one"), "bad"),
    "NO_TRACK": (later("The tracking number shows no movement"), "bad"),
    "TRACK_TOO_EARLY": (later("The tracking number moved before the order was placed"), "bad"),
    "OVERTIME_COLLECTION": (later("The carrier collected it late"), "warn"),
    "TRACK_COLLECT_FAIL": (later("The carrier could not collect it"), "bad"),
    "SIGNED_BUT_UNRECEIVED_TASK": (
        later("Signed for, but the buyer says it did not arrive"),
        "bad",
    ),
}
BLOCKED = "BLOCK_LOGISTICS_PROVIDERS_"

STATES: dict[str, Promise | str] = {
    OrderState.ON_HOLD: later("On hold"),
    OrderState.TO_SHIP: later("To ship"),
    OrderState.PARTLY_SHIPPED: later("Partly shipped"),
    OrderState.SHIPPED: later("Shipped"),
    OrderState.COMPLETED: later("Completed"),
    OrderState.CANCELLED: later("Cancelled"),
    OrderState.UNKNOWN: later("Unknown state"),
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
        names = code.removeprefix(BLOCKED).strip("{}").replace(",", ", ")
        return Plain(code, _("Not by these carriers: %(names)s") % {"names": names}, "warn")
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
    "first_seen": later("First seen"),
    "state": later("State changed"),
    "parcel_planned": later("Tracking number entered"),
    "parcel_confirmed": later("Shipment confirmed to Temu"),
    "parcel_refused": later("Temu refused the shipment"),
    "parcel_unknown": later("Outcome unknown: it is looked up"),
    "parcel_elsewhere": later("Shipped in Seller Central"),
    "parcel_again": later("It had not reached Temu: it is sent again"),
}


def event(row: OrderEvent) -> str:
    """One line of the timeline, without who and when."""
    words = str(DEEDS.get(row.deed, row.deed))
    told = row.detail
    if row.deed == "state":
        return f"{words}: {state(told['before'])} → {state(told['after'])}"
    if row.deed == "first_seen":
        return f"{words}: {state(told['state'])}"
    if told.get("tracking"):
        return f"{words}: {told.get('carrier', '')} {told['tracking']}".strip()
    return f"{words}: {told['why']}" if told.get("why") else words

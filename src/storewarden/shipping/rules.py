"""What is decided about shipping: may it go, is the number fit, what follows an outcome.

Pure: values and a time in, a value out. No database, no clock, no network.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from storewarden.marketplaces.base import ABOUT_THE_TOKEN, Cause, ConfirmedParcel, OrderState

LONGEST_TRACKING = 100
SEND_AGAIN_IN = timedelta(minutes=1)
LOOK_IN = timedelta(seconds=20)
LOOK_AGAIN_IN = timedelta(minutes=1)
SURELY_LISTED_AFTER = timedelta(minutes=2)
"""A confirm that has happened shows in the documented reads by then; one still under way ended."""

COOPERATIVE_WAREHOUSE = "fulfillByCooperativeWarehouse"
BRAZIL = "29"
_FIT = re.compile(r"[A-Za-z0-9./_]+")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"

MAYBE_OURS = frozenset({120012004, 120012012, 120014003, 120014004})
"""Refusals that also follow when an earlier confirm of this parcel has been carried out:
already shipped, nothing left to ship, tracking number used (partner-api.md 5.7, 10)."""


class Against(StrEnum):
    """Why an order may not be shipped by the seller's own carrier."""

    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    SHIPPED = "already_shipped"
    UNKNOWN_STATE = "unknown_state"
    NOTHING_LEFT = "nothing_left"
    TOO_MANY = "more_than_left"
    NOT_WHOLE = "not_the_whole_order"
    TEMU_LABEL_ONLY = "temu_label_only"
    CANCELLATION_PENDING = "cancellation_pending"
    ADDRESS_CHANGE_PENDING = "address_change_pending"
    RISK_ALERT = "risk_alert"
    COOPERATIVE = "cooperative_warehouse"
    CASH_ON_DELIVERY = "cash_on_delivery"


_BY_STATE = {
    OrderState.ON_HOLD: Against.ON_HOLD,
    OrderState.CANCELLED: Against.CANCELLED,
    OrderState.SHIPPED: Against.SHIPPED,
    OrderState.COMPLETED: Against.SHIPPED,
    OrderState.UNKNOWN: Against.UNKNOWN_STATE,
}
_BY_WORD = {
    "pending_buyer_cancellation": Against.CANCELLATION_PENDING,
    "pending_buyer_address_change": Against.ADDRESS_CHANGE_PENDING,
    "pending_risk_control_alert": Against.RISK_ALERT,
    "RESTRICT_SELF_SHIPPING": Against.TEMU_LABEL_ONLY,
}


@dataclass(frozen=True)
class LineToShip:
    """What of an order line the decision needs."""

    order_sn: str
    state: str
    quantity: int
    fulfilment: str = ""

    @property
    def left(self) -> int:
        """Pieces that still have to leave."""
        return self.quantity if self.state == OrderState.TO_SHIP else 0


def may_ship(
    state: str,
    labels: Iterable[str],
    warnings: Iterable[str],
    lines: Sequence[LineToShip],
    quantities: Mapping[str, int],
    *,
    payment: str = "",
    region_id: str = "",
) -> list[Against]:
    """The reasons against shipping these quantities (an order number each), none: it may go.

    The marketplace wants an order whole in one parcel (sendType 0, partner-api.md 5).
    """
    reasons = [_BY_STATE[OrderState(state)]] if state in _BY_STATE else []
    reasons += [_BY_WORD[word] for word in (*labels, *warnings) if word in _BY_WORD]
    if payment == "COD":
        reasons.append(Against.CASH_ON_DELIVERY)
    if region_id == BRAZIL:
        reasons.append(Against.TEMU_LABEL_ONLY)
    if any(line.fulfilment == COOPERATIVE_WAREHOUSE for line in lines):
        reasons.append(Against.COOPERATIVE)
    return list(dict.fromkeys(reasons + _against_quantities(lines, quantities)))


def _against_quantities(
    lines: Sequence[LineToShip], quantities: Mapping[str, int]
) -> list[Against]:
    left = {line.order_sn: line.left for line in lines if line.left}
    if not left:
        return [Against.NOTHING_LEFT]
    if any(number > left.get(order_sn, 0) for order_sn, number in quantities.items()):
        return [Against.TOO_MANY]
    return [] if dict(quantities) == left else [Against.NOT_WHOLE]


def clean_tracking(text: str) -> str:
    """The number without blanks and invisible marks around it."""
    return text.strip().strip(_INVISIBLE).strip()


def tracking_fault(number: str) -> str:
    """Why a tracking number is unfit, as a stable word; "" when it is fit.

    Temu refuses blanks and `- % #` (partner-api.md 5.6, 120014020).
    """
    if not number:
        return "tracking_empty"
    if len(number) > LONGEST_TRACKING:
        return "tracking_too_long"
    return "" if _FIT.fullmatch(number) else "tracking_characters"


@dataclass(frozen=True)
class Next:
    """The state that follows, its cause, and after how long to act again (None: not by itself)."""

    state: str
    cause: str = ""
    after: timedelta | None = None


def after_refusal(cause: Cause, code: int) -> Next:
    """What follows a refused confirm. What is not about the parcel is tried again later."""
    if code in MAYBE_OURS:
        return Next("unknown", str(code), timedelta(0))
    if cause is Cause.UNWELL:
        return Next("unknown", "no_answer", LOOK_IN)
    if cause in ABOUT_THE_TOKEN:
        return Next("planned", "token_not_usable", SEND_AGAIN_IN)
    if cause in (Cause.THROTTLED, Cause.CLOCK_OFF):
        return Next("planned", cause.value, SEND_AGAIN_IN)
    return Next("refused", str(code))


def after_silence(*, may_have_happened: bool) -> Next:
    """What follows when no answer came."""
    if may_have_happened:
        return Next("unknown", "no_answer", LOOK_IN)
    return Next("planned", "not_sent", SEND_AGAIN_IN)


@dataclass(frozen=True)
class Seen:
    """What a look-up saw: the parcels on record, and whether the order still waits for one."""

    parcels: Sequence[ConfirmedParcel]
    still_to_ship: bool
    cancelled: bool = False

    def ours(self, tracking_number: str) -> ConfirmedParcel | None:
        wanted = tracking_number.casefold()
        for one in self.parcels:
            if one.tracking_number.strip().casefold() == wanted:
                return one
        return None


def after_look(
    seen: Seen, tracking_number: str, since_sent: timedelta, refused_code: str = ""
) -> Next:
    """What follows a look-up. Sent again only when the marketplace's own reads say that it did
    not happen, and long enough after. A refusal that may have been about an earlier confirm of
    this very parcel (`refused_code`) stands when that one is not on record."""
    if seen.ours(tracking_number) is not None:
        return Next("confirmed")
    if seen.cancelled:
        return Next("refused", Against.CANCELLED)
    if seen.still_to_ship and not refused_code:
        if since_sent < SURELY_LISTED_AFTER:
            return Next("unknown", "no_answer", LOOK_AGAIN_IN)
        return Next("planned", "not_sent")
    if seen.parcels and not seen.still_to_ship:
        return Next("refused", "shipped_elsewhere")
    if refused_code:
        return Next("refused", refused_code)
    return Next("unknown", "no_answer", LOOK_AGAIN_IN)

"""What a parcel's outcome means, and what to do next, in plain words.

Codes: every one of partner-api.md 5.7 [DOC] that can follow a confirm by the seller's own carrier.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storewarden.shipping.models import Parcel
from storewarden.shipping.rules import Against

Row = tuple[Promise | str, Promise | str]

_LABEL = gettext_lazy("Buy the label in Seller Central (Temu's logistics) instead.")
_NUMBER = gettext_lazy("Correct the tracking number and ship again.")
_CARRIER = gettext_lazy("Choose another carrier and ship again.")
_WAREHOUSE = gettext_lazy("Choose another warehouse, or complete it in Seller Central.")
_HOME = gettext_lazy("Open Seller Central's home page and do what it asks for, then ship again.")
_ANSWER = gettext_lazy("Answer it in Seller Central first, then ship.")
_PULL = gettext_lazy("Pull the orders, look at this one again, then ship what is left.")
_TELL = gettext_lazy("Try again; if it stays, report it with the code.")
_COMBINED = gettext_lazy("Ship these orders one by one.")

AGAINST: dict[str, Row] = {
    Against.ON_HOLD: (
        gettext_lazy("The buyer can still change or cancel this order."),
        gettext_lazy("Wait until Temu releases it; it comes to “To ship” by itself."),
    ),
    Against.CANCELLED: (gettext_lazy("This order is cancelled."), gettext_lazy("Do not ship it.")),
    Against.SHIPPED: (
        gettext_lazy("This order has been shipped already."),
        gettext_lazy("Look at its parcels below."),
    ),
    Against.UNKNOWN_STATE: (
        gettext_lazy("Temu reports a state of this order that is not known here."),
        gettext_lazy("Look at it in Seller Central."),
    ),
    Against.NOTHING_LEFT: (gettext_lazy("Nothing of this order is left to ship."), _PULL),
    Against.TOO_MANY: (gettext_lazy("That is more than is left to ship."), _PULL),
    Against.NOT_WHOLE: (
        gettext_lazy("Temu takes an order whole in one parcel."),
        gettext_lazy("Ship all that is left of it."),
    ),
    Against.TEMU_LABEL_ONLY: (
        gettext_lazy("Temu takes this order only with a label bought through Temu."),
        _LABEL,
    ),
    Against.CANCELLATION_PENDING: (gettext_lazy("The buyer asks to cancel this order."), _ANSWER),
    Against.ADDRESS_CHANGE_PENDING: (gettext_lazy("The buyer asks for another address."), _ANSWER),
    Against.RISK_ALERT: (
        gettext_lazy("Temu is checking this order for risk."),
        gettext_lazy("Wait until the check is over."),
    ),
    Against.COOPERATIVE: (
        gettext_lazy("A cooperative warehouse ships this order."),
        gettext_lazy("Leave it to that warehouse."),
    ),
    Against.CASH_ON_DELIVERY: (
        gettext_lazy("An order paid on delivery goes only with a label bought through Temu."),
        _LABEL,
    ),
}

CAUSES: dict[str, Row] = {
    **AGAINST,
    "tracking_empty": (
        gettext_lazy("The tracking number is missing."),
        gettext_lazy("Enter the number on the carrier's label."),
    ),
    "tracking_too_long": (
        gettext_lazy("The tracking number has more than 100 characters."),
        gettext_lazy("Enter the number on the carrier's label, and nothing else."),
    ),
    "tracking_characters": (
        gettext_lazy(
            "The tracking number has characters that Temu refuses, like a blank or - % #."
        ),
        gettext_lazy("Enter letters and digits only."),
    ),
    "tracking_used": (
        gettext_lazy("This tracking number is already used for another order of this store."),
        _NUMBER,
    ),
    "open_parcel": (
        gettext_lazy("Another parcel of this order is still being confirmed."),
        gettext_lazy("Wait for its outcome."),
    ),
    "no_such_carrier": (
        gettext_lazy("Temu does not list this carrier for the order's region."),
        gettext_lazy("Choose one from the list."),
    ),
    "several_carriers": (
        gettext_lazy("Several carriers have this name."),
        gettext_lazy("Give the carrier's number instead."),
    ),
    "no_such_warehouse": (
        gettext_lazy("The store has no such warehouse in Temu's books."),
        gettext_lazy("Choose one from the list."),
    ),
    "no_warehouse": (
        gettext_lazy("The store has no warehouse in Temu's books from which this order can leave."),
        gettext_lazy("Add one in Seller Central, then refresh the lists here."),
    ),
    "choose_warehouse": (
        gettext_lazy("The store has several warehouses for this region, none of them the default."),
        gettext_lazy("Choose the one that the parcel leaves from."),
    ),
    "token_not_usable": (
        gettext_lazy("The order shipping token does not work, so Temu could not be told."),
        gettext_lazy("Reauthorize the store; the parcel is sent by itself then."),
    ),
    "throttled": (
        gettext_lazy("Temu asked us to slow down."),
        gettext_lazy("Nothing to do: it is sent again within a minute."),
    ),
    "clock_off": (
        gettext_lazy("This machine's clock differs from Temu's."),
        gettext_lazy("Set the clock; the parcel is sent by itself then."),
    ),
    "not_sent": (
        gettext_lazy("Temu could not be reached, and nothing was sent."),
        gettext_lazy("Nothing to do: it is sent again by itself."),
    ),
    "no_answer": (
        gettext_lazy("Temu gave no answer, so it is not known whether it has the parcel."),
        gettext_lazy("Nothing to do: it is looked up, and never sent twice blindly."),
    ),
    "shipped_elsewhere": (
        gettext_lazy("This order was shipped in Seller Central with another tracking number."),
        gettext_lazy("Look at its parcels below. Do not send this one."),
    ),
}


def _rows(row: Row, *codes: int) -> dict[str, Row]:
    return {str(code): row for code in codes}


CODES: dict[str, Row] = {
    **_rows((gettext_lazy("Temu had a fault of its own."), _TELL), 120011001, 120011002, 120011020),
    **_rows(
        (gettext_lazy("Temu does not know this warehouse."), _WAREHOUSE),
        120011006, 120011085, 120015527,
    ),
    **_rows(
        (gettext_lazy("This warehouse does not serve the order's region."), _WAREHOUSE),
        120011011, 120012063, 120012064,
    ),
    **_rows(
        (
            gettext_lazy("The warehouse's details in Seller Central are incomplete."),
            gettext_lazy("Complete type, brand and address of the warehouse there, then ship again."),
        ),
        120011015, 120011082, 120011086,
    ),
    **_rows(
        (
            gettext_lazy("The buyer must sign for this order, and this way of shipping cannot do it."),
            gettext_lazy("Choose a carrier with signature, or buy the label in Seller Central."),
        ),
        120011018, 120015544, 120015545,
    ),
    **_rows(
        (
            gettext_lazy("A cooperative warehouse handles this order."),
            gettext_lazy("Leave it to that warehouse, or change it in Seller Central."),
        ),
        120011030, 120018075, 120018079, 120018085, 120018087,
    ),
    **_rows(
        (gettext_lazy("An agreement in Seller Central has not been signed."), _HOME),
        120011031, 140020003,
    ),
    **_rows(
        (gettext_lazy("Orders with and without freight paid by Temu cannot go together."), _COMBINED),
        120011035,
    ),
    **_rows(
        (
            gettext_lazy("The boxes of this parcel are not described as Temu wants them."),
            gettext_lazy("Ship it as one box, or enter the boxes in Seller Central."),
        ),
        120011043, 120011044, 120011045, 120011098, 120012043,
    ),
    **_rows(
        (gettext_lazy("Temu does not offer this way of shipping to this store."), _LABEL),
        120011047, 120011048,
    ),
    **_rows(
        (gettext_lazy("An order paid on delivery goes only with a label bought through Temu."), _LABEL),
        120011051, 120011053, 120011057, 120015528, 120018028, 120018036, 120018062,
    ),
    **_rows(
        (gettext_lazy("Temu does not let this store ship this order on its own."), _LABEL),
        120011059, 120011092, 120012034, 180020030,
    ),
    **_rows(
        (
            gettext_lazy("The token belongs to another area than this order."),
            gettext_lazy("Enter the order shipping token of the order's area."),
        ),
        120011072,
    ),
    **_rows(
        (gettext_lazy("Temu takes no parcels from this kind of warehouse."), _WAREHOUSE), 120011089
    ),
    **_rows(
        (
            gettext_lazy("Brazil needs the invoice's access key with the label."),
            _LABEL,
        ),
        120011088, 120011094, *range(120011101, 120011109),
    ),
    **_rows((gettext_lazy("Orders to Brazil go only with Temu's label."), _LABEL), 120015537, 120015538),
    **_rows(
        (gettext_lazy("Temu misses data about the carrier or the order."), _TELL),
        120011096, 120011110, 120011111, 120011112, 120011113,
    ),
    **_rows((gettext_lazy("Temu wants the whole order in one go."), _PULL), 120012003),
    **_rows(
        (
            gettext_lazy("Temu says that this order has been shipped already."),
            gettext_lazy("Look at it in Seller Central: it may have been shipped there."),
        ),
        120012004,
    ),
    **_rows((gettext_lazy("Temu does not know this order as it was sent."), _PULL), 120012007, 120012016),
    **_rows((gettext_lazy("Temu has nothing left to ship of this order."), _PULL), 120012012),
    **_rows(
        (
            gettext_lazy("A label for this order was already asked for through Temu."),
            gettext_lazy("Look at the order in Seller Central, and use that label or cancel it."),
        ),
        120012013, 120012020,
    ),
    **_rows((gettext_lazy("These orders go to different addresses."), _COMBINED), 120012015),
    **_rows(
        (gettext_lazy("The buyer asks to cancel, or for another address."), _ANSWER),
        120012023, 120012030, 120017007,
    ),
    **_rows(
        (
            gettext_lazy("Temu is checking this order for risk."),
            gettext_lazy("Wait until the check is over, then ship again."),
        ),
        120012031, 120012061,
    ),
    **_rows(
        (
            gettext_lazy("It is too early to ship this order."),
            gettext_lazy("Wait for the earliest time that the order shows."),
        ),
        120012037, 120012038,
    ),
    **_rows((gettext_lazy("The parcel names a line of the order twice."), _TELL), 120012041),
    **_rows(
        (
            gettext_lazy("Temu wants the store to pass an examination for this way of shipping."),
            gettext_lazy("Take it in Seller Central, or choose another carrier."),
        ),
        120012044,
    ),
    **_rows((gettext_lazy("The number of pieces is not what is left to ship."), _PULL), 120013002),
    **_rows(
        (gettext_lazy("Temu finds no tracking number."), _NUMBER),
        120014001,
    ),
    **_rows(
        (gettext_lazy("Temu does not take this tracking number as one of this carrier's."), _NUMBER),
        120014002, 120014005, 120014008, 120014022, 120014023,
    ),
    **_rows((gettext_lazy("The tracking number has characters that Temu refuses."), _NUMBER), 120014020),
    **_rows(
        (gettext_lazy("Temu has this tracking number on another parcel."), _NUMBER), 120014003, 120014004
    ),
    **_rows(
        (
            gettext_lazy("This number was made by Temu for one of its own labels."),
            gettext_lazy("Enter the number on your own carrier's label."),
        ),
        120014019,
    ),
    **_rows((gettext_lazy("Temu does not know this carrier."), _CARRIER), 120015002),
    **_rows(
        (gettext_lazy("A large article goes only by certain carriers."), _CARRIER),
        120015026, 120015027, 120015030,
    ),
    **_rows((gettext_lazy("This carrier is not taken for this order."), _CARRIER), 120015037, 120015040),
    **_rows(
        (gettext_lazy("Temu refuses to combine these orders."), _COMBINED),
        120015518, 120015533, 120015539, 120015543,
    ),
    **_rows((gettext_lazy("This parcel cannot be changed any more."), _HOME), 120015529),
    **_rows(
        (gettext_lazy("The parcel was cancelled at Temu."), gettext_lazy("Ship the order again.")),
        120018010, 120018015,
    ),
    **_rows(
        (
            gettext_lazy("The buyer has an open complaint or return for this order."),
            gettext_lazy("Finish it in Seller Central first."),
        ),
        120018025,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A sentence that says what is so, and the next step ("" when there is none)."""

    sentence: str
    next_step: str = ""


def told(cause: str, message: str = "") -> Told:
    """The words for a cause or a code of Temu's; an unknown code keeps Temu's own message."""
    row = CAUSES.get(cause) or CODES.get(cause)
    if row is not None:
        return Told(str(row[0]), str(row[1]))
    if cause:
        sentence = _("Temu refused: %(message)s") % {"message": message or cause}
        return Told(sentence, str(_TELL))
    return Told(message)


def outcome(parcel: Parcel) -> Told:
    """What is known about a parcel, for its page and for the command line."""
    if parcel.cause:
        return told(parcel.cause, parcel.their_message)
    if parcel.state == Parcel.State.CONFIRMED:
        return Told(_("Temu has this parcel on record."))
    if parcel.state == Parcel.State.SENDING:
        return Told(_("Temu is being told about this parcel."))
    return Told(_("This parcel will be confirmed to Temu within seconds."))


STATES: dict[str, Promise] = {
    Parcel.State.PLANNED: gettext_lazy("To be confirmed"),
    Parcel.State.SENDING: gettext_lazy("Being confirmed"),
    Parcel.State.CONFIRMED: gettext_lazy("Confirmed"),
    Parcel.State.REFUSED: gettext_lazy("Refused"),
    Parcel.State.UNKNOWN: gettext_lazy("Outcome unknown"),
}


def state(word: str) -> str:
    return str(STATES.get(Parcel.State(word), word))

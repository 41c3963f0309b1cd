"""What a parcel's outcome means, and what to do next, in plain words.

Codes: every one of partner-api.md 5.7 [DOC] that can follow a confirm by the seller's own carrier.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from storewarden.shipping.models import Parcel
from storewarden.shipping.rules import Against

Row = tuple[Promise | str, Promise | str]

_LABEL = later("Buy the label in Seller Central (Temu's logistics) instead.")
_NUMBER = later("Correct the tracking number and ship again.")
_CARRIER = later("Choose another carrier and ship again.")
_WAREHOUSE = later("Choose another warehouse, or complete it in Seller Central.")
_HOME = later("Open Seller Central's home page and do what it asks for, then ship again.")
_ANSWER = later("Answer it in Seller Central first, then ship.")
_PULL = later("Pull the orders, look at this one again, then ship what is left.")
_TELL = later("Try again; if it stays, report it with the code.")
_COMBINED = later("Ship these orders one by one.")

AGAINST: dict[str, Row] = {
    Against.ON_HOLD: (
        later("The buyer can still change or cancel this order."),
        later("Wait until Temu releases it; it comes to “To ship” by itself."),
    ),
    Against.CANCELLED: (later("This order is cancelled."), later("Do not ship it.")),
    Against.SHIPPED: (
        later("This order has been shipped already."),
        later("Look at its parcels below."),
    ),
    Against.UNKNOWN_STATE: (
        later("Temu reports a state of this order that is not known here."),
        later("Look at it in Seller Central."),
    ),
    Against.NOTHING_LEFT: (later("Nothing of this order is left to ship."), _PULL),
    Against.TOO_MANY: (later("That is more than is left to ship."), _PULL),
    Against.NOT_WHOLE: (
        later("Temu takes an order whole in one parcel."),
        later("Ship all that is left of it."),
    ),
    Against.TEMU_LABEL_ONLY: (
        later("Temu takes this order only with a label bought through Temu."),
        _LABEL,
    ),
    Against.CANCELLATION_PENDING: (later("The buyer asks to cancel this order."), _ANSWER),
    Against.ADDRESS_CHANGE_PENDING: (later("The buyer asks for another address."), _ANSWER),
    Against.RISK_ALERT: (
        later("Temu is checking this order for risk."),
        later("Wait until the check is over."),
    ),
    Against.COOPERATIVE: (
        later("A cooperative warehouse ships this order."),
        later("Leave it to that warehouse."),
    ),
    Against.CASH_ON_DELIVERY: (
        later("An order paid on delivery goes only with a label bought through Temu."),
        _LABEL,
    ),
}

CAUSES: dict[str, Row] = {
    **AGAINST,
    "tracking_empty": (
        later("The tracking number is missing."),
        later("Enter the number on the carrier's label."),
    ),
    "tracking_too_long": (
        later("The tracking number has more than 100 characters."),
        later("Enter the number on the carrier's label, and nothing else."),
    ),
    "tracking_characters": (
        later("The tracking number has characters that Temu refuses, like a blank or - % #."),
        later("Enter letters and digits only."),
    ),
    "tracking_used": (
        later("This tracking number is already used for another order of this store."),
        _NUMBER,
    ),
    "open_parcel": (
        later("Another parcel of this order is still being confirmed."),
        later("Wait for its outcome."),
    ),
    "no_such_carrier": (
        later("Temu does not list this carrier for the order's region."),
        later("Choose one from the list."),
    ),
    "several_carriers": (
        later("Several carriers have this name."),
        later("Give the carrier's number instead."),
    ),
    "no_such_warehouse": (
        later("The store has no such warehouse in Temu's books."),
        later("Choose one from the list."),
    ),
    "no_warehouse": (
        later("The store has no warehouse in Temu's books from which this order can leave."),
        later("Add one in Seller Central, then refresh the lists here."),
    ),
    "choose_warehouse": (
        later("The store has several warehouses for this region, none of them the default."),
        later("Choose the one that the parcel leaves from."),
    ),
    "token_not_usable": (
        later("The order shipping token does not work, so Temu could not be told."),
        later("Reauthorize the store; the parcel is sent by itself then."),
    ),
    "throttled": (
        later("Temu asked us to slow down."),
        later("Nothing to do: it is sent again within a minute."),
    ),
    "clock_off": (
        later("This machine's clock differs from Temu's."),
        later("Set the clock; the parcel is sent by itself then."),
    ),
    "not_sent": (
        later("Temu could not be reached, and nothing was sent."),
        later("Nothing to do: it is sent again by itself."),
    ),
    "no_answer": (
        later("Temu gave no answer, so it is not known whether it has the parcel."),
        later("Nothing to do: it is looked up, and never sent twice blindly."),
    ),
    "shipped_elsewhere": (
        later("This order was shipped in Seller Central with another tracking number."),
        later("Look at its parcels below. Do not send this one."),
    ),
}


def _rows(row: Row, *codes: int) -> dict[str, Row]:
    return {str(code): row for code in codes}


CODES: dict[str, Row] = {
    **_rows((later("Temu had a fault of its own."), _TELL), 120011001, 120011002, 120011020),
    **_rows(
        (later("Temu does not know this warehouse."), _WAREHOUSE),
        120011006, 120011085, 120015527,
    ),
    **_rows(
        (later("This warehouse does not serve the order's region."), _WAREHOUSE),
        120011011, 120012063, 120012064,
    ),
    **_rows(
        (
            later("The warehouse's details in Seller Central are incomplete."),
            later("Complete type, brand and address of the warehouse there, then ship again."),
        ),
        120011015, 120011082, 120011086,
    ),
    **_rows(
        (
            later("The buyer must sign for this order, and this way of shipping cannot do it."),
            later("Choose a carrier with signature, or buy the label in Seller Central."),
        ),
        120011018, 120015544, 120015545,
    ),
    **_rows(
        (
            later("A cooperative warehouse handles this order."),
            later("Leave it to that warehouse, or change it in Seller Central."),
        ),
        120011030, 120018075, 120018079, 120018085, 120018087,
    ),
    **_rows(
        (later("An agreement in Seller Central has not been signed."), _HOME),
        120011031, 140020003,
    ),
    **_rows(
        (later("Orders with and without freight paid by Temu cannot go together."), _COMBINED),
        120011035,
    ),
    **_rows(
        (
            later("The boxes of this parcel are not described as Temu wants them."),
            later("Ship it as one box, or enter the boxes in Seller Central."),
        ),
        120011043, 120011044, 120011045, 120011098, 120012043,
    ),
    **_rows(
        (later("Temu does not offer this way of shipping to this store."), _LABEL),
        120011047, 120011048,
    ),
    **_rows(
        (later("An order paid on delivery goes only with a label bought through Temu."), _LABEL),
        120011051, 120011053, 120011057, 120015528, 120018028, 120018036, 120018062,
    ),
    **_rows(
        (later("Temu does not let this store ship this order on its own."), _LABEL),
        120011059, 120011092, 120012034, 180020030,
    ),
    **_rows(
        (
            later("The token belongs to another area than this order."),
            later("Enter the order shipping token of the order's area."),
        ),
        120011072,
    ),
    **_rows(
        (later("Temu takes no parcels from this kind of warehouse."), _WAREHOUSE), 120011089
    ),
    **_rows(
        (
            later("Brazil needs the invoice's access key with the label."),
            _LABEL,
        ),
        120011088, 120011094, *range(120011101, 120011109),
    ),
    **_rows((later("Orders to Brazil go only with Temu's label."), _LABEL), 120015537, 120015538),
    **_rows(
        (later("Temu misses data about the carrier or the order."), _TELL),
        120011096, 120011110, 120011111, 120011112, 120011113,
    ),
    **_rows((later("Temu wants the whole order in one go."), _PULL), 120012003),
    **_rows(
        (
            later("Temu says that this order has been shipped already."),
            later("Look at it in Seller Central: it may have been shipped there."),
        ),
        120012004,
    ),
    **_rows((later("Temu does not know this order as it was sent."), _PULL), 120012007, 120012016),
    **_rows((later("Temu has nothing left to ship of this order."), _PULL), 120012012),
    **_rows(
        (
            later("A label for this order was already asked for through Temu."),
            later("Look at the order in Seller Central, and use that label or cancel it."),
        ),
        120012013, 120012020,
    ),
    **_rows((later("These orders go to different addresses."), _COMBINED), 120012015),
    **_rows(
        (later("The buyer asks to cancel, or for another address."), _ANSWER),
        120012023, 120012030, 120017007,
    ),
    **_rows(
        (
            later("Temu is checking this order for risk."),
            later("Wait until the check is over, then ship again."),
        ),
        120012031, 120012061,
    ),
    **_rows(
        (
            later("It is too early to ship this order."),
            later("Wait for the earliest time that the order shows."),
        ),
        120012037, 120012038,
    ),
    **_rows((later("The parcel names a line of the order twice."), _TELL), 120012041),
    **_rows(
        (
            later("Temu wants the store to pass an examination for this way of shipping."),
            later("Take it in Seller Central, or choose another carrier."),
        ),
        120012044,
    ),
    **_rows((later("The number of pieces is not what is left to ship."), _PULL), 120013002),
    **_rows(
        (later("Temu finds no tracking number."), _NUMBER),
        120014001,
    ),
    **_rows(
        (later("Temu does not take this tracking number as one of this carrier's."), _NUMBER),
        120014002, 120014005, 120014008, 120014022, 120014023,
    ),
    **_rows((later("The tracking number has characters that Temu refuses."), _NUMBER), 120014020),
    **_rows(
        (later("Temu has this tracking number on another parcel."), _NUMBER), 120014003, 120014004
    ),
    **_rows(
        (
            later("This number was made by Temu for one of its own labels."),
            later("Enter the number on your own carrier's label."),
        ),
        120014019,
    ),
    **_rows((later("Temu does not know this carrier."), _CARRIER), 120015002),
    **_rows(
        (later("A large article goes only by certain carriers."), _CARRIER),
        120015026, 120015027, 120015030,
    ),
    **_rows((later("This carrier is not taken for this order."), _CARRIER), 120015037, 120015040),
    **_rows(
        (later("Temu refuses to combine these orders."), _COMBINED),
        120015518, 120015533, 120015539, 120015543,
    ),
    **_rows((later("This parcel cannot be changed any more."), _HOME), 120015529),
    **_rows(
        (later("The parcel was cancelled at Temu."), later("Ship the order again.")),
        120018010, 120018015,
    ),
    **_rows(
        (
            later("The buyer has an open complaint or return for this order."),
            later("Finish it in Seller Central first."),
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
    Parcel.State.PLANNED: later("To be confirmed"),
    Parcel.State.SENDING: later("Being confirmed"),
    Parcel.State.CONFIRMED: later("Confirmed"),
    Parcel.State.REFUSED: later("Refused"),
    Parcel.State.UNKNOWN: later("Outcome unknown"),
}


def state(word: str) -> str:
    return str(STATES.get(Parcel.State(word), word))

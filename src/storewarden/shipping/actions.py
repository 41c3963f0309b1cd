"""What can be done about parcels."""

from storewarden.orders.models import Order
from storewarden.people.actions import Actor
from storewarden.shipping.lists import freshen, refresh_carriers, refresh_ship_from
from storewarden.shipping.models import Parcel
from storewarden.shipping.planning import plan_parcel
from storewarden.shipping.sending import look_up_parcel, read_back, send_parcel

__all__ = [
    "freshen",
    "look_up_parcel",
    "plan_parcel",
    "read_back",
    "refresh_carriers",
    "refresh_ship_from",
    "send_parcel",
    "ship_order",
]


def ship_order(
    order: Order, *, carrier: str, tracking: str, actor: Actor, warehouse_id: str = ""
) -> Parcel:
    """Plan a parcel and confirm it to the marketplace at once; for the command line.

    Raises Refusal when it cannot be planned. What came of it stands in the
    parcel's `state` and, in words, in `wording.outcome`.
    """
    parcel = plan_parcel(
        order, carrier=carrier, tracking=tracking, actor=actor, warehouse_id=warehouse_id
    )
    return send_parcel(parcel.pk)

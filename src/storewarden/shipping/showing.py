"""Parcels as pages show them: words made ready, so that templates only place them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from storewarden.orders.models import Order
from storewarden.shipping import queries, wording
from storewarden.shipping.forms import ShipForm
from storewarden.shipping.models import Parcel
from storewarden.shipping.planning import reasons_against, remaining
from storewarden.shipping.wording import Told

UNDER_WAY = (Parcel.State.PLANNED, Parcel.State.SENDING, Parcel.State.UNKNOWN)


@dataclass(frozen=True)
class ParcelShown:
    """A parcel with its state and what is known about it, in words."""

    parcel: Parcel
    state: str
    told: Told


@dataclass(frozen=True)
class Tab:
    """A state above the queue, with how many parcels are in it."""

    state: str
    words: str
    count: int
    current: bool


def shown(parcel: Parcel) -> ParcelShown:
    return ParcelShown(parcel, wording.state(parcel.state), wording.outcome(parcel))


def tabs(counts: dict[str, int], current: str) -> list[Tab]:
    made = [Tab(one, wording.state(one), counts[one], one == current) for one in counts]
    return [Tab("", _("All"), sum(counts.values()), not current), *made]


def desk(order: Order, form: ShipForm | None = None) -> dict[str, Any]:
    """The ship part of an order's page: its parcels, and the form or why there is none."""
    parcels = queries.parcels_of(order)
    open_one = next((one for one in parcels if one.state in UNDER_WAY), None)
    shipped = any(one.state == Parcel.State.CONFIRMED for one in parcels)
    against = reasons_against(order, remaining(order))
    may = open_one is None and not shipped and not against
    return {
        "order": order,
        "parcels": [shown(one) for one in parcels],
        "under_way": open_one,
        "against": [] if parcels else [wording.told(one) for one in against],
        "form": (form or ShipForm(order)) if may or form is not None else None,
    }

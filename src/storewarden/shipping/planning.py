"""Planning a parcel: the command row, written before anything is sent."""

from django.db import IntegrityError, transaction

from storewarden import clock
from storewarden.marketplaces.base import Refused, Unreachable
from storewarden.orders.actions import note_event
from storewarden.orders.models import Order
from storewarden.people.actions import Actor
from storewarden.shipping import rules
from storewarden.shipping.lists import freshen, refusal
from storewarden.shipping.models import Carrier, Parcel, ParcelItem, ShipFromWarehouse
from storewarden.shipping.rules import LineToShip

OPEN = (Parcel.State.PLANNED, Parcel.State.SENDING, Parcel.State.UNKNOWN)


def plan_parcel(
    order: Order, *, carrier: str, tracking: str, actor: Actor, warehouse_id: str = ""
) -> Parcel:
    """Plan one parcel with all that is left of an order; `carrier` is Temu's number or a name.

    Nothing is sent here. The same parcel planned twice is one parcel. Raises
    Refusal, then nothing is stored. Reads Temu's lists first when they are old.
    """
    number = rules.clean_tracking(tracking)
    fault = rules.tracking_fault(number)
    if fault:
        raise refusal(fault)
    same = _same_parcel(order, number)
    if same is not None:
        return same
    _fresh_lists(order)
    chosen = _carrier(order, carrier)
    place = _warehouse(order, warehouse_id)
    try:
        with transaction.atomic():
            return _plan(order, chosen, number, place, actor)
    except IntegrityError:
        # Another process planned a parcel of this order in this very moment.
        raise refusal("open_parcel") from None


def _fresh_lists(order: Order) -> None:
    try:
        freshen(order)
    except Refused as problem:
        raise refusal(str(problem.code), message=problem.message, code=str(problem.code)) from None
    except Unreachable:
        raise refusal("not_sent") from None


def _plan(
    order: Order, carrier: Carrier, number: str, place: ShipFromWarehouse, actor: Actor
) -> Parcel:
    kept = Order.objects.select_for_update().get(pk=order.pk)
    lines = {line.order_sn: line for line in kept.lines.all()}
    left = remaining(kept)
    against = reasons_against(kept, left)
    if against:
        raise refusal(against[0])
    _refuse_open_or_used(kept, number)
    parcel = Parcel.objects.create(
        order=kept,
        carrier_id=carrier.carrier_id,
        carrier_name=carrier.name,
        tracking_number=number,
        warehouse_id=place.warehouse_id,
        planned_at=clock.now(),
        planned_by=actor.name,
    )
    ParcelItem.objects.bulk_create(
        ParcelItem(parcel=parcel, line=lines[order_sn], quantity=quantity)
        for order_sn, quantity in left.items()
    )
    detail = {"carrier": carrier.name, "tracking": number}
    note_event(kept, actor.name, "parcel_planned", detail)
    return parcel


def _refuse_open_or_used(order: Order, number: str) -> None:
    mine = Parcel.objects.filter(order=order)
    if mine.filter(state__in=OPEN).exists():
        raise refusal("open_parcel")
    if mine.filter(state=Parcel.State.CONFIRMED).exists():
        raise refusal(rules.Against.SHIPPED)
    used = Parcel.objects.filter(order__store=order.store, tracking_number=number)
    if used.exclude(order=order).exclude(state=Parcel.State.REFUSED).exists():
        raise refusal("tracking_used")


def lines_to_ship(order: Order) -> list[LineToShip]:
    return [
        LineToShip(line.order_sn, line.state, line.quantity, line.fulfilment)
        for line in order.lines.all()
    ]


def remaining(order: Order) -> dict[str, int]:
    """Pieces of each line that still have to leave, by order number."""
    return {line.order_sn: line.left for line in lines_to_ship(order) if line.left}


def reasons_against(order: Order, quantities: dict[str, int]) -> list[rules.Against]:
    """Why these quantities may not be shipped now; none: they may."""
    return rules.may_ship(
        order.state,
        order.labels,
        order.warnings,
        lines_to_ship(order),
        quantities,
        payment=order.payment,
        region_id=order.region_id,
    )


def _same_parcel(order: Order, number: str) -> Parcel | None:
    """This very parcel, if it was entered before and not refused: a form sent twice."""
    rows = Parcel.objects.filter(order=order, tracking_number=number)
    return rows.exclude(state=Parcel.State.REFUSED).first()


def _carrier(order: Order, wanted: str) -> Carrier:
    text = wanted.strip().replace("\x00", "")[:200]
    rows = Carrier.objects.filter(marketplace=order.store.marketplace, region_id=order.region_id)
    by_number = rows.filter(carrier_id=text).first()
    if by_number is not None:
        return by_number
    named = list(rows.filter(name__iexact=text)[:2]) if text else []
    if len(named) == 1:
        return named[0]
    raise refusal("several_carriers" if named else "no_such_carrier")


def _warehouse(order: Order, wanted: str) -> ShipFromWarehouse:
    rows = list(
        ShipFromWarehouse.objects.filter(
            store=order.store, area=order.area, region_id__in=(order.region_id, "")
        )
    )
    if wanted.strip():
        named = [one for one in rows if wanted.strip() in (one.warehouse_id, one.name)]
        if len(named) == 1:
            return named[0]
        raise refusal("no_such_warehouse")
    if not rows:
        raise refusal("no_warehouse")
    best = [one for one in rows if one.default] or rows
    if len(best) > 1:
        raise refusal("choose_warehouse")
    return best[0]

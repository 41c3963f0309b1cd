"""Telling the marketplace about a parcel: once; an outcome that is not known is looked up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from storewarden import clock
from storewarden.marketplaces.base import (
    Access,
    Confirmation,
    ConfirmedParcel,
    OrderState,
    ParcelLine,
    ParcelToConfirm,
    Refused,
    Unreachable,
)
from storewarden.marketplaces.registry import marketplace
from storewarden.orders.actions import note_event, read_again
from storewarden.orders.models import Order
from storewarden.orders.rules import OPEN_STATES
from storewarden.shipping import rules
from storewarden.shipping.lists import order_credential
from storewarden.shipping.models import Parcel
from storewarden.shipping.planning import reasons_against, remaining
from storewarden.shipping.rules import Next, Seen
from storewarden.stores.access import using
from storewarden.stores.errors import Refusal

READ_BACK_AGAIN_IN = timedelta(minutes=2)
_EVENTS = {
    Parcel.State.CONFIRMED: "parcel_confirmed",
    Parcel.State.REFUSED: "parcel_refused",
    Parcel.State.UNKNOWN: "parcel_unknown",
    Parcel.State.PLANNED: "parcel_again",
}
log = structlog.get_logger(__name__)


def send_parcel(parcel_id: int) -> Parcel:
    """Confirm a planned parcel, once. Gives the parcel with what came of it.

    A parcel that another process sends, or that is not planned any more, is
    left alone. Never raises for what Temu or the network says.
    """
    parcel = _claim(parcel_id)
    if parcel is None:
        return _kept(parcel_id)
    against = reasons_against(parcel.order, _quantities(parcel))
    if against:
        return _settle(parcel, Next("refused", against[0]))
    try:
        credential = order_credential(parcel.order.store, parcel.order.area)
        with using(credential) as access:
            answer = marketplace(parcel.order.store.marketplace).confirm(access, _command(parcel))
    except Refusal:
        return _settle(parcel, Next("planned", "token_not_usable", rules.SEND_AGAIN_IN))
    except Refused as said:
        return _settle(parcel, rules.after_refusal(said.cause, said.code), said)
    except Unreachable as silence:
        happened = silence.may_have_happened
        return _settle(parcel, rules.after_silence(may_have_happened=happened))
    return read_back(_confirmed(parcel, answer).pk)


def _claim(parcel_id: int) -> Parcel | None:
    """Take a planned parcel for this process alone."""
    now = clock.now()
    due = Q(look_after__isnull=True) | Q(look_after__lte=now)
    rows = Parcel.objects.filter(due, pk=parcel_id, state=Parcel.State.PLANNED)
    if not rows.update(state=Parcel.State.SENDING, sent_at=now, look_after=None):
        return None
    return _kept(parcel_id)


def _kept(parcel_id: int) -> Parcel:
    rows = Parcel.objects.select_related("order__store").prefetch_related("items__line")
    return rows.get(pk=parcel_id)


def _quantities(parcel: Parcel) -> dict[str, int]:
    return {item.line.order_sn: item.quantity for item in parcel.items.all()}


def _command(parcel: Parcel) -> ParcelToConfirm:
    return ParcelToConfirm(
        parcel.carrier_id,
        parcel.tracking_number,
        parcel.warehouse_id,
        tuple(
            ParcelLine(
                parcel.order.po,
                item.line.order_sn,
                item.quantity,
                item.line.goods_id,
                item.line.sku_id,
            )
            for item in parcel.items.all()
        ),
    )


def _confirmed(parcel: Parcel, answer: Confirmation) -> Parcel:
    Parcel.objects.filter(pk=parcel.pk).update(warnings=[text[:300] for text in answer.warnings])
    return _settle(parcel, Next("confirmed", "", timedelta(0)))


def _settle(parcel: Parcel, following: Next, said: Refused | None = None) -> Parcel:
    """Write what came of a parcel, unless somebody else has settled it since."""
    now = clock.now()
    mine = Parcel.objects.filter(pk=parcel.pk, state=parcel.state, sent_at=parcel.sent_at)
    changes = {
        "state": following.state,
        "cause": following.cause,
        "look_after": None if following.after is None else now + following.after,
        "settled_at": now if following.state in ("confirmed", "refused") else None,
        "their_code": str(said.code) if said else parcel.their_code,
        "their_message": said.message[:500] if said else parcel.their_message,
    }
    with transaction.atomic():
        if mine.update(**changes) and _is_news(parcel, following):
            _tell(parcel, following)
    log.info("parcel.settled", parcel=parcel.pk, state=following.state, cause=following.cause)
    return _kept(parcel.pk)


def _is_news(parcel: Parcel, following: Next) -> bool:
    """Whether the timeline should have it: not each vain try of the same."""
    if following.state == Parcel.State.PLANNED:
        return parcel.cause != following.cause
    return (parcel.state, parcel.cause) != (following.state, following.cause)


def _tell(parcel: Parcel, following: Next) -> None:
    detail = {
        "carrier": parcel.carrier_name,
        "tracking": parcel.tracking_number,
        "cause": following.cause,
    }
    note_event(parcel.order, parcel.planned_by, _EVENTS[Parcel.State(following.state)], detail)


def read_back(parcel_id: int) -> Parcel:
    """Fetch the number that Temu gave a confirmed parcel, and the order as it is now.

    What cannot be asked now is asked again in two minutes.
    """
    parcel = _kept(parcel_id)
    if parcel.state != Parcel.State.CONFIRMED:
        return parcel
    rows = Parcel.objects.filter(pk=parcel_id)
    try:
        seen = _look(parcel)
    except (Refused, Unreachable, Refusal):
        rows.update(look_after=clock.now() + READ_BACK_AGAIN_IN)
        return _kept(parcel_id)
    ours = seen.ours(parcel.tracking_number)
    later = None if ours else clock.now() + READ_BACK_AGAIN_IN
    rows.update(parcel_sn=ours.parcel_sn if ours else "", look_after=later)
    return _kept(parcel_id)


def look_up_parcel(parcel_id: int) -> Parcel:
    """Find out what became of a parcel whose outcome is unknown, or whose sender died.

    Only reads. Confirmed when Temu has it on record; planned again when the
    order still waits for it two minutes after it was sent; else asked again later.
    """
    now = clock.now()
    Parcel.objects.filter(
        pk=parcel_id,
        state=Parcel.State.SENDING,
        sent_at__lte=now - rules.SURELY_LISTED_AFTER,
    ).update(state=Parcel.State.UNKNOWN, cause="no_answer")
    parcel = _kept(parcel_id)
    if parcel.state != Parcel.State.UNKNOWN:
        return parcel
    refused_code = parcel.cause if parcel.cause.isdigit() else ""
    try:
        seen = _look(parcel)
    except (Refused, Unreachable, Refusal):
        again = Next("unknown", parcel.cause, rules.LOOK_AGAIN_IN)
        return _settle(parcel, again)
    following = rules.after_look(
        seen, parcel.tracking_number, _since(parcel.sent_at, now), refused_code
    )
    return _settle_look(parcel, seen, following)


def _since(sent_at: datetime | None, now: datetime) -> timedelta:
    return now - sent_at if sent_at else timedelta(0)


def _settle_look(parcel: Parcel, seen: Seen, following: Next) -> Parcel:
    with transaction.atomic():
        settled = _settle(parcel, following)
        ours = seen.ours(parcel.tracking_number)
        if settled.state == Parcel.State.CONFIRMED and ours is not None:
            Parcel.objects.filter(pk=parcel.pk).update(parcel_sn=ours.parcel_sn)
        elif following.cause == "shipped_elsewhere":
            _keep_elsewhere(parcel.order, seen.parcels)
    return _kept(parcel.pk)


def _look(parcel: Parcel) -> Seen:
    """What Temu has on record: the parcels, and the order read again (and kept)."""
    order = parcel.order
    with using(order_credential(order.store, order.area)) as access:
        on_record = _on_record(parcel, access)
        read_again(order, access)
    still = order.state in OPEN_STATES and bool(remaining(order))
    return Seen(on_record, still, order.state == OrderState.CANCELLED)


def _on_record(parcel: Parcel, access: Access) -> list[ConfirmedParcel]:
    market = marketplace(parcel.order.store.marketplace)
    found: list[ConfirmedParcel] = []
    for item in parcel.items.all():
        found += market.confirmed(access, parcel.order.po, item.line.order_sn)
    return found


def _keep_elsewhere(order: Order, parcels: Iterable[ConfirmedParcel]) -> None:
    """Keep the parcels that were confirmed in Seller Central."""
    now = clock.now()
    mine = Parcel.objects.filter(order=order)
    known = set(mine.values_list("tracking_number", flat=True))
    for number, one in {one.tracking_number: one for one in parcels}.items():
        if number not in known:
            Parcel.objects.create(
                order=order,
                carrier_id=one.carrier_id,
                carrier_name=one.carrier_name[:200],
                tracking_number=number[:100],
                state=Parcel.State.CONFIRMED,
                planned_at=now,
                planned_by="",
                settled_at=now,
                parcel_sn=one.parcel_sn,
                elsewhere=True,
            )

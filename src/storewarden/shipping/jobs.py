"""What the engine does about parcels: send what is planned, look up what is unknown."""

from collections.abc import Callable, Iterable

import structlog

from storewarden import clock, engine
from storewarden.shipping.actions import look_up_parcel, read_back, send_parcel
from storewarden.shipping.queries import due_lookups, due_read_backs, due_sends

log = structlog.get_logger(__name__)


@engine.job("shipping.confirm_due", every_s=5)
def confirm_due() -> None:
    """Send every planned parcel, look up every unknown one, complete every confirmed one."""
    now = clock.now()
    _each(send_parcel, due_sends(now))
    _each(look_up_parcel, due_lookups(now))
    _each(read_back, due_read_backs(now))


@engine.job("shipping.send")
def send(parcel_id: str) -> None:
    """Send one parcel now, because a person waits."""
    send_parcel(int(parcel_id))


def _each(work: Callable[[int], object], parcels: Iterable[int]) -> None:
    for parcel_id in parcels:
        try:
            work(parcel_id)
        except Exception:  # a fault of ours in one parcel must not stop the others
            log.exception("parcel.broke", parcel=parcel_id)

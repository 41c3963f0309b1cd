"""Supervision: what is due follows from rows and the time."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connections

from storewarden import clock
from storewarden.engine import job
from storewarden.stores.actions import claim_probes
from storewarden.stores.contacts import heard
from storewarden.stores.models import DeveloperApp
from storewarden.stores.probes import Round, probe_round
from storewarden.stores.queries import apps_to_probe
from storewarden.stores.telling import tell_all

APPS_AT_ONCE = 4
PATIENCE_S = 50.0


@job("stores.probe_due", every_s=15)
def probe_all_due() -> int:
    """Probe every credential that is due, the apps side by side; then tell what has changed.
    Returns how many were asked."""
    due = apps_to_probe(clock.now())
    if len(due) <= 1:
        asked = sum(probe_app(one) for one in due)
    else:
        with ThreadPoolExecutor(APPS_AT_ONCE, thread_name_prefix="probe") as pool:
            asked = sum(pool.map(_in_thread, due))
    tell_all()
    return asked


def _in_thread(app_id: UUID) -> int:
    try:
        return probe_app(app_id)
    finally:
        connections.close_all()


def probe_app(app_id: UUID) -> int:
    """Probe what is due of one app, until nothing is, nobody answers, or others want a turn."""
    round_, began = Round(), clock.monotonic_s()
    while clock.monotonic_s() - began < PATIENCE_S:
        claimed = claim_probes(app_id, clock.now())
        probe_round(claimed, round_)
        if not claimed or round_.is_broken:
            break
    _keep(app_id, round_)
    return round_.asked


def _keep(app_id: UUID, round_: Round) -> None:
    app = DeveloperApp.objects.filter(pk=app_id).first()
    if app is None or not round_.asked:
        return
    if round_.answered_at is not None:
        heard(app.marketplace, app.area, round_.answered_at)
    if round_.silences:
        heard(app.marketplace, app.area, clock.now(), round_.reason)

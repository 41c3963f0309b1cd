"""Sending: claim by lease, call, record.

Endpoints are worked off side by side, each by itself: a slow one delays nobody. A delivery whose
process was killed between claim and record is found again when its lease has run out, and sent
again under the same id.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connections, transaction

from storewarden import clock, outward
from storewarden.vault import KeyProblem, SealBroken
from storewarden.webhooks import actions, naming, queries, rules, signing
from storewarden.webhooks.models import Attempt, Delivery, Endpoint

THREADS = 16
ROUND_S = 15.0
"""How long one look begins new calls to an endpoint; the next look goes on."""
CONTENT = {"Content-Type": "application/json"}
State = Delivery.State
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How a try went. `asked`: how long the receiver wants to be left alone."""

    at: datetime
    status: int | None
    why: str
    took_ms: int
    asked: timedelta = timedelta(0)

    @property
    def delivered(self) -> bool:
        return self.status is not None and rules.delivered(self.status)


def deliver_due() -> int:
    """Send what is due to all endpoints, side by side. Returns how many were delivered."""
    endpoints = queries.endpoints_with_work(clock.now())
    if len(endpoints) <= 1:
        return sum(_work_off(one) for one in endpoints)
    with ThreadPoolExecutor(min(THREADS, len(endpoints)), thread_name_prefix="webhook") as pool:
        return sum(pool.map(_in_thread, endpoints))


def _in_thread(endpoint_id: UUID) -> int:
    try:
        return _work_off(endpoint_id)
    finally:
        connections.close_all()


def _work_off(endpoint_id: UUID) -> int:
    try:
        return work_off(endpoint_id)
    except Exception:  # a fault of ours about one endpoint must not stop the others
        log.exception("webhook.failed", endpoint=str(endpoint_id))
        return 0


def work_off(endpoint_id: UUID) -> int:
    """Send to one endpoint what is due, until nothing is, it is unwell, or others want a turn."""
    began, delivered = clock.monotonic_s(), 0
    while clock.monotonic_s() - began < ROUND_S:
        number = queries.next_due(endpoint_id, clock.now())
        outcome = deliver(number) if number else None
        if outcome is None:
            break
        delivered += outcome.delivered
        if rules.is_unwell(outcome.status):
            break
    return delivered


def deliver(number: int) -> Outcome | None:
    """Send one delivery now, if it is due and nobody else is at it."""
    claimed = claim(number)
    if claimed is None:
        return None
    outcome = call(claimed)
    record(claimed, outcome)
    return outcome


@transaction.atomic
def claim(number: int) -> Delivery | None:
    """Take a delivery for the length of a lease; None when another process was first."""
    now = clock.now()
    rows = Delivery.objects.select_related("endpoint").filter(queries.sendable(now), pk=number)
    found = rows.filter(endpoint__off_at__isnull=True).first()
    if found is None:
        return None
    # Each claim counts a try, so that the number of tries names the claim.
    mine = Delivery.objects.filter(pk=number, state=found.state, tries=found.tries)
    taken = {"state": State.SENDING, "leased_until": now + rules.LEASE, "last_try_at": now}
    if not mine.update(tries=found.tries + 1, **taken):
        return None
    if found.state == State.SENDING:
        Attempt.objects.create(delivery=found, at=found.last_try_at or now, why="interrupted")
    found.tries += 1
    return found


def call(delivery: Delivery) -> Outcome:
    """The call itself, outside of any transaction."""
    now, began = clock.now(), clock.monotonic_s()
    status, why, asked = None, "", timedelta(0)
    try:
        answer = _post(delivery, now)
    except (outward.NotAllowed, outward.NoAnswer) as no:
        why = no.reason
    except (SealBroken, KeyProblem):
        why = "secret_unreadable"
        log.exception("webhook.secret_unreadable", endpoint=str(delivery.endpoint_id))
    else:
        status, why = answer.status, _what_it_means(answer.status)
        asked = rules.retry_after(answer.headers.get("retry-after", ""), now)
    took_ms = round((clock.monotonic_s() - began) * 1000)
    return Outcome(now, status, why, took_ms, asked)


def _post(delivery: Delivery, now: datetime) -> outward.Answer:
    endpoint, body = delivery.endpoint, delivery.payload.encode()
    secrets = queries.signing_secrets(endpoint, now)
    signed = signing.headers(secrets, delivery.message_id, now, body)
    allow = naming.allowed_hosts(endpoint.url, own_network=endpoint.own_network)
    return outward.post(endpoint.url, body, CONTENT | signed, allow=allow)


def _what_it_means(status: int) -> str:
    if rules.delivered(status):
        return ""
    if rules.is_gone(status):
        return "gone"
    return "redirected" if 300 <= status < 400 else "answered_no"


@transaction.atomic
def record(delivery: Delivery, outcome: Outcome) -> None:
    """Keep how a try went, unless the lease ran out and another try has begun meanwhile."""
    rows = Endpoint.objects.select_for_update(no_key=True).filter(pk=delivery.endpoint_id)
    endpoint = rows.first()
    if endpoint is None:
        return  # removed while it was called
    mine = Delivery.objects.filter(
        pk=delivery.pk, state=State.SENDING, tries=delivery.tries, endpoint=endpoint
    )
    if not mine.update(**_after(delivery, endpoint, outcome)):
        return
    tried = {"status": outcome.status, "why": outcome.why, "took_ms": outcome.took_ms}
    Attempt.objects.create(delivery=delivery, at=outcome.at, **tried)
    _keep_health(endpoint, outcome)


def _after(delivery: Delivery, endpoint: Endpoint, outcome: Outcome) -> dict[str, Any]:
    """What becomes of a delivery: done, due again, or failed for good."""
    now = clock.now()
    heard = {"last_status": outcome.status, "last_why": outcome.why, "leased_until": None}
    ended = {"next_at": None, "finished_at": now}
    if outcome.delivered:
        return heard | ended | {"state": State.DONE}
    again = None
    if endpoint.is_on and not rules.is_gone(outcome.status):
        failed = delivery.tries - delivery.tries_before
        spread = delivery.happening_id.int % 1000 / 999
        again = rules.next_try(failed, now, spread, outcome.asked)
    if again is None:
        return heard | ended | {"state": State.FAILED}
    return heard | {"state": State.DUE, "next_at": again}


def _keep_health(endpoint: Endpoint, outcome: Outcome) -> None:
    """When it last took something and when not; switch it off when there is no hope."""
    if outcome.delivered:
        endpoint.last_success_at, endpoint.failing_since = outcome.at, None
    else:
        endpoint.last_failure_at = outcome.at
        endpoint.failing_since = endpoint.failing_since or outcome.at
    endpoint.save(update_fields=["last_success_at", "last_failure_at", "failing_since"])
    if rules.is_gone(outcome.status):
        actions.switch_off(endpoint, Endpoint.Off.GONE)
    elif rules.gives_up(endpoint.failing_since, clock.now()):
        actions.switch_off(endpoint, Endpoint.Off.FAILING)

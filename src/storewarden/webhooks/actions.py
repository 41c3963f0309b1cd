"""What can be done about endpoints and deliveries: one function a deed, one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from storewarden import chance, clock, vault
from storewarden.outbox.handlers import Happening
from storewarden.people.actions import Actor
from storewarden.stores.errors import Refusal
from storewarden.vault import Secret
from storewarden.webhooks import naming, queries, rules, signing, types
from storewarden.webhooks.models import Delivery, Endpoint, SigningSecret

AT_ONCE = 2000
State = Delivery.State


@dataclass(frozen=True)
class Wanted:
    """What a person wants of an endpoint. `types` empty: every event. `own_network`: the owner
    says that the address lies in his own network."""

    url: str
    description: str = ""
    types: Sequence[str] = ()
    own_network: bool = False

    def fields(self) -> dict[str, Any]:
        """As columns. Raises Refusal."""
        return {
            "url": naming.clean_url(self.url, own_network=self.own_network),
            "description": naming.clean_description(self.description),
            "types": naming.clean_types(self.types),
            "own_network": self.own_network,
        }


def add_endpoint(wanted: Wanted, actor: Actor) -> tuple[Endpoint, Secret]:
    """A new endpoint and its signing secret, which is never told again. Raises Refusal."""
    fields, secret = wanted.fields(), signing.new_secret()
    try:
        with transaction.atomic():
            made = Endpoint.objects.create(made_at=clock.now(), made_by=actor.name, **fields)
            _keep_secret(made, secret)
    except IntegrityError:
        raise _taken() from None
    return made, secret


def change_endpoint(endpoint: Endpoint, wanted: Wanted) -> Endpoint:
    """Another address, description or choice of events; the secret stays. Raises Refusal."""
    fields = wanted.fields()
    moved = fields["url"] != endpoint.url
    for name, value in fields.items():
        setattr(endpoint, name, value)
    if moved:  # what the old address did says nothing about the new one
        endpoint.failing_since = None
    try:
        with transaction.atomic():
            endpoint.save(update_fields=[*fields, "failing_since"])
    except IntegrityError:
        raise _taken() from None
    return endpoint


def _taken() -> Refusal:
    return Refusal(
        "endpoint_taken",
        _("There is an endpoint with this address already."),
        _("Change that one: it can be told of more events."),
    )


def remove_endpoint(endpoint: Endpoint) -> None:
    """Forget an endpoint with its secrets and its log."""
    endpoint.delete()


@transaction.atomic
def switch_off(endpoint: Endpoint, why: Endpoint.Off, who: str = "") -> None:
    """Send nothing more. What waits has failed; it can be sent again by hand later."""
    now = clock.now()
    on = Endpoint.objects.filter(pk=endpoint.pk, off_at__isnull=True)
    on.update(off_at=now, off_why=why, off_by=who)  # one that is off keeps its reason
    _end_all(endpoint.deliveries.all(), now)


def _end_all(rows: QuerySet[Delivery], now: datetime) -> None:
    """What waits has failed, and so has what a killed process was sending."""
    lapsed = Q(state=State.SENDING, leased_until__lte=now)
    rows.filter(Q(state=State.DUE) | lapsed).update(
        state=State.FAILED, next_at=None, finished_at=now, last_why="endpoint_off"
    )


def switch_on(endpoint: Endpoint) -> None:
    """Tell it of what happens from now on."""
    fresh = {"off_at": None, "off_why": "", "off_by": "", "failing_since": None}
    Endpoint.objects.filter(pk=endpoint.pk).update(**fresh)


@transaction.atomic
def rotate_secret(endpoint: Endpoint) -> Secret:
    """A new secret, which is never told again. The old one signs beside it for a day."""
    now, secret = clock.now(), signing.new_secret()
    Endpoint.objects.select_for_update().get(pk=endpoint.pk)  # two clicks come one after the other
    if queries.signing(endpoint, now).count() >= rules.MOST_SECRETS:
        raise Refusal(
            "too_many_secrets",
            _("The secret was renewed four times within a day."),
            _("Use the newest one, or wait until an old one no longer signs."),
        )
    endpoint.secrets.filter(until__isnull=True).update(until=now + rules.BOTH_SECRETS_FOR)
    _keep_secret(endpoint, secret)
    return secret


def _keep_secret(endpoint: Endpoint, secret: Secret) -> None:
    row = SigningSecret(endpoint=endpoint, made_at=clock.now())
    row.sealed = vault.seal(secret, table="webhook_secret", row=row.pk, column="sealed")
    row.save()


def plan_deliveries(happening: Happening) -> int:
    """Write a delivery for each endpoint that wants this happening. The outbox calls it."""
    if not types.is_known(happening.type):
        return 0
    body = payload(happening.type, happening.at, happening.data)
    rows = [
        _delivery(one, happening.id, happening.type, body)
        for one in Endpoint.objects.filter(off_at__isnull=True)
        if rules.wants(one.types, happening.type)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def payload(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The body as it is signed and sent, byte for byte."""
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": event, "timestamp": moment, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _delivery(endpoint: Endpoint, happening_id: UUID, event: str, body: str) -> Delivery:
    now = clock.now()
    return Delivery(
        endpoint=endpoint,
        happening_id=happening_id,
        type=event,
        payload=body,
        made_at=now,
        next_at=now,
    )


def send_test(endpoint: Endpoint) -> Delivery:
    """An event that says nothing happened, on its way to this endpoint alone."""
    _refuse_off(endpoint)
    data = {"endpoint": {"id": str(endpoint.pk), "description": endpoint.description}}
    body = payload(types.TEST, clock.now(), data)
    row = _delivery(endpoint, chance.new_id(), types.TEST, body)
    row.save()
    return row


def redeliver(delivery: Delivery) -> None:
    """Send it once more, now, under the same id; the gaps between tries begin anew."""
    _refuse_off(delivery.endpoint)
    now = clock.now()
    rows = Delivery.objects.filter(pk=delivery.pk)
    fresh = {"state": State.DUE, "next_at": now, "finished_at": None, "leased_until": None}
    under_way = Q(state=State.SENDING, leased_until__gt=now)
    if not rows.exclude(under_way).update(tries_before=delivery.tries, **fresh):
        raise Refusal(
            "being_sent",
            _("This delivery is just being sent."),
            _("Look again in a moment."),
        )


def _refuse_off(endpoint: Endpoint) -> None:
    if not endpoint.is_on:
        raise Refusal(
            "endpoint_off",
            _("This endpoint is switched off."),
            _("Switch it on first."),
        )


def forget_old() -> int:
    """Delete deliveries that came to an end 30 days ago, and secrets that no longer sign; end
    what was being sent when its endpoint was switched off and its process killed."""
    now = clock.now()
    SigningSecret.objects.filter(until__lt=now).delete()
    _end_all(Delivery.objects.filter(endpoint__off_at__isnull=False), now)
    old = Delivery.objects.filter(finished_at__lt=now - rules.KEPT_FOR).order_by("finished_at")
    gone = 0
    while keys := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        Delivery.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone

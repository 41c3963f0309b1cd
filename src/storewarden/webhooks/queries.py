"""What the pages, the commands and the job ask about endpoints and deliveries."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from storewarden import keyset, outward, vault
from storewarden.stores.errors import Refusal
from storewarden.vault import Secret
from storewarden.webhooks.models import Attempt, Delivery, Endpoint, SigningSecret

State = Delivery.State


class NoSuchEndpoint(Refusal):
    """No endpoint has this id or address."""


class NoSuchDelivery(Refusal):
    """No delivery has this number."""


def sendable(now: datetime) -> Q:
    """Due, or being sent by a process that was killed: its lease has run out."""
    lapsed = Q(state=State.SENDING, leased_until__lte=now)
    return Q(next_at__lte=now) & (Q(state=State.DUE) | lapsed)


def endpoints_with_work(now: datetime) -> list[UUID]:
    """Endpoints that have something to be sent to them and are not just being sent to."""
    busy = Delivery.objects.filter(state=State.SENDING, leased_until__gt=now, next_at__lte=now)
    due = Delivery.objects.filter(sendable(now), endpoint__off_at__isnull=True)
    rows = due.exclude(endpoint__in=busy.values("endpoint")).order_by()
    return list(rows.values_list("endpoint_id", flat=True).distinct())


def next_due(endpoint_id: UUID, now: datetime) -> int | None:
    """The delivery that an endpoint has waited for longest."""
    due = Delivery.objects.filter(sendable(now), endpoint_id=endpoint_id)
    rows = due.filter(endpoint__off_at__isnull=True).order_by("next_at", "id")
    return rows.values_list("pk", flat=True).first()


def signing(endpoint: Endpoint, now: datetime) -> QuerySet[SigningSecret]:
    """The secrets that sign now, the newest first."""
    return endpoint.secrets.filter(Q(until__isnull=True) | Q(until__gt=now))


def signing_secrets(endpoint: Endpoint, now: datetime) -> list[Secret]:
    """The same, opened. Raises SealBroken, KeyProblem."""
    return [opened(one) for one in signing(endpoint, now)]


def opened(row: SigningSecret) -> Secret:
    return vault.open_sealed(row.sealed, table="webhook_secret", row=row.pk, column="sealed")


def endpoints() -> list[Endpoint]:
    return list(Endpoint.objects.all())


def waiting() -> dict[UUID, int]:
    """How many deliveries wait for each endpoint, those under way included."""
    open_ones = Delivery.objects.filter(next_at__isnull=False).order_by()
    return dict(open_ones.values_list("endpoint").annotate(Count("pk")))


def endpoint(pk: UUID) -> Endpoint | None:
    return Endpoint.objects.filter(pk=pk).first()


def find_endpoint(text: str) -> Endpoint:
    """By id or by address. Raises NoSuchEndpoint."""
    found = Endpoint.objects.filter(_named(text.strip())).first()
    if found is None:
        raise NoSuchEndpoint(
            "no_such_endpoint",
            _("There is no such endpoint."),
            _("`storewarden webhooks list` shows all with their ids and addresses."),
        )
    return found


def _named(text: str) -> Q:
    try:
        return Q(pk=UUID(text))
    except ValueError:
        return Q(url__in=[text, _one_spelling(text)])


def _one_spelling(url: str) -> str:
    try:
        return outward.target_of(url, frozenset({outward.host_of(url)})).url
    except outward.NotAllowed:
        return url


def old_secret_until(endpoint: Endpoint, now: datetime) -> datetime | None:
    """Until when an older secret signs too."""
    rows = endpoint.secrets.filter(until__gt=now).order_by("-until")
    return rows.values_list("until", flat=True).first()


def deliveries(endpoint: Endpoint, turn: keyset.Turn, state: str = "") -> keyset.Page[Delivery]:
    """The log of an endpoint, newest first; `state` narrows it."""
    rows: QuerySet[Delivery] = endpoint.deliveries.all()
    wanted = rows.filter(state__in=_states(state)) if state else rows
    return keyset.read(wanted.defer("payload"), keyset.Order(), turn)


def _states(state: str) -> list[str]:
    """Waiting covers what is just being sent."""
    return [State.DUE, State.SENDING] if state == State.DUE else [state]


def delivery(number: int, endpoint_id: UUID | None = None) -> Delivery | None:
    rows = Delivery.objects.select_related("endpoint").filter(pk=number)
    return (rows.filter(endpoint_id=endpoint_id) if endpoint_id else rows).first()


def find_delivery(number: int) -> Delivery:
    """By its number in the log. Raises NoSuchDelivery."""
    found = delivery(number)
    if found is None:
        raise NoSuchDelivery(
            "no_such_delivery",
            _("There is no delivery %(number)d.") % {"number": number},
            _("`storewarden webhooks deliveries` shows them; they are kept for 30 days."),
        )
    return found


def attempts(delivery: Delivery) -> list[Attempt]:
    return list(delivery.attempts.all())

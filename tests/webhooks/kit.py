"""What the tests of webhooks share."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from storewarden import clock
from storewarden.outbox.actions import publish, spread
from storewarden.people.actions import Actor
from storewarden.vault import Secret
from storewarden.webhooks.actions import Wanted, add_endpoint
from storewarden.webhooks.models import Delivery, Endpoint
from storewarden.webhooks.sending import deliver_due
from tests.outward.servers import Arrived

TESTER = Actor("tester@example.test")
STORE = {"id": "7", "mall_id": "634418000000001", "nickname": "Alpha “店铺”", "type": "semi"}
DATA = {"store": STORE, "state": "expired", "cause": "expired", "token": None}


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at_s = float(int(clock.SystemSource().now_s()))

    def now_s(self) -> float:
        return self.at_s

    def monotonic_s(self) -> float:
        return self.at_s

    def sleep(self, seconds: float) -> None:
        self.at_s += seconds

    def advance(self, seconds: float = 0, *, days: float = 0) -> None:
        self.at_s += seconds + days * 86_400

    def move_to(self, moment: datetime) -> None:
        self.at_s = moment.timestamp()


@dataclass(frozen=True)
class Made:
    """An endpoint and the secret that its receiver was given."""

    row: Endpoint
    secret: Secret

    @property
    def deliveries(self) -> list[Delivery]:
        return list(Delivery.objects.filter(endpoint=self.row).order_by("id"))

    @property
    def now(self) -> Endpoint:
        return Endpoint.objects.get(pk=self.row.pk)


def made(url: str, **wanted: Any) -> Made:
    return Made(*add_endpoint(Wanted(url, **wanted), TESTER))


def happen(event: str = "store.expired", data: dict[str, Any] = DATA) -> None:
    """Something happens, and the outbox hands it on."""
    publish(event, data)
    spread()


def happen_and_send(event: str = "store.expired") -> Delivery:
    happen(event)
    deliver_due()
    return Delivery.objects.latest("id")


def is_signed(arrived: Arrived, secret: Secret) -> bool:
    """Whether a receiver with this secret finds its signature, whatever the age."""
    told = arrived.headers
    at = datetime.fromtimestamp(int(told["webhook-timestamp"]), UTC)
    own = Webhook(secret.reveal()).sign(told["webhook-id"], at, arrived.body.decode())
    return own in told["webhook-signature"].split(" ")

"""Rows and readers for the tests of the web face."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from storewarden.orders.models import Order, OrderPull
from storewarden.people.actions import create_owner
from storewarden.people.models import User
from storewarden.stores.models import Credential, DeveloperApp, Store

EMAIL, PASSWORD = "owner@example.test", "a-long-test-password"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class StoppedClock:
    """A clock that stands at one moment."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now_s(self) -> float:
        return self.at.timestamp()

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def owner(email: str = EMAIL) -> User:
    return create_owner(email, PASSWORD)


def reader(person: User | None = None) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(person or User.objects.first() or owner())
    return client


def app(area: str = "us") -> DeveloperApp:
    made, _new = DeveloperApp.objects.get_or_create(
        marketplace="temu",
        area=area,
        app_key=f"test-app-{area}",
        defaults={"secret_sealed": "sealed", "created_at": NOON},
    )
    return made


def store(nickname: str, mall_id: str = "634418200001", *, state: str = "active") -> Store:
    """A semi-consignment store with both tokens, the product token in `state`."""
    made = Store.objects.create(
        marketplace="temu",
        mall_id=mall_id,
        nickname=nickname,
        store_type="semi",
        connected_at=NOON,
        orders_since=NOON,
    )
    credential(made, "product", "cn", state)
    credential(made, "order", "us", "active")
    return made


def credential(of: Store, kind: str, area: str, state: str) -> Credential:
    return Credential.objects.create(
        store=of,
        kind=kind,
        area=area,
        app=app(area),
        fingerprint=f"{of.mall_id}-{kind}-{area}",
        entered_at=NOON,
        state=state,
        cause="" if state == "active" else state,
        expires_at=NOON + timedelta(days=80),
        proven_at=NOON,
    )


def order(of: Store, po: str, ship_by: datetime) -> Order:
    return Order.objects.create(
        store=of,
        area="us",
        po=po,
        state="to_ship",
        status_code="2",
        ship_by=ship_by,
        due_at=ship_by,
        listed_at=NOON,
        digest=po,
        first_seen_at=NOON,
        changed_at=NOON,
    )


def pull(of: Store, **more: object) -> OrderPull:
    token = of.credentials.get(kind="order")
    return OrderPull.objects.create(credential=token, good_until=NOON, finished_at=NOON, **more)

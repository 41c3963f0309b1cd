"""What the tests of alerts share: channels to real receivers, messages, a mail server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.test import Client

from storewarden import clock
from storewarden.alerts import channels
from storewarden.alerts.models import Alert, Channel, Delivery, Message
from storewarden.people.actions import Actor
from storewarden.people.models import User
from storewarden.stores.models import Store
from storewarden.vault import Secret
from tests.outward.servers import Receiver

ME = Actor("tester@example.test")
USER, PASSWORD = "robot@example.test", "sandbox-mail-password-7"


def json_to(receiver: Receiver) -> str:
    return f"json://127.0.0.1:{receiver.port}/hook"


def channel(
    address: str, name: str = "Group", role: str = "first", language: str = "en"
) -> Channel:
    return channels.add(name, Secret(address), language, role, ME)


def item(store: Store, left: int = 7, **more: Any) -> dict[str, Any]:
    end = clock.now() + timedelta(days=left, hours=3)
    return {
        "kind": "expiring",
        "store": str(store.pk),
        "token": "order:us",
        "days": left,
        "expires_at": end.isoformat(),
        "estimated": False,
        "cause": "",
    } | more


def message(*items: dict[str, Any], kind: str = "digest", to: str = "first") -> Message:
    """A message, due on every channel of that role."""
    made = Message.objects.create(kind=kind, at=clock.now(), items=list(items))
    for one in Channel.objects.filter(role=to, on=True):
        Delivery.objects.create(message=made, channel=one, why=to, next_at=clock.now())
    return made


def alert(of: Store | None, *, kind: str = "expiring", grade: int = 7, **more: Any) -> Alert:
    """An open alert about a store's order token."""
    token = of.credentials.filter(kind="order").first() if of else None
    taken = token and Alert.objects.filter(credential=token, kind=kind, closed_at=None).exists()
    now = clock.now()
    about = item(of, grade, kind=kind) if of else {"kind": kind}
    data = more.pop("data", about)
    return Alert.objects.create(
        kind=kind,
        store=of,
        credential=None if taken else token,
        grade=grade,
        data=data,
        **{"opened_at": now, "raised_at": now, **more},
    )


def bare_store(nickname: str, mall_id: str = "634418200001", **more: Any) -> Store:
    """A store's row alone, connected to nothing."""
    return Store.objects.create(
        marketplace="temu",
        mall_id=mall_id,
        nickname=nickname,
        store_type="semi",
        connected_at=clock.now(),
        orders_since=clock.now(),
        **more,
    )


def texts(receiver: Receiver) -> list[dict[str, str]]:
    """Title and text of each message that came."""
    told = [json.loads(one.body) for one in receiver.arrived]
    return [{"title": one["title"], "body": one["message"]} for one in told]


class Time:
    """A clock that stands until a test moves it on."""

    def __init__(self) -> None:
        self.at_s = 1_790_000_000.0

    def now_s(self) -> float:
        return self.at_s

    def monotonic_s(self) -> float:
        return self.at_s

    def sleep(self, seconds: float) -> None:
        self.at_s += seconds

    def advance(self, seconds: float = 0, *, days: float = 0) -> None:
        self.at_s += seconds + days * 86_400


class Mailbox:
    """Takes what is sent to it, from whoever knows the password."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.letters.append(found)
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(self, *given: Any) -> AuthResult:
        data = given[-1]
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=right, handled=right)


class OnAFreePort(Controller):
    """Asks the machine for a port, which the library's own check of the server does not expect."""

    def _trigger_server(self) -> None:
        self.port = int(self.server.sockets[0].getsockname()[1])
        super()._trigger_server()


@contextmanager
def mail_server(*, locked: bool = False) -> Iterator[tuple[Mailbox, int]]:
    """A mail server on this machine, and its port; `locked`: for those with the password."""
    box = Mailbox()
    more: dict[str, Any] = {}
    if locked:
        more = {
            "authenticator": box.authenticate,
            "auth_required": True,
            "auth_require_tls": False,
        }
    server = OnAFreePort(box, hostname="127.0.0.1", port=0, **more)
    server.start()
    try:
        yield box, server.port
    finally:
        server.stop()


def signed_in() -> Client:
    """A browser of the owner, whose password nobody has to work out."""
    owner, _new = User.objects.get_or_create(
        email="owner@example.test", defaults={"username": "owner@example.test", "password": "!"}
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner)
    return client

"""What the tests of the pages share: a signed-in browser, forms to post, many stores."""

import re
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from storewarden import chance, clock, vault
from storewarden.people.actions import create_owner
from storewarden.people.models import User
from storewarden.stores.models import Credential, DeveloperApp, Store
from storewarden.vault import Secret

CENTER = "/settings/authorization-center/"
LIST = f"{CENTER}temu/"
ADD = f"{LIST}add/"
CHECK = f"{ADD}check/"
APPS = "/settings/developer-apps/"
HTMX = {"HX-Request": "true"}


def signed_in(language: str = "en") -> Client:
    """A browser of the owner, who is signed in."""
    client = Client(headers={"accept-language": language})
    owner = User.objects.first() or create_owner("owner@example.test", "a long test password")
    client.force_login(owner)
    return client


def url_of(store: Store, deed: str = "") -> str:
    return f"{LIST}{store.pk}/{deed}"


def add_data(product: str = "", *, store_type: str = "semi", **tokens: str) -> dict[str, str]:
    """What the form of + Add New Store sends: `add_data(product, us=…, nickname=…)`."""
    fields = {"nickname", "orders_since", "stock_push_on", "accept_missing"}
    data = {"store_type": store_type, "nickname": "Alpha", "token-product-cn": product}
    for name, value in tokens.items():
        data[name if name in fields else f"token-order-{name}"] = value
    return data


def text(response: HttpResponse) -> str:
    """What a person reads: the page without its tags."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    words = " ".join(re.sub(r"<[^>]+>", " ", body).split()).replace("&#x27;", "'")
    return re.sub(r" ([:,.;])", r"\1", words)


def said(response: HttpResponse) -> list[str]:
    """The messages that a redirect carries."""
    return [str(one) for one in get_messages(response.wsgi_request)]


STATES = ("active", "active", "active", "disconnected", "scope_missing", "active", "expired")
CAUSES = {
    "disconnected": "disconnected",
    "expired": "expired",
    "scope_missing": "permission_missing",
}


def many_stores(
    number: int, apps: dict[str, DeveloperApp], *, states: Sequence[str] = STATES
) -> None:
    """Rows of stores in all kinds of states, not connected to anything."""
    for index in range(number):
        _store(index, apps, states[index % len(states)])


def _store(index: int, apps: dict[str, DeveloperApp], state: str) -> None:
    now = clock.now()
    full = index % 5 == 4
    store = Store.objects.create(
        marketplace="temu",
        mall_id=str(634418000001000 + index),
        nickname=f"Demo store {index + 1:02d}",
        store_type="full" if full else "semi",
        connected_at=now - timedelta(days=index),
        orders_since=now - timedelta(days=30),
        stock_push_on=index % 3 == 0,
    )
    _token(store, "product", "cn", apps, "active", 89 - index)
    for area in () if full else ("us", "eu")[: 1 + (index % 4 == 0)]:
        _token(store, "order", area, apps, state if area == "us" else "active", 80 - index)


def _token(
    store: Store, kind: str, area: str, apps: dict[str, DeveloperApp], state: str, days: int
) -> None:
    now, row = clock.now(), chance.new_id()
    token = Secret(chance.letters(40))
    Credential.objects.create(
        id=row,
        store=store,
        kind=kind,
        area=area,
        app=apps[area],
        token_sealed=vault.seal(token, table="credential", row=row, column="token"),
        fingerprint=vault.fingerprint(token),
        last4=token.last4(),
        entered_at=now - timedelta(days=3),
        state=state,
        cause=CAUSES.get(state, ""),
        expires_at=now + timedelta(days=days if state != "expired" else -2),
        scopes=[],
        proven_at=now - timedelta(minutes=days % 50),
        died_at=now - timedelta(hours=5) if state in ("disconnected", "expired") else None,
    )

"""What the tests of this area share: messages as Temu makes them, posted to the real pages."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from storewarden import clock
from storewarden.marketplaces.base import Slot
from storewarden.stores.models import Credential, DeveloperApp, Store
from temu_openapi import webhooks
from temu_sandbox.world import seed

STATUS = webhooks.ORDER_STATUS_CHANGED
NEWS = {
    "mallId": seed.SEMI_ONE,
    "parentOrderSn": "PO-211-1",
    "orderSn": "211-1",
    "orderStatus": 2,
    "updateTime": 1_789_999_990,
}


def path_of(app: DeveloperApp) -> str:
    return f"/hooks/temu/{app.pk}/"


def sealed(
    app: DeveloperApp,
    data: Mapping[str, Any] | str = NEWS,
    *,
    code: str = STATUS,
    at: datetime | None = None,
    secret: str = "",
    **style: Any,
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a message, signed with the secret of the sandbox's app."""
    return webhooks.seal_message(
        data if isinstance(data, str) else json.dumps(data),
        app_key=app.app_key,
        event_code=code,
        sent_at_ms=int((at or clock.now()).timestamp() * 1000),
        secret=secret or f"sandbox-secret-{app.area}",
        **style,
    )


def post(
    app: DeveloperApp, headers: Mapping[str, str], body: bytes, client: Client | None = None
) -> HttpResponse:
    """What Temu does: no cookie, no CSRF token, one request."""
    browser = client or Client(enforce_csrf_checks=True)
    rest = {name: value for name, value in headers.items() if name != "Content-Type"}
    answer: HttpResponse = browser.post(
        path_of(app), data=body, content_type="application/json", headers=rest
    )
    return answer


def send(app: DeveloperApp, data: Mapping[str, Any] | str = NEWS, **style: Any) -> HttpResponse:
    """Seal and post in one."""
    return post(app, *sealed(app, data, **style))


def post_until_taken(app: DeveloperApp, headers: Mapping[str, str], body: bytes) -> int:
    """As Temu does, only sooner: again while the answer is 503 (this machine may be busy)."""
    statuses = [post(app, headers, body).status_code]
    while statuses[-1] == 503 and len(statuses) < 40:
        statuses.append(post(app, headers, body).status_code)
    return statuses[-1]


def token_of(store: Store, slot: Slot) -> Credential:
    return store.credentials.select_related("store", "app").get(kind=slot.kind, area=slot.area)

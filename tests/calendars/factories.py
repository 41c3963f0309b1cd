"""Many stores at once, without asking the sandbox about each."""

from datetime import timedelta

from storewarden import clock
from storewarden.stores.models import AuthorizationEvent, Credential, DeveloperApp, Store

SLOTS = (("product", "cn"), ("order", "us"))


def stores(count: int, nickname: str = "Store {}", *, first: int = 0) -> list[Store]:
    """So many semi-consignment stores with both tokens, each connected once."""
    now = clock.now()
    app, _new = DeveloperApp.objects.get_or_create(
        marketplace="temu",
        area="us",
        app_key="test-app",
        defaults={"secret_sealed": "-", "created_at": now},
    )
    made = Store.objects.bulk_create(
        Store(
            marketplace="temu",
            mall_id=f"6344182{number:05}",
            nickname=nickname.format(number),
            store_type="semi",
            connected_at=now,
            orders_since=now,
        )
        for number in range(first, first + count)
    )
    Credential.objects.bulk_create(token(one, app, *slot) for one in made for slot in SLOTS)
    AuthorizationEvent.objects.bulk_create(
        AuthorizationEvent(store=one, at=now, deed="connected") for one in made
    )
    return made


def token(store: Store, app: DeveloperApp, kind: str, area: str) -> Credential:
    now = clock.now()
    return Credential(
        store=store,
        kind=kind,
        area=area,
        app=app,
        token_sealed="sealed",
        fingerprint=f"{store.mall_id}-{kind}",
        entered_at=now,
        state="active",
        expires_at=now + timedelta(days=80),
        proven_at=now,
        scopes=[f"bg.some.api.number{number}.get" for number in range(40)],
    )

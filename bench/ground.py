"""The product on a fresh data folder of its own: settings, tables, a store with one order token.

`use` must be called before anything of `storewarden` is imported.
"""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storewarden.stores.models import Credential

AREAS = (
    "people", "stores", "catalog", "inventory", "orders", "shipping",
    "outbox", "webhooks", "arrivals", "alerts", "calendars",
)  # fmt: skip


# The temporary folder that a disk stands behind: elsewhere an fsync may cost nothing.
ON_DISK = "/var/tmp"


def folder() -> tempfile.TemporaryDirectory[str]:
    """A data folder outside the repository, gone when the bench is done.

    BENCH_FOLDER names another place, such as the disk that is to be measured.
    """
    place = os.environ.get("BENCH_FOLDER", ON_DISK)
    return tempfile.TemporaryDirectory(dir=place, prefix="storewarden-bench-")


def use(data: Path, gateway_us: str = "") -> None:
    """Set Django up on this folder, with tables made straight from the models."""
    os.environ["STOREWARDEN_DATA"] = str(data)
    os.environ["STOREWARDEN_LOG_LEVEL"] = "error"
    os.environ["DJANGO_SETTINGS_MODULE"] = "storewarden.settings"
    for area in ("CN", "PA", "US", "EU", "GLOBAL"):
        os.environ[f"TEMU_GATEWAY_{area}"] = gateway_us or "http://127.0.0.1:9/nowhere"
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = dict.fromkeys(AREAS)
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def store_with_order_token(
    mall_id: int, app_key: str, app_secret: str, token: str, orders_since_days: float = 2
) -> "Credential":
    """A store as it is after connecting: an app, and its order token of the US area."""
    from storewarden import chance, vault
    from storewarden.people.actions import Actor
    from storewarden.stores.actions import add_app
    from storewarden.stores.models import Credential, Store
    from storewarden.vault import Secret

    now = datetime.now(UTC)
    app = add_app("temu", "us", app_key, Secret(app_secret), Actor("bench"))
    store = Store.objects.create(
        marketplace="temu", mall_id=str(mall_id), nickname="Bench", store_type="semi",
        connected_at=now, orders_since=now - timedelta(days=orders_since_days),
    )  # fmt: skip
    row, secret = chance.new_id(), Secret(token)
    return Credential.objects.create(
        id=row, store=store, kind="order", area="us", app=app, state="active",
        token_sealed=vault.seal(secret, table="credential", row=row, column="token"),
        fingerprint=vault.fingerprint(secret), entered_at=now,
        expires_at=now + timedelta(days=90),
    )  # fmt: skip


def forget_orders() -> None:
    """Take all orders and cursors out again, so that the next run begins as the first."""
    from storewarden.orders.models import Order, OrderCount, OrderPull

    for table in (Order, OrderCount, OrderPull):
        table.objects.all().delete()

"""The marketplace's lists that shipping needs: carriers of a region, warehouses of a store."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from storewarden import clock
from storewarden.marketplaces.base import Refused, TokenKind, Unreachable
from storewarden.marketplaces.registry import marketplace
from storewarden.orders.models import Order
from storewarden.shipping import wording
from storewarden.shipping.models import Carrier, ShipFromWarehouse
from storewarden.stores.access import using
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store
from storewarden.stores.queries import usable_credentials, why_not

KEPT_FOR = timedelta(days=1)


def refusal(cause: str, *, message: str = "", code: str = "") -> Refusal:
    """A Refusal in the words of `wording`."""
    told = wording.told(cause, message)
    return Refusal(cause, told.sentence, told.next_step, code)


def order_credential(store: Store, area: str) -> Credential:
    """The order shipping token of an area. Raises Refusal when none can be used."""
    for credential in usable_credentials(TokenKind.ORDER, store):
        if credential.area == area:
            return credential
    told = wording.told("token_not_usable")
    raise Refusal("token_not_usable", why_not(store, TokenKind.ORDER), told.next_step)


def refresh_carriers(
    store: Store, area: str, region_id: str, *, urgent: bool = False
) -> list[Carrier]:
    """Read the carriers of a region anew. Raises Refusal, Refused or Unreachable."""
    market = marketplace(store.marketplace)
    with using(order_credential(store, area)) as access:
        told = market.carriers(access, region_id, urgent=urgent)
    now = clock.now()
    mine = Carrier.objects.filter(marketplace=store.marketplace, region_id=region_id)
    with transaction.atomic():
        Carrier.objects.bulk_create(
            [
                Carrier(
                    marketplace=store.marketplace,
                    region_id=region_id,
                    carrier_id=one.carrier_id,
                    name=one.name[:200],
                    read_at=now,
                )
                for one in told
            ],
            update_conflicts=True,
            unique_fields=["marketplace", "region_id", "carrier_id"],
            update_fields=["name", "read_at"],
        )
        mine.filter(read_at__lt=now).delete()
    return list(mine)


def refresh_ship_from(store: Store, area: str, *, urgent: bool = False) -> list[ShipFromWarehouse]:
    """Read the store's warehouses in Temu's books anew. Raises Refusal, Refused, Unreachable."""
    market = marketplace(store.marketplace)
    with using(order_credential(store, area)) as access:
        told = market.ship_from(access, urgent=urgent)
    now = clock.now()
    mine = ShipFromWarehouse.objects.filter(store=store, area=area)
    with transaction.atomic():
        ShipFromWarehouse.objects.bulk_create(
            [
                ShipFromWarehouse(
                    store=store,
                    area=area,
                    warehouse_id=one.warehouse_id,
                    name=one.name[:200],
                    region_id=one.region_id,
                    default=one.default,
                    read_at=now,
                )
                for one in told
            ],
            update_conflicts=True,
            unique_fields=["store", "area", "warehouse_id"],
            update_fields=["name", "region_id", "default", "read_at"],
        )
        mine.filter(read_at__lt=now).delete()
    return list(mine)


def freshen(order: Order) -> None:
    """Read both lists anew when they are a day old.

    An old list is better than none: while the marketplace cannot be asked,
    what is there is used.
    """
    store = order.store
    since = clock.now() - KEPT_FOR
    carriers = Carrier.objects.filter(marketplace=store.marketplace, region_id=order.region_id)
    if not carriers.filter(read_at__gte=since).exists():
        _or_old(
            lambda: refresh_carriers(store, order.area, order.region_id, urgent=True),
            have=carriers.exists(),
        )
    places = ShipFromWarehouse.objects.filter(store=store, area=order.area)
    if not places.filter(read_at__gte=since).exists():
        _or_old(
            lambda: refresh_ship_from(store, order.area, urgent=True),
            have=places.exists(),
        )


def _or_old(refresh: Callable[[], object], *, have: bool) -> None:
    try:
        refresh()
    except (Refused, Unreachable, Refusal):
        if not have:
            raise

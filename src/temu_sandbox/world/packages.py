"""Permission packages ticked in Get Authorization (cn-pa-api.md 3.5, partner-api.md 3.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from temu_openapi import webhooks

Section = Literal["standard", "special"]
TokenSide = Literal["cn", "order"]


@dataclass(frozen=True)
class Package:
    """``name`` is Temu's own name; ``area`` is ``cn`` (CN and PA, one token) or ``order``."""

    name: str
    english: str
    chinese: str
    area: TokenSide
    section: Section
    api_types: tuple[str, ...]
    event_codes: tuple[str, ...] = ()


# The notes name the packages, but neither say which of them stand under Special authorizations nor
# which one carries the look-ups, the self-delivery confirm, the webhook permits and the events
# themselves; these are choices made here. Packages whose API types the sandbox does not play (JIT
# rules, private apps) are left out.
_ALL = (
    Package(
        "ISV基础接口", "ISV basic interfaces", "ISV基础接口", "cn", "standard",
        ("bg.open.accesstoken.info.get", "bg.open.accesstoken.info.get.global",
         "bg.mall.info.get"),
    ),
    Package(
        "货品API组", "Product API group", "货品API组", "cn", "standard",
        ("bg.glo.goods.list.get", "temu.goods.list.get"),
    ),
    Package(
        "半托管库存API组", "Semi-consignment stock API group", "半托管库存API组", "cn", "special",
        ("bg.btg.goods.stock.quantity.get", "bg.btg.goods.stock.quantity.update",
         "bg.btg.goods.stock.warehouse.list.get"),
    ),
    Package(
        "全托管库存API组", "Full-consignment stock API group", "全托管库存API组", "cn", "special",
        ("bg.qtg.stock.virtualinventoryjit.get", "bg.qtg.stock.virtualinventoryjit.edit"),
    ),
    Package(
        "Semi Basic Management", "Semi Basic Management", "半托管基础管理", "order", "standard",
        ("bg.open.accesstoken.info.get", "bg.logistics.companies.get",
         "bg.logistics.warehouse.list.get", "bg.tmc.message.update"),
    ),
    Package(
        "Semi Order Management", "Semi Order Management", "半托管订单管理", "order", "standard",
        ("bg.order.list.v2.get", "bg.order.detail.v2.get", "bg.order.shippinginfo.v2.get"),
        (webhooks.ORDER_STATUS_CHANGED, webhooks.ADDRESS_CHANGED, webhooks.AFTER_SALES_CHANGED,
         webhooks.CANCELLATION_CHANGED),
    ),
    Package(
        "Semi Online Call Shipment Management", "Semi Online Call Shipment Management",
        "半托管发货管理", "order", "special",
        ("bg.logistics.shipment.v2.confirm", "bg.logistics.shipment.v2.get"),
    ),
)  # fmt: skip

PACKAGES: Mapping[str, Package] = {package.name: package for package in _ALL}


def packages_of(area: str) -> tuple[Package, ...]:
    """The packages offered for a token of ``area`` (cn, us, eu, global), in page order."""
    side = "cn" if area == "cn" else "order"
    return tuple(package for package in _ALL if package.area == side)


def scopes_of(area: str, names: Iterable[str]) -> tuple[str, ...]:
    """The API types that ``names`` open. ValueError for a package that the area has not."""
    offered = {package.name: package for package in packages_of(area)}
    unknown = sorted(set(names) - set(offered))
    if unknown:
        raise ValueError(
            f"Area {area} has no permission package {', '.join(unknown)}; "
            f"choose from: {', '.join(offered)}."
        )
    chosen = set(names)
    return tuple(t for p in offered.values() if p.name in chosen for t in p.api_types)


def events_of(names: Iterable[str]) -> frozenset[str]:
    """The events that a token with these packages may let through."""
    return frozenset(code for name in names for code in PACKAGES[name].event_codes)

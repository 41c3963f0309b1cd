"""Which permissions each token needs, and what each is for.

cn-pa-api.md 11.5 and partner-api.md 3.4. Names are API types, as
`apiScopeList` gives them; an alias counts as the name.
"""

from django.utils.translation import gettext_noop

from storewarden.marketplaces.base import Permission, Slot, StoreType, TokenKind

LISTINGS = Permission(
    "bg.glo.goods.list.get", gettext_noop("see the products"), True, ("temu.goods.list.get",)
)
MALL = Permission("bg.mall.info.get", gettext_noop("see the store type"), False)
SEMI_STOCK = (
    Permission("bg.btg.goods.stock.quantity.get", gettext_noop("see the stock"), False),
    Permission("bg.btg.goods.stock.quantity.update", gettext_noop("push the stock"), False),
    Permission("bg.btg.goods.stock.warehouse.list.get", gettext_noop("see the warehouses"), False),
)
FULL_STOCK = (
    Permission("bg.qtg.stock.virtualinventoryjit.get", gettext_noop("see the JIT stock"), False),
    Permission("bg.qtg.stock.virtualinventoryjit.edit", gettext_noop("push the JIT stock"), False),
)
ORDERS = (
    Permission("bg.order.list.v2.get", gettext_noop("bring in orders"), True),
    Permission("bg.order.detail.v2.get", gettext_noop("see an order's details"), False),
    Permission("bg.logistics.companies.get", gettext_noop("see the carriers"), False),
    Permission("bg.logistics.warehouse.list.get", gettext_noop("see where parcels leave"), False),
    Permission("bg.logistics.shipment.v2.confirm", gettext_noop("confirm parcels"), False),
    Permission("bg.logistics.shipment.v2.get", gettext_noop("see confirmed parcels"), False),
)


def needed(slot: Slot, store_type: StoreType) -> tuple[Permission, ...]:
    """The permissions for what this product does with the token."""
    if slot.kind is TokenKind.ORDER:
        return ORDERS
    stock = SEMI_STOCK if store_type is StoreType.SEMI else FULL_STOCK
    return (LISTINGS, MALL, *stock)

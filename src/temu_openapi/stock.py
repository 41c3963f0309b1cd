"""Stock of semi-consignment stores per warehouse, and JIT virtual stock of full consignment.

Sources: cn-pa-api.md 6 and 7.1 [D]. All calls go to PA. A write answers with nothing per SKU, so
what counts is what is read afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from temu_openapi.client import App, Client, Token
from temu_openapi.errors import TemuRefusal
from temu_openapi.wire import Answer, TemuId, number_of

T = TypeVar("T")

SEMI_STOCK_GET = "bg.btg.goods.stock.quantity.get"
SEMI_STOCK_UPDATE = "bg.btg.goods.stock.quantity.update"
SEMI_WAREHOUSES = "bg.btg.goods.stock.warehouse.list.get"
JIT_STOCK_GET = "bg.qtg.stock.virtualinventoryjit.get"
JIT_STOCK_EDIT = "bg.qtg.stock.virtualinventoryjit.edit"

MODE_ADJUST = 1
MODE_OVERWRITE = 2

_SUPPLIER_CODES = (2000000, 3000000)
_SUPPLIER_WORDS = ("supplier", "openapiuser", "供应商")


@dataclass(frozen=True)
class StockTarget:
    """What one SKU shall show in one warehouse: ``target`` pieces, 0 or more."""

    product_sku_id: str
    warehouse_id: str
    target: int

    def __post_init__(self) -> None:
        if self.target < 0 or not self.warehouse_id:
            raise ValueError("A stock target is 0 or more pieces in a named warehouse.")


@dataclass(frozen=True)
class StockDiff:
    """By how much one SKU changes in one warehouse: above or below 0, never 0."""

    product_sku_id: str
    warehouse_id: str
    diff: int

    def __post_init__(self) -> None:
        if self.diff == 0 or not self.warehouse_id:
            raise ValueError("A stock difference is not 0 and names its warehouse.")


@dataclass(frozen=True)
class JitDiff:
    """By how much the JIT virtual stock of one SKU changes, never 0."""

    product_sku_id: str
    diff: int

    def __post_init__(self) -> None:
        if self.diff == 0:
            raise ValueError("A stock difference of 0 changes nothing; leave the SKU out.")


class WarehouseStock(Answer, frozen=True, kw_only=True):
    """One SKU in one warehouse.

    ``quantity`` None means that the seller may not see it: it is neither zero nor to be pushed.
    ``locked`` pieces are held by unpaid orders. ``shipping_mode``: 1 the seller ships, 2 a
    cooperative warehouse.
    """

    product_sku_id: TemuId
    warehouse_id: TemuId | None = None
    warehouse_name: str = ""
    quantity: int | None = msgspec.field(default=None, name="skuStockQuantity")
    locked: int = msgspec.field(default=0, name="tempLockQuantity")
    shipping_mode: int | None = None
    pre_sale: bool = msgspec.field(default=False, name="enablePreSale")
    pre_sale_quantity: int | None = msgspec.field(default=None, name="preSaleStockQuantity")


class JitStock(Answer, frozen=True, kw_only=True):
    """The JIT virtual stock of one SKU; None where the seller may not see it."""

    product_sku_id: TemuId
    quantity: int | None = msgspec.field(default=None, name="skuStockQuantity")


class StockWarehouse(Answer, frozen=True, kw_only=True):
    """A warehouse that stock can be kept in. ``management_type``: 0 3PL, 1 own, 2 home, 3 other."""

    warehouse_id: TemuId
    warehouse_name: str = ""
    disabled: bool = msgspec.field(default=False, name="warehouseDisable")
    management_type: TemuId | None = None


class SiteWarehouses(Answer, frozen=True, kw_only=True):
    """The warehouses to choose from for one site."""

    site_id: TemuId | None = None
    site_name: str = ""
    warehouses: tuple[StockWarehouse, ...] = msgspec.field(default=(), name="validWarehouseList")


class _SemiStock(Answer, frozen=True, kw_only=True):
    rows: tuple[WarehouseStock, ...] = msgspec.field(default=(), name="productSkuStockList")


class _JitStocks(Answer, frozen=True, kw_only=True):
    rows: tuple[JitStock, ...] = msgspec.field(default=(), name="productSkuStockList")


class _Warehouses(Answer, frozen=True, kw_only=True):
    sites: tuple[SiteWarehouses, ...] = msgspec.field(default=(), name="warehouseDTOList")


class _Nothing(Answer, frozen=True, kw_only=True):
    """The answer of a write: an empty object."""


def semi_stock_params(product_skc_id: str) -> dict[str, Any]:
    """The request for the stock of one SKC; Temu takes one SKC a call."""
    return {"productSkcId": number_of(product_skc_id, "productSkcId")}


def set_semi_stock_params(targets: Sequence[StockTarget]) -> dict[str, Any]:
    """The request that overwrites stock (mode 2)."""
    changes = [
        {
            "productSkuId": number_of(each.product_sku_id, "productSkuId"),
            "warehouseId": each.warehouse_id,
            "targetStockAvailable": each.target,
        }
        for each in targets
    ]
    return _update(MODE_OVERWRITE, changes)


def adjust_semi_stock_params(diffs: Sequence[StockDiff]) -> dict[str, Any]:
    """The request that adds to stock or takes from it (mode 1)."""
    changes = [
        {
            "productSkuId": number_of(each.product_sku_id, "productSkuId"),
            "warehouseId": each.warehouse_id,
            "stockDiff": each.diff,
        }
        for each in diffs
    ]
    return _update(MODE_ADJUST, changes)


def warehouses_params(site_ids: Sequence[str]) -> dict[str, Any]:
    """The request for the warehouses of some sites."""
    if not site_ids:
        raise ValueError("Name at least one site to list its warehouses.")
    return {"siteIdList": [number_of(each, "siteIdList") for each in site_ids]}


def jit_stock_params(product_skc_id: str) -> dict[str, Any]:
    """The request for the JIT stock of one SKC."""
    return {"productSkcId": number_of(product_skc_id, "productSkcId")}


def adjust_jit_stock_params(product_skc_id: str, diffs: Sequence[JitDiff]) -> dict[str, Any]:
    """The request that changes JIT stock; Temu takes differences only."""
    if not diffs:
        raise ValueError("Name at least one SKU whose stock changes.")
    return {
        "productSkcId": number_of(product_skc_id, "productSkcId"),
        "skuVirtualStockChangeList": [
            {
                "productSkuId": number_of(each.product_sku_id, "productSkuId"),
                "virtualStockDiff": each.diff,
            }
            for each in diffs
        ],
    }


def semi_stock(
    client: Client,
    app: App,
    token: Token,
    product_skc_id: str,
    supplier_id: str,
    *,
    shop: str | None = None,
) -> tuple[WarehouseStock, ...]:
    """One row a SKU and warehouse of this SKC. ``supplier_id`` is the mall id."""
    store = _Store(client, app, token, supplier_id, shop)
    return store.call(SEMI_STOCK_GET, semi_stock_params(product_skc_id), _SemiStock).rows


def set_semi_stock(
    client: Client,
    app: App,
    token: Token,
    supplier_id: str,
    targets: Sequence[StockTarget],
    *,
    shop: str | None = None,
) -> None:
    """Overwrite stock. Repeating it changes nothing, so a lost answer is asked for again."""
    store = _Store(client, app, token, supplier_id, shop)
    store.call(SEMI_STOCK_UPDATE, set_semi_stock_params(targets), _Nothing, repeatable=True)


def adjust_semi_stock(
    client: Client,
    app: App,
    token: Token,
    supplier_id: str,
    diffs: Sequence[StockDiff],
    *,
    shop: str | None = None,
) -> None:
    """Add to stock or take from it. Never repeated after a lost answer: read before a new try."""
    store = _Store(client, app, token, supplier_id, shop)
    store.call(SEMI_STOCK_UPDATE, adjust_semi_stock_params(diffs), _Nothing, repeatable=False)


def warehouses(
    client: Client,
    app: App,
    token: Token,
    supplier_id: str,
    site_ids: Sequence[str],
    *,
    shop: str | None = None,
) -> tuple[SiteWarehouses, ...]:
    """The seller's warehouses for each site; 2000060 when the store is no semi-consignment one."""
    store = _Store(client, app, token, supplier_id, shop)
    return store.call(SEMI_WAREHOUSES, warehouses_params(site_ids), _Warehouses).sites


def jit_stock(
    client: Client, app: App, token: Token, product_skc_id: str, *, shop: str | None = None
) -> tuple[JitStock, ...]:
    """JIT virtual stock of one SKC of a full-consignment store."""
    params = jit_stock_params(product_skc_id)
    return client.call(app, token, JIT_STOCK_GET, params, result=_JitStocks, shop=shop).rows


def adjust_jit_stock(
    client: Client,
    app: App,
    token: Token,
    product_skc_id: str,
    diffs: Sequence[JitDiff],
    *,
    shop: str | None = None,
) -> None:
    """Change JIT virtual stock. Never repeated after a lost answer: read before a new try.

    Refused with 2000037 (in a promotion), 2000038 (may not shrink), 23000001 (none may be added).
    """
    params = adjust_jit_stock_params(product_skc_id, diffs)
    client.call(app, token, JIT_STOCK_EDIT, params, result=_Nothing, shop=shop)


@dataclass(frozen=True)
class _Store:
    """A store's semi-consignment calls, which name the supplier where Temu lets them.

    Whether a wrong supplierId is refused is not known (cn-pa-api.md 6.1), so it is sent as the mall
    id, and left out once Temu complains about it.
    """

    client: Client
    app: App
    token: Token
    supplier_id: str
    shop: str | None

    def call(
        self,
        api_type: str,
        params: Mapping[str, Any],
        result: type[T],
        *,
        repeatable: bool | None = None,
    ) -> T:
        with_supplier = {**params, **supplier_params(self.supplier_id)}
        try:
            return self._send(api_type, with_supplier, result, repeatable)
        except TemuRefusal as refusal:
            if not _complains_about_supplier(refusal):
                raise
        return self._send(api_type, params, result, repeatable)

    def _send(
        self, api_type: str, params: Mapping[str, Any], result: type[T], repeatable: bool | None
    ) -> T:
        return self.client.call(
            self.app,
            self.token,
            api_type,
            params,
            result=result,
            shop=self.shop or self.supplier_id,
            repeatable=repeatable,
        )


def supplier_params(supplier_id: str) -> dict[str, Any]:
    """The user that semi-consignment stock calls name: the mall id as supplier."""
    return {"openApiUser": {"supplierId": number_of(supplier_id, "supplierId")}}


def _update(mode: int, changes: list[dict[str, Any]]) -> dict[str, Any]:
    if not changes:
        raise ValueError("Name at least one SKU whose stock changes.")
    return {"quantityChangeMode": mode, "skuStockChangeList": changes}


def _complains_about_supplier(refusal: TemuRefusal) -> bool:
    text = refusal.message.lower()
    return refusal.code in _SUPPLIER_CODES and any(word in text for word in _SUPPLIER_WORDS)

"""Listings of a store: one row an SKC, its SKUs within.

Source: cn-pa-api.md 5.1 [D], bg.glo.goods.list.get on PA.
"""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

import msgspec

from temu_openapi.client import App, Client, Token
from temu_openapi.wire import Answer, TemuId, Text, number_of, present

GOODS_LIST = "bg.glo.goods.list.get"
MAX_PAGE_SIZE = 100


class GoodsFilters(TypedDict, total=False):
    """What a page of listings can be narrowed by; ids as text, times in milliseconds."""

    product_skc_ids: Sequence[str]
    product_name: str
    skc_ext_code: str
    skc_site_status: int
    bind_site_ids: Sequence[str]
    match_jit_mode: bool
    created_at_start_ms: int
    created_at_end_ms: int


class Spec(Answer, frozen=True, kw_only=True):
    """One value of a variant, such as colour: red."""

    parent_spec_id: TemuId | None = None
    parent_spec_name: str = ""
    spec_id: TemuId | None = None
    spec_name: Text = Text("")


class Site(Answer, frozen=True, kw_only=True):
    """A site that a semi-consignment product is sold on."""

    site_id: TemuId
    site_name: str = ""


class _Weight(Answer, frozen=True, kw_only=True):
    value: int | None = None


class _Volume(Answer, frozen=True, kw_only=True):
    len: int | None = None
    width: int | None = None
    height: int | None = None


class _WarehouseAttributes(Answer, frozen=True, kw_only=True):
    product_sku_weight: _Weight = _Weight()
    product_sku_volume: _Volume = _Volume()


class _SaleAttributes(Answer, frozen=True, kw_only=True):
    product_sku_shipping_mode: int | None = None


class Sku(Answer, frozen=True, kw_only=True):
    """One variant; ``product_sku_id`` is the key of all stock calls.

    ``ext_code`` is the seller's own code and may be empty. ``virtual_stock`` is the total over all
    warehouses, None where Temu does not show it.
    """

    product_sku_id: TemuId
    ext_code: Text = Text("")
    virtual_stock: int | None = None
    specs: tuple[Spec, ...] = msgspec.field(default=(), name="productSkuSpecList")
    warehouse_attributes: _WarehouseAttributes = msgspec.field(
        default=_WarehouseAttributes(), name="productSkuWhExtAttr"
    )
    sale_attributes: _SaleAttributes = msgspec.field(
        default=_SaleAttributes(), name="productSkuSaleExtAttr"
    )

    @property
    def weight_mg(self) -> int | None:
        """Weight in milligrams, as Temu keeps it."""
        return self.warehouse_attributes.product_sku_weight.value

    @property
    def length_mm(self) -> int | None:
        return self.warehouse_attributes.product_sku_volume.len

    @property
    def width_mm(self) -> int | None:
        return self.warehouse_attributes.product_sku_volume.width

    @property
    def height_mm(self) -> int | None:
        return self.warehouse_attributes.product_sku_volume.height

    @property
    def shipping_mode(self) -> int | None:
        """1 the seller ships, 2 a cooperative warehouse."""
        return self.sale_attributes.product_sku_shipping_mode


class _Category(Answer, frozen=True, kw_only=True):
    cat_id: TemuId | None = None
    cat_name: str = ""


class _SemiManaged(Answer, frozen=True, kw_only=True):
    bind_sites: tuple[Site, ...] = ()


class _JitMode(Answer, frozen=True, kw_only=True):
    match_jit_mode: bool | None = None


class Skc(Answer, frozen=True, kw_only=True):
    """One colour of a product. Rows with the same ``product_id`` are siblings, not repeats."""

    product_id: TemuId
    product_skc_id: TemuId
    product_name: str = ""
    ext_code: Text = Text("")
    main_image_url: str = ""
    created_at_ms: int | None = msgspec.field(default=None, name="createdAt")
    skc_site_status: int | None = None
    leaf_category: _Category = msgspec.field(default=_Category(), name="leafCat")
    semi_managed: _SemiManaged = msgspec.field(default=_SemiManaged(), name="productSemiManaged")
    jit_mode: _JitMode = msgspec.field(default=_JitMode(), name="productJitMode")
    skus: tuple[Sku, ...] = msgspec.field(default=(), name="productSkuSummaries")

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites a semi-consignment product is bound to."""
        return self.semi_managed.bind_sites


class GoodsPage(Answer, frozen=True, kw_only=True):
    """A page of listings; ``total`` counts SKCs, not pages."""

    total: int = msgspec.field(default=0, name="totalCount")
    rows: tuple[Skc, ...] = msgspec.field(default=(), name="data")


def goods_params(
    page: int, page_size: int = MAX_PAGE_SIZE, **filters: Unpack[GoodsFilters]
) -> dict[str, Any]:
    """The request of one page; pages count from 1."""
    if page < 1 or not 1 <= page_size <= MAX_PAGE_SIZE:
        raise ValueError(f"Pages count from 1 and hold 1 to {MAX_PAGE_SIZE} listings.")
    return present(
        page=page,
        pageSize=page_size,
        productSkcIds=_numbers(filters.get("product_skc_ids", ()), "productSkcIds"),
        productName=filters.get("product_name"),
        skcExtCode=filters.get("skc_ext_code"),
        skcSiteStatus=filters.get("skc_site_status"),
        bindSiteIds=_numbers(filters.get("bind_site_ids", ()), "bindSiteIds"),
        matchJitMode=filters.get("match_jit_mode"),
        createdAtStart=filters.get("created_at_start_ms"),
        createdAtEnd=filters.get("created_at_end_ms"),
    )


def goods_page(
    client: Client,
    app: App,
    token: Token,
    page: int,
    page_size: int = MAX_PAGE_SIZE,
    *,
    shop: str | None = None,
    **filters: Unpack[GoodsFilters],
) -> GoodsPage:
    """One page of listings. Temu sorts by nothing: read until a short or empty page."""
    params = goods_params(page, page_size, **filters)
    return client.call(app, token, GOODS_LIST, params, result=GoodsPage, shop=shop)


def _numbers(ids: Sequence[str], name: str) -> list[int]:
    return [number_of(each, name) for each in ids]

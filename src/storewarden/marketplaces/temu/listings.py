"""Listings and their stock."""

from collections.abc import Sequence

from storewarden.marketplaces.base import (
    LISTINGS_A_PAGE,
    Access,
    ListingPage,
    MarketListing,
    MarketSku,
    StockFigure,
    StockTarget,
    StoreType,
)
from storewarden.marketplaces.temu.errors import translated
from storewarden.marketplaces.temu.tokens import at
from storewarden.marketplaces.temu.wire import app_and_token, client
from temu_openapi import goods
from temu_openapi import stock as temu_stock

STATUS = {0: "not_joined", 1: "on_site", 2: "off_shelf"}  # skcSiteStatus; 2 unverified in the notes
MG_A_GRAM = 1000


def page(access: Access, number: int, *, urgent: bool) -> ListingPage:
    """One page of listings, one row a SKC (cn-pa-api.md 5.1)."""
    with translated():
        temu, credentials = client(urgent=urgent), app_and_token(access)
        found = goods.goods_page(temu, *credentials, number, LISTINGS_A_PAGE, shop=access.mall_id)
    return ListingPage(found.total, tuple(_listing(row) for row in found.rows))


def _listing(row: goods.Skc) -> MarketListing:
    created_s = row.created_at_ms // 1000 if row.created_at_ms else None
    status = row.skc_site_status
    return MarketListing(
        product_id=str(row.product_id),
        skc_id=str(row.product_skc_id),
        name=row.product_name or "",
        code=row.ext_code or "",
        picture_url=row.main_image_url or "",
        status=STATUS.get(status, str(status)) if status is not None else "",
        created_at=at(created_s),
        sites=tuple(str(site.site_name or site.site_id) for site in row.sites),
        skus=tuple(_sku(one) for one in row.skus),
    )


def _sku(row: goods.Sku) -> MarketSku:
    names = (spec.spec_name for spec in row.specs)
    return MarketSku(
        sku_id=str(row.product_sku_id),
        code=row.ext_code or "",
        spec=" / ".join(name for name in names if name),
        shown_quantity=row.virtual_stock,
        weight_g=row.weight_mg // MG_A_GRAM if row.weight_mg is not None else None,
        shipping_mode=str(row.shipping_mode or ""),
    )


def stock(
    access: Access, store_type: StoreType, skc_id: str, *, urgent: bool
) -> Sequence[StockFigure]:
    """What Temu shows for each SKU of one SKC; None where it does not let us see it."""
    with translated():
        if store_type is StoreType.FULL:
            return _jit(access, skc_id, urgent)
        temu, credentials = client(urgent=urgent), app_and_token(access)
        rows = temu_stock.semi_stock(temu, *credentials, skc_id, access.mall_id)
    return [
        StockFigure(
            str(row.product_sku_id),
            str(row.warehouse_id or ""),
            row.warehouse_name or "",
            row.quantity,
            row.locked or 0,
        )
        for row in rows
    ]


def _jit(access: Access, skc_id: str, urgent: bool) -> list[StockFigure]:
    temu, credentials = client(urgent=urgent), app_and_token(access)
    rows = temu_stock.jit_stock(temu, *credentials, skc_id, shop=access.mall_id)
    return [StockFigure(str(row.product_sku_id), "", "", row.quantity) for row in rows]


def set_stock(
    access: Access,
    store_type: StoreType,
    skc_id: str,
    targets: Sequence[StockTarget],
    *,
    urgent: bool,
) -> None:
    """Semi: overwrite (mode 2). Full: JIT takes differences only, so read afresh and send those."""
    with translated():
        if store_type is StoreType.FULL:
            _set_jit(access, skc_id, targets, urgent)
            return
        wanted = [temu_stock.StockTarget(t.sku_id, t.warehouse_id, t.quantity) for t in targets]
        temu, credentials = client(urgent=urgent), app_and_token(access)
        temu_stock.set_semi_stock(temu, *credentials, access.mall_id, wanted)


def _set_jit(access: Access, skc_id: str, targets: Sequence[StockTarget], urgent: bool) -> None:
    now = {row.sku_id: row.quantity for row in _jit(access, skc_id, urgent)}
    diffs = [
        temu_stock.JitDiff(target.sku_id, target.quantity - shown)
        for target in targets
        if (shown := now.get(target.sku_id)) is not None and shown != target.quantity
    ]
    if diffs:
        temu, credentials = client(urgent=urgent), app_and_token(access)
        temu_stock.adjust_jit_stock(temu, *credentials, skc_id, diffs, shop=access.mall_id)

"""The product back office: the store's listings and their stock, a figure for each warehouse."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from temu_sandbox.control import Control
from temu_sandbox.seller_central.visit import number, page_number, visit, world
from temu_sandbox.seller_central.words import say

room = Blueprint("products", __name__, url_prefix="/<site>/products")

PAGE_SIZE = 20
_MOST = 10**9


@room.before_request
def _product_site_only() -> None:
    if (request.view_args or {}).get("site") != "cn":
        abort(
            404, say("Products and stock are in the Seller Center 卖家中心; choose it at the top.")
        )


@room.get("/")
def index(site: str) -> str:
    mall_id, goods = visit().mall.mall_id, world().goods
    page = page_number()
    searched = request.args.get("name", "").strip()
    total, skcs = goods.page(mall_id, page=page, page_size=PAGE_SIZE, name=searched or None)
    return render_template(
        "seller_central/products.html",
        skcs=[(skc, _stock_by_sku(mall_id, skc.product_skc_id)) for skc in skcs],
        searched=searched,
        total=total,
        page=page,
        pages=-(-total // PAGE_SIZE),
    )


@room.post("/<int(max=9007199254740991):product_sku_id>/stock")
def set_stock(site: str, product_sku_id: int) -> Response:
    """Type a stock figure; refusals are Temu's own (its cap, a SKU one may not see)."""
    quantity = number("quantity", say("Stock"), 0, _MOST)
    mall_id = visit().mall.mall_id
    warehouse_id = request.form.get("warehouse_id", "")
    Control(world()).set_stock_in_seller_central(mall_id, product_sku_id, quantity, warehouse_id)
    flash(say("Stock of SKU {sku} is {quantity} now.", sku=product_sku_id, quantity=quantity))
    page, name = page_number(), request.form.get("name") or None
    back = url_for(".index", site=site, page=page, name=name, _anchor=f"sku-{product_sku_id}")
    return redirect(back, 303)


def _stock_by_sku(mall_id: int, product_skc_id: int) -> dict[int, list[object]]:
    stock: dict[int, list[object]] = {}
    for row in world().goods.stock(mall_id, product_skc_id):
        stock.setdefault(row.product_sku_id, []).append(row)
    return stock

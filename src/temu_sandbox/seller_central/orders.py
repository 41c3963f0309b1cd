"""The order back office: the store's orders of one site, with what can be done there by hand."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from temu_sandbox.control import Control
from temu_sandbox.seller_central.visit import InputError, number, page_number, visit, world
from temu_sandbox.seller_central.words import say
from temu_sandbox.world.model import Order, OrderStatus
from temu_sandbox.world.orders import BY_COOPERATIVE_WAREHOUSE, BY_SELLER, OrderFilter

room = Blueprint("orders", __name__, url_prefix="/<site>/orders")

PAGE_SIZE = 50
TABS = {
    "all": ("All orders", None),
    "pending": ("Pending", OrderStatus.PENDING),
    "to-ship": ("Unshipped", OrderStatus.UN_SHIPPING),
    "shipped": ("Shipped", OrderStatus.SHIPPED),
    "delivered": ("Delivered", OrderStatus.RECEIPTED),
    "cancelled": ("Canceled", OrderStatus.CANCELED),
}
STATUS_WORDS = {int(status): words for words, status in TABS.values() if status is not None}


@room.before_request
def _order_sites_only() -> None:
    if (request.view_args or {}).get("site") == "cn":
        abort(404, say("Orders are on the US, EU and Global sites; choose one at the top."))


@room.get("/")
def index(site: str) -> str:
    tab = request.args.get("tab", "all")
    page = page_number()
    searched = request.args.get("po", "").strip()
    wanted = OrderFilter(
        visit().mall.mall_id,
        site,
        fulfillments=(BY_SELLER, BY_COOPERATIVE_WAREHOUSE),
        status=TABS.get(tab, TABS["all"])[1],
        parent_order_sns=(searched,) if searched else (),
    )
    total, orders = world().orders.page(wanted, sort="updated", page=page, page_size=PAGE_SIZE)
    return render_template(
        "seller_central/orders.html",
        orders=[(order, world().parcels.of_order(order)) for order in orders],
        tab=tab,
        tabs=TABS,
        status_words=STATUS_WORDS,
        searched=searched,
        total=total,
        page=page,
        pages=-(-total // PAGE_SIZE),
    )


@room.get("/<parent_order_sn>")
def show(site: str, parent_order_sn: str) -> str:
    """One order: its lines, its parcels, and the form that ships it."""
    order = _order(site, parent_order_sn)
    mall, directory = visit().mall, world().directory
    homes = directory.warehouses(mall.mall_id)
    return render_template(
        "seller_central/order.html",
        order=order,
        status_words=STATUS_WORDS,
        parcels=world().parcels.of_order(order),
        carriers=directory.carriers(order.region_id),
        warehouses=[home for home in homes if home.region_id == order.region_id],
        can_ship=order.status == OrderStatus.UN_SHIPPING,
        can_cancel=order.status in (OrderStatus.PENDING, OrderStatus.UN_SHIPPING),
    )


@room.post("/<parent_order_sn>/ship")
def ship(site: str, parent_order_sn: str) -> Response:
    """Confirm shipment of the whole order in one parcel."""
    order = _order(site, parent_order_sn)
    carrier_id = number("carrier_id", say("Carrier"), 0, 10**12)
    Control(world()).ship_in_seller_central(
        order.parent_order_sn,
        carrier_id,
        request.form.get("tracking_number", "").strip(),
        request.form.get("warehouse_id") or None,
    )
    flash(say("Order {po} was shipped.", po=order.parent_order_sn))
    return redirect(url_for(".show", site=site, parent_order_sn=parent_order_sn), 303)


@room.post("/<parent_order_sn>/cancel")
def cancel(site: str, parent_order_sn: str) -> Response:
    order = _order(site, parent_order_sn)
    if not request.form.get("sure"):
        raise InputError(say("Tick the box first: a canceled order cannot come back."))
    world().orders.cancel(order.parent_order_sn)
    flash(say("Order {po} was canceled.", po=order.parent_order_sn))
    return redirect(url_for(".show", site=site, parent_order_sn=parent_order_sn), 303)


def _order(site: str, parent_order_sn: str) -> Order:
    order = world().orders.find(visit().mall.mall_id, parent_order_sn)
    if order is None or order.area != site:
        abort(404, say("This store has no such order on this site."))
    return order

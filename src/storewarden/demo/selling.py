"""The steps of daily work: products, stock, orders, a parcel."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from storewarden.catalog import actions as catalog
from storewarden.catalog.models import ListingSku
from storewarden.demo.stage import ORDER_US, PRODUCT, Stage, wait_for, when_free
from storewarden.inventory import actions as inventory
from storewarden.inventory import queries as stock
from storewarden.inventory.models import ShownStock
from storewarden.inventory.pushing import push_due
from storewarden.marketplaces.base import OrderState
from storewarden.orders import queries as orders
from storewarden.orders.actions import pull_orders as pull
from storewarden.orders.models import Order
from storewarden.shipping.actions import ship_order
from storewarden.stores.models import Store
from temu_sandbox.world import seed
from temu_sandbox.world.model import OrderStatus

CARRIER, TRACKING = "USPS", "9400100000000000000001"
NEW_QUANTITY = 77
APART_S = 2_100  # three at a time, so that the oldest of 250 are just past their deadline
Figures = dict[tuple[str, str], int | None]


def pull_products(stage: Stage) -> None:
    """Listings of both stores, and the stock of the semi-consignment one."""
    for mall_id, store in stage.stores.items():
        _pull_listings(stage, mall_id, store)
    _read_stock(stage)


def _pull_listings(stage: Stage, mall_id: int, store: Store) -> None:
    credential, name = stage.credential(store, PRODUCT), {"store": store.nickname}
    with stage.narrator.progress(_("Listings of %(store)s") % name) as told:
        when_free(lambda: catalog.pull_listings(credential, urgent=True, progress=told))
    expected = {sku_id for sku_id, _warehouse in _at_temu(stage, mall_id)}
    found = set(_skus(store).values_list("sku_id", flat=True))
    what = _("the listed SKUs of %(store)s are those of the sandbox")
    stage.narrator.verify(what % name, expected, found)


def _skus(store: Store) -> QuerySet[ListingSku]:
    return ListingSku.objects.filter(store=store, removed_at__isnull=True)


def _read_stock(stage: Stage) -> None:
    """Temu allows two stock calls a second a shop, so this takes a while."""
    credential = stage.credential(stage.semi, PRODUCT)
    with stage.narrator.progress(_("Stock of %(store)s") % {"store": stage.semi.nickname}) as told:
        while when_free(
            lambda: inventory.refresh_stock(credential, urgent=True, progress=told)
        ).left:
            continue
    rows = stock.live_figures().filter(sku__store=stage.semi).select_related("sku")
    found = {(one.sku.sku_id, one.warehouse_id): one.shown for one in rows}
    expected = _at_temu(stage, seed.SEMI_ONE)
    stage.narrator.verify(_("every stock figure is the sandbox's"), expected, found)


def _at_temu(stage: Stage, mall_id: int) -> Figures:
    """SKU and warehouse → quantity, as the sandbox shows it to the seller."""
    goods, figures = stage.world.goods, {}
    for skc in goods.page(mall_id)[1]:
        for row in goods.stock(mall_id, skc.product_skc_id):
            figures[str(row.product_sku_id), str(row.warehouse_id)] = row.quantity
    return figures


def place_orders(stage: Stage) -> None:
    """Buyers have ordered, an hour apart, before the store is connected."""
    number = stage.orders_at_first
    stage.control.make_orders(seed.SEMI_ONE, number, area="us", spacing_s=APART_S, tie_every=3)
    what = _("the sandbox has %(n)d orders") % {"n": number}
    stage.narrator.verify(what, number, len(stage.pos_at_temu()))


def pull_orders(stage: Stage) -> None:
    """All of them come in, by the engine or by us."""
    credential = stage.credential(stage.semi, ORDER_US)
    with stage.narrator.progress(_("Orders of %(store)s") % {"store": stage.semi.nickname}) as told:
        when_free(lambda: pull(credential, urgent=True, progress=told))
    what = _("every order of the sandbox is here: %(n)d") % {"n": stage.orders_at_first}
    stage.narrator.verify(what, stage.pos_at_temu(), pos_here(stage))


def pos_here(stage: Stage) -> set[str]:
    return set(Order.objects.filter(store=stage.semi).values_list("po", flat=True))


def change_stock(stage: Stage) -> None:
    """One SKU shall show 77; the engine or we push it, and it is read back."""
    figure = stock.live_figures().filter(sku__store=stage.semi, shown__gt=0).first()
    if figure is None:
        stage.narrator.verify(_("a figure to change"), 1, 0)
        return
    told = {"sku": figure.sku.code, "place": figure.warehouse_name, "before": figure.shown}
    line = _("%(sku)s in %(place)s: %(before)s → %(after)s")
    stage.narrator.say(line % {**told, "after": NEW_QUANTITY})
    inventory.set_figure(figure.sku, figure.warehouse_id, NEW_QUANTITY, stage.actor)
    credential = stage.credential(stage.semi, PRODUCT)
    when_free(lambda: push_due(credential, urgent=True))
    wait_for(lambda: _push_of(figure) == ShownStock.Push.DONE)
    stage.narrator.verify(_("it was read back"), ShownStock.Push.DONE, _push_of(figure))
    _verify_stock(stage, figure)


def _push_of(figure: ShownStock) -> str:
    figure.refresh_from_db()
    return figure.push


def _verify_stock(stage: Stage, figure: ShownStock) -> None:
    rows = stage.world.ledger.rows(
        effect="stock_changed", mall_id=seed.SEMI_ONE, subject=figure.sku.sku_id
    )
    stage.narrator.verify(_("the sandbox's ledger has one stock change"), 1, len(rows))
    now = _at_temu(stage, seed.SEMI_ONE)[figure.sku.sku_id, figure.warehouse_id]
    stage.narrator.verify(_("the sandbox shows the new figure"), NEW_QUANTITY, now)


def ship(stage: Stage) -> None:
    """The most urgent order leaves by the seller's own carrier."""
    wanted = orders.Wanted(str(stage.semi.pk), OrderState.TO_SHIP, sort="deadline")
    order = orders.order_page(wanted, size=1).rows[0]
    stage.narrator.say(f"{order.po} · {CARRIER} {TRACKING}")
    ship_order(order, carrier=CARRIER, tracking=TRACKING, actor=stage.actor)
    rows = stage.world.ledger.rows(effect="order_shipped", subject=order.po)
    stage.narrator.verify(_("the sandbox's ledger has one shipment"), 1, len(rows))
    status = OrderStatus(stage.world.orders.get(order.po).status)
    stage.narrator.verify(_("Temu shows the order shipped"), OrderStatus.SHIPPED, status)
    order.refresh_from_db()
    stage.narrator.verify(_("so does Storewarden"), OrderState.SHIPPED, order.state)

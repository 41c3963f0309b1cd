"""Control: what tests and the demo may do to the world that no seller could.

Every public method of :class:`Control` is a verb; the table VERBS at the end of this file serves
the HTTP control and the command line alike. Arguments and answers are JSON values.
"""

import inspect
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, get_type_hints

import msgspec

from temu_sandbox.control_webhooks import WebhookVerbs
from temu_sandbox.faults import Fault
from temu_sandbox.order_maker import OrderMaker, OrderPlan
from temu_sandbox.world.goods import StockChange
from temu_sandbox.world.model import App, Grant, Mall
from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.parcels import Item, ParcelRequest
from temu_sandbox.world.refusals import RefusedError
from temu_sandbox.world.world import World

Json = dict[str, Any]
_NUMBERS_TOLD = 1000


class ControlError(ValueError):
    """An order of the control that cannot be carried out; the text is a sentence."""


class Control(WebhookVerbs):
    """The verbs, over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def world(self) -> Json:
        """Who and what there is: sellers with accounts and malls, apps, carriers, the clock."""
        directory = self._world.directory
        return {
            "now_s": self._world.clock.now_s(),
            "seed": self._world.seed,
            "sellers": [
                {
                    **asdict(seller),
                    "accounts": [asdict(a) for a in directory.accounts(seller.id)],
                    "malls": [asdict(m) for m in directory.malls(seller.id)],
                }
                for seller in directory.sellers()
            ],
            "apps": [asdict(app) for app in directory.apps()],
            "carriers": [asdict(carrier) for carrier in directory.carriers()],
        }

    def counts(self) -> Json:
        """How many orders, grants, SKUs and ledger rows there are."""
        tables = {
            "orders": "SELECT count(*) FROM orders",
            "order_lines": "SELECT count(*) FROM order_lines",
            "parcels": "SELECT count(*) FROM parcels",
            "grants": "SELECT count(*) FROM grants",
            "skus": "SELECT count(*) FROM skus",
            "ledger": "SELECT count(*) FROM ledger",
        }
        return {name: self._world.database.value(sql) for name, sql in tables.items()}

    def add_app(
        self, app_key: str, app_secret: str, area: str, name: str, kind: str = "isv"
    ) -> Json:
        """Register a developer app; ``kind`` isv (90 days) or self (365 days)."""
        if area not in ("cn", "us", "eu", "global") or kind not in ("isv", "self"):
            raise ControlError("An app has area cn, us, eu or global and kind isv or self.")
        app = App(app_key, app_secret, area, name, "isv" if kind == "isv" else "self")
        self._world.directory.save_app(app)
        return asdict(app)

    def suspend_app(self, app_key: str, suspended: bool = True) -> Json:
        """Suspend an app, or lift that."""
        return self._change_app(app_key, suspended=suspended)

    def set_ip_list(self, app_key: str, addresses: Sequence[str] | None = None) -> Json:
        """Let an app call from these addresses only; without any, from everywhere."""
        return self._change_app(app_key, ip_list=None if addresses is None else tuple(addresses))

    def set_app_scopes(self, app_key: str, api_types: Sequence[str] | None = None) -> Json:
        """Let an app call these API types only; without any, all."""
        return self._change_app(app_key, scopes=None if api_types is None else tuple(api_types))

    def set_mall(
        self, mall_id: int, dpa_signed: bool | None = None, stock_cap: int | None = None
    ) -> Json:
        """Whether the data agreement is signed; the greatest stock the platform takes."""
        mall = self._mall(mall_id)
        changed = replace(
            mall,
            dpa_signed=mall.dpa_signed if dpa_signed is None else dpa_signed,
            stock_cap=mall.stock_cap if stock_cap is None else stock_cap,
        )
        self._world.directory.save_mall(changed)
        return asdict(changed)

    def grant(
        self, mall_id: int, app_key: str, area: str, packages: Sequence[str] | None = None
    ) -> Json:
        """Get Authorization; without ``packages`` all of the area. The answer has the token."""
        chosen = [p.name for p in packages_of(area)] if packages is None else packages
        return asdict(self._world.authorizations.grant(mall_id, app_key, area, chosen))

    def remove_grant(self, grant_id: int) -> Json:
        """Remove authorization in Seller Central."""
        return asdict(self._world.authorizations.remove(grant_id))

    def authorize_again(self, grant_id: int) -> Json:
        """Enable a removed authorization: the same token, the same end."""
        return asdict(self._world.authorizations.authorize_again(grant_id))

    def new_token(self, grant_id: int, packages: Sequence[str] | None = None) -> Json:
        """Generate a new token; the old one is dead at once."""
        return asdict(self._world.authorizations.generate_new(grant_id, packages))

    def grants(self, mall_id: int) -> list[Json]:
        """Every authorization the mall ever gave, newest first, with tokens."""
        return [asdict(g) for g in self._world.authorizations.of_mall(mall_id)]

    def age_token(self, days: float, grant_id: int | None = None, token: str | None = None) -> Json:
        """Make a token older; name it by its grant or by itself."""
        return asdict(self._world.authorizations.age(self._grant(grant_id, token).id, days))

    def make_orders(
        self,
        mall_id: int,
        n: int = 1,
        area: str | None = None,
        region_id: int | None = None,
        status: int = 2,
        updated_at_s: int | None = None,
        spacing_s: int = 60,
        tie_every: int = 1,
        skus: Sequence[int] | None = None,
        quantity: int = 1,
        labels: Sequence[str] = (),
        warnings: Sequence[str] = (),
        fulfillment: str = "fulfillBySeller",
        payment_type: str = "PPD",
        address: Mapping[str, str] | None = None,
    ) -> Json:
        """Place ``n`` orders in a semi-consignment mall.

        The last one is updated at ``updated_at_s`` (default: now), the ones before it
        ``spacing_s`` earlier each; ``tie_every`` neighbours share one ``updateTime``. ``address``
        overrides fields of the made-up address. Answers with the PO numbers (the first 1,000).
        """
        plan = OrderPlan(
            self._mall(mall_id), n, area, region_id, status, updated_at_s, spacing_s, tie_every,
            tuple(skus or ()), quantity, tuple(labels), tuple(warnings), fulfillment,
            payment_type, dict(address or {}),
        )  # fmt: skip
        made = OrderMaker(self._world).make(plan)
        return {"made": len(made), "parent_order_sns": made[:_NUMBERS_TOLD]}

    def order(self, parent_order_sn: str) -> Json:
        """One order with its lines and parcels, as the world has it."""
        order = self._world.orders.get(parent_order_sn)
        told = asdict(order)
        told["parcels"] = [asdict(p) for p in self._world.parcels.of_order(order)]
        return told

    def touch_orders(self, parent_order_sns: Sequence[str], at_s: int | None = None) -> Json:
        """Change only the ``updateTime``."""
        self._world.orders.touch(parent_order_sns, at_s)
        return {"touched": len(parent_order_sns)}

    def label_order(self, parent_order_sn: str, labels: Sequence[str]) -> Json:
        """Set the labels of a PO, e.g. pending_buyer_cancellation."""
        self._world.orders.label(parent_order_sn, labels)
        return self.order(parent_order_sn)

    def confirm_order(self, parent_order_sn: str) -> Json:
        """End PENDING: the order is to ship."""
        self._world.orders.confirm(parent_order_sn)
        return self.order(parent_order_sn)

    def cancel_order(self, parent_order_sn: str) -> Json:
        """The buyer cancels."""
        return asdict(self._world.orders.cancel(parent_order_sn))

    def ship_in_seller_central(
        self,
        parent_order_sn: str,
        carrier_id: int,
        tracking_number: str,
        warehouse_id: str | None = None,
    ) -> Json:
        """Ship a whole PO by hand in one parcel; without a warehouse, from the region's first."""
        order = self._world.orders.get(parent_order_sn)
        mall = self._mall(order.mall_id)
        home = warehouse_id or next(
            (w.warehouse_id for w in self._world.directory.warehouses(mall.mall_id)
             if w.region_id == order.region_id), None,
        )  # fmt: skip
        items = tuple(
            Item(parent_order_sn, line.order_sn, line.quantity)
            for line in order.lines
            if line.quantity
        )
        parcel = ParcelRequest(carrier_id, tracking_number, home, items)
        packages = self._world.parcels.confirm(mall, order.area, 0, [parcel])
        return {"package_sns": packages}

    def set_stock_in_seller_central(
        self, mall_id: int, product_sku_id: int, quantity: int, warehouse_id: str = ""
    ) -> Json:
        """Type a stock figure by hand; without a warehouse, a full mall's virtual stock."""
        change = StockChange(product_sku_id, warehouse_id, target=quantity)
        self._world.goods.change_stock(self._mall(mall_id), [change])
        return asdict(change)

    def set_sku(
        self,
        product_sku_id: int,
        viewable: bool | None = None,
        in_promotion: bool | None = None,
    ) -> Json:
        """Whether the seller may see a SKU's stock; whether a promotion locks it."""
        given = {"viewable": viewable, "in_promotion": in_promotion}
        flags = {name: value for name, value in given.items() if value is not None}
        self._world.goods.set_sku(product_sku_id, flags)
        return flags

    def add_fault(
        self,
        kind: str,
        api_type: str | None = None,
        area: str | None = None,
        times: int | None = None,
        probability: float = 1.0,
        after: int = 0,
        ms: int = 0,
        seconds: float = 0.0,
    ) -> Json:
        """Play trouble; kinds are told by GET faults."""
        fault = Fault(kind, api_type, area, times, probability, after, ms, seconds)
        return asdict(self._world.faults.add(fault))

    def clear_faults(self, kind: str | None = None) -> Json:
        """Take all faults away, or those of one kind."""
        self._world.faults.clear(kind)
        return {"left": len(self._world.faults.told())}

    def faults(self) -> list[Json]:
        """The faults in force, with how often each struck."""
        return self._world.faults.told()

    def set_rate_limits(
        self,
        app_rate_per_s: float | None = None,
        shop_stock_rate_per_s: float | None = None,
        message_update_rate_per_s: float | None = None,
    ) -> Json:
        """Calls a second: of an app key, of a shop's stock, of event permits; null: no limit."""
        rates = {
            "app_rate_per_s": app_rate_per_s,
            "shop_stock_rate_per_s": shop_stock_rate_per_s,
            "message_update_rate_per_s": message_update_rate_per_s,
        }
        for name, rate in rates.items():
            setattr(self._world.limits, name, rate)
        return rates

    def advance_clock(self, seconds: float) -> Json:
        """Move Temu's time."""
        self._world.advance_clock(seconds)
        return {"now_s": self._world.clock.now_s(), "offset_s": self._world.clock.offset_s}

    def ledger(
        self,
        effect: str | None = None,
        mall_id: int | None = None,
        subject: str | None = None,
        api_type: str | None = None,
        after_id: int = 0,
        limit: int = 1000,
    ) -> list[Json]:
        """What really happened; ``subject`` is a PO, a product SKU id or "grant N"."""
        rows = self._world.ledger.rows(
            effect=effect, mall_id=mall_id, subject=subject, api_type=api_type,
            after_id=after_id, limit=limit,
        )  # fmt: skip
        return [asdict(row) for row in rows]

    def _mall(self, mall_id: int) -> Mall:
        return self._world.directory.mall(mall_id)

    def _grant(self, grant_id: int | None, token: str | None) -> Grant:
        if grant_id is not None:
            return self._world.authorizations.by_id(grant_id)
        found = self._world.authorizations.by_token(token or "")
        if found is None:
            raise ControlError("Name the token by grant_id or by a token this sandbox issued.")
        return found

    def _change_app(self, app_key: str, **changes: Any) -> Json:
        app = replace(self._world.directory.app(app_key), **changes)
        self._world.directory.save_app(app)
        return asdict(app)


READS = frozenset(("world", "counts", "grants", "order", "faults", "ledger", "webhooks"))
"""Verbs that change nothing; HTTP takes them by GET too."""

VERBS: Mapping[str, Callable[..., Any]] = {
    name.replace("_", "-"): method
    for name, method in {**vars(Control), **vars(WebhookVerbs)}.items()
    if inspect.isfunction(method) and not name.startswith("_")
}
"""``make-orders`` -> Control.make_orders, and so on."""


def perform(control: Control, verb: str, arguments: Mapping[str, Any]) -> object:
    """Do ``verb``. ControlError (a sentence) for what is unknown, misspelt or refused."""
    method = VERBS.get(verb)
    if method is None:
        raise ControlError(f"There is no control verb {verb}; there are: {', '.join(VERBS)}.")
    try:
        inspect.signature(method).bind(control, **arguments)
    except TypeError as error:
        raise ControlError(f"{verb}: {error}. Arguments: {usage(verb)}") from error
    try:
        return method(control, **_typed(method, arguments))
    except (RefusedError, ValueError, KeyError, OverflowError, sqlite3.Error) as error:
        raise ControlError(str(error.args[0]) if error.args else str(error)) from error


def _typed(method: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(method)
    typed = {}
    for name, value in arguments.items():
        try:
            typed[name] = msgspec.convert(value, hints[name])
        except msgspec.ValidationError as error:
            raise ControlError(f"{name}: {error}.") from error
    return typed


def usage(verb: str) -> str:
    """The arguments of a verb, e.g. ``mall_id: int, n: int = 1``."""
    parameters = list(inspect.signature(VERBS[verb]).parameters.values())[1:]
    return ", ".join(map(str, parameters)).replace("collections.abc.", "") or "none"

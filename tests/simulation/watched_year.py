"""A year of a thousand stores in virtual time: what sellers and Temu do, and the truth about it.

The product runs its own actions against the sandbox in process. The truth is kept apart from both,
in plain Python, so that each look of the product can be held against it.
"""

import heapq
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from storewarden import clock as product_clock
from storewarden.alerts.watching import look as watch
from storewarden.marketplaces.base import MarketplaceError, StoreType
from storewarden.orders.actions import pull_orders
from storewarden.outbox.actions import spread
from storewarden.people.actions import Actor
from storewarden.stores import actions, queries, rules
from storewarden.stores.checks import Pasted
from storewarden.stores.jobs import probe_app
from storewarden.stores.models import Credential, Store
from storewarden.stores.telling import tell_all
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world.authorizations import Grant
from temu_sandbox.world.model import App, Mall
from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.world import World
from tests.conftest import PRODUCT, VirtualTime, order_slot

DAY_S = 86_400.0
SELLER = Actor("seller@example.test")
ONLY_INFO = json.dumps(["bg.open.accesstoken.info.get"])
SLOTS = {"product": PRODUCT, "order": order_slot()}
AREAS = {"product": "cn", "order": "us"}


@dataclass
class Token:
    """The truth about one slot: the grant in Temu, since when it is dead and how, if it is."""

    kind: str
    grant: Grant
    dead_since_s: float | None = None
    how: str = ""
    alive_since_s: float = 0.0

    def ended(self, now_s: float) -> bool:
        return now_s >= self.grant.expires_at_s

    def dead_at(self, now_s: float) -> float | None:
        """Since when it is dead; an early death counts before the end of the validity."""
        if self.dead_since_s is not None:
            return self.dead_since_s
        return float(self.grant.expires_at_s) if self.ended(now_s) else None


@dataclass
class Shop:
    """One store: its mall, its row, its tokens, and how often its seller has renewed."""

    mall_id: int
    store: Store
    tokens: dict[str, Token]
    app: str
    renewals: int = 0
    plan: int = 0


@dataclass
class Year:
    """Everything that happens, in the order of time."""

    world: World
    time: VirtualTime
    seed: int
    shops: list[Shop] = field(default_factory=list)
    blind_until_s: float = 0.0
    off_until_s: float = 0.0
    deaths: int = 0
    renewals: int = 0
    orders: int = 0
    noticed_at_once: int = 0
    probes: int = 0
    outages: int = 0
    refused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.control = Control(self.world)
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.order = count()

    def at(self, when_s: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.events, (when_s, next(self.order), what))

    def soon(self, low_days: float, high_days: float) -> float:
        return self.time.now_s() + self.chance.uniform(low_days, high_days) * DAY_S

    # The beginning

    def open_shops(self, number: int) -> None:
        """Malls, grants and connected stores: three quarters semi, two fifths with 365 days."""
        for kind, secret in (("cn", "year-cn"), ("us", "year-us")):
            name = f"{secret}-secret-000000"
            self.world.directory.save_app(App(secret, name, kind, "Own app", "self"))
            actions.add_app("temu", kind, secret, Secret(name), SELLER)
        for index in range(number):
            self._open_shop(index)
            self.time.advance(self.chance.uniform(0, 60))

    def _open_shop(self, index: int) -> None:
        kind = "full" if index % 4 == 3 else "semi"
        mall_id = 700_000_000_000_000 + index
        unique = f"SEMI{mall_id}" if kind == "semi" else None
        self.world.directory.add_mall(Mall(mall_id, f"Mall {index}", 1, kind, (211,), unique))
        self._goods(mall_id, index)
        app = "year" if index % 5 < 2 else "sandbox-app"
        kinds = ("product", "order") if kind == "semi" else ("product",)
        tokens = {one: Token(one, self._grant(mall_id, app, AREAS[one])) for one in kinds}
        pasted = self._pasted(StoreType(kind), tokens.values())
        done = actions.connect(f"Store {index:04d}", pasted, SELLER)
        shop = Shop(mall_id, done.store, tokens, app)
        self.shops.append(shop)
        self._plan(shop)

    def _goods(self, mall_id: int, index: int) -> None:
        """One article, so that it can be ordered."""
        skc, sku = 8_000_000_000 + index, 9_000_000_000 + index
        write = self.world.database.write
        write(
            "INSERT INTO skcs VALUES (?, ?, ?, ?, 'Lamp', 'Red', ?, 0, 1, 1, 'Lamps')",
            (skc, mall_id, skc, skc, f"Y{index}"),
        )
        write(
            "INSERT INTO skus VALUES (?, ?, ?, ?, ?, 'S', 250000, 200, 120, 60, ?, 1, 0)",
            (sku, sku, skc, mall_id, f"Y{index}-S", f"690{sku}"),
        )

    def _grant(self, mall_id: int, app: str, area: str) -> Grant:
        every = [one.name for one in packages_of(area)]
        return self.world.authorizations.grant(mall_id, f"{app}-{area}", area, every)

    def _pasted(self, store_type: StoreType, tokens: Iterable[Token]) -> Pasted:
        return Pasted(store_type, {SLOTS[one.kind]: Secret(one.grant.token) for one in tokens})

    # What the seller and others do

    def _plan(self, shop: Shop) -> None:
        """The rest of this generation of tokens: a renewal, and perhaps an early death."""
        shop.plan += 1
        plan, first = shop.plan, min(one.grant.expires_at_s for one in shop.tokens.values())
        late = self.chance.random() < 0.2
        days = self.chance.uniform(0.5, 9) if late else -self.chance.uniform(0.2, 20)
        self.at(first + days * DAY_S, lambda: self._if_current(shop, plan, self.renew))
        left_days = (first - self.time.now_s()) / DAY_S
        if left_days > 35 and self.chance.random() < 0.2:
            when = self.soon(2, left_days - 30)
            self.at(when, lambda: self._if_current(shop, plan, self.dies_early))

    def _if_current(self, shop: Shop, plan: int, deed: Callable[[Shop], None]) -> None:
        if shop.plan == plan:
            deed(shop)

    def renew(self, shop: Shop) -> None:
        """New tokens for every slot, entered at once."""
        grants = self.world.authorizations
        for one in shop.tokens.values():
            every = [part.name for part in packages_of(AREAS[one.kind])]
            one.grant = grants.generate_new(one.grant.id, every)
            one.dead_since_s, one.how = None, ""
            one.alive_since_s = self.time.now_s()
        if self._enter(shop, list(shop.tokens.values())):
            self._plan(shop)

    def _enter(self, shop: Shop, tokens: list[Token]) -> bool:
        """The seller enters tokens; in an outage he tries again later."""
        try:
            actions.reauthorize(
                shop.store, self._pasted(StoreType(shop.store.store_type), tokens), SELLER
            )
        except actions.CheckRefused as no:
            self.refused.add(no.cause)
            again = self._mark_unknown(shop, tokens)
            plan = shop.plan
            self.at(self.soon(0.2, 0.6), lambda: self._if_current(shop, plan, again))
            return False
        for one in tokens:
            one.alive_since_s = self.time.now_s()
            one.dead_since_s, one.how = None, ""
        self.renewals += 1
        self._orders_are_here(shop)
        return True

    def _mark_unknown(self, shop: Shop, tokens: list[Token]) -> Callable[[Shop], None]:
        """What is in the slot is dead by now, since a newer one was made."""
        for one in tokens:
            one.dead_since_s, one.how = self.time.now_s(), "any"

        def again(_shop: Shop) -> None:
            if self._enter(shop, tokens):
                self._plan(shop)

        return again

    def dies_early(self, shop: Shop) -> None:
        one = self.chance.choice(list(shop.tokens.values()))
        how = self.chance.choice(["removed", "removed", "replaced", "scope"])
        self.deaths += 1
        getattr(self, f"_{how}")(shop, one)
        if one.kind == "order" and how != "scope":
            self._goes_on_selling(shop)

    def _removed(self, shop: Shop, one: Token) -> None:
        self.world.authorizations.remove(one.grant.id)
        one.dead_since_s, one.how = self.time.now_s(), "removed"
        alone, plan = self.chance.random() < 0.3, shop.plan
        self.at(self.soon(0.1, 6), lambda: self._if_current(shop, plan, lambda _: back()))

        def back() -> None:
            if one.grant.expires_at_s <= self.time.now_s():
                return  # too late to revive it; the renewal comes
            self.world.authorizations.authorize_again(one.grant.id)
            if alone:  # nobody tells us: the next probe finds it
                one.dead_since_s, one.how, one.alive_since_s = None, "", self.time.now_s()
            else:
                self._enter(shop, [one])

    def _replaced(self, shop: Shop, one: Token) -> None:
        new = self.world.authorizations.generate_new(one.grant.id)
        one.dead_since_s, one.how, plan = self.time.now_s(), "replaced", shop.plan

        def enter(_shop: Shop) -> None:
            one.grant = new
            self._enter(shop, [one])

        one.grant = new
        self.at(self.soon(0.1, 5), lambda: self._if_current(shop, plan, enter))

    def _scope(self, shop: Shop, one: Token) -> None:
        sql = "UPDATE grants SET scopes = ? WHERE id = ?"
        self.world.database.write(sql, (ONLY_INFO, one.grant.id))
        one.dead_since_s, one.how, plan = self.time.now_s(), "scope", shop.plan
        self.at(self.soon(0.1, 6), lambda: self._if_current(shop, plan, self.renew))

    # Orders

    def _goes_on_selling(self, shop: Shop) -> None:
        """Orders go on coming while nobody can pull them. Where there is traffic, one call is
        enough to notice."""
        made = self.chance.randint(1, 3)
        self.control.make_orders(shop.mall_id, made, area="us")
        self.orders += made
        if self.is_off or self.in_outage or self.chance.random() < 0.5:
            return
        row = Credential.objects.select_related("store", "app").get(store=shop.store, kind="order")
        if not queries.is_usable(row, product_clock.now()):
            return
        try:
            pull_orders(row)
        except MarketplaceError:
            self.look()
        row.refresh_from_db()
        assert row.state not in rules.USABLE, "a refused call has it noticed at once"
        self.noticed_at_once += 1

    def _orders_are_here(self, shop: Shop) -> None:
        if "order" not in shop.tokens:
            return
        row = Credential.objects.select_related("store", "app").get(store=shop.store, kind="order")
        if not queries.is_usable(row, product_clock.now()) or self.in_outage:
            return
        theirs = {one.parent_order_sn for one in self.world.orders.of_mall(shop.mall_id, limit=500)}
        if theirs - set(shop.store.orders.values_list("po", flat=True)):
            pull_orders(row)
        assert theirs == set(shop.store.orders.values_list("po", flat=True)), "a missed order"

    # Trouble

    @property
    def is_off(self) -> bool:
        return self.time.now_s() < self.off_until_s

    @property
    def in_outage(self) -> bool:
        return bool(self.control.faults())

    def outage(self, days: float) -> None:
        for area in ("cn", "us", "pa"):
            self.control.add_fault(kind="outage", area=area)
        self.outages += 1
        self.at(self.time.now_s() + days * DAY_S, self._outage_over)

    def _outage_over(self) -> None:
        self.control.clear_faults()
        self.blind_until_s = self.time.now_s()

    def switched_off(self, days: float) -> None:
        """Killed in the middle of a look: what it had claimed is claimed for a while."""
        for app in queries.apps_to_probe(product_clock.now()):
            actions.claim_probes(app, product_clock.now())
        self.off_until_s = self.blind_until_s = self.time.now_s() + days * DAY_S

    # Time

    def run_until(self, when_s: float) -> None:
        """Let happen what happens until then."""
        while self.events and self.events[0][0] <= when_s:
            at_s, _order, what = heapq.heappop(self.events)
            self.time.advance(max(0.0, at_s - self.time.now_s()))
            what()
        self.time.advance(max(0.0, when_s - self.time.now_s()))

    def look(self) -> None:
        """What the engine does in a minute: probe what is due, tell, watch, hand on."""
        for app in queries.apps_to_probe(product_clock.now()):
            for _ in range(20):
                asked = probe_app(app)
                self.probes += asked
                if asked < 500 or self.in_outage:
                    break
        tell_all()
        watch()
        while spread():
            pass


def moment(posix_s: float) -> datetime:
    return datetime.fromtimestamp(posix_s, UTC)


def days(number: float) -> timedelta:
    return timedelta(days=number)

"""Seeded weeks in virtual time: orders come and change, Temu fails, tokens die and come back.

Whatever happened, once it is quiet again every order that Temu has is here, as
Temu has it, once.
"""

import random
from collections.abc import Callable

import pytest

from storewarden.marketplaces.base import MarketplaceError, StoreType, TokenKind
from storewarden.orders import actions as order_actions
from storewarden.orders.models import Order, OrderLine
from storewarden.stores import actions, queries
from storewarden.stores.actions import CheckRefused
from storewarden.stores.checks import Pasted
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store
from storewarden.stores.probes import probe
from storewarden.vault import Secret
from temu_sandbox.control import Control
from temu_sandbox.world import seed as demo
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, VirtualTime, order_slot

FAULTS = ["lost_response", "half_body", "bad_gateway", "throttle", "system_exception", "outage"]
STATES = {1: "on_hold", 2: "to_ship", 3: "cancelled", 4: "shipped", 5: "completed"}
STEPS = 120


class Season:
    """One store, one random source, and what can happen on one day."""

    def __init__(self, made: ConnectedStore, world: World, time: VirtualTime, seed: int) -> None:
        self.store, self.world, self.time = made.store, world, time
        self.control, self.chance = Control(world), random.Random(seed)
        self.grant = made.order
        self.refused: list[str] = []
        self.control.add_fault(kind="shuffle_ties")

    def deeds(self) -> list[Callable[[], object]]:
        return [
            self.orders_come,
            self.orders_come,
            self.orders_change,
            self.one_is_cancelled,
            self.temu_fails,
            self.token_replaced,
            self.token_removed,
            self.seller_reauthorizes,
            self.pull,
            self.pull,
            self.pull,
        ]

    def orders_come(self) -> None:
        number, ties = self.chance.choice([1, 7, 30, 130]), self.chance.choice([1, 5, 50])
        self.control.make_orders(
            demo.SEMI_ONE, number, area="us", tie_every=ties, spacing_s=self.chance.choice([1, 20])
        )

    def some(self) -> list[str]:
        of_store = self.world.orders.of_mall(demo.SEMI_ONE, limit=400)
        return [one.parent_order_sn for one in of_store]

    def orders_change(self) -> None:
        if pos := self.some():
            self.control.touch_orders(self.chance.sample(pos, min(len(pos), 40)))

    def one_is_cancelled(self) -> None:
        rows = self.world.orders.of_mall(demo.SEMI_ONE, limit=400)
        if open_ones := [one.parent_order_sn for one in rows if one.status == 2]:
            self.control.cancel_order(self.chance.choice(open_ones))

    def temu_fails(self) -> None:
        times = self.chance.choice([1, 3, 12])
        self.control.add_fault(kind=self.chance.choice(FAULTS), area="us", times=times)

    def token_replaced(self) -> None:
        assert self.grant is not None
        self.grant = self.world.authorizations.generate_new(self.grant.id)

    def token_removed(self) -> None:
        assert self.grant is not None
        if self.grant.standing(self.world.clock.now_s()) == "active":
            self.grant = self.world.authorizations.remove(self.grant.id)

    def seller_reauthorizes(self) -> None:
        assert self.grant is not None
        standing = self.grant.standing(self.world.clock.now_s())
        if standing == "removed":
            self.grant = self.world.authorizations.authorize_again(self.grant.id)
        elif standing == "expired":
            self.grant = self.world.authorizations.generate_new(self.grant.id)
        pasted = Pasted(StoreType.SEMI, {order_slot(): Secret(self.grant.token)})
        try:
            actions.reauthorize(self.store, pasted, TESTER)
        except CheckRefused as no:
            self.refused.append(no.cause)

    def pull(self) -> None:
        for credential in Credential.objects.select_related("store", "app").filter(kind="order"):
            if queries.due_probes(queries.clock.now()):
                probe(credential)
        for credential in queries.usable_credentials(TokenKind.ORDER, self.store):
            try:
                order_actions.pull_orders(credential)
            except (MarketplaceError, Refusal):
                continue  # it is tried again by a later pull; that is what is tested

    def settle(self) -> None:
        """Quiet: no fault but the order of ties, a good token, one pull."""
        self.control.clear_faults()
        self.control.add_fault(kind="shuffle_ties")
        self.time.advance(120)
        self.seller_reauthorizes()
        (credential,) = queries.usable_credentials(TokenKind.ORDER, self.store)
        order_actions.pull_orders(credential)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_after_any_season_every_order_is_here_once_as_temu_has_it(
    connect: Callable[..., ConnectedStore], world: World, clock: VirtualTime, seed: int
) -> None:
    season = Season(connect(), world, clock, seed)
    world.limits.app_rate_per_s = None
    for _ in range(STEPS):
        clock.advance(season.chance.choice([5, 60, 3600, 20_000]))
        season.chance.choice(season.deeds())()
    season.settle()
    assert set(season.refused) <= {"unreachable"}, "a good token is refused for an outage alone"
    theirs = {
        one.parent_order_sn: STATES[one.status]
        for one in world.orders.of_mall(demo.SEMI_ONE, limit=1_000_000)
    }
    ours = dict(Order.objects.values_list("po", "state"))
    assert len(theirs) > 300, "a season without orders proves nothing"
    assert ours == theirs
    lines = sum(len(one.lines) for one in world.orders.of_mall(demo.SEMI_ONE, limit=1_000_000))
    assert OrderLine.objects.count() == lines
    assert Store.objects.get().pk == season.store.pk

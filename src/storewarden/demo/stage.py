"""What all steps of the story share: both sides, who acts, and how to wait for the engine."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from storewarden import clock
from storewarden.demo.narrator import Narrator
from storewarden.demo.seller import Seller
from storewarden.marketplaces.base import Slot, TokenKind
from storewarden.people.actions import Actor
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential, Store
from temu_sandbox import Control, ServedSandbox, World
from temu_sandbox.world import seed

Done = TypeVar("Done")
PRODUCT = Slot(TokenKind.PRODUCT, "cn")
ORDER_US = Slot(TokenKind.ORDER, "us")
ACTOR = Actor("demo")
AT_WORK = frozenset({"busy", "already_pulling", "lease_lost"})
PATIENCE_S = 120.0
LOOK_EVERY_S = 0.25


@dataclass
class Stage:
    """The sandbox's world, the seller before its pages, the person before ours."""

    sandbox: ServedSandbox
    narrator: Narrator
    actor: Actor = ACTOR
    tokens: dict[tuple[int, Slot], str] = field(default_factory=dict)
    stores: dict[int, Store] = field(default_factory=dict)
    orders_at_first: int = 250
    orders_missed: int = 12

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def control(self) -> Control:
        return Control(self.world)

    @property
    def seller_central(self) -> str:
        return f"{self.sandbox.base_url}/seller-central/"

    def seller(self) -> Seller:
        return Seller(self.seller_central, seed.MAIN_ACCOUNT)

    @property
    def semi(self) -> Store:
        return self.stores[seed.SEMI_ONE]

    def credential(self, store: Store, slot: Slot) -> Credential:
        rows = Credential.objects.select_related("store", "app")
        return rows.get(store=store, kind=slot.kind, area=slot.area)

    def pos_at_temu(self) -> set[str]:
        """Every PO that the sandbox has for the semi-consignment store."""
        return {one.parent_order_sn for one in self.world.orders.of_mall(seed.SEMI_ONE, 100_000)}


def when_free(deed: Callable[[], Done]) -> Done:
    """Do a deed; while the engine is at the same work, wait and try again."""
    until = clock.monotonic_s() + PATIENCE_S
    while True:
        try:
            return deed()
        except Refusal as no:
            if no.cause not in AT_WORK or clock.monotonic_s() > until:
                raise
        clock.sleep(LOOK_EVERY_S)


def wait_for(found: Callable[[], bool]) -> bool:
    """True as soon as it is so; False when it is not so within the patience."""
    until = clock.monotonic_s() + PATIENCE_S
    while not found():
        if clock.monotonic_s() > until:
            return False
        clock.sleep(LOOK_EVERY_S)
    return True

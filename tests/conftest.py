"""The sandbox in process, in virtual time, with the product on the same clock."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from storewarden import clock as product_clock
from storewarden.marketplaces.base import Slot, StoreType, TokenKind
from storewarden.marketplaces.temu import wire
from storewarden.people.actions import Actor
from storewarden.stores import actions as store_actions
from storewarden.stores.checks import Pasted
from storewarden.stores.models import DeveloperApp, Store
from storewarden.vault import Secret
from temu_openapi import Area, Gateways, Transport
from temu_sandbox.clock import WorldClock
from temu_sandbox.control import Control
from temu_sandbox.server import create_app
from temu_sandbox.world import seed
from temu_sandbox.world.authorizations import Grant
from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.world import World

START_S = 1_790_000_000.0
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
TESTER = Actor("tester@example.test")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """One Chromium a process, for every test that looks at a page."""
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest file first, so that nobody waits for it in the end; and what says something
    about SQLite alone is no test on PostgreSQL."""
    items.sort(key=lambda item: "test_a_watched_year" not in item.nodeid)
    if not os.environ.get("DATABASE_URL"):
        return
    out = [item for item in items if item.get_closest_marker("sqlite_only")]
    items[:] = [item for item in items if item not in out]
    config.hook.pytest_deselected(items=out)


class VirtualTime:
    """The product's clock, fed from the sandbox's world: one time for both."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.off_s = 0.0

    def now_s(self) -> float:
        return self.world.clock.now() + self.off_s

    def monotonic_s(self) -> float:
        return self.world.clock.now()

    def sleep(self, seconds: float) -> None:
        self.world.advance_clock(seconds)

    def advance(self, seconds: float = 0, *, days: float = 0) -> None:
        self.world.advance_clock(seconds + days * 86_400)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page asked for in Chinese leaves its language active in the thread; no test inherits it."""
    with translation.override("en"):
        yield


@pytest.fixture
def world() -> Iterator[World]:
    made = World.demo(clock=WorldClock(fixed_at_s=START_S))
    yield made
    made.close()


@pytest.fixture
def control(world: World) -> Control:
    return Control(world)


@pytest.fixture
def clock(world: World, tmp_path: Path) -> Iterator[VirtualTime]:
    """Virtual time for both sides, and the product wired to the sandbox in process."""
    time = VirtualTime(world)
    with product_clock.running_on(time):
        transport = Transport.over_wsgi(create_app(world), clock=wire.OurClock())
        bases = {area: f"http://sandbox.test/{area}" for area in Area}
        made = wire.Wire.over(transport, Gateways(bases), tmp_path / "pace", 20.0)
        with wire.using(made):
            yield time


@pytest.fixture
def apps(db: None, clock: VirtualTime) -> dict[str, DeveloperApp]:
    """The sandbox's apps, registered in the product, by area."""
    return {
        area: store_actions.add_app(
            "temu", area, f"sandbox-app-{area}", Secret(f"sandbox-secret-{area}"), TESTER
        )
        for area in ("cn", "us", "eu", "global")
    }


Granting = Callable[..., Grant]


@pytest.fixture
def grant(world: World) -> Granting:
    """Authorize the app in the sandbox: `grant(mall_id, area, without=[…packages])`."""

    def make(mall_id: int, area: str, *, app: str = "", without: tuple[str, ...] = ()) -> Grant:
        names = [one.name for one in packages_of(area) if one.name not in without]
        key = app or f"sandbox-app-{area}"
        return world.authorizations.grant(mall_id, key, area, names)

    return make


PRODUCT = Slot(TokenKind.PRODUCT, "cn")


def order_slot(area: str = "us") -> Slot:
    return Slot(TokenKind.ORDER, area)


@dataclass(frozen=True)
class ConnectedStore:
    """A connected store and the sandbox's grants behind it."""

    store: Store
    product: Grant
    order: Grant | None


@pytest.fixture
def connect(apps: dict[str, DeveloperApp], grant: Granting) -> Callable[..., ConnectedStore]:
    """Connect a semi-consignment store: `connect("Alpha", seed.SEMI_ONE)`."""

    def make(
        nickname: str = "Alpha", mall_id: int = seed.SEMI_ONE, area: str = "us"
    ) -> ConnectedStore:
        product, order = grant(mall_id, "cn"), grant(mall_id, area)
        tokens = {PRODUCT: Secret(product.token), order_slot(area): Secret(order.token)}
        done = store_actions.connect(nickname, Pasted(StoreType.SEMI, tokens), TESTER)
        return ConnectedStore(done.store, product, order)

    return make


@pytest.fixture
def semi_store(connect: Callable[..., ConnectedStore]) -> Store:
    return connect().store


@pytest.fixture
def full_store(apps: dict[str, DeveloperApp], grant: Granting) -> Store:
    product = grant(seed.FULL, "cn")
    pasted = Pasted(StoreType.FULL, {PRODUCT: Secret(product.token)})
    return store_actions.connect("Full", pasted, TESTER).store

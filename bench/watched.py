"""The desk of line 3: stores in a sandbox in process, and what the engine does in a look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storewarden import clock as product_clock
from storewarden.alerts.watching import look as watch
from storewarden.marketplaces.base import Slot, StoreType, TokenKind
from storewarden.marketplaces.temu import wire
from storewarden.orders.jobs import pull_due
from storewarden.outbox.actions import spread
from storewarden.people.actions import Actor
from storewarden.stores import actions, queries
from storewarden.stores.checks import Pasted
from storewarden.stores.jobs import probe_app
from storewarden.stores.models import Credential
from storewarden.stores.telling import tell_all
from storewarden.vault import Secret
from temu_openapi import Area, Gateways, Transport
from temu_sandbox.clock import WorldClock
from temu_sandbox.server import create_app
from temu_sandbox.world.model import Mall
from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.world import World

START_S = 1_790_000_000.0
BENCH = Actor("bench")


class Desk:
    """`number` stores, three quarters of them semi-consignment, connected by the real actions."""

    def __init__(self, timed: Callable[[Any], Any], number: int) -> None:
        self.world = World.demo(clock=WorldClock(fixed_at_s=START_S))
        self.world.limits.app_rate_per_s = None
        self.app, self.stores = timed(create_app(self.world)), number
        self.tokens = self.probes = self.pulls = 0

    def now_s(self) -> float:
        return self.world.clock.now()

    def monotonic_s(self) -> float:
        return self.world.clock.now()

    def sleep(self, seconds: float) -> None:
        """No pace is in the figure: only work costs time here."""

    @contextmanager
    def running(self) -> Iterator[None]:
        transport = Transport.over_wsgi(self.app, clock=wire.OurClock())
        gateways = Gateways({area: f"http://sandbox.test/{area}" for area in Area})
        with TemporaryDirectory() as pace, product_clock.running_on(self):
            made = wire.Wire.over(transport, gateways, Path(pace), 1e6)
            with wire.using(made):
                yield

    def settle(self) -> None:
        """Connect everything, pull once, and let each token find its place in the hour."""
        for area in ("cn", "us"):
            actions.add_app(
                "temu", area, f"sandbox-app-{area}", Secret(f"sandbox-secret-{area}"), BENCH
            )
        for index in range(self.stores):
            self._connect(index)
        self.tokens = Credential.objects.count()
        self.look(1)
        for _ in range(12):
            self.look(900)
        self.probes = self.pulls = 0

    def _connect(self, index: int) -> None:
        kind = "full" if index % 4 == 3 else "semi"
        mall_id = 700_000_000_000_000 + index
        unique = f"SEMI{mall_id}" if kind == "semi" else None
        self.world.directory.add_mall(Mall(mall_id, f"Mall {index}", 1, kind, (211,), unique))
        tokens = {Slot(TokenKind.PRODUCT, "cn"): self._token(mall_id, "cn")}
        if kind == "semi":
            tokens[Slot(TokenKind.ORDER, "us")] = self._token(mall_id, "us")
        actions.connect(f"Store {index:04d}", Pasted(StoreType(kind), tokens), BENCH)

    def _token(self, mall_id: int, area: str) -> Secret:
        every = [one.name for one in packages_of(area)]
        grant = self.world.authorizations.grant(mall_id, f"sandbox-app-{area}", area, every)
        return Secret(grant.token)

    def look(self, seconds: float) -> None:
        """What the engine does in its looks of so many seconds."""
        self.world.advance_clock(seconds)
        for app in queries.apps_to_probe(product_clock.now()):
            self.probes += probe_app(app)
        tell_all()
        self.pulls += self._pull()
        spread()
        if self.now_s() % 60 < seconds:
            watch()

    def _pull(self) -> int:
        from storewarden.orders.queries import due_pulls

        due = len(due_pulls(product_clock.now()))
        pull_due()
        return due

"""The clients of this process, made once; tests and the demo put the sandbox in their place."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from storewarden import clock, meters
from storewarden.marketplaces.base import Access
from storewarden.marketplaces.temu.pace import SharedPacer
from temu_openapi import App, Area, Client, Gateways, Token, Transport


class OurClock:
    """temu_openapi's clock, fed from the product's one door."""

    def now_s(self) -> float:
        return clock.source().now_s()

    def monotonic_s(self) -> float:
        return clock.source().monotonic_s()

    def sleep(self, seconds: float) -> None:
        clock.source().sleep(seconds)


@dataclass(frozen=True)
class Wire:
    """Two clients over one transport and one pace: a person's calls go first."""

    background: Client
    urgent: Client

    @classmethod
    def over(
        cls, transport: Transport, gateways: Gateways, folder: Path, rate_per_s: float
    ) -> "Wire":
        ours = OurClock()
        pacer = SharedPacer(ours, folder, rate_per_s)
        return cls(
            Client(transport, gateways, ours, pacer, on_call=count),
            Client(transport, gateways, ours, pacer, urgent=True, on_call=count),
        )


def count(area: Area, _api_type: str, outcome: str, seconds: float) -> None:
    """Every try of a call goes into /metrics, by area and outcome alone."""
    meters.call_done(area.value, outcome, seconds)


_wire: Wire | None = None
_making = threading.Lock()


def client(*, urgent: bool = False) -> Client:
    """The client to call with; over the network unless `using` says otherwise."""
    wire = _wire or _over_network()
    return wire.urgent if urgent else wire.background


def _over_network() -> Wire:
    global _wire
    with _making:
        if _wire is None:
            config = settings.CONFIG
            gateways = Gateways.from_environment(config.environment)
            folder = config.data / "pace"
            _wire = Wire.over(Transport.over_network(), gateways, folder, config.calls_per_second)
        return _wire


@contextmanager
def using(wire: Wire) -> Iterator[None]:
    """Call over another wire until the block ends."""
    global _wire
    before, _wire = _wire, wire
    try:
        yield
    finally:
        _wire = before


def app_and_token(access: Access) -> tuple[App, Token]:
    """What temu_openapi signs with. Secrets are revealed here and nowhere above."""
    area = Area(access.slot.area)
    app = App(area, access.app_key, access.app_secret.reveal())
    return app, Token(access.token.reveal(), area)

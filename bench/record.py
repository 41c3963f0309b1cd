"""Line 2 of the targets: orders recorded durably, from the bytes of the answer to the rows.

The pages are taken from the sandbox beforehand and played back, so that no
network and no pace is in the figure; signing, parsing, checking, the upsert
with lines, counts and timeline, and one durable transaction a page are.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench import ground, limits

HERE = Path(__file__).parent
TABLES = ("orders_order", "orders_orderline", "orders_orderevent")
PAGE = 100
NO_PACE_PER_S = 1e6
BUDGET_S = 50


@dataclass(frozen=True)
class Measured:
    orders: int
    ours_s: list[float]
    ours_cpu_s: list[float]
    again_s: list[float]
    writes_again: int
    raw_s: list[float]
    fsyncs_per_s: float

    def told(self) -> dict[str, object]:
        ours = self.orders / median(self.ours_s)
        raw = self.orders / median(self.raw_s)
        return {
            "line": "record",
            "runs": len(self.ours_s),
            "orders": self.orders,
            "ours_per_s": ours,
            "ours_runs_s": self.ours_s,
            "ours_per_cpu_s": self.orders / median(self.ours_cpu_s),
            "raw_sqlite_per_s": raw,
            "ours_to_raw": ours / raw,
            "fsyncs_per_s": self.fsyncs_per_s,
            "pages_per_s_to_fsyncs": ours / PAGE / self.fsyncs_per_s,
            "again_per_s": self.orders / median(self.again_s),
            "writes_again": self.writes_again,
            "target_per_s": 2500,
        }


@dataclass(frozen=True)
class Took:
    """One run: seconds by the clock, seconds of this process's CPU, statements that wrote."""

    seconds: float
    cpu_s: float
    writes: int


class Playback:
    """Answers each order page with the bytes that the sandbox once gave for it."""

    def __init__(self, pages: dict[int, bytes]) -> None:
        self._pages = pages

    def post(self, url: str, body: bytes, timeout_s: float) -> object:
        from temu_openapi.transport import WireAnswer

        return WireAnswer(200, {}, self._pages[json.loads(body)["pageNumber"]])


class Recording:
    """A transport in process that keeps what passes."""

    def __init__(self, inner: Any) -> None:
        self._inner, self.pages = inner, dict[int, bytes]()

    def post(self, url: str, body: bytes, timeout_s: float) -> object:
        answer = self._inner.post(url, body, timeout_s)
        self.pages[json.loads(body)["pageNumber"]] = answer.body
        return answer


def measure(orders: int, runs: int) -> Measured:
    """Runs on one fresh database each time, with the limits measured beside them."""
    with ground.folder() as made:
        data = Path(made)
        ground.use(data)
        bench = _Bench(orders, data)
        new, again, raw_s, fsyncs = [], [], [], []
        began_s = time.monotonic()
        for run in range(runs):
            if run and (time.monotonic() - began_s) * (run + 1) / run > BUDGET_S:
                break  # another run would take longer than is left
            ground.forget_orders()
            new.append(bench.record())
            again.append(bench.record())
            raw_s.append(bench.raw(run))
            fsyncs.append(limits.fsyncs_per_s(data))
    return Measured(
        orders,
        [one.seconds for one in new],
        [one.cpu_s for one in new],
        [one.seconds for one in again],
        sum(one.writes for one in again),
        raw_s,
        median(fsyncs),
    )


class _Bench:
    def __init__(self, orders: int, data: Path) -> None:
        from bench.sandbox_process import SPACING_S, prepare
        from temu_sandbox.world import seed

        world, token = prepare(orders, 0, NO_PACE_PER_S)
        days = orders * SPACING_S / 86_400 + 1
        self.credential = ground.store_with_order_token(
            seed.SEMI_ONE, "sandbox-app-us", "sandbox-secret-us", token, days
        )
        now = datetime.now(UTC)
        self.window = (now - timedelta(days=days), now)
        self.pages, self.data = -(-orders // PAGE), data
        self.bytes = self._take(world)

    def _take(self, world: Any) -> dict[int, bytes]:
        from temu_openapi import Transport
        from temu_sandbox.server import create_app

        recording = Recording(Transport.over_wsgi(create_app(world)))
        self._read_all(recording, keep=False)
        return recording.pages

    def record(self) -> Took:
        """Read all pages from their bytes, and keep them."""
        return self._read_all(Playback(self.bytes), keep=True)

    def raw(self, run: int) -> float:
        from django.conf import settings

        source = Path(str(settings.DATABASES["default"]["NAME"]))
        return limits.raw_rows_s(source, self.data / f"raw-{run}.sqlite3", TABLES, self.pages)

    def _read_all(self, transport: Any, *, keep: bool) -> Took:
        from django.db import connection

        from storewarden.marketplaces.base import OrderWindow
        from storewarden.marketplaces.registry import marketplace
        from storewarden.marketplaces.temu import wire
        from storewarden.orders.actions import record_orders
        from storewarden.stores.access import using
        from temu_openapi import Area, Gateways

        gateways = Gateways({area: f"http://sandbox.test/{area}" for area in Area})
        made = wire.Wire.over(transport, gateways, self.data / "pace", NO_PACE_PER_S)
        counter, market = _Writes(), marketplace("temu")
        store = self.credential.store
        with (
            wire.using(made),
            using(self.credential) as access,
            connection.execute_wrapper(counter),
        ):
            began_s, cpu_s = time.monotonic(), time.process_time()
            for number in range(1, self.pages + 1):
                page = market.orders(access, OrderWindow(*self.window), number)
                if keep:
                    record_orders(store, "us", page.orders, page.unreadable)
            took_s = time.monotonic() - began_s
        return Took(took_s, time.process_time() - cpu_s, counter.seen)


class _Writes:
    """Counts statements that write."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))
        return execute(sql, params, many, context)

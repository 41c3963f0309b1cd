"""The sandbox in a process of its own, served over loopback, each order page late by a set time.

Prints one JSON line when it is ready, answers "calls" on its input with how
many order pages were asked for since the last time, and ends with its input.
"""

import argparse
import json
import sys
from dataclasses import dataclass

from temu_sandbox.control import Control
from temu_sandbox.faults import Fault
from temu_sandbox.server import serve
from temu_sandbox.world import seed
from temu_sandbox.world.packages import packages_of
from temu_sandbox.world.world import World

ORDER_LIST = "bg.order.list.v2.get"
SPACING_S = 5


@dataclass(frozen=True)
class Ready:
    """What a caller needs to reach the sandbox."""

    base_url: str
    mall_id: int
    app_key: str
    app_secret: str
    token: str


def prepare(orders: int, late_ms: int, rate_per_s: float) -> tuple[World, str]:
    world = World.demo()
    Control(world).make_orders(seed.SEMI_ONE, orders, area="us", spacing_s=SPACING_S)
    names = [one.name for one in packages_of("us")]
    grant = world.authorizations.grant(seed.SEMI_ONE, "sandbox-app-us", "us", names)
    world.limits.app_rate_per_s = rate_per_s
    world.faults.add(Fault("latency", ORDER_LIST, ms=late_ms))
    return world, grant.token


def calls_seen(world: World) -> int:
    return int(str(world.faults.told()[0]["seen"]))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=10_000)
    asked.add_argument("--late-ms", type=int, default=80)
    asked.add_argument("--rate-per-s", type=float, default=20)
    given = asked.parse_args()
    world, token = prepare(given.orders, given.late_ms, given.rate_per_s)
    with serve(world, threads=16) as served:
        ready = Ready(served.base_url, seed.SEMI_ONE, "sandbox-app-us", "sandbox-secret-us", token)
        print(json.dumps(vars(ready)), flush=True)
        before = 0
        for _line in sys.stdin:
            now = calls_seen(world)
            print(json.dumps({"calls": now - before}), flush=True)
            before = now


if __name__ == "__main__":
    main()

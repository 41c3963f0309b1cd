"""The whole simulated Temu in one object."""

import math
from collections.abc import Mapping

from temu_sandbox.clock import WorldClock
from temu_sandbox.faults import Faults
from temu_sandbox.ratelimits import RateLimits
from temu_sandbox.webhook_post import Post, over_loopback
from temu_sandbox.world.addresses import Addresses
from temu_sandbox.world.authorizations import Authorizations
from temu_sandbox.world.database import Database
from temu_sandbox.world.directory import Directory
from temu_sandbox.world.goods import Goods
from temu_sandbox.world.ledger import Ledger
from temu_sandbox.world.orders import Orders
from temu_sandbox.world.parcels import Parcels
from temu_sandbox.world.webhooks import Webhooks

DEAD_TOKEN_CODES: Mapping[tuple[str, str], int] = {
    ("cn", "unknown"): 7000018,
    ("cn", "other_area"): 7000018,
    ("cn", "other_app"): 7000006,
    ("cn", "removed"): 7000018,
    ("cn", "replaced"): 7000020,
    ("cn", "expired"): 7000007,
    ("partner", "unknown"): 3000031,
    ("partner", "other_area"): 3000031,
    ("partner", "other_app"): 3000033,
    ("partner", "removed"): 3000031,
    ("partner", "replaced"): 3000034,
    ("partner", "expired"): 3000034,
}
"""Why a token is refused -> the code, for each error family. The one switch for what is UNKNOWN.

Documented: unknown, other_app and expired of both families, replaced of the partner family. The
rest (removed; replaced in the CN family; a token of another area, for which the notes name two
codes) is a choice; ``World(dead_token_codes=...)`` plays the other possibilities.
"""


class World:
    """State and rules. ``path`` is a SQLite file or ``:memory:``; the same ``seed`` and deeds give
    the same world. ``pa_family`` says which error family the PA gateway speaks (UNKNOWN: ``cn`` or
    ``partner``). ``post`` is how webhooks are sent; put ``webhook_post.over_wsgi(...)`` or any
    callable in its place to do without sockets.
    """

    def __init__(
        self,
        clock: WorldClock | None = None,
        path: str = ":memory:",
        seed: int = 1,
        *,
        pa_family: str = "cn",
        dead_token_codes: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.clock = clock or WorldClock()
        self.seed = seed
        self.pa_family = pa_family
        self.dead_token_codes = {**DEAD_TOKEN_CODES, **(dead_token_codes or {})}
        self.faults = Faults(seed)
        self.limits = RateLimits(self.clock)
        self.database = Database(path)
        self.directory = Directory(self.database)
        self.ledger = Ledger(self.database, self.clock)
        self.authorizations = Authorizations(
            self.database, self.clock, self.directory, self.ledger, seed
        )
        self.goods = Goods(self.database, self.directory, self.ledger)
        self.post: Post = over_loopback
        self.webhooks = Webhooks(self.database, self.clock, self.directory, self.ledger)
        self.orders = Orders(self.database, self.clock, self.ledger, self.webhooks, seed)
        self.parcels = Parcels(self.database, self.clock, self.directory, self.orders, self.ledger)
        self.addresses = Addresses(self.database, self.clock, self.orders)
        self._resume_clock()

    @classmethod
    def demo(
        cls,
        clock: WorldClock | None = None,
        path: str = ":memory:",
        seed: int = 1,
        *,
        pa_family: str = "cn",
        dead_token_codes: Mapping[tuple[str, str], int] | None = None,
    ) -> "World":
        """The demo world of ``seed.py``; a file that has one already is opened as it is."""
        from temu_sandbox.world.seed import sow

        world = cls(clock, path, seed, pa_family=pa_family, dead_token_codes=dead_token_codes)
        if not world.directory.sellers():
            sow(world)
        return world

    def family(self, gateway: str) -> str:
        """The error family of a gateway: ``cn`` or ``partner``."""
        if gateway == "pa":
            return self.pa_family
        return "cn" if gateway == "cn" else "partner"

    def advance_clock(self, seconds: float) -> float:
        """Move the world's time; kept in the file, so that a reopened world has not gone back."""
        if not math.isfinite(seconds):
            raise ValueError(f"The clock cannot be moved by {seconds} seconds.")
        self.clock.advance(seconds)
        self.database.write(
            "INSERT INTO meta VALUES ('clock_offset_s', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (str(self.clock.offset_s),),
        )
        return self.clock.offset_s

    def close(self) -> None:
        self.database.close()

    def _resume_clock(self) -> None:
        saved = self.database.value("SELECT value FROM meta WHERE key = 'clock_offset_s'")
        if saved is not None and self.clock.offset_s == 0:
            self.clock.advance(float(saved))

"""Line 3: a thousand stores supervised, and their orders polled every minute, by one process.

Ten minutes of virtual time in process: every probe and every pull is signed, sent to the sandbox
by WSGI, answered, and recorded durably. What the sandbox itself costs is measured apart and taken
off, since Temu does not run on this machine. The limit is the time that passes: at a ratio of 1 a
whole core would be busy all the time.
"""

import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bench import ground

STORES = 1000
MINUTES = 10
LOOK_EVERY_S = 15


@dataclass(frozen=True)
class Measured:
    stores: int
    tokens: int
    minutes: int
    probes: int
    pulls: int
    cpu_s: float
    sandbox_s: float
    memory_mb: float

    def told(self) -> dict[str, object]:
        ours = self.cpu_s - self.sandbox_s
        return {
            "line": "watch",
            "runs": 1,
            "stores": self.stores,
            "tokens": self.tokens,
            "minutes": self.minutes,
            "probes": self.probes,
            "pulls": self.pulls,
            "cpu_s": self.cpu_s,
            "sandbox_s": self.sandbox_s,
            "ours_to_a_core": ours / (self.minutes * 60),
            "memory_mb": self.memory_mb,
            "target": 0.5,
        }


class Timed:
    """A WSGI application that keeps how much CPU its answers took."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app, self.seconds = app, 0.0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        began = time.thread_time()
        answer = list(self._app(environ, start))
        self.seconds += time.thread_time() - began
        return answer


def measure(stores: int = STORES, minutes: int = MINUTES) -> Measured:
    with ground.folder() as data:
        ground.use(_path(data))
        from bench.watched import Desk

        desk = Desk(Timed, stores)
        with desk.running():
            return _minutes(desk, minutes)


def _path(text: str) -> Any:
    from pathlib import Path

    return Path(text)


def _minutes(desk: Any, minutes: int) -> Measured:
    desk.settle()
    began, before = time.process_time(), desk.app.seconds
    for _ in range(minutes * 60 // LOOK_EVERY_S):
        desk.look(LOOK_EVERY_S)
    return Measured(
        desk.stores,
        desk.tokens,
        minutes,
        desk.probes,
        desk.pulls,
        time.process_time() - began,
        desk.app.seconds - before,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )

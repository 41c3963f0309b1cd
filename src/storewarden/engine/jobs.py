"""The list of jobs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connections

Work = Callable[..., object]


@dataclass(frozen=True)
class Job:
    """One job: its name, what it does, and how often it looks (0: only when asked)."""

    name: str
    work: Work
    every_s: int


_jobs: dict[str, Job] = {}


def job(name: str, *, every_s: int = 0) -> Callable[[Work], Work]:
    """Register a function as a job. Seconds must divide a minute or an hour evenly."""

    def register(work: Work) -> Work:
        _jobs[name] = Job(name, work, every_s)
        return work

    return register


def known_jobs() -> dict[str, Job]:
    return dict(_jobs)


def run_once(name: str, *args: str) -> object:
    """Run a job here and now, as the engine would, giving its database connections back."""
    if connections["default"].in_atomic_block:  # a caller's transaction keeps its connection
        return _jobs[name].work(*args)
    close_old_connections()
    try:
        return _jobs[name].work(*args)
    finally:
        connections.close_all()

"""What the work needs: a database, its tables, keys that open it, and an engine that turns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from storewarden import engine
from storewarden.stores.access import app_secret
from storewarden.stores.models import DeveloperApp
from storewarden.vault import KeyProblem, SealBroken

LONGEST_SILENCE_S = 120.0
NO_DATABASE = "The database does not answer. Check it and DATABASE_URL; storewarden doctor helps."
NO_TABLES = "The database is not up to date: run storewarden migrate."
NO_KEYS = (
    "The keys of this process do not open what the database holds. "
    "Put the right ones back: STOREWARDEN_KEYS, or the file in the data folder."
)
NO_ENGINE = "The engine of this process has not taken up a job for two minutes. Restart it."


@dataclass(frozen=True)
class Readiness:
    """Each part: it is well, it is not, or (None) it could not be looked at or is not here."""

    parts: Mapping[str, bool | None]
    why: str


def look() -> Readiness:
    """The first part that is not well gives the reason."""
    engine_turns = turns()
    tables, keys = None, None
    try:
        tables = up_to_date()
        keys = keys_fit() if tables else None
    except DatabaseError:
        database = False
    else:
        database = True
    parts = {"database": database, "tables": tables, "keys": keys, "engine": engine_turns}
    reasons = {"database": NO_DATABASE, "tables": NO_TABLES, "keys": NO_KEYS, "engine": NO_ENGINE}
    return Readiness(parts, next((reasons[name] for name in parts if parts[name] is False), ""))


def turns() -> bool | None:
    """Whether the engine takes up jobs; None in a process without one."""
    silent_s = engine.silent_for_s()
    return None if silent_s is None else silent_s <= LONGEST_SILENCE_S


def up_to_date() -> bool:
    """Whether every migration of this version has been applied."""
    return known_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Read from the disk once, for they are part of the program."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def keys_fit() -> bool:
    """Whether a stored secret opens with the keys of this process; true while there is none."""
    app = DeveloperApp.objects.order_by("-created_at").first()
    try:
        return app is None or bool(app_secret(app))
    except (SealBroken, KeyProblem):
        return False

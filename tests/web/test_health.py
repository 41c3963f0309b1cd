"""What a watcher of the process is told."""

from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storewarden.engine import known_jobs, runtime
from storewarden.stores.models import DeveloperApp
from storewarden.vault import KeyRing, ring, use_ring
from tests.web import factories

WELL = {"ready": True, "database": True, "tables": True, "keys": True, "engine": None}


def test_alive_is_told_without_a_database_and_without_signing_in() -> None:
    answer = Client().get("/livez")
    assert (answer.status_code, answer.json()["alive"]) == (200, True)


def test_ready_is_told_when_the_database_answers(db: None) -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, WELL)


def test_not_ready_is_told_in_words_when_the_database_does_not_answer(db: None) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("disk I/O error")):
        answer = Client().get("/readyz")
    assert answer.status_code == 503
    told = answer.json()
    assert (told["ready"], told["database"], told["tables"], told["keys"]) == (
        False,
        False,
        None,
        None,
    )
    assert "does not answer" in told["why"]
    assert "disk I/O" not in answer.content.decode()


def test_a_migration_that_was_not_applied_is_told(db: None) -> None:
    MigrationRecorder(connection).record_unapplied("stores", "0001_initial")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["tables"]) == (True, False)
    assert "storewarden migrate" in answer.json()["why"]


def test_a_newer_database_than_this_version_is_ready(db: None) -> None:
    MigrationRecorder(connection).record_applied("stores", "9999_of_the_next_version")
    assert Client().get("/readyz").status_code == 200


def test_keys_that_open_what_is_stored_are_well(apps: dict[str, DeveloperApp]) -> None:
    assert Client().get("/readyz").json()["keys"] is True


@pytest.mark.parametrize("keys", [{1: bytes(32)}, {7: bytes(32)}], ids=["another", "no such"])
def test_keys_that_do_not_open_what_is_stored_are_told(
    apps: dict[str, DeveloperApp], keys: dict[int, bytes]
) -> None:
    right = ring()
    use_ring(KeyRing(keys))
    try:
        answer = Client().get("/readyz")
    finally:
        use_ring(right)
    assert (answer.status_code, answer.json()["keys"]) == (503, False)
    assert "STOREWARDEN_KEYS" in answer.json()["why"]


@pytest.mark.parametrize(("silent_s", "well"), [(0, True), (119, True), (121, False)])
def test_an_engine_that_took_up_no_job_for_two_minutes_is_told(
    db: None,
    noon: factories.StoppedClock,
    monkeypatch: pytest.MonkeyPatch,
    silent_s: float,
    well: bool,
) -> None:
    monkeypatch.setattr(runtime, "_beat_s", noon.monotonic_s() - silent_s)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["engine"]) == (200 if well else 503, well)
    assert well or "engine" in answer.json()["why"]


def test_an_engine_that_is_silent_is_told_also_when_the_database_is_gone(
    db: None, noon: factories.StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "_beat_s", noon.monotonic_s() - 500)
    with patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        told = Client().get("/readyz").json()
    assert (told["database"], told["engine"]) == (False, False)


def test_a_job_that_runs_is_a_beat(db: None, noon: factories.StoppedClock) -> None:
    runtime._run(known_jobs()["outbox.forget"])
    try:
        assert Client().get("/readyz").json()["engine"] is True
        noon.sleep(300)
        assert Client().get("/readyz").json()["engine"] is False
    finally:
        runtime._beat_s = None


def test_a_job_that_breaks_is_a_beat_too(db: None, noon: factories.StoppedClock) -> None:
    try:
        with pytest.raises(KeyError):
            runtime._run(runtime.Job("no.such.job", print, 0))
        assert Client().get("/readyz").json()["engine"] is True
    finally:
        runtime._beat_s = None


def test_no_secret_is_in_the_answer(apps: dict[str, DeveloperApp]) -> None:
    assert "sandbox-secret" not in Client().get("/readyz").content.decode()


def test_asking_stays_cheap(apps: dict[str, DeveloperApp]) -> None:
    Client().get("/readyz")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        Client().get("/readyz")
    assert len(seen) <= 4

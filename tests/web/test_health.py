"""What a watcher of the process is told."""

from unittest.mock import patch

from django.db import OperationalError, connection
from django.test import Client


def test_alive_is_told_without_a_database_and_without_signing_in() -> None:
    answer = Client().get("/livez")
    assert (answer.status_code, answer.json()["alive"]) == (200, True)


def test_ready_is_told_when_the_database_answers(db: None) -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


def test_not_ready_is_told_in_words_when_the_database_does_not_answer(db: None) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("disk I/O error")):
        answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "storewarden migrate" in answer.json()["why"]
    assert "disk I/O" not in answer.content.decode()

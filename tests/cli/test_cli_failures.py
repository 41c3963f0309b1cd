"""Errors end in a sentence, a stable cause and exit code 1; never in a traceback."""

import json
import logging
from pathlib import Path

import click
import pytest
from django.conf import settings
from django.db.utils import OperationalError, ProgrammingError

from storewarden.cli import early, failures, root, starting
from storewarden.config import BadSetting
from storewarden.engine import EngineBusy
from storewarden.marketplaces.base import Cause, Refused, Unreachable
from storewarden.stores import queries
from storewarden.vault import KeyProblem, SealBroken
from tests.cli.kit import refused, run, told

CANARY = "canarytoken" + "7x" * 30


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (Refused(Cause.APP_BLOCKED, 3000022, "suspended"), "app_blocked"),
        (Unreachable("timeout"), "unreachable"),
        (BadSetting("x"), "bad_setting"),
        (KeyProblem("x"), "key_problem"),
        (EngineBusy("x"), "engine_busy"),
        (OperationalError("no such table: stores_store"), "database_not_ready"),
        (ProgrammingError('relation "x" does not exist'), "database_not_ready"),
        (OperationalError("disk I/O error"), "database_unreachable"),
        (PermissionError(13, "Permission denied", "/data"), "machine"),
    ],
)
def test_an_expected_error_has_its_cause(error: Exception, cause: str) -> None:
    refusal = failures.in_words(error)
    assert refusal is not None
    assert refusal.cause == cause
    assert refusal.sentence


def test_temus_code_is_told() -> None:
    refusal = failures.in_words(Refused(Cause.TOKEN_EXPIRED, 7000007, "expired"))
    assert refusal is not None
    assert refusal.code == "7000007"


class Broken:
    """Stands in for a fault of ours, with a secret in its text."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, *_args: object, **_kwargs: object) -> list[object]:
        raise self.error


@pytest.fixture
def log() -> Path:
    file = settings.CONFIG.data / starting.LOG_FILE
    file.unlink(missing_ok=True)
    return Path(file)


@pytest.mark.django_db
def test_a_fault_of_ours_is_a_reference_here_and_a_masked_traceback_in_the_log(
    monkeypatch: pytest.MonkeyPatch, log: Path
) -> None:
    monkeypatch.setattr(queries, "apps", Broken(RuntimeError(f"access_token={CANARY}")))
    result = run("apps", "list", "--json")
    no = json.loads(result.stdout)["refused"]
    assert (result.exit_code, no["cause"]) == (1, "unexpected")
    assert "Traceback" not in result.output
    written = log.read_text()
    assert "Traceback" in written
    assert no["sentence"].split("reference ")[1][:8] in written
    assert CANARY not in written + result.output
    assert log.stat().st_mode & 0o077 == 0


def test_what_other_libraries_log_is_masked_too(tmp_path: Path) -> None:
    with starting.log_into(tmp_path / "log"):
        logging.getLogger("somebody").warning("access_token=%s", CANARY)
    assert CANARY not in (tmp_path / "log").read_text()
    assert "somebody" in (tmp_path / "log").read_text()


@pytest.mark.django_db
def test_a_secret_that_does_not_open_says_which_keys_to_look_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "apps", Broken(SealBroken("x")))
    assert refused("apps", "list")["cause"] == "seal_broken"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (BadSetting("STOREWARDEN_PORT is 'x'"), "bad_setting"),
        (KeyProblem("no key"), "key_problem"),
        (PermissionError(13, "Permission denied", "/data"), "machine"),
        (ValueError(f"postgres://user:{CANARY}@host"), "cannot_start"),
    ],
)
def test_before_django_runs_errors_are_sentences_too(error: Exception, cause: str) -> None:
    refusal = early.in_words(error)
    assert refusal.cause == cause
    assert CANARY not in f"{refusal.sentence} {refusal.next_step}"


@pytest.mark.parametrize("name", root.COMMANDS)
def test_every_command_has_help_and_takes_json(name: str) -> None:
    command = root.main.get_command(click.Context(root.main), name)
    assert command is not None
    commands = getattr(command, "commands", {"": command})
    for one in commands.values():
        assert one.help
        assert any("--json" in parameter.opts for parameter in one.params), one.name


@pytest.mark.parametrize("name", root.COMMANDS)
def test_no_command_takes_a_secret_as_an_argument(name: str) -> None:
    command = root.main.get_command(click.Context(root.main), name)
    for one in getattr(command, "commands", {"": command}).values():
        for parameter in one.params:
            secret = {"secret", "password", "token", "tokens"} & set(str(parameter.name).split("_"))
            assert not secret or parameter.is_flag, (one.name, parameter.name)


def test_an_unknown_command_is_wrong_usage() -> None:
    assert run("nonsense").exit_code == 2
    assert run("stores", "nonsense").exit_code == 2


@pytest.mark.django_db
def test_json_is_all_that_stands_on_standard_output() -> None:
    assert told("apps", "list") == {"apps": []}

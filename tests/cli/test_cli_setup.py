"""`storewarden migrate`, `createowner` and `doctor`."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from storewarden.people.models import User
from storewarden.stores.models import DeveloperApp
from temu_sandbox.control import Control
from tests.cli.kit import refused, run, told
from tests.conftest import VirtualTime

PASSWORD = "a-test-password-1"
OWNER = ("createowner", "--email", "owner@example.test", "--password-stdin")


@pytest.mark.django_db
def test_an_owner_is_made_with_the_password_from_standard_input() -> None:
    assert told(*OWNER, stdin=PASSWORD + "\n")["owner"]["email"] == "owner@example.test"
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
def test_the_password_is_asked_for_twice_and_never_shown() -> None:
    result = run("createowner", "--email", "o@example.test", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "short", "password123", "x" * 2_000_000])
def test_a_weak_password_is_refused(text: str) -> None:
    assert refused(*OWNER, stdin=text)["cause"] in ("cannot_make_owner", "bad_input")
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "nobody", "a b@c.d", "<b>@x.test", "x" * 400 + "@x.test"])
def test_a_bad_address_is_refused(email: str) -> None:
    wanted = ("createowner", "--email", email, "--password-stdin")
    assert refused(*wanted, stdin=PASSWORD)["cause"] == "cannot_make_owner"


@pytest.mark.django_db
def test_the_same_address_twice_is_refused() -> None:
    told(*OWNER, stdin=PASSWORD)
    assert refused(*OWNER, stdin=PASSWORD)["cause"] == "cannot_make_owner"


def checks(code: int) -> dict[str, bool | None]:
    answer = told("doctor", code=code)
    assert answer["ok"] == (code == 0)
    return {one["check"]: one["ok"] for one in answer["checks"]}


@pytest.fixture
def free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """No matter what runs on this machine's port 8600."""
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, port=0))


@pytest.mark.django_db
def test_a_sound_installation_is_told_to_be_sound(free_port: None) -> None:
    found = checks(0)
    assert found == {
        "data_folder": True, "keys": True, "database": True, "port": True, "gateway": None,
    }  # fmt: skip


def test_each_apps_gateway_is_asked(free_port: None, apps: dict[str, DeveloperApp]) -> None:
    found = checks(0)
    assert all(found[f"gateway:{area}"] for area in apps)


def test_a_gateway_that_does_not_answer_is_found(
    free_port: None, apps: dict[str, DeveloperApp], control: Control
) -> None:
    control.add_fault("outage", area="us")
    found = checks(1)
    assert (found["gateway:us"], found["gateway:eu"]) == (False, True)


def test_an_app_that_temu_has_suspended_is_found(
    free_port: None, apps: dict[str, DeveloperApp], control: Control
) -> None:
    control.suspend_app("sandbox-app-eu")
    assert checks(1)["gateway:eu"] is False


def test_a_clock_that_is_off_is_found(
    free_port: None, apps: dict[str, DeveloperApp], clock: VirtualTime, world_ahead: None
) -> None:
    answer = told("doctor", code=1)
    wrong = {one["check"]: one["sentence"] for one in answer["checks"] if one["ok"] is False}
    assert set(wrong) == {"clock"}
    assert "3600 seconds" in wrong["clock"] or "3599 seconds" in wrong["clock"]


@pytest.fixture
def world_ahead(clock: VirtualTime, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's clock is an hour behind Temu's."""
    monkeypatch.setattr(clock, "now_s", lambda: clock.world.clock.now() - 3600)


@pytest.mark.django_db
def test_a_data_folder_that_others_can_read_is_found(free_port: None) -> None:
    folder: Path = settings.CONFIG.data
    before = folder.stat().st_mode
    folder.chmod(0o755)
    try:
        assert checks(1)["data_folder"] is False
    finally:
        os.chmod(folder, before)


@pytest.mark.django_db
def test_a_person_reads_marks_and_sentences(free_port: None) -> None:
    assert "✓ The key ring holds version 1." in run("doctor").stdout

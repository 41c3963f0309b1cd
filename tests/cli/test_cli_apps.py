"""`storewarden apps`."""

import pytest

from storewarden.stores.access import app_secret
from storewarden.stores.models import DeveloperApp, Store
from tests.cli.kit import refused, run, told

SECRET = "test-app-secret-0123456789"
ADD = ("apps", "add", "--area", "us", "--key", "test-key", "--secret-stdin")


@pytest.mark.django_db
def test_an_app_is_registered_with_its_secret_from_standard_input() -> None:
    answer = told(*ADD, stdin=SECRET + "\n")
    assert (answer["app"]["area"], answer["app"]["app_key"]) == ("us", "test-key")
    assert app_secret(DeveloperApp.objects.get()).reveal() == SECRET


@pytest.mark.django_db
def test_the_secret_is_asked_for_without_echo() -> None:
    result = run("apps", "add", "--area", "us", "--key", "test-key", stdin=SECRET + "\n")
    assert result.exit_code == 0
    assert app_secret(DeveloperApp.objects.get()).reveal() == SECRET
    assert SECRET not in result.output


@pytest.mark.django_db
def test_no_output_ever_shows_an_app_secret() -> None:
    outputs = [run(*ADD, stdin=SECRET), run("apps", "list"), run("apps", "list", "--json")]
    assert all(SECRET not in one.output for one in outputs)
    assert "test-key" in outputs[1].output


def test_there_is_no_option_for_a_secret() -> None:
    result = run("apps", "add", "--area", "us", "--key", "k", "--secret", SECRET)
    assert result.exit_code == 2


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "   ", "two words", "x" * 300, "nul\x00here"])
def test_an_unfit_secret_is_refused_and_nothing_is_stored(text: str) -> None:
    assert refused(*ADD, stdin=text)["cause"] == "app_secret_unfit"
    assert not DeveloperApp.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("raw", [b"a" * 10_000_000, b"\xff\xfe\x00"], ids=["10 MB", "no UTF-8"])
def test_standard_input_that_is_no_secret_is_refused(raw: bytes) -> None:
    assert refused(*ADD, stdin=raw)["cause"] == "bad_input"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 200, "a\u202eb"])
def test_an_unfit_app_key_is_refused(key: str) -> None:
    wanted = ("apps", "add", "--area", "us", "--key", key, "--secret-stdin")
    assert refused(*wanted, stdin=SECRET)["cause"] == "app_key_unfit"


def test_an_unknown_area_is_wrong_usage() -> None:
    assert run("apps", "add", "--area", "mars", "--key", "k", "--secret-stdin").exit_code == 2


def test_an_app_is_forgotten(apps: dict[str, DeveloperApp]) -> None:
    answer = told("apps", "remove", "--area", "eu", "--key", "sandbox-app-eu")
    assert answer["removed"]["app_key"] == "sandbox-app-eu"
    assert not DeveloperApp.objects.filter(area="eu").exists()


def test_an_app_in_use_is_kept(semi_store: Store) -> None:
    no = refused("apps", "remove", "--area", "us", "--key", "sandbox-app-us")
    assert no["cause"] == "app_in_use"
    assert "Alpha" in no["sentence"]


@pytest.mark.django_db
def test_an_unknown_app_is_refused() -> None:
    assert refused("apps", "remove", "--area", "us", "--key", "nobody")["cause"] == "no_such_app"

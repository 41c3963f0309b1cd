"""Who asks: the address that a client cannot choose."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import RequestFactory

from storewarden.throttle import client_of


def asked(**headers: str) -> str:
    return client_of(RequestFactory().get("/", **headers))  # type: ignore[arg-type]


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, https=True))


def test_without_a_proxy_it_is_the_address_of_the_connection() -> None:
    assert asked(REMOTE_ADDR="192.0.2.7") == "192.0.2.7"


def test_without_a_proxy_nobody_can_claim_another_address() -> None:
    assert not settings.CONFIG.https
    assert asked(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.1") == "192.0.2.7"


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    ("told", "client"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the first is what the client sent
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        ("", "192.0.2.7"),
        ("unknown", "192.0.2.7"),
        ("198.51.100.1, <script>", "192.0.2.7"),
        ("x" * 100_000, "192.0.2.7"),
        ("\u202e1.2.3.4", "192.0.2.7"),
    ],
)
def test_behind_a_proxy_it_is_the_last_address_that_was_forwarded(told: str, client: str) -> None:
    assert asked(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=told) == client


def test_all_addresses_of_one_home_are_one_client() -> None:
    first, second = asked(REMOTE_ADDR="2001:db8:1:2::1"), asked(REMOTE_ADDR="2001:db8:1:2:ffff::9")
    assert first == second == "2001:db8:1:2::/64"
    assert asked(REMOTE_ADDR="2001:db8:1:3::1") != first


def test_an_old_address_in_new_clothes_is_the_same_client() -> None:
    assert asked(REMOTE_ADDR="::ffff:192.0.2.7") == "192.0.2.7"


def test_a_connection_without_an_address_has_a_key_too() -> None:
    assert asked(REMOTE_ADDR="") == "unknown"

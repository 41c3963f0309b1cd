"""Nothing is reachable without signing in, but what must be."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web import factories

OPEN = {
    "accounts/login/",
    "accounts/logout/",
    "accounts/inactive/",
    "first-visit/",
    "i18n/setlang/",
    "livez",
    "readyz",
    "metrics",
    "calendar/x.ics",
    "renew/x/",
    "renew/x/check/",
    "hooks/x/00000000-0000-0000-0000-000000000001/",
}
SAMPLES: dict[str, Any] = {
    "IntConverter": 1,
    "UUIDConverter": UUID(int=1),
    "StringConverter": "x",
    "SlugConverter": "x",
    "PathConverter": "x",
}


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every route with a sample in place of each argument."""
    for entry in resolver.url_patterns:
        route = before + filled(entry)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        else:
            yield route


def filled(entry: URLPattern | URLResolver) -> str:
    route = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__
        for spelled in (f"<{kind.removesuffix('Converter').lower()}:{name}>", f"<{name}>"):
            route = route.replace(spelled, str(SAMPLES[kind]))
    return route.replace("<str:", "<")


def all_addresses() -> list[str]:
    return sorted(set(addresses(get_resolver())))


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_in_is_needed_everywhere(db: None, method: str) -> None:
    factories.owner()
    through = []
    for route in all_addresses():
        answer = getattr(Client(), method)(f"/{route}")
        walled = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        if not walled and route not in OPEN:
            through.append((route, answer.status_code))
    assert through == []


def test_every_address_was_filled_in_for_the_walk() -> None:
    assert [route for route in all_addresses() if "<" in route or "^" in route] == []
    assert "preferences/" in all_addresses()


@pytest.mark.parametrize(
    "path", ["accounts/signup/", "accounts/password/reset/", "accounts/email/"]
)
def test_nobody_can_sign_up_or_reset_a_password_by_himself(db: None, path: str) -> None:
    factories.owner()
    assert Client().get(f"/{path}").status_code == 404
    assert Client().post(f"/{path}").status_code == 404

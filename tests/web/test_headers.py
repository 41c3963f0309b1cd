"""Every answer carries the security headers."""

import pytest
from django.test import Client

from tests.web import factories

PAGES = ["/", "/accounts/login/", "/preferences/", "/nowhere/", "/livez", "/readyz", "/search/?q=x"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_page_carries_the_security_headers(db: None, path: str, signed_in: bool) -> None:
    factories.owner()
    client = factories.reader() if signed_in else Client()
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store" or "no-store" in headers["Cache-Control"]


def test_the_first_visit_page_carries_them_too(db: None) -> None:
    headers = Client().get("/first-visit/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_a_static_file_may_be_kept_by_the_browser(db: None) -> None:
    answer = Client().get("/static/web/desk.css")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]


def test_the_cookies_are_not_sent_to_other_sites(db: None) -> None:
    factories.owner()
    client = Client()
    client.post("/accounts/login/", {"login": factories.EMAIL, "password": factories.PASSWORD})
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"

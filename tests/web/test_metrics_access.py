"""Whom /metrics answers: the holder of the token, or without one a reader on this machine."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as ours
from django.test import Client

TOKEN = "a-metrics-token-of-32-characters"


def set_up(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    monkeypatch.setattr(ours, "CONFIG", replace(ours.CONFIG, **changes))


OUTSIDE = {"REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "localhost"}


def asked(**more: Any) -> int:
    return Client().get("/metrics", **more).status_code


class TestWhoMayRead:
    @pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8600", "[::1]:8600"])
    def test_without_a_token_a_reader_on_this_machine(
        self, db: None, address: str, host: str
    ) -> None:
        assert asked(REMOTE_ADDR=address, HTTP_HOST=host) == 200

    @pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "::2", "", "unix:"])
    def test_and_nobody_else(self, db: None, address: str) -> None:
        answer = Client().get("/metrics", REMOTE_ADDR=address, HTTP_HOST="localhost")
        assert answer.status_code == 403
        assert "STOREWARDEN_METRICS_TOKEN" in answer.content.decode()
        assert "storewarden_" not in answer.content.decode()

    @pytest.mark.parametrize(
        "mark",
        ["FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO",
         "X_REAL_IP"],
    )  # fmt: skip
    def test_not_through_a_proxy_on_this_machine(self, db: None, mark: str) -> None:
        local = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}
        assert asked(**local, **{f"HTTP_{mark}": "127.0.0.1"}) == 403

    def test_not_under_another_name_than_this_machines_own(self, db: None, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["desk.example.test"]
        assert asked(REMOTE_ADDR="127.0.0.1", HTTP_HOST="desk.example.test") == 403

    def test_not_where_a_proxy_speaks_https_in_front(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_up(monkeypatch, https=True)
        assert asked(REMOTE_ADDR="127.0.0.1", HTTP_HOST="localhost") == 403

    def test_with_a_token_whoever_sends_it(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        set_up(monkeypatch, metrics_token=TOKEN, https=True)
        assert asked(**OUTSIDE, HTTP_AUTHORIZATION=f"Bearer {TOKEN}") == 200
        assert asked(**OUTSIDE, HTTP_AUTHORIZATION=f"bearer  {TOKEN} ") == 200

    @pytest.mark.parametrize(
        "sent",
        ["", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", f"Basic {TOKEN}",
         TOKEN, "Bearer é", "Bearer 令牌", "Bearer " + "x" * 100_000],
        ids=range(10),
    )  # fmt: skip
    def test_and_nobody_else_then_not_even_on_this_machine(
        self, db: None, monkeypatch: pytest.MonkeyPatch, sent: str
    ) -> None:
        set_up(monkeypatch, metrics_token=TOKEN)
        here = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}
        answer = Client().get("/metrics", HTTP_AUTHORIZATION=sent, **here)
        assert answer.status_code == 403
        assert TOKEN not in answer.content.decode()

    def test_it_can_only_be_read(self, db: None) -> None:
        assert Client().post("/metrics").status_code == 405

    def test_it_is_open_before_the_first_visit(self, db: None) -> None:
        assert b"storewarden_build_info" in Client().get("/metrics", HTTP_HOST="localhost").content

    def test_the_answer_is_in_prometheus_own_form(self, db: None) -> None:
        answer = Client().get("/metrics", HTTP_HOST="localhost")
        assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert answer["Cache-Control"] == "no-store"

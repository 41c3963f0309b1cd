"""Messages in words: what, until when, the one next step, the link; in the reader's language."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from storewarden import clock
from storewarden.alerts import letters, links, wording
from storewarden.alerts.letters import Letter
from storewarden.alerts.models import Channel, Message
from storewarden.stores.models import Store
from tests.alerts.kit import bare_store, item
from tests.web.factories import NOON, StoppedClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def noon():
    with clock.running_on(StoppedClock(NOON)):
        yield


def written(
    *items: dict[str, Any], kind: str = "digest", language: str = "en", zone: str = "UTC"
) -> Letter:
    message = Message(kind=kind, at=clock.now(), items=list(items))
    found = letters.letter(message, Channel(name="Group", language=language), zone)
    assert found is not None
    return found


def stores(number: int) -> list[Store]:
    return [bare_store(f"Store {one:02d}", str(7000 + one)) for one in range(number)]


class TestOneStore:
    def test_an_ending_token_says_what_until_when_what_to_do_and_where(self) -> None:
        alpha = bare_store("Alpha")
        told = written(item(alpha, 7))
        assert told.title == "Storewarden: “Alpha”: 7 days left"
        assert told.body.splitlines() == [
            "“Alpha”: The order shipping token (US) works until 2026-05-11 15:00, 7 days left.",
            "Make a new token in Temu and enter it under Reauthorize.",
            f"http://127.0.0.1:8600{links.reauthorize(alpha)}",
        ]

    def test_its_two_tokens_that_end_together_make_one_line(self) -> None:
        alpha = bare_store("Alpha")
        told = written(item(alpha, 7), item(alpha, 7, token="product:cn"))
        assert told.body.count("Alpha") == 1
        assert "order shipping token (US), product stock token" in told.body

    def test_a_dead_token_says_why_and_its_own_next_step(self) -> None:
        told = written(item(bare_store("Alpha"), 40, kind="dead", cause="disconnected"))
        assert told.title == "Storewarden: “Alpha”: a token does not work"
        assert "Disconnected in Seller Central." in told.body
        assert "copy the same token" in told.body

    def test_an_estimated_end_is_called_so(self) -> None:
        assert "(estimated)" in written(item(bare_store("Alpha"), estimated=True)).body

    def test_the_last_day_is_told_in_words(self) -> None:
        assert "less than a day left" in written(item(bare_store("Alpha"), 0)).title

    def test_the_second_person_reads_why(self) -> None:
        told = written(item(bare_store("Alpha"), 3), kind="second")
        assert told.body.startswith("Nobody has acknowledged this for 24 hours")

    def test_times_are_told_in_the_zone_of_the_settings(self) -> None:
        told = written(item(bare_store("Alpha"), 7), zone="Asia/Shanghai")
        assert "2026-05-11 23:00" in told.body


class TestManyStores:
    def test_eighty_stores_stay_readable(self) -> None:
        days = [0, 1, 3, 7, 14, 30]
        told = written(*(item(one, days[n // 14]) for n, one in enumerate(stores(80))))
        lines = told.body.splitlines()
        assert told.title == "Storewarden: 80 stores need new tokens"
        assert len(lines) < 35
        assert sum(line.startswith("•") for line in lines) == 20
        assert "and 60 more" in lines
        assert lines[-1].endswith(links.queue())

    def test_the_gravest_stand_first_under_their_days(self) -> None:
        found = stores(7)
        dead = item(found[0], 40, kind="dead", cause="expired")
        told = written(dead, *(item(one, n) for n, one in enumerate(found[1:], start=1)))
        heads = [line for line in told.body.splitlines() if re.match(r"Does|\d", line)]
        assert heads[:3] == ["Does not work", "1 day left", "2 days left"]
        assert "1 store has a token that does not work" in told.title

    def test_up_to_five_stores_each_have_their_step_and_their_link(self) -> None:
        found = stores(5)
        told = written(*(item(one) for one in found))
        assert all(links.reauthorize(one) in told.body for one in found)


class TestOtherNews:
    SINCE = (NOON - timedelta(hours=2)).isoformat()

    def test_an_outage_says_that_the_tokens_stand(self) -> None:
        told = written(
            {"kind": "outage", "areas": ["us", "eu"], "since": self.SINCE}, kind="outage"
        )
        assert told.title == "Storewarden: Temu does not answer"
        assert "Temu (US, EU) has not answered since 2026-05-04 10:00" in told.body
        assert "what is known about the tokens stands" in told.body

    def test_its_end_is_told_too(self) -> None:
        over = {"kind": "outage_over", "areas": ["us"], "since": self.SINCE}
        assert "answers again" in written(over, kind="outage_over").body

    @pytest.mark.parametrize(
        ("orders", "due", "words"),
        [
            (12, 3, "12 missed orders are in, of which 3 must ship today."),
            (1, 1, "1 missed order is in, of which 1 must ship today."),
            (12, 0, "12 missed orders are in; none must ship today."),
            (0, 0, "no order was missed."),
        ],
    )
    def test_recovered_orders_are_counted(self, orders: int, due: int, words: str) -> None:
        alpha = bare_store("Alpha")
        news = {"kind": "recovered", "store": str(alpha.pk), "orders": orders, "due_today": due}
        told = written(news, kind="news")
        assert words in told.body
        assert f"store={alpha.pk}" in told.body

    def test_a_used_link_names_its_maker(self) -> None:
        news = {"kind": "link_used", "store": str(bare_store("Alpha").pk), "by": "a@example.test"}
        assert "that a@example.test made was used" in written(news, kind="news").body

    def test_a_finished_table_is_counted(self) -> None:
        told = written({"kind": "table_done", "done": 75, "refused": 5}, kind="news")
        assert "75 done, 5 refused" in told.body

    def test_a_test_names_its_channel(self) -> None:
        assert "“Group”" in written(kind="test").body


class TestLanguages:
    def test_a_message_is_in_the_language_of_its_channel(self) -> None:
        told = written(item(bare_store("Alpha"), kind="dead", cause="expired"), language="zh-hans")
        assert "订单发货 Token" in told.body
        assert "请在 Temu 中重新获取 Token" in told.body or "Temu" in told.body

    def test_every_kind_of_item_has_words(self) -> None:
        for kind in ("dead", "expiring", *wording.OTHERS):
            words = wording.item_words({"kind": kind}, ["order:us"])
            assert words.sentence
            assert words.next_step


class TestHostileNames:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("<script>alert(1)</script>", "“<script>alert(1)</script>”"),
            ("A\nBcc: x@example.test", "“A Bcc: x@example.test”"),
            ("A\u202egnp.exe", "“A gnp.exe”"),
            ("100% %(store)s {x}", "“100% %(store)s {x}”"),
            ("👩\u200d🚀 shop", "“👩\u200d🚀 shop”"),
        ],
    )
    def test_a_name_stays_text_on_its_one_line(self, name: str, shown: str) -> None:
        told = written(item(bare_store(name)))
        assert shown in told.title
        assert shown in told.body.splitlines()[0]

    def test_an_item_of_a_deleted_store_is_left_out(self) -> None:
        alpha, beta = bare_store("Alpha"), bare_store("Beta", "2")
        items = [item(alpha), item(beta)]
        alpha.delete()
        told = written(*items)
        assert "Beta" in told.title
        assert "Alpha" not in told.body

    def test_when_all_stores_are_deleted_there_is_no_letter(self) -> None:
        gone = item(bare_store("Alpha"))
        Store.objects.all().delete()
        message = Message(kind="digest", at=NOON, items=[gone])
        assert letters.letter(message, Channel(language="en"), "UTC") is None


class TestWhereTheLinksLead:
    @pytest.mark.parametrize(
        ("config", "base"),
        [
            ({"public_url": "https://desk.example.test"}, "https://desk.example.test"),
            ({"https": True, "allowed_hosts": ("desk.example.test",)}, "https://desk.example.test"),
            ({"host": "0.0.0.0", "port": 80}, "http://127.0.0.1:80"),
            ({"host": "::1", "port": 80}, "http://[::1]:80"),
        ],
    )
    def test_to_the_address_under_which_people_open_the_pages(
        self, config: dict[str, Any], base: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace

        monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, **config))
        assert links.base() == base


def test_a_moment_that_is_none_is_left_out() -> None:
    assert wording.when(None) == ""
    assert wording.when(datetime(2026, 5, 4, 10, tzinfo=UTC).isoformat()) == "2026-05-04 10:00"

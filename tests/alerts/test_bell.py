"""What every page says on top: the bell, the banner, an outage; and the to-do list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storewarden import clock
from storewarden.alerts import answering, links
from storewarden.alerts.models import Alert, Channel
from storewarden.stores.models import Contact, Store
from tests.alerts.kit import Time, alert, bare_store, channel, signed_in
from tests.stores.pages_kit import text
from tests.web import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time")]
QUIET_PAGE = "/preferences/"


@pytest.fixture
def desk(time: Time) -> Client:
    return signed_in()


def page(desk: Client, path: str = QUIET_PAGE) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200
    return text(answer)


def html(desk: Client, path: str = QUIET_PAGE) -> str:
    return desk.get(path).content.decode()


def silent(area: str = "us") -> None:
    now = clock.now()
    Contact.objects.create(
        marketplace="temu",
        area=area,
        answered_at=now - timedelta(hours=2),
        silent_since=now - timedelta(hours=1),
        asked_at=now,
    )


class TestTheBell:
    def test_its_name_counts_what_rings(self, desk: Client) -> None:
        for number in range(3):
            alert(bare_store(f"S{number}", str(number)))
        assert 'aria-label="3 alerts"' in html(desk)

    @pytest.mark.parametrize(("number", "name"), [(0, "0 alerts"), (1, "1 alert")])
    def test_it_has_a_name_whatever_the_number(self, desk: Client, number: int, name: str) -> None:
        for one in range(number):
            alert(bare_store(f"S{one}", str(one)))
        assert f'aria-label="{name}"' in html(desk)

    def test_what_is_answered_does_not_count(self, desk: Client) -> None:
        alert(bare_store("A", "1"))
        alert(bare_store("B", "2"))
        alert(bare_store("C", "3"))
        seen, snoozed, _rings = Alert.objects.order_by("pk")
        answering.acknowledge(seen, None)
        answering.snooze(snoozed, "day")
        assert 'aria-label="1 alert"' in html(desk)

    def test_it_asks_for_itself_once_a_minute(self, desk: Client) -> None:
        assert 'hx-get="/alerts/bell/" hx-trigger="every 60s"' in html(desk)
        alert(bare_store("A"))
        alone = html(desk, "/alerts/bell/")
        assert 'id="bell"' in alone
        assert 'aria-label="1 alert"' in alone
        assert "<html" not in alone


class TestTheBanner:
    def test_a_store_that_works_is_not_spoken_of(self, desk: Client) -> None:
        bare_store("Alpha", told_state="authorized")
        assert "banner-expired" not in html(desk)

    def test_one_store_is_named_and_opens(self, desk: Client) -> None:
        dead = bare_store("Alpha", told_state="expired")
        assert "Alpha does not work" in page(desk)
        assert links.own_page(dead) in html(desk)

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (2, "S0 and S1 do not work"),
            (3, "S0, S1 and 1 more store do not work"),
            (9, "S0, S1 and 7 more stores do not work"),
        ],
    )
    def test_of_several_two_are_named_and_the_queue_opens(
        self, desk: Client, number: int, words: str
    ) -> None:
        for one in range(number):
            bare_store(f"S{one}", str(one), told_state="expired")
        assert words in page(desk)
        assert f'href="{links.queue()}"' in html(desk)

    def test_it_goes_when_the_store_works_again(self, desk: Client) -> None:
        bare_store("Alpha", told_state="expired")
        Store.objects.update(told_state="authorized")
        assert "banner-expired" not in html(desk)

    def test_an_archived_store_is_not_spoken_of(self, desk: Client) -> None:
        bare_store("Alpha", told_state="expired", archived_at=clock.now())
        assert "banner-expired" not in html(desk)

    def test_a_name_is_shown_as_text_whatever_it_holds(self, desk: Client) -> None:
        bare_store("<img src=x onerror=alert(1)>", told_state="expired")
        assert "<img src=x" not in html(desk)
        assert "&lt;img src=x" in html(desk)


class TestAnOutage:
    def test_it_is_one_notice_that_says_that_the_tokens_stand(self, desk: Client) -> None:
        silent("us")
        silent("eu")
        seen = page(desk)
        assert "Temu (EU, US) has not answered since" in seen
        assert "what is known about the tokens stands" in seen
        assert html(desk).count("banner-outage") == 1

    def test_it_is_gone_when_temu_answers(self, desk: Client) -> None:
        silent()
        Contact.objects.update(silent_since=None)
        assert "banner-outage" not in html(desk)


def test_the_frame_costs_three_queries_however_many_stores(time: Time) -> None:
    frame = Template("{% load alert_words %}{% bell %}{% desk_banner %}")
    for number in range(20):
        alert(bare_store(f"S{number}", str(number), told_state="expired"))
    silent()
    with CaptureQueriesContext(connection) as queries:
        frame.render(Context())
    assert len(queries) <= 3


class TestTheToDoList:
    def test_a_dead_store_has_its_one_next_step_as_a_button(self, desk: Client) -> None:
        dead = factories.store("Alpha", state="disconnected")
        assert f'href="{links.reauthorize(dead)}" aria-label="Reauthorize Alpha"' in html(desk, "/")
        assert 'aria-label="Renewal link for Alpha"' in html(desk, "/")
        assert links.queue() in html(desk, "/")

    def test_what_is_the_apps_fault_leads_to_the_apps(self, desk: Client) -> None:
        dead = factories.store("Alpha", state="app_blocked")
        seen = html(desk, "/")
        assert 'aria-label="Reauthorize Alpha"' not in seen
        assert links.path("stores:apps") in seen
        assert dead.nickname in seen

    def test_without_a_channel_it_asks_for_one(self, desk: Client) -> None:
        factories.store("Alpha")
        assert "todo-no-channel" in html(desk, "/")
        channel("json://127.0.0.1:9/")
        assert "todo-no-channel" not in html(desk, "/")

    def test_a_channel_that_is_switched_off_is_as_good_as_none(self, desk: Client) -> None:
        factories.store("Alpha")
        channel("json://127.0.0.1:9/")
        Channel.objects.update(on=False)
        assert "todo-no-channel" in html(desk, "/")

    def test_a_failing_channel_stands_there_with_why(self, desk: Client) -> None:
        factories.store("Alpha")
        made = channel("json://127.0.0.1:9/", "Mail")
        Channel.objects.update(failing_since=made.made_at, failure="smtp:535")
        assert "Mail does not deliver reminders The mail server refused the message (535)" in page(
            desk, "/"
        )

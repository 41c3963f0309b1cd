"""The pages of alerts, messages and channels."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from storewarden import clock
from storewarden.alerts import answering, rules
from storewarden.alerts.addresses import SERVICES
from storewarden.alerts.models import Alert, Channel, Delivery, WatchSettings
from storewarden.people.models import User
from storewarden.stores.models import Store
from tests.alerts.kit import Time, alert, bare_store, channel, item, json_to, message, signed_in
from tests.outward.servers import Receiver
from tests.stores.pages_kit import said, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time")]
LIST, CHANNELS = "/alerts/list/", "/alerts/channels/"
SECRET = "sandboxSecretOfAChannel0123456789"
ADD = {"name": "Group", "language": "en", "role": "first"}


@pytest.fixture
def desk(time: Time) -> Client:
    return signed_in()


@pytest.fixture
def alpha(time: Time) -> Store:
    return bare_store("Alpha")


def page(desk: Client, path: str = LIST) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200
    return text(answer)


def answer(desk: Client, about: Alert, deed: str, **more: str) -> object:
    seen = {"seen": about.raised_at.isoformat()} | more
    return desk.post(f"{LIST}{about.pk}/{deed}/", seen)


class TestTheList:
    def test_an_alert_says_what_since_when_and_the_next_step(
        self, desk: Client, alpha: Store
    ) -> None:
        alert(alpha)
        seen = page(desk)
        assert "Alpha The order shipping token (US) works until" in seen
        assert "Make a new token in Temu" in seen

    def test_what_rings_stands_before_what_is_quiet_and_the_gravest_first(
        self, desk: Client, time: Time
    ) -> None:
        for number, (name, kind, grade) in enumerate(
            [("Thirty", "expiring", 30), ("Dead", "dead", -1), ("Quiet", "dead", -1)]
        ):
            alert(bare_store(name, str(number)), kind=kind, grade=grade)
        answering.acknowledge(Alert.objects.get(store__nickname="Quiet"), None)
        seen = page(desk)
        places = [seen.index(f"{name} The order") for name in ("Dead", "Thirty", "Quiet")]
        assert places == sorted(places)

    def test_a_name_is_shown_as_text_whatever_it_holds(self, desk: Client) -> None:
        alert(bare_store("<script>alert(1)</script>"))
        seen = desk.get(LIST).content.decode()
        assert "<script>alert" not in seen
        assert "&lt;script&gt;alert" in seen

    def test_an_empty_list_says_when_it_would_ring(self, desk: Client) -> None:
        assert "Nothing rings" in page(desk)

    def test_the_short_address_leads_to_the_list(self, desk: Client) -> None:
        assert desk.get("/alerts/").headers["Location"] == LIST

    def test_the_number_of_queries_does_not_grow_with_the_alerts(self, desk: Client) -> None:
        page(desk)
        counted = []
        for wave in range(2):
            for number in range(1 + wave * 9):
                alert(bare_store(f"S{wave}{number}", f"{wave}{number}"))
            with CaptureQueriesContext(connection) as queries:
                page(desk)
            counted.append(len(queries))
        assert counted[0] == counted[1]
        assert counted[0] <= 9


class TestAnswers:
    def test_acknowledged_it_is_quiet_and_says_by_whom(self, desk: Client, alpha: Store) -> None:
        answer(desk, alert(alpha), "acknowledge")
        assert "acknowledged by owner@example.test" in page(desk)
        assert Alert.objects.get().seen_by == User.objects.get()

    @pytest.mark.parametrize(("name", "days"), [("day", 1), ("three_days", 3), ("week", 7)])
    def test_snoozed_it_is_quiet_for_that_long(
        self, desk: Client, alpha: Store, time: Time, name: str, days: int
    ) -> None:
        answer(desk, alert(alpha), f"snooze-{name}")
        assert answering.ringing(clock.now()).count() == 0
        time.advance(days=days)
        assert answering.ringing(clock.now()).count() == 1

    def test_an_answer_can_be_taken_back(self, desk: Client, alpha: Store) -> None:
        about = alert(alpha)
        answer(desk, about, "acknowledge")
        answer(desk, about, "ring-again")
        assert answering.ringing(clock.now()).get() == about

    def test_all_are_acknowledged_at_once_but_what_came_since_rings_on(
        self, desk: Client, time: Time
    ) -> None:
        alert(bare_store("A", "1"))
        alert(bare_store("B", "2"))
        until = clock.now().isoformat()
        time.advance(60)
        late = alert(bare_store("C", "3"))
        done = desk.post(f"{LIST}acknowledge-all/", {"seen": until})
        assert said(done) == ["2 alerts are acknowledged."]
        assert list(answering.ringing(clock.now())) == [late]

    def test_what_has_got_graver_since_it_was_seen_is_not_acknowledged_by_mistake(
        self, desk: Client, alpha: Store, time: Time
    ) -> None:
        about = alert(alpha)
        time.advance(60)
        Alert.objects.update(raised_at=clock.now(), grade=3)
        done = answer(desk, about, "acknowledge")
        assert done.status_code == 409
        assert "has changed since you saw it" in text(done)
        assert Alert.objects.get().seen_at is None

    def test_an_alert_that_is_over_cannot_be_answered(self, desk: Client, alpha: Store) -> None:
        about = alert(alpha, closed_at=clock.now())
        assert answer(desk, about, "acknowledge").status_code == 409

    def test_news_is_acknowledged_and_then_past(self, desk: Client, alpha: Store) -> None:
        about = alert(alpha, kind="recovered", closed_at=clock.now(),
                      data={"kind": "recovered", "orders": 12, "due_today": 3})  # fmt: skip
        assert "12 missed orders are in" in page(desk)
        answer(desk, about, "acknowledge")
        assert "12 missed orders" not in page(desk)
        assert "12 missed orders" in page(desk, f"{LIST}past/")

    @pytest.mark.parametrize("deed", ["dance", "snooze-", "snooze-forever"])
    def test_an_unknown_answer_is_not_found(self, desk: Client, alpha: Store, deed: str) -> None:
        assert answer(desk, alert(alpha), deed).status_code == 404

    @pytest.mark.parametrize("seen", ["", "yesterday", "9" * 5000, "\u202e", "2026-99-99"])
    def test_a_moment_that_is_none_is_as_good_as_none(
        self, desk: Client, alpha: Store, seen: str
    ) -> None:
        assert answer(desk, alert(alpha), "acknowledge", seen=seen).status_code == 302

    @pytest.mark.parametrize("number", [0, 99, 2**63, 10**30])
    def test_an_alert_that_never_was_is_not_found(self, desk: Client, number: int) -> None:
        assert desk.post(f"{LIST}{number}/acknowledge/").status_code == 404

    def test_looking_changes_nothing(self, desk: Client, alpha: Store) -> None:
        about = alert(alpha)
        assert desk.get(f"{LIST}{about.pk}/acknowledge/").status_code == 405
        assert desk.get(f"{LIST}acknowledge-all/").status_code == 405


class TestThePastAndTheMessages:
    def test_past_alerts_are_paged_by_key(self, desk: Client, time: Time) -> None:
        for number in range(30):
            time.advance(60)
            alert(bare_store(f"Past {number:02d}", str(number)), closed_at=clock.now())
        first = desk.get(f"{LIST}past/")
        assert "Past 29" in text(first)
        assert "Past 04" not in text(first)
        older = first.context["page"].older
        second = desk.get(f"{LIST}past/?after={older}")
        assert "Past 04" in text(second)
        assert "Past 05" not in text(second)
        back = desk.get(f"{LIST}past/?before={second.context['page'].newer}")
        assert [one.pk for one in back.context["page"].rows] == [
            one.pk for one in first.context["page"].rows
        ]

    def test_messages_of_the_same_moment_are_paged_without_a_gap(
        self, desk: Client, alpha: Store
    ) -> None:
        made = {message(item(alpha)).pk for _ in range(30)}
        first = desk.get(f"{LIST}messages/").context["page"]
        second = desk.get(f"{LIST}messages/", {"after": first.older}).context["page"]
        shown = [one.pk for one in [*first.rows, *second.rows]]
        assert (len(shown), set(shown)) == (30, made)

    @pytest.mark.parametrize("mark", ["x", "%00", "a" * 5000, "🙂", "MjAyNi0wMS0wMXxcXA"])
    @pytest.mark.parametrize("where", ["past/", "messages/"])
    def test_a_cursor_that_is_none_reads_from_the_top(
        self, desk: Client, where: str, mark: str
    ) -> None:
        assert desk.get(f"{LIST}{where}", {"after": mark, "before": mark}).status_code == 200

    def test_a_message_shows_what_came_of_it_on_each_channel(
        self, desk: Client, alpha: Store, time: Time
    ) -> None:
        channel("json://127.0.0.1:9/", "Mail")
        channel("json://127.0.0.1:9/", "Group")
        made = message(item(alpha))
        Delivery.objects.filter(channel__name="Mail").update(state="sent", sent_at=clock.now())
        Delivery.objects.filter(channel__name="Group").update(
            state="failed", failure="http:401:Bad token"
        )
        seen = page(desk, f"{LIST}messages/")
        assert made.kind == "digest"
        assert "Reminder of the day Alpha The order shipping token" in seen
        assert "Mail (first person) Sent" in seen
        assert "refuses the key or token (401). It said: Bad token" in seen

    def test_a_message_without_a_channel_is_readable_here(self, desk: Client, alpha: Store) -> None:
        message(item(alpha))
        assert "No channel: it stands in the app alone." in page(desk, f"{LIST}messages/")

    def test_the_messages_do_not_cost_a_query_each(self, desk: Client, alpha: Store) -> None:
        channel("json://127.0.0.1:9/")
        page(desk, f"{LIST}messages/")
        counted = []
        for wave in range(2):
            for number in range(1 + wave * 9):
                message(item(bare_store(f"S{wave}{number}", f"{wave}{number}")))
            with CaptureQueriesContext(connection) as queries:
                page(desk, f"{LIST}messages/")
            counted.append(len(queries))
        assert counted[0] == counted[1]


class TestChannels:
    def test_without_one_the_page_says_what_that_means(self, desk: Client) -> None:
        seen = page(desk, CHANNELS)
        assert "reminders stand in the app alone" in seen
        assert "30, 14, 7, 3 and 1 days before a token ends, and on its last day" in seen
        assert rules.LADDER == (30, 14, 7, 3, 1, 0)

    def test_the_page_tells_the_retries_that_are_made(self, desk: Client) -> None:
        assert "tried again after 1, 5 and 20 minutes" in page(desk, CHANNELS)
        assert [gap.total_seconds() / 60 for gap in rules.RETRIES] == [1, 5, 20]

    @pytest.mark.parametrize("service", SERVICES)
    def test_every_service_has_its_form(self, desk: Client, service: str) -> None:
        assert desk.get(f"{CHANNELS}add/{service}/").status_code == 200

    def test_a_channel_is_added_and_its_address_is_nowhere_on_the_pages(self, desk: Client) -> None:
        done = desk.post(f"{CHANNELS}add/feishu/", ADD | {"at-token": SECRET})
        assert done.status_code == 302
        made = Channel.objects.get()
        for path in (CHANNELS, f"{CHANNELS}{made.pk}/", f"{CHANNELS}{made.pk}/address/feishu/"):
            assert SECRET not in desk.get(path).content.decode()

    def test_a_refused_form_does_not_give_the_secret_back(self, desk: Client) -> None:
        sent = ADD | {"name": "", "at-token": SECRET}
        done = desk.post(f"{CHANNELS}add/feishu/", sent)
        assert done.status_code == 422
        assert SECRET not in done.content.decode()

    @pytest.mark.parametrize(
        ("service", "sent", "sentence"),
        [
            ("any", {"at-url": "syslog://"}, "shows messages on this machine only"),
            ("any", {"at-url": "foo://bar"}, "This address cannot be used"),
            ("any", {"at-url": ""}, "This field is required"),
            ("any", {"at-url": "   "}, "This field is required"),
            ("any", {"at-url": "json://a\u202eb/"}, "invisible characters"),
            ("any", {"at-url": "json://127.0.0.1:9/", "name": "   "}, "This is no name"),
            ("any", {"at-url": "json://127.0.0.1:9/", "name": "x" * 90}, "This is no name"),
            ("any", {"at-url": "json://127.0.0.1:9/", "language": "tlh"}, "Select a valid choice"),
            ("any", {"at-url": "json://127.0.0.1:9/", "role": "third"}, "Select a valid choice"),
            ("telegram", {"at-token": "x", "at-chat": "12345"}, "This address cannot be used"),
        ],
    )
    def test_what_is_wrong_is_said_in_words(
        self, desk: Client, service: str, sent: dict[str, str], sentence: str
    ) -> None:
        done = desk.post(f"{CHANNELS}add/{service}/", ADD | sent)
        assert done.status_code == 422
        assert sentence in text(done)
        assert not Channel.objects.exists()

    def test_a_taken_name_is_said_beside_the_name(self, desk: Client) -> None:
        channel("json://127.0.0.1:9/", "Group")
        done = desk.post(f"{CHANNELS}add/any/", ADD | {"at-url": "json://127.0.0.1:9/"})
        assert "There is a channel called “Group” already" in text(done)

    def test_ten_megabytes_are_refused(self, desk: Client) -> None:
        done = desk.post(f"{CHANNELS}add/any/", ADD | {"at-url": "x" * 10_000_000})
        assert done.status_code in (400, 413)

    def test_a_test_that_arrives_says_so(self, desk: Client, receiver: Receiver) -> None:
        made = channel(json_to(receiver))
        done = desk.post(f"{CHANNELS}{made.pk}/test/")
        assert said(done) == ["The test went out on “Group”. Look whether it has arrived."]
        assert len(receiver.arrived) == 1

    def test_a_test_that_fails_says_why(self, desk: Client) -> None:
        made = channel("json://127.0.0.1:9/")
        done = desk.post(f"{CHANNELS}{made.pk}/test/")
        assert "The server could not be reached." in said(done)[0]
        assert "Failing" in page(desk, CHANNELS)

    def test_it_is_switched_off_and_on(self, desk: Client) -> None:
        made = channel("json://127.0.0.1:9/")
        states = []
        for deed in ("off", "off", "on"):
            desk.post(f"{CHANNELS}{made.pk}/switch/{deed}/")
            states.append(Channel.objects.get().on)
        assert states == [False, False, True]
        assert desk.post(f"{CHANNELS}{made.pk}/switch/half/").status_code == 404

    def test_it_is_changed(self, desk: Client) -> None:
        made = channel("json://127.0.0.1:9/")
        sent = {"name": "Night", "language": "zh-hans", "role": "second"}
        desk.post(f"{CHANNELS}{made.pk}/", sent)
        kept = Channel.objects.get()
        assert (kept.name, kept.language, kept.role) == ("Night", "zh-hans", "second")

    def test_it_gets_another_address(self, desk: Client) -> None:
        made = channel("json://127.0.0.1:9/")
        desk.post(f"{CHANNELS}{made.pk}/address/feishu/", {"at-token": SECRET})
        assert Channel.objects.get().service == "Feishu"

    def test_it_is_removed_after_a_question(self, desk: Client) -> None:
        made = channel("json://127.0.0.1:9/")
        assert "Remove Group?" in page(desk, f"{CHANNELS}{made.pk}/remove/")
        assert Channel.objects.exists()
        desk.post(f"{CHANNELS}{made.pk}/remove/")
        assert not Channel.objects.exists()

    @pytest.mark.parametrize("deed", ["", "test/", "remove/", "address/any/", "switch/on/"])
    def test_a_channel_that_is_gone_is_not_found(self, desk: Client, deed: str) -> None:
        made = channel("json://127.0.0.1:9/")
        Channel.objects.all().delete()
        assert desk.post(f"{CHANNELS}{made.pk}/{deed}").status_code == 404

    def test_an_unknown_service_is_not_found(self, desk: Client) -> None:
        assert desk.get(f"{CHANNELS}add/pigeon/").status_code == 404

    def test_the_hour_and_the_zone_are_kept(self, desk: Client) -> None:
        desk.post(f"{CHANNELS}hours/", {"digest_hour": "7", "time_zone": "Asia/Shanghai"})
        kept = WatchSettings.objects.get(pk=1)
        assert (kept.digest_hour, kept.time_zone) == (7, "Asia/Shanghai")

    @pytest.mark.parametrize(
        "sent", [{"digest_hour": "24"}, {"digest_hour": "x"}, {"time_zone": "Mars/Base"}, {}]
    )
    def test_no_hour_or_zone_of_this_world_is_refused(
        self, desk: Client, sent: dict[str, str]
    ) -> None:
        whole = {"digest_hour": "7", "time_zone": "UTC"} | sent if sent else {}
        assert desk.post(f"{CHANNELS}hours/", whole).status_code == 422
        assert not WatchSettings.objects.exists()


class TestTheDoor:
    @pytest.mark.parametrize(
        "path", [LIST, f"{LIST}past/", f"{LIST}messages/", CHANNELS, f"{CHANNELS}add/any/",
                 "/alerts/bell/"]
    )  # fmt: skip
    def test_nobody_sees_it_without_signing_in(self, path: str) -> None:
        signed_in()
        assert Client().get(path).headers["Location"].startswith("/accounts/login/")


def test_news_rings_for_a_week(alpha: Store, time: Time) -> None:
    now = clock.now()
    alert(alpha, kind="link_used", closed_at=now, data={"kind": "link_used", "by": "a"})
    assert answering.ringing(now).count() == 1
    assert answering.ringing(now + timedelta(days=7)).count() == 0

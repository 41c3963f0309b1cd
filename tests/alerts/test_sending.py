"""Messages go out to real receivers: once, again after a failure, and to others at last."""

import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from storewarden import clock, engine
from storewarden.alerts import channels, outcomes, rules, sending
from storewarden.alerts.models import Channel, Delivery
from storewarden.alerts.sending import deliver, send_test
from storewarden.meters import REGISTRY
from storewarden.stores.models import Store
from tests.alerts.kit import (
    PASSWORD,
    USER,
    Time,
    bare_store,
    channel,
    item,
    json_to,
    mail_server,
    message,
    texts,
)
from tests.outward.servers import Door, Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time")]
NOWHERE = "json://127.0.0.1:9/hook"


@pytest.fixture
def alpha(time: Time) -> Store:
    return bare_store("Alpha")


def states() -> dict[str, str]:
    return {one.channel.name: one.state for one in Delivery.objects.select_related("channel")}


def _counted(kind: str) -> float:
    found = REGISTRY.get_sample_value("storewarden_reminders_sent_total", {"kind": kind})
    return found or 0.0


def deliver_for(time: Time, minutes: int) -> None:
    """Every look of that many minutes."""
    for _ in range(minutes):
        deliver()
        time.advance(60)
    deliver()


class TestOneMessage:
    def test_it_goes_out_once(self, alpha: Store, receiver: Receiver) -> None:
        channel(json_to(receiver))
        message(item(alpha))
        assert [deliver(), deliver()] == [1, 0]
        [sent] = texts(receiver)
        assert sent["title"].startswith("Storewarden: “Alpha”")

    def test_the_job_of_the_engine_sends_it(self, alpha: Store, receiver: Receiver) -> None:
        channel(json_to(receiver))
        message(item(alpha))
        assert engine.known_jobs()["alerts.deliver"].every_s == 15
        assert engine.run_once("alerts.deliver") == 1

    def test_it_says_when_it_was_sent_last(self, alpha: Store, receiver: Receiver) -> None:
        channel(json_to(receiver))
        message(item(alpha))
        deliver()
        assert Channel.objects.get().sent_at == clock.now()

    def test_it_is_counted_for_the_metrics(self, alpha: Store, receiver: Receiver) -> None:
        channel(json_to(receiver))
        message(item(alpha), kind="urgent")
        before = _counted("urgent")
        deliver()
        assert _counted("urgent") == before + 1

    def test_without_any_channel_it_stays_to_be_read(self, alpha: Store) -> None:
        made = message(item(alpha))
        assert deliver() == 0
        assert made.items[0]["store"] == str(alpha.pk)

    def test_it_goes_out_on_each_channel_in_that_channels_language(
        self, alpha: Store, receiver: Receiver, other_receiver: Receiver
    ) -> None:
        channel(json_to(receiver), "A")
        channel(json_to(other_receiver), "B", language="zh-hans")
        message(item(alpha))
        deliver()
        assert "order shipping token (US)" in texts(receiver)[0]["body"]
        assert "订单发货 Token" in texts(other_receiver)[0]["body"]

    def test_each_look_sends_one_message_a_channel(self, alpha: Store, receiver: Receiver) -> None:
        channel(json_to(receiver))
        for _ in range(3):
            message(item(alpha))
        assert [deliver(), deliver(), deliver(), deliver()] == [1, 1, 1, 0]

    def test_of_a_deleted_store_nothing_is_sent_and_nobody_is_blamed(
        self, alpha: Store, receiver: Receiver
    ) -> None:
        channel(json_to(receiver))
        channel(NOWHERE, "Second", "second")
        message(item(alpha))
        alpha.delete()
        deliver()
        assert (Delivery.objects.get().failure, receiver.arrived) == (outcomes.NOTHING_LEFT, [])
        assert Channel.objects.get(name="Group").failing_since is None


class TestMail:
    def test_it_arrives_at_each_address_as_plain_text(self, alpha: Store) -> None:
        with mail_server() as (box, port):
            channel(
                f"mailto://127.0.0.1:{port}?smtp=127.0.0.1&from=desk@example.test"
                "&to=a@example.test,b@example.test&format=text"
            )
            message(item(alpha))
            deliver()
        assert [one["To"] for one in box.letters] == ["a@example.test", "b@example.test"]
        assert box.letters[0]["Subject"] == "Storewarden: “Alpha”: 7 days left"
        assert box.letters[0].get_content_type() == "text/plain"

    @pytest.mark.filterwarnings("ignore:Requiring AUTH")
    def test_a_wrong_password_is_told_in_words_without_it(self, alpha: Store) -> None:
        with mail_server(locked=True) as (_box, port):
            made = channel(
                f"mailto://127.0.0.1:{port}?smtp=127.0.0.1&from=desk@example.test"
                f"&to=a@example.test&user={USER}&pass=wrong-{PASSWORD}"
            )
            done = send_test(made)
        assert (done.state, outcomes.parts(done.failure)[:2]) == ("failed", ("smtp", "535"))
        assert PASSWORD not in done.failure


class TestFailures:
    def test_a_failed_message_is_tried_after_1_5_and_20_minutes(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        receiver.replies(500)
        channel(json_to(receiver))
        message(item(alpha))
        began, came = clock.now(), []
        for _ in range(60):
            before = len(receiver.arrived)
            deliver()
            if len(receiver.arrived) > before:
                came.append(clock.now() - began)
            time.advance(60)
        assert came == [timedelta(minutes=one) for one in (0, 1, 6, 26)]
        assert states() == {"Group": "failed"}

    def test_it_arrives_when_the_receiver_is_well_again(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        receiver.replies(500, 200)
        channel(json_to(receiver))
        message(item(alpha))
        deliver_for(time, 2)
        assert (len(receiver.arrived), states()) == (2, {"Group": "sent"})

    def test_a_channel_that_fails_says_since_when_and_why(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        receiver.replies(500)
        channel(json_to(receiver))
        message(item(alpha))
        began = clock.now()
        deliver_for(time, 3)
        failing = Channel.objects.get()
        assert failing.failing_since == began
        assert outcomes.parts(failing.failure)[:2] == ("http", "500")

    def test_what_it_said_of_failures_is_forgotten_once_it_works(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        receiver.replies(500, 200)
        channel(json_to(receiver))
        message(item(alpha))
        deliver_for(time, 2)
        well = Channel.objects.get()
        assert (well.failing_since, well.failure) == (None, "")

    @pytest.mark.parametrize(
        ("address", "cause"),
        [(NOWHERE, "unreachable"), ("json://nowhere.invalid/", "no_such_host")],
    )
    def test_the_cause_is_told(self, alpha: Store, address: str, cause: str) -> None:
        assert send_test(channel(address)).failure == cause

    def test_an_address_that_does_not_open_is_a_failure_in_words(self, alpha: Store) -> None:
        made = channel(NOWHERE)
        Channel.objects.update(url_sealed=channel(NOWHERE, "Other").url_sealed)
        made.refresh_from_db()
        assert send_test(made).failure == outcomes.SEALED

    def test_a_message_that_cannot_be_written_holds_up_no_other(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        channel(json_to(receiver))
        message(item(alpha, days="soon"))
        message(item(alpha))
        deliver_for(time, 1)
        assert sorted(one.state for one in Delivery.objects.all()) == ["due", "sent"]

    def test_an_address_may_not_ask_to_count_failures_as_sent(
        self, alpha: Store, receiver: Receiver
    ) -> None:
        receiver.replies(500)
        done = send_test(channel(f"{json_to(receiver)}?optional=yes&retry=5&wait=9"))
        assert (done.state, len(receiver.arrived)) == ("failed", 1)


class TestTheOthers:
    def test_after_the_last_failure_another_channel_takes_over(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        channel(NOWHERE, "Dead")
        message(item(alpha))
        channel(json_to(receiver), "Late")  # made after the message, so it does not have it
        deliver_for(time, 25)
        assert receiver.arrived == []
        deliver_for(time, 2)
        assert (len(receiver.arrived), states()) == (1, {"Dead": "failed", "Late": "sent"})
        assert Delivery.objects.get(channel__name="Late").why == "fallback"

    def test_when_no_channel_of_the_first_person_works_the_second_is_told(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        channel(NOWHERE, "A")
        channel(NOWHERE, "B")
        channel(json_to(receiver), "Second", "second")
        message(item(alpha))
        deliver_for(time, 30)
        assert states() == {"A": "failed", "B": "failed", "Second": "sent"}

    def test_a_channel_of_the_first_person_takes_over_before_one_of_the_second(
        self, alpha: Store, receiver: Receiver
    ) -> None:
        made = channel(NOWHERE, "Dead")
        message(item(alpha))
        channel(json_to(receiver), "First", "first")
        channel(json_to(receiver), "Second", "second")
        channels.remove(made)
        assert states() == {"First": "due"}

    def test_while_the_first_person_has_it_the_second_is_left_alone(
        self, alpha: Store, receiver: Receiver, other_receiver: Receiver, time: Time
    ) -> None:
        channel(NOWHERE, "Dead")
        channel(json_to(receiver), "Alive")
        channel(json_to(other_receiver), "Second", "second")
        message(item(alpha))
        deliver_for(time, 30)
        assert states() == {"Dead": "failed", "Alive": "sent"}

    def test_what_waits_on_a_channel_that_is_switched_off_goes_to_another(
        self, alpha: Store, receiver: Receiver
    ) -> None:
        made = channel(NOWHERE, "Dead")
        message(item(alpha))
        channel(json_to(receiver), "Late")
        channels.switch(made, on=False)
        deliver()
        assert states() == {"Dead": "failed", "Late": "sent"}

    def test_what_waits_on_a_channel_that_is_removed_goes_to_another(
        self, alpha: Store, receiver: Receiver
    ) -> None:
        made = channel(NOWHERE, "Dead")
        message(item(alpha))
        channel(json_to(receiver), "Late")
        channels.remove(made)
        deliver()
        assert states() == {"Late": "sent"}

    def test_a_test_is_neither_tried_again_nor_taken_over(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        channel(json_to(receiver), "Alive")
        send_test(channel(NOWHERE, "Dead"))
        deliver_for(time, 30)
        assert (receiver.arrived, states()) == ([], {"Dead": "failed"})


class TestLeases:
    def test_a_restart_between_claim_and_record_sends_again_after_the_lease(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        channel(json_to(receiver))
        message(item(alpha))
        row = Delivery.objects.get()
        assert sending._claim(row, clock.now())  # and then the process dies
        assert deliver() == 0
        time.advance(sending.LEASE.total_seconds())
        assert deliver() == 1
        assert states() == {"Group": "sent"}

    def test_of_two_processes_one_sends(self, alpha: Store, receiver: Receiver) -> None:
        channel(json_to(receiver))
        message(item(alpha))
        mine, theirs = Delivery.objects.get(), Delivery.objects.get()
        now = clock.now()
        assert [sending._claim(mine, now), sending._claim(theirs, now)] == [True, False]

    def test_who_comes_back_after_his_lease_does_not_overwrite_the_outcome(
        self, alpha: Store, receiver: Receiver, time: Time
    ) -> None:
        channel(json_to(receiver))
        message(item(alpha))
        slow = Delivery.objects.select_related("channel", "message").get()
        sending._claim(slow, clock.now())
        time.advance(sending.LEASE.total_seconds())
        deliver()
        sending._settle(slow, "timeout")
        assert states() == {"Group": "sent"}


def hang(connection: socket.socket) -> None:
    """Takes the call and never answers."""
    while connection.recv(4096):
        pass


def trickle(connection: socket.socket) -> None:
    """Answers a letter at a time, for ever: each single wait is short."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        threading.Event().wait(0.1)


@pytest.mark.usefixtures("impatient")
class TestSlowReceivers:
    @pytest.fixture
    def door(self, request: pytest.FixtureRequest):
        doors = []

        def opened(treat: Callable[[socket.socket], None]) -> Door:
            doors.append(Door(treat))
            return doors[-1]

        yield opened
        for one in doors:
            one.close()

    @pytest.mark.parametrize("treat", [hang, trickle], ids=["hangs", "trickles"])
    def test_it_costs_its_own_message_a_try_and_the_others_nothing(
        self, treat: Callable[[socket.socket], None], door, alpha: Store, receiver: Receiver
    ) -> None:
        channel(f"json://127.0.0.1:{door(treat).port}/", "Slow")
        channel(json_to(receiver), "Quick")
        message(item(alpha))
        deliver()
        slow = Delivery.objects.get(channel__name="Slow")
        assert (slow.state, slow.failure) == ("due", "timeout")
        assert states()["Quick"] == "sent"

    def test_no_second_call_begins_while_the_first_has_not_ended(
        self, door, alpha: Store, time: Time
    ) -> None:
        opened = door(trickle)
        channel(f"json://127.0.0.1:{opened.port}/", "Slow")
        message(item(alpha))
        deliver()
        time.advance(60)
        deliver()
        assert (opened.accepted, Delivery.objects.get().failure) == (1, outcomes.HUNG)


def test_the_retries_end_before_the_digest_of_the_next_day() -> None:
    assert sum(rules.RETRIES, timedelta()) < timedelta(hours=1)

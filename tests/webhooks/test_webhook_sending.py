"""From a happening to a receiver: signed, tried again, recorded."""

import json
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, connections
from standardwebhooks import Webhook, WebhookVerificationError

from storewarden import clock
from storewarden.outbox.actions import spread
from storewarden.outbox.models import StoredHappening
from storewarden.webhooks import actions, rules, sending
from storewarden.webhooks.models import Attempt, Delivery, SigningSecret
from tests.outward.servers import Arrived, Receiver, Reply, door
from tests.webhooks.kit import DATA, Made, Time, happen, happen_and_send, is_signed, made

Making = Callable[..., Made]


def test_a_receivers_own_library_takes_what_is_sent(endpoint: Making, receiver: Receiver) -> None:
    secret = endpoint().secret
    happen_and_send()
    (arrived,) = receiver.arrived
    told = Webhook(secret.reveal()).verify(arrived.body, dict(arrived.headers))
    assert told["type"] == "store.expired"
    assert told["data"] == DATA


@pytest.mark.django_db(transaction=True)
def test_a_receiver_with_another_secret_refuses_it(endpoint: Making, receiver: Receiver) -> None:
    endpoint()
    other = endpoint("/other").secret
    happen("store.expired")
    sending.deliver_due()
    (first,) = [one for one in receiver.arrived if one.path == "/hook"]
    with pytest.raises(WebhookVerificationError):
        Webhook(other.reveal()).verify(first.body, dict(first.headers))


def test_the_body_says_when_it_happened_and_no_more_than_that(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    endpoint()
    happened = clock.now()
    happen()
    time.advance(20)
    sending.deliver_due()
    told = json.loads(receiver.arrived[0].body)
    assert list(told) == ["type", "timestamp", "data"]
    assert told["timestamp"].endswith("Z")
    assert datetime.fromisoformat(told["timestamp"]) == happened
    assert int(receiver.arrived[0].headers["webhook-timestamp"]) == int(time.at_s)


def test_what_was_kept_is_byte_for_byte_what_was_sent(endpoint: Making, receiver: Receiver) -> None:
    endpoint()
    assert happen_and_send().payload.encode() == receiver.arrived[0].body
    assert receiver.arrived[0].headers["content-type"] == "application/json"


def test_a_delivery_that_was_taken_is_done_and_written_down(endpoint: Making) -> None:
    one = endpoint()
    sent = happen_and_send()
    assert (sent.state, sent.tries, sent.last_status, sent.next_at) == ("done", 1, 200, None)
    (attempt,) = sent.attempts.all()
    assert (attempt.status, attempt.why) == (200, "")
    assert one.now.last_success_at == clock.now()
    assert sending.deliver_due() == 0


@pytest.mark.django_db(transaction=True)
def test_each_endpoint_gets_the_events_it_asked_for(endpoint: Making, receiver: Receiver) -> None:
    endpoint("/all")
    endpoint("/one", types=["store.connected"])
    happen("store.expired")
    happen("store.connected")
    sending.deliver_due()
    got = sorted((one.path, json.loads(one.body)["type"]) for one in receiver.arrived)
    assert got == [("/all", "store.connected"), ("/all", "store.expired"),
                   ("/one", "store.connected")]  # fmt: skip


def test_an_inner_happening_is_told_to_nobody_outside(endpoint: Making) -> None:
    one = endpoint()
    happen("engine.restarted")
    assert one.deliveries == []


def test_a_happening_handed_on_twice_is_planned_once(endpoint: Making) -> None:
    one = endpoint()
    happen()
    StoredHappening.objects.update(spread_at=None)
    assert spread() == 1
    assert len(one.deliveries) == 1


def retried_until_it_ended(time: Time) -> list[datetime]:
    """Run the job whenever something is due, and just before; the times of the tries."""
    times = []
    while (next_at := Delivery.objects.get().next_at) is not None:
        time.move_to(next_at - timedelta(seconds=1))
        if times:
            assert Delivery.objects.get().tries == len(times)
            sending.deliver_due()
            assert Delivery.objects.get().tries == len(times), "tried too early"
        time.move_to(next_at)
        sending.deliver_due()
        times.append(clock.now())
    return times


def test_it_is_tried_nine_times_over_two_days_with_growing_gaps(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    endpoint()
    receiver.replies(500)
    happen()
    times = retried_until_it_ended(time)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == len(receiver.arrived) == 9
    assert gaps == sorted(gaps)
    assert timedelta(hours=45) < times[-1] - times[0] < timedelta(hours=50)
    assert Delivery.objects.get().state == "failed"


def test_every_try_has_the_same_id_and_body_and_a_signature_of_its_own_time(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    secret = endpoint().secret
    receiver.replies(500)
    happen()
    times = retried_until_it_ended(time)
    assert len({one.headers["webhook-id"] for one in receiver.arrived}) == 1
    assert len({one.body for one in receiver.arrived}) == 1
    stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.arrived]
    assert stamps == [int(one.timestamp()) for one in times]
    assert all(is_signed(one, secret) for one in receiver.arrived)


def test_a_receiver_that_comes_back_gets_it(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    receiver.replies(500, 503, 404, 204)
    happen()
    retried_until_it_ended(time)
    (delivery,) = one.deliveries
    assert (delivery.state, delivery.tries, delivery.last_status) == ("done", 4, 204)
    statuses = [each.status for each in delivery.attempts.order_by("id")]
    assert statuses == [500, 503, 404, 204]
    assert one.now.failing_since is None


def test_retry_after_is_kept(endpoint: Making, receiver: Receiver) -> None:
    one = endpoint()
    receiver.answer = lambda _arrived: Reply(429, {"Retry-After": "600"})
    happen_and_send()
    assert one.deliveries[0].next_at == clock.now() + timedelta(seconds=600)


def test_an_endpoint_that_says_gone_is_switched_off_at_once(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    receiver.replies(410)
    happen_and_send()
    (delivery,) = one.deliveries
    assert (one.now.off_why, delivery.state, delivery.last_why) == ("gone", "failed", "gone")
    time.advance(days=1)
    happen_and_send()
    assert len(receiver.arrived) == len(one.deliveries) == 1


def test_an_endpoint_that_takes_nothing_for_five_days_is_switched_off(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    receiver.replies(500)
    for _ in range(5):
        happen_and_send()
        assert one.now.is_on
        time.advance(days=1)
    time.advance(60)
    happen_and_send()
    assert one.now.off_why == "failing"
    assert {each.state for each in one.deliveries} == {"failed"}


def test_one_success_in_between_is_enough_to_stay_on(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    for status in (500, 500, 500, 200, 500, 500, 500):
        receiver.replies(status)
        happen_and_send()
        time.advance(days=1.5)
    assert one.now.is_on


def test_ten_megabytes_of_answer_are_no_burden(endpoint: Making, receiver: Receiver) -> None:
    endpoint()
    receiver.answer = lambda _arrived: Reply(200, {}, b"x" * 10_000_000)
    assert happen_and_send().state == "done"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(
    endpoint: Making, receiver: Receiver, status: int
) -> None:
    endpoint()
    with door() as elsewhere:
        there = {"Location": f"http://127.0.0.1:{elsewhere.port}/"}
        receiver.answer = lambda _arrived: Reply(status, there)
        sent = happen_and_send()
        assert (sent.state, sent.last_why, elsewhere.accepted) == ("due", "redirected", 0)


def test_a_name_that_leads_into_a_private_network_is_not_called(db: None, time: Time) -> None:
    with door() as inside:
        made(f"https://localhost:{inside.port}/hook")
        sent = happen_and_send()
        assert (sent.state, sent.last_why, sent.last_status) == ("due", "private_address", None)
        assert inside.accepted == 0


def test_no_connection_is_written_down(endpoint: Making, receiver: Receiver) -> None:
    endpoint()
    receiver.close()
    assert happen_and_send().last_why == "connection"


def test_a_secret_that_does_not_open_is_a_failure_of_its_own(
    endpoint: Making, receiver: Receiver
) -> None:
    endpoint()
    SigningSecret.objects.update(sealed="v1.1.broken")
    assert happen_and_send().last_why == "secret_unreadable"
    assert receiver.arrived == []


def test_while_unwell_an_endpoint_is_asked_once_a_look(
    endpoint: Making, receiver: Receiver
) -> None:
    endpoint()
    receiver.replies(503)
    for _ in range(4):
        happen()
    sending.deliver_due()
    assert len(receiver.arrived) == 1


def test_what_one_event_is_refused_for_does_not_hold_the_others(
    endpoint: Making, receiver: Receiver
) -> None:
    endpoint()
    receiver.replies(422, 200)
    for _ in range(3):
        happen()
    assert sending.deliver_due() == 2


# What was claimed by a process that is gone.


def test_a_delivery_under_way_is_left_alone(endpoint: Making, receiver: Receiver) -> None:
    one = endpoint()
    happen()
    assert sending.claim(one.deliveries[0].pk) is not None
    assert sending.claim(one.deliveries[0].pk) is None
    sending.deliver_due()
    assert receiver.arrived == []


def test_of_two_that_saw_it_due_one_claims_it(endpoint: Making) -> None:
    """The other one is quicker by a hair: between the look and the claim."""
    one = endpoint()
    happen()
    rows = Delivery.objects.filter(endpoint=one.row)
    theirs = {"state": "sending", "leased_until": clock.now() + rules.LEASE, "tries": 1}
    quicker = [lambda: rows.update(**theirs)]

    def before(execute: Callable[..., object], sql: str, *more: object) -> object:
        if sql.startswith("UPDATE") and quicker:
            quicker.pop()()
        return execute(sql, *more)

    with connection.execute_wrapper(before):
        assert sending.claim(one.deliveries[0].pk) is None
    assert one.deliveries[0].tries == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_during_a_call_loses_nothing(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    """A real process, killed for good between claim and record."""
    one = endpoint()
    came, killed = threading.Event(), threading.Event()

    def hang(_arrived: Arrived) -> Reply:
        came.set()
        killed.wait(10)
        return Reply(200)

    receiver.answer = hang
    happen()
    connections.close_all()
    if (child := os.fork()) == 0:
        sending.deliver_due()
        os._exit(0)
    assert came.wait(10)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    killed.set()
    assert one.deliveries[0].state == "sending"
    sending.deliver_due()
    assert len(receiver.arrived) == 1
    time.advance(rules.LEASE.total_seconds())
    sending.deliver_due()
    (delivery,) = one.deliveries
    assert (delivery.state, delivery.tries) == ("done", 2)
    assert len({each.headers["webhook-id"] for each in receiver.arrived}) == 1
    whys = [each.why for each in delivery.attempts.order_by("id")]
    assert whys == ["interrupted", ""]


def test_a_late_record_does_not_undo_what_was_done_meanwhile(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    happen()
    late = sending.claim(one.deliveries[0].pk)
    assert late is not None
    time.advance(rules.LEASE.total_seconds())
    sending.deliver_due()
    failure = sending.Outcome(clock.now(), 500, "answered_no", 1)
    sending.record(late, failure)
    assert one.deliveries[0].state == "done"
    assert Attempt.objects.filter(status=500).count() == 0


def test_an_endpoint_removed_during_a_call_is_no_fault(endpoint: Making) -> None:
    one = endpoint()
    happen()
    claimed = sending.claim(one.deliveries[0].pk)
    assert claimed is not None
    actions.remove_endpoint(one.now)
    sending.record(claimed, sending.Outcome(clock.now(), 200, "", 1))
    assert not Delivery.objects.exists()


# Side by side.


@pytest.mark.django_db(transaction=True)
def test_a_slow_endpoint_does_not_delay_another(endpoint: Making, receiver: Receiver) -> None:
    endpoint("/slow")
    endpoint("/quick")
    quick_came, in_time = threading.Event(), []

    def answer(arrived: Arrived) -> Reply:
        if arrived.path == "/quick":
            quick_came.set()
        else:
            in_time.append(quick_came.wait(10))
        return Reply(200)

    receiver.answer = answer
    happen()
    assert sending.deliver_due() == 2
    assert in_time == [True]


@pytest.mark.django_db(transaction=True)
def test_a_look_that_hangs_at_one_endpoint_does_not_hold_the_next_look(
    endpoint: Making, receiver: Receiver
) -> None:
    slow = endpoint("/slow", types=["store.expired"])
    quick = endpoint("/quick", types=["store.connected"])
    hanging, free = threading.Event(), threading.Event()

    def answer(arrived: Arrived) -> Reply:
        if arrived.path == "/slow":
            hanging.set()
            free.wait(10)
        return Reply(200)

    receiver.answer = answer
    happen("store.expired")
    first = threading.Thread(target=looked)
    first.start()
    assert hanging.wait(10)
    happen("store.expired")
    happen("store.connected")
    sending.deliver_due()
    assert [one.state for one in quick.deliveries] == ["done"]
    assert [one.state for one in slow.deliveries] == ["sending", "due"]
    free.set()
    first.join(10)
    assert [one.state for one in slow.deliveries] == ["done", "done"]


def looked() -> None:
    try:
        sending.deliver_due()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_send_each_event_once(endpoint: Making, receiver: Receiver) -> None:
    for number in range(4):
        endpoint(f"/{number}")
    for _ in range(5):
        happen()
    looks = [threading.Thread(target=looked) for _ in range(3)]
    for one in looks:
        one.start()
    for one in looks:
        one.join(30)
    looked()
    sent = [(one.path, one.headers["webhook-id"]) for one in receiver.arrived]
    assert len(sent) == len(set(sent)) == 20


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_about_one_endpoint_does_not_stop_the_others(
    endpoint: Making, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = endpoint("/bad"), endpoint("/good")
    happen()
    real = sending.work_off

    def faulty(endpoint_id: object) -> int:
        if endpoint_id == bad.row.pk:
            raise ZeroDivisionError
        return real(good.row.pk)

    monkeypatch.setattr(sending, "work_off", faulty)
    assert sending.deliver_due() == 1


def test_the_log_is_kept_for_thirty_days(endpoint: Making, time: Time) -> None:
    one = endpoint()
    happen_and_send()
    time.advance(days=29.9)
    assert actions.forget_old() == 0
    happen_and_send()
    time.advance(days=1)
    assert actions.forget_old() == 1
    assert len(one.deliveries) == Attempt.objects.count() == 1


def test_what_still_waits_is_not_forgotten(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    receiver.replies(500)
    happen_and_send()
    time.advance(days=40)
    assert actions.forget_old() == 0
    assert one.deliveries[0].state == "due"


def test_the_engine_knows_the_jobs() -> None:
    from storewarden.engine import known_jobs

    jobs = known_jobs()
    assert jobs["webhooks.deliver_due"].every_s == 10
    assert jobs["webhooks.forget"].every_s == 3600

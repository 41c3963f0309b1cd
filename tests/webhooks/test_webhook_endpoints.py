"""Adding, changing, switching and removing endpoints; their secrets; sending by hand."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from storewarden import clock
from storewarden.stores.errors import Refusal
from storewarden.webhooks import actions, queries, rules, sending, signing, types
from storewarden.webhooks.actions import Wanted
from storewarden.webhooks.models import Delivery, Endpoint, SigningSecret
from tests.outward.servers import Receiver
from tests.webhooks.kit import TESTER, Made, Time, happen, happen_and_send, is_signed, made

Making = Callable[..., Made]
URL = "https://erp.example.test/hook"


def refusal(url: str, **wanted: object) -> str:
    with pytest.raises(Refusal) as no:
        made(url, **wanted)
    assert no.value.sentence
    assert no.value.next_step
    assert not Endpoint.objects.exists()
    return no.value.cause


def test_an_endpoint_is_kept_as_it_was_wanted(db: None, time: Time) -> None:
    row = made(f" {URL} ", description="  Our  ERP ", types=["store.expired"]).row
    assert (row.url, row.description, row.types) == (URL, "Our ERP", ["store.expired"])
    assert (row.made_by, row.is_on, row.own_network) == (TESTER.name, True, False)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTPS://ERP.Example.Test:443/Hook", "https://erp.example.test/Hook"),
        ("https://erp.example.test", "https://erp.example.test/"),
        ("https://erp.example.test/a?b=店#part", "https://erp.example.test/a?b=%E5%BA%97"),
        ("https://中文.test/%E5%BA%97", "https://xn--fiq228c.test/%E5%BA%97"),
        ("https://[2606:4700:0:0::1]:8443/", "https://[2606:4700::1]:8443/"),
    ],
)
def test_an_address_has_one_spelling(db: None, time: Time, written: str, kept: str) -> None:
    assert made(written).row.url == kept


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("", "url_empty"),
        ("   ", "url_empty"),
        ("erp.example.test/hook", "scheme"),
        ("ftp://erp.example.test/", "scheme"),
        ("http://erp.example.test/", "https_required"),
        ("https://me:word@erp.example.test/", "user_info"),
        ("https://127.0.0.1/", "private_address"),
        ("https://10.1.2.3:8443/", "private_address"),
        ("https://2130706433/", "odd_address"),
        ("https://a..b/", "bad_host"),
        ("https://" + "a" * 2000 + ".test/", "bad_url"),
        ("https://erp.example.test/" + "店" * 400, "bad_url"),
        ("https://erp.example.test/\x00", "bad_url"),
    ],
)
def test_an_address_that_cannot_be_is_refused_at_once(
    db: None, time: Time, url: str, cause: str
) -> None:
    assert refusal(url) == cause


@pytest.mark.parametrize("url", ["http://192.168.1.20:8080/x", "http://127.0.0.1/", "http://erp/"])
def test_an_address_in_the_own_network_needs_the_owners_word(
    db: None, time: Time, url: str
) -> None:
    assert refusal(url) in {"https_required", "private_address"}
    assert made(url, own_network=True).row.own_network


def test_even_the_owner_cannot_allow_the_addresses_of_machine_secrets(db: None, time: Time) -> None:
    assert refusal("http://169.254.169.254/latest", own_network=True) == "private_address"


def test_an_unknown_event_and_an_unfit_description_are_refused(db: None, time: Time) -> None:
    assert refusal(URL, types=["store.exploded"]) == "type_unknown"
    assert refusal(URL, description="x" * 201) == "description_too_long"
    assert refusal(URL, description="Er\u202ep") == "description_unprintable"


def test_an_address_is_entered_once(db: None, time: Time) -> None:
    made(URL)
    with pytest.raises(Refusal) as no:
        made("https://ERP.example.test:443/hook")
    assert no.value.cause == "endpoint_taken"
    assert Endpoint.objects.count() == SigningSecret.objects.count() == 1


def test_another_area_can_add_an_event(db: None, time: Time) -> None:
    types.register("order.created", "A new order has come in.")
    try:
        one = made(URL, types=["order.created"])
        happen("order.created", {"order": {"po": "PO-1"}})
        assert [each.type for each in one.deliveries] == ["order.created"]
    finally:
        types._types.pop("order.created")


def test_the_promised_events_are_there() -> None:
    names = [one.name for one in types.all_types()]
    assert names == [
        "store.connected",
        "store.expiring",
        "store.expired",
        "store.recovered",
        "store.archived",
        "authorization.scope_missing",
        "orders.recovered",
    ]


def test_a_change_keeps_the_secret_and_forgets_the_old_failures(
    endpoint: Making, receiver: Receiver
) -> None:
    one = endpoint()
    receiver.replies(500)
    happen_and_send()
    actions.change_endpoint(one.now, Wanted(f"{receiver.url}/new", own_network=True))
    assert one.now.failing_since is None
    receiver.replies(200)
    happen_and_send()
    assert receiver.arrived[-1].path == "/hook/new"
    assert is_signed(receiver.arrived[-1], one.secret)


def test_a_change_cannot_take_another_endpoints_address(db: None, time: Time) -> None:
    made(URL)
    other = made(f"{URL}/2")
    with pytest.raises(Refusal, match="already"):
        actions.change_endpoint(other.now, Wanted(URL))
    assert other.now.url == f"{URL}/2"


def test_switched_off_nothing_is_planned_and_what_waits_has_failed(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    happen()
    actions.switch_off(one.now, Endpoint.Off.BY_HAND, TESTER.name)
    happen()
    time.advance(days=1)
    sending.deliver_due()
    assert receiver.arrived == []
    assert [(each.state, each.last_why) for each in one.deliveries] == [("failed", "endpoint_off")]


def test_what_was_under_way_when_switched_off_comes_to_an_end(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    """Its process was killed, so that nobody recorded how it went."""
    one = endpoint()
    happen()
    assert sending.claim(one.deliveries[0].pk) is not None
    actions.switch_off(one.now, Endpoint.Off.BY_HAND, TESTER.name)
    assert one.deliveries[0].state == "sending"
    time.advance(rules.LEASE.total_seconds())
    sending.deliver_due()
    actions.forget_old()
    assert (one.deliveries[0].state, receiver.arrived) == ("failed", [])


def test_a_failure_after_switching_off_is_the_last(endpoint: Making, receiver: Receiver) -> None:
    one = endpoint()
    happen()
    claimed = sending.claim(one.deliveries[0].pk)
    assert claimed is not None
    actions.switch_off(one.now, Endpoint.Off.BY_HAND, TESTER.name)
    sending.record(claimed, sending.Outcome(clock.now(), 500, "answered_no", 1))
    assert one.deliveries[0].state == "failed"


def test_switching_off_twice_keeps_the_first_reason(endpoint: Making) -> None:
    one = endpoint()
    actions.switch_off(one.now, Endpoint.Off.GONE)
    actions.switch_off(one.now, Endpoint.Off.BY_HAND, TESTER.name)
    assert (one.now.off_why, one.now.off_by) == ("gone", "")


def test_switched_on_again_it_is_told_of_what_happens_then(
    endpoint: Making, receiver: Receiver
) -> None:
    one = endpoint()
    actions.switch_off(one.now, Endpoint.Off.FAILING)
    actions.switch_on(one.now)
    assert happen_and_send().state == "done"
    assert (one.now.off_why, len(receiver.arrived)) == ("", 1)


def test_switched_on_again_it_has_five_days_anew(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    receiver.replies(500)
    happen_and_send()
    time.advance(days=5)
    happen_and_send()
    assert not one.now.is_on
    actions.switch_on(one.now)
    happen_and_send()
    assert one.now.is_on


def test_removing_an_endpoint_leaves_nothing_of_it(endpoint: Making) -> None:
    one = endpoint()
    happen_and_send()
    actions.remove_endpoint(one.now)
    assert (Delivery.objects.count(), SigningSecret.objects.count()) == (0, 0)


# Secrets.


def test_a_secret_has_the_form_of_the_specification() -> None:
    text = signing.new_secret().reveal()
    assert text.startswith("whsec_")
    assert 24 <= len(base64.b64decode(text.removeprefix("whsec_"))) <= 64
    assert text != signing.new_secret().reveal()


def test_for_a_day_both_secrets_sign(endpoint: Making, receiver: Receiver, time: Time) -> None:
    one = endpoint()
    renewed = actions.rotate_secret(one.now)
    happen_and_send()
    time.advance(days=1, seconds=-5)
    happen_and_send()
    for arrived in receiver.arrived:
        assert len(arrived.headers["webhook-signature"].split(" ")) == 2
        assert is_signed(arrived, one.secret)
        assert is_signed(arrived, renewed)


def test_after_a_day_the_new_secret_signs_alone(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    renewed = actions.rotate_secret(one.now)
    time.advance(days=1)
    happen_and_send()
    (arrived,) = receiver.arrived
    assert is_signed(arrived, renewed)
    assert not is_signed(arrived, one.secret)
    time.advance(1)
    actions.forget_old()
    assert SigningSecret.objects.count() == 1


def test_renewed_twice_the_first_secret_still_signs(endpoint: Making, receiver: Receiver) -> None:
    one = endpoint()
    second, third = actions.rotate_secret(one.now), actions.rotate_secret(one.now)
    happen_and_send()
    assert all(is_signed(receiver.arrived[0], each) for each in (one.secret, second, third))


def test_a_secret_is_not_renewed_without_end(endpoint: Making, time: Time) -> None:
    one = endpoint()
    for _ in range(rules.MOST_SECRETS - 1):
        actions.rotate_secret(one.now)
    with pytest.raises(Refusal) as no:
        actions.rotate_secret(one.now)
    assert no.value.cause == "too_many_secrets"
    time.advance(days=1)
    assert actions.rotate_secret(one.now)


def test_the_database_has_one_secret_in_use(endpoint: Making) -> None:
    one = endpoint()
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningSecret.objects.create(endpoint=one.row, sealed="x", made_at=clock.now())


def test_a_secret_is_nowhere_in_clear(
    endpoint: Making, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    one = endpoint()
    text = one.secret.reveal()
    happen_and_send()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert text.removeprefix("whsec_") not in str(cursor.fetchall()), table
    assert text not in repr(one)
    assert text not in caplog.text
    assert text not in str(receiver.arrived)


# By hand.


def test_a_test_goes_to_one_endpoint_alone(endpoint: Making, receiver: Receiver) -> None:
    one = endpoint("/one", types=["store.expired"])
    endpoint("/two")
    sent = actions.send_test(one.now)
    assert sending.deliver(sent.pk) is not None
    (arrived,) = receiver.arrived
    assert (arrived.path, sent.type) == ("/one", "webhook.test")
    assert is_signed(arrived, one.secret)


def test_what_failed_is_sent_again_under_its_id(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one = endpoint()
    receiver.replies(500)
    happen_and_send()
    Delivery.objects.update(state="failed", next_at=None, finished_at=clock.now())
    receiver.replies(200)
    time.advance(days=3)
    actions.redeliver(queries.find_delivery(one.deliveries[0].pk))
    sending.deliver_due()
    (delivery,) = one.deliveries
    assert (delivery.state, delivery.tries) == ("done", 2)
    assert len({each.headers["webhook-id"] for each in receiver.arrived}) == 1
    assert is_signed(receiver.arrived[1], one.secret)


def test_sent_again_the_gaps_begin_anew(endpoint: Making, receiver: Receiver, time: Time) -> None:
    one = endpoint()
    receiver.replies(500)
    happen_and_send()
    for _ in range(7):
        time.move_to(one.deliveries[0].next_at or clock.now())
        sending.deliver_due()
    actions.redeliver(queries.find_delivery(one.deliveries[0].pk))
    sending.deliver_due()
    next_at = one.deliveries[0].next_at
    assert next_at is not None
    assert next_at - clock.now() < timedelta(minutes=1)


def test_what_was_delivered_can_be_sent_again(endpoint: Making, receiver: Receiver) -> None:
    endpoint()
    sent = happen_and_send()
    actions.redeliver(sent)
    sending.deliver_due()
    assert len(receiver.arrived) == 2


def test_what_is_just_being_sent_is_not_sent_again(endpoint: Making) -> None:
    one = endpoint()
    happen()
    claimed = sending.claim(one.deliveries[0].pk)
    assert claimed is not None
    with pytest.raises(Refusal) as no:
        actions.redeliver(claimed)
    assert no.value.cause == "being_sent"


def test_to_an_endpoint_that_is_off_nothing_is_sent_by_hand(endpoint: Making) -> None:
    one = endpoint()
    sent = happen_and_send()
    actions.switch_off(one.now, Endpoint.Off.BY_HAND, TESTER.name)
    for deed in (lambda: actions.send_test(one.now),
                 lambda: actions.redeliver(queries.find_delivery(sent.pk))):  # fmt: skip
        with pytest.raises(Refusal) as no:
            deed()
        assert no.value.cause == "endpoint_off"

"""`storewarden webhooks`."""

from collections.abc import Callable

import pytest

from storewarden.vault import Secret
from storewarden.webhooks import actions, sending
from storewarden.webhooks.models import Delivery, Endpoint
from tests.cli.kit import refused, run, told
from tests.outward.servers import Receiver
from tests.webhooks.kit import Made, Time, happen, happen_and_send, is_signed

Making = Callable[..., Made]
URL = "https://erp.example.test/hook"
pytestmark = pytest.mark.django_db


def test_an_endpoint_is_added_and_its_secret_printed(time: Time, receiver: Receiver) -> None:
    answer = told("webhooks", "add", receiver.url, "--own-network", "--type", "store.expired")
    assert answer["endpoint"]["types"] == ["store.expired"]
    happen_and_send()
    assert is_signed(receiver.arrived[0], Secret(answer["secret"]))


def test_the_secret_is_printed_for_people_too(time: Time) -> None:
    result = run("webhooks", "add", URL)
    assert result.exit_code == 0
    assert "whsec_" in result.output


def test_no_other_command_shows_a_secret(endpoint: Making) -> None:
    one = endpoint()
    happen_and_send()
    for command in (("list",), ("deliveries", str(one.row.pk)), ("test", str(one.row.pk))):
        for form in ((), ("--json",)):
            assert "whsec_" not in run("webhooks", *command, *form).output


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("", "url_empty"),
        ("https://127.0.0.1/", "private_address"),
        ("http://erp.example.test/", "https_required"),
        ("file:///etc/passwd", "scheme"),
        ("https://\u202e.test/", "bad_url"),
        ("https://x.test/" + "a" * 100_000, "bad_url"),
    ],
)
def test_an_address_that_cannot_be_is_refused(time: Time, url: str, cause: str) -> None:
    assert refused("webhooks", "add", url)["cause"] == cause
    assert not Endpoint.objects.exists()


def test_an_unknown_event_is_refused(time: Time) -> None:
    assert refused("webhooks", "add", URL, "--type", "nonsense")["cause"] == "type_unknown"


def test_the_list_tells_endpoints_and_events(endpoint: Making) -> None:
    one = endpoint()
    answer = told("webhooks", "list")
    assert [each["id"] for each in answer["endpoints"]] == [str(one.row.pk)]
    assert "store.expired" in [each["type"] for each in answer["events"]]
    assert one.row.url in run("webhooks", "list").output


@pytest.mark.parametrize("by", ["id", "address", "address in another spelling"])
def test_an_endpoint_is_named_by_its_id_or_its_address(endpoint: Making, by: str) -> None:
    one = endpoint()
    named = {"id": str(one.row.pk), "address": one.row.url}.get(
        by, one.row.url.replace("http", "HTTP")
    )
    assert told("webhooks", "deliveries", named)["deliveries"] == []


@pytest.mark.parametrize(
    "name", ["", "nobody", "https://nobody.test/", "00000000-0000-4000-8000-000000000000"]
)
def test_an_unknown_endpoint_is_refused(time: Time, name: str) -> None:
    assert refused("webhooks", "test", name)["cause"] == "no_such_endpoint"


def test_an_endpoint_is_removed_after_a_yes(endpoint: Making) -> None:
    one = endpoint()
    assert run("webhooks", "remove", str(one.row.pk), stdin="n\n").exit_code == 1
    assert Endpoint.objects.exists()
    assert told("webhooks", "remove", str(one.row.pk), "--yes")["removed"]["url"] == one.row.url
    assert not Endpoint.objects.exists()


def test_a_test_is_sent_at_once_and_told(endpoint: Making, receiver: Receiver) -> None:
    one = endpoint()
    answer = told("webhooks", "test", str(one.row.pk))
    assert (answer["delivery"]["state"], answer["attempts"][0]["status"]) == ("done", 200)
    assert "Delivered, answered with 200." in run("webhooks", "test", str(one.row.pk)).output
    assert len(receiver.arrived) == 2


def test_a_test_that_is_not_taken_ends_with_1_and_the_reason(
    endpoint: Making, receiver: Receiver
) -> None:
    one = endpoint()
    receiver.replies(401)
    no = refused("webhooks", "test", str(one.row.pk))
    assert (no["cause"], no["code"]) == ("answered_no", "401")
    assert "the receiver did not take it 401" in no["sentence"]


def test_a_test_that_a_server_is_just_sending_is_told_so(
    endpoint: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = endpoint()
    real = sending.deliver

    def taken_first(number: int) -> object:
        sending.claim(number)
        return real(number)

    monkeypatch.setattr(sending, "deliver", taken_first)
    assert refused("webhooks", "test", str(one.row.pk))["cause"] == "sending"


def test_the_log_is_told_page_by_page(endpoint: Making) -> None:
    one = endpoint()
    for _ in range(3):
        happen()
    name = str(one.row.pk)
    first = told("webhooks", "deliveries", name, "--limit", "2")
    second = told("webhooks", "deliveries", name, "--limit", "2", "--after", first["next"])
    numbers = [each["number"] for each in first["deliveries"] + second["deliveries"]]
    assert numbers == sorted(numbers, reverse=True)
    assert (len(numbers), second["next"]) == (3, None)


def test_the_log_is_narrowed_to_a_state(endpoint: Making) -> None:
    one = endpoint()
    happen_and_send()
    happen()
    name = str(one.row.pk)
    states = [
        told("webhooks", "deliveries", name, "--state", each)["deliveries"]
        for each in ("done", "due")
    ]
    assert [[each["state"] for each in one] for one in states] == [["done"], ["due"]]


def test_a_delivery_is_sent_again(endpoint: Making, receiver: Receiver) -> None:
    endpoint()
    sent = happen_and_send()
    answer = told("webhooks", "redeliver", str(sent.pk))
    assert (answer["delivery"]["state"], len(answer["attempts"])) == ("done", 2)
    assert len({one.headers["webhook-id"] for one in receiver.arrived}) == 1


def test_an_unknown_delivery_is_refused(time: Time) -> None:
    assert refused("webhooks", "redeliver", "987654")["cause"] == "no_such_delivery"
    assert run("webhooks", "redeliver", "many").exit_code == 2


def test_an_endpoint_that_is_off_is_refused(endpoint: Making) -> None:
    one = endpoint()
    actions.switch_off(one.now, Endpoint.Off.GONE)
    assert refused("webhooks", "test", str(one.row.pk))["cause"] == "endpoint_off"
    assert not Delivery.objects.exists()

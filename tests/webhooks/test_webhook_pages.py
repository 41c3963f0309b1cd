"""Settings › Webhooks: what the pages show and do."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from storewarden.vault import Secret
from storewarden.webhooks import actions, queries, sending, types
from storewarden.webhooks.models import Delivery, Endpoint
from tests.outward.servers import Receiver
from tests.stores.pages_kit import HTMX, said, signed_in, text
from tests.webhooks.kit import TESTER, Made, Time, happen, happen_and_send, is_signed, made

Making = Callable[..., Made]
WEBHOOKS = "/settings/webhooks/"
URL = "https://erp.example.test/hook"
NOBODY = UUID("00000000-0000-4000-8000-000000000000")
HUGE = "x" * 10_000_000


def own(one: Made, deed: str = "") -> str:
    return f"{WEBHOOKS}{one.row.pk}/{deed}"


def of(delivery: Delivery, deed: str = "") -> str:
    return f"{WEBHOOKS}{delivery.endpoint_id}/deliveries/{delivery.pk}/{deed}"


def secret_on(page: HttpResponse) -> Secret:
    found = re.search(r'data-testid="secret">(whsec_[^<]+)<', page.content.decode())
    assert found
    return Secret(found[1].replace("&#x3D;", "="))


def test_without_an_endpoint_the_page_says_what_they_are_for(db: None, time: Time) -> None:
    shown = text(signed_in().get(WEBHOOKS))
    assert "No endpoint yet" in shown
    assert all(one.name in shown and str(one.meaning) in shown for one in types.all_types())


def test_the_room_is_in_the_sidebar(db: None, time: Time) -> None:
    page = signed_in().get(WEBHOOKS).content.decode()
    assert re.search(rf'href="{WEBHOOKS}" data-key="w" aria-current="page"', page)


def test_an_endpoint_is_added_and_its_secret_shown_once(
    db: None, time: Time, receiver: Receiver
) -> None:
    client = signed_in()
    wanted = {"url": receiver.url, "own_network": "on", "description": "ERP"}
    answer = client.post(f"{WEBHOOKS}add/", wanted | {"types": ["store.expired"]})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    secret, one = secret_on(answer), Endpoint.objects.get()
    happen_and_send()
    assert is_signed(receiver.arrived[0], secret)
    for address in (WEBHOOKS, f"{WEBHOOKS}{one.pk}/", f"{WEBHOOKS}{one.pk}/change/"):
        assert "whsec_" not in client.get(address).content.decode()


def test_sending_the_form_again_makes_no_second_endpoint(db: None, time: Time) -> None:
    client = signed_in()
    client.post(f"{WEBHOOKS}add/", {"url": URL})
    again = client.post(f"{WEBHOOKS}add/", {"url": URL})
    assert again.status_code == 422
    assert "There is an endpoint with this address already." in text(again)
    assert Endpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("url", "", "The address is empty."),
        ("url", " \t ", "The address is empty."),
        ("url", "erp.example.test", "The address does not begin with https://."),
        ("url", "http://erp.example.test/", "Plain http:// is refused"),
        ("url", "https://10.0.0.1/", "The address lies in a private network"),
        ("url", "https://0x7f.1/", "written in an unusual way"),
        ("url", "https://a@b.test/", "a name or password in front"),
        ("url", "https://b.test/\x00", "Null characters are not allowed."),
        ("url", "https://b.test/\u202e", "This is no address that can be called."),
        ("url", "https://b.test/<script>alert(1)</script>", "This is no address"),
        ("url", "'; DROP TABLE webhooks_endpoint; --", "This is no address"),
        ("url", "💥", "does not begin with https://"),
        ("url", "https://" + "x" * 1_000_000, "This is no address"),
        ("description", "x" * 201, "The description is longer than 200 characters."),
        ("description", "a\u202eb", "The description has invisible characters."),
        ("description", "a\x00b", "Null characters are not allowed."),
        ("types", "store.exploded", "There is no such event."),
        ("types", "\x00", "There is no such event."),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_what_is_wrong_is_said_beside_its_field(
    db: None, time: Time, field: str, value: str, sentence: str
) -> None:
    """In both forms: of a new endpoint, and of one that is changed."""
    one, client = made(f"{URL}/first"), signed_in()
    for address in (f"{WEBHOOKS}add/", own(one, "change/")):
        answer = client.post(address, {"url": URL} | {field: value})
        assert answer.status_code == 422
        assert sentence in text(answer)
    assert list(Endpoint.objects.values_list("url", flat=True)) == [f"{URL}/first"]


def test_a_refused_form_keeps_what_was_written(db: None, time: Time) -> None:
    wanted = {"url": "http://erp.example.test/", "description": "ERP", "types": "store.expired"}
    page = signed_in().post(f"{WEBHOOKS}add/", wanted).content.decode()
    assert 'value="http://erp.example.test/"' in page
    assert 'value="ERP"' in page
    assert re.search(r'value="store.expired" checked', page)
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("field", ["url", "description", "types"])
def test_ten_megabytes_are_refused_with_a_sentence(db: None, time: Time, field: str) -> None:
    answer = signed_in().post(f"{WEBHOOKS}add/", {"url": URL} | {field: HUGE})
    assert answer.status_code == 413
    assert not Endpoint.objects.exists()


def test_a_description_is_shown_as_text(db: None, time: Time) -> None:
    one = made(URL, description="<b>ERP</b> '; DROP TABLE x; -- 💥")
    client = signed_in()
    for address in (WEBHOOKS, own(one), own(one, "change/"), own(one, "remove/")):
        assert "<b>ERP</b>" not in client.get(address).content.decode()


def test_an_endpoint_is_changed(db: None, time: Time) -> None:
    one = made(URL, types=["store.expired"])
    client = signed_in()
    form = client.get(own(one, "change/")).content.decode()
    assert f'value="{URL}"' in form
    assert 'value="store.expired" checked' in form
    answer = client.post(own(one, "change/"), {"url": f"{URL}/2", "types": ["store.connected"]})
    assert answer["Location"] == own(one)
    assert (one.now.url, one.now.types) == (f"{URL}/2", ["store.connected"])


def test_a_secret_is_renewed_after_asking(endpoint: Making, receiver: Receiver) -> None:
    one, client = endpoint(), signed_in()
    assert "Renew the signing secret?" in text(client.get(own(one, "secret/")))
    answer = client.post(own(one, "secret/"))
    assert "For 24 hours every event is signed with the old secret as well" in text(answer)
    happen_and_send()
    assert is_signed(receiver.arrived[0], secret_on(answer))
    assert is_signed(receiver.arrived[0], one.secret)
    assert "signs too until" in text(client.get(own(one)))


def test_a_secret_renewed_too_often_is_refused_in_words(endpoint: Making) -> None:
    one, client = endpoint(), signed_in()
    answers = [client.post(own(one, "secret/")).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 409]


def test_a_test_is_sent_and_its_page_shows_how_it_went(
    endpoint: Making, receiver: Receiver
) -> None:
    one, client = endpoint(), signed_in()
    answer = client.post(own(one, "test/"))
    sent = Delivery.objects.get()
    assert answer["Location"] == of(sent)
    page = client.get(of(sent))
    assert "It was not tried yet." in text(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    sending.deliver_due()
    part = client.get(of(sent), headers=HTMX).content.decode()
    assert part.startswith('<div id="delivery">')
    assert "every 2s" not in part


def test_a_delivery_shows_its_payload_and_each_try(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    endpoint()
    receiver.replies(500, 301, 200)
    happen_and_send()
    for _ in range(2):
        time.move_to(Delivery.objects.get().next_at)  # type: ignore[arg-type]
        sending.deliver_due()
    page = signed_in().get(of(Delivery.objects.get()))
    shown = text(page)
    assert "Alpha “店铺”" in shown
    assert page.content.decode().count('data-testid="attempt"') == 3
    for part in ("the receiver did not take it", "redirects are not followed", "500", "301"):
        assert part in shown


def test_the_log_tells_state_tries_and_status(endpoint: Making, receiver: Receiver) -> None:
    one = endpoint()
    receiver.replies(503)
    happen_and_send("store.connected")
    receiver.replies(200)
    happen_and_send("store.expired")
    shown = text(signed_in().get(own(one)))
    for part in ("store.connected", "Waiting to try again", "503", "store.expired", "Delivered"):
        assert part in shown


@pytest.mark.parametrize(
    ("state", "number"), [("", 3), ("due", 1), ("done", 1), ("failed", 1), ("nonsense", 3)]
)
def test_the_log_is_narrowed_to_a_state(
    endpoint: Making, receiver: Receiver, state: str, number: int
) -> None:
    one = endpoint()
    happen_and_send()
    happen_and_send()
    Delivery.objects.filter(pk=one.deliveries[0].pk).update(state="failed")
    happen()
    page = signed_in().get(own(one), {"state": state}).content.decode()
    assert page.count('data-testid="delivery"') == number


def test_what_is_just_being_sent_counts_as_waiting(endpoint: Making) -> None:
    one = endpoint()
    happen()
    sending.claim(one.deliveries[0].pk)
    page = signed_in().get(own(one), {"state": "due"})
    assert "Being sent" in text(page)


def test_a_long_log_is_turned_by_page(endpoint: Making) -> None:
    one, client = endpoint(), signed_in()
    for _ in range(60):
        happen()
    first = client.get(own(one))
    older = re.search(r'rel="next" href="\?after=([^"]+)"', first.content.decode())
    assert older
    second = client.get(own(one), {"after": older[1]}).content.decode()
    assert first.content.decode().count('data-testid="delivery"') == 50
    assert second.count('data-testid="delivery"') == 10


@pytest.mark.parametrize("cursor", ["x", "\x00", "9" * 90, "MTIz", "💥"])
def test_a_mistyped_cursor_reads_from_the_top(endpoint: Making, cursor: str) -> None:
    one = endpoint()
    happen()
    page = signed_in().get(own(one), {"after": cursor})
    assert page.content.decode().count('data-testid="delivery"') == 1


def test_a_failed_delivery_is_sent_again(endpoint: Making, receiver: Receiver) -> None:
    endpoint()
    happen_and_send()
    client, sent = signed_in(), Delivery.objects.get()
    answer = client.post(of(sent, "redeliver/"))
    assert said(answer) == ["It is sent once more, under the same id."]
    sending.deliver_due()
    assert len(receiver.arrived) == 2


def test_what_is_just_being_sent_is_refused_in_words(endpoint: Making) -> None:
    endpoint()
    happen()
    sent = Delivery.objects.get()
    sending.claim(sent.pk)
    answer = signed_in().post(of(sent, "redeliver/"))
    assert answer.status_code == 409
    assert "This delivery is just being sent." in text(answer)


def test_switching_off_and_on(endpoint: Making) -> None:
    one, client = endpoint(), signed_in()
    client.post(own(one, "off/"))
    page = client.get(own(one))
    assert "It was switched off by owner@example.test." in text(page)
    assert 'data-testid="send-test"' not in page.content.decode()
    assert client.post(own(one, "test/")).status_code == 409
    client.post(own(one, "on/"))
    assert one.now.is_on


@pytest.mark.parametrize(
    ("status", "days", "sentence"),
    [
        (410, 0, "The receiver answered 410 Gone"),
        (500, 5, "It took nothing for five days, so it was switched off."),
    ],
)
def test_an_endpoint_that_was_switched_off_by_itself_says_why(
    endpoint: Making, receiver: Receiver, time: Time, status: int, days: int, sentence: str
) -> None:
    one, client = endpoint(), signed_in()
    receiver.replies(status)
    happen_and_send()
    time.advance(days=days)
    happen_and_send()
    assert sentence in text(client.get(own(one)))
    assert "Switched off" in text(client.get(WEBHOOKS))


def test_an_endpoint_that_fails_says_since_when(
    endpoint: Making, receiver: Receiver, time: Time
) -> None:
    one, client = endpoint(), signed_in()
    receiver.replies(500)
    happen_and_send()
    time.advance(3 * 3600)
    page = client.get(own(one)).content.decode()
    assert re.search(r"Nothing was taken there since <time [^>]*3 h ago", page)
    assert "Failing" in text(client.get(WEBHOOKS))


def test_removing_asks_first(endpoint: Making) -> None:
    one, client = endpoint(), signed_in()
    assert "Remove this endpoint?" in text(client.get(own(one, "remove/")))
    assert Endpoint.objects.exists()
    assert client.post(own(one, "remove/"))["Location"] == WEBHOOKS
    assert not Endpoint.objects.exists()


def test_what_is_not_there_is_not_found(endpoint: Making) -> None:
    one, client = endpoint(), signed_in()
    happen()
    number = one.deliveries[0].pk
    nobody = f"{WEBHOOKS}{NOBODY}/"
    lost = [nobody, f"{nobody}change/", f"{nobody}deliveries/{number}/"]
    lost += [own(one, "deliveries/987654/"), own(one, f"deliveries/{10**30}/")]
    assert [client.get(address).status_code for address in lost] == [404] * len(lost)
    assert client.post(own(one, "explode/")).status_code == 404


def test_deeds_are_posted(endpoint: Making) -> None:
    one, client = endpoint(), signed_in()
    happen()
    for deed in ("test/", "on/", "off/", f"deliveries/{one.deliveries[0].pk}/redeliver/"):
        assert client.get(own(one, deed)).status_code == 405


def test_a_delivery_is_shown_under_its_own_endpoint_alone(endpoint: Making) -> None:
    one, other = endpoint("/one"), endpoint("/two")
    happen()
    number = one.deliveries[0].pk
    assert signed_in().get(own(other, f"deliveries/{number}/")).status_code == 404


def number_of_queries(address: str) -> int:
    client = signed_in()
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_more_rows_are_no_more_queries(endpoint: Making) -> None:
    one = endpoint()
    happen_and_send()
    few = [number_of_queries(WEBHOOKS), number_of_queries(own(one))]
    for number in range(10):
        endpoint(f"/{number}", types=["store.archived"])
        happen()
    assert [number_of_queries(WEBHOOKS), number_of_queries(own(one))] == few


CHINESE = ("Add endpoint", "Events", "Last delivered", "How a receiver checks the signature")


def test_the_pages_speak_chinese(endpoint: Making) -> None:
    one, client = endpoint(), signed_in("zh-hans")
    happen_and_send()
    pages = [client.get(each) for each in (WEBHOOKS, own(one), of(Delivery.objects.get()))]
    assert all('lang="zh-Hans"' in page.content.decode() for page in pages)
    with translation.override("zh-hans"):
        assert all(gettext(words) in text(pages[0]) for words in CHINESE)


def test_the_state_of_an_endpoint_is_no_promise_before_anything_was_sent(
    endpoint: Making,
) -> None:
    endpoint()
    shown = text(signed_in().get(WEBHOOKS))
    assert "Nothing sent yet" in shown
    assert "Works" not in shown


def test_who_switched_it_off_is_told(endpoint: Making) -> None:
    one = endpoint()
    actions.switch_off(one.now, Endpoint.Off.BY_HAND, TESTER.name)
    assert queries.endpoint(one.row.pk).off_by == TESTER.name  # type: ignore[union-attr]

"""The address that Temu calls: what is genuine is kept, what is not leaves nothing behind."""

import threading
from datetime import datetime, timedelta

import pytest
import structlog
from django.db import connection, connections
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from storewarden import clock
from storewarden.arrivals import rules
from storewarden.arrivals.models import Arrival
from storewarden.stores.actions import add_app
from storewarden.stores.models import DeveloperApp
from storewarden.vault import Secret
from temu_openapi import webhooks
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.arrivals.kit import NEWS, STATUS, path_of, post, post_until_taken, sealed, send
from tests.conftest import TESTER, VirtualTime

Apps = dict[str, DeveloperApp]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("sign_ext_param", [True, False])
def test_a_genuine_message_is_kept_and_answered(apps: Apps, sign_ext_param: bool) -> None:
    answer = send(apps["us"], sign_ext_param=sign_ext_param)
    assert (answer.status_code, answer.json()) == (200, {"result": {}})
    kept = Arrival.objects.get()
    assert (kept.app, kept.code, kept.topic) == (apps["us"], STATUS, "orders")
    assert (kept.mall_id, kept.po, kept.order_sn) == (str(seed.SEMI_ONE), "PO-211-1", "211-1")
    assert (kept.status, kept.received_at, kept.settled_at) == ("2", clock.now(), None)
    assert kept.changed_at == datetime.fromisoformat("2026-09-21T14:13:10+00:00")


@pytest.mark.parametrize("area", ["us", "eu", "global"])
def test_each_order_area_has_an_address(apps: Apps, area: str) -> None:
    assert send(apps[area]).status_code == 200


def test_the_app_of_the_product_area_has_none(apps: Apps) -> None:
    assert send(apps["cn"]).status_code == 404


@pytest.mark.parametrize(
    "path", ["/hooks/temu/00000000-0000-4000-8000-000000000000/", "/hooks/temu/x/", "/hooks/"]
)
def test_an_unknown_address_is_not_found(apps: Apps, path: str) -> None:
    assert Client().post(path, b"{}", content_type="application/json").status_code == 404


def test_an_app_of_another_marketplace_is_not_found(apps: Apps) -> None:
    path = path_of(apps["us"]).replace("temu", "other")
    assert Client().post(path, b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_post_is_taken(apps: Apps, method: str) -> None:
    answer = getattr(Client(), method)(path_of(apps["us"]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_the_secret_of_another_app_opens_nothing(apps: Apps) -> None:
    assert send(apps["us"], secret="sandbox-secret-eu").status_code == 401
    assert not Arrival.objects.exists()


def test_a_message_for_another_app_is_refused_at_this_address(apps: Apps) -> None:
    assert post(apps["us"], *sealed(apps["eu"])).status_code == 401
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("x-tm-signature", "0" * 64, 401),
        ("x-tm-signature", "", 401),
        ("x-tm-signature", "签名", 401),
        ("x-tm-event-code", "bg_made_up", 401),
        ("x-tm-app-key", "sandbox-app-eu", 401),
        ("x-tm-ext-param", '{"x":1}', 401),
        ("x-tm-timestamp", "1790000000001", 401),
        ("x-tm-timestamp", "yesterday", 400),
        ("x-tm-event-code", "a" * 65, 400),
        ("x-tm-event-code", "<b>", 400),
        ("x-tm-event-code", "", 400),
    ],
)
def test_an_altered_header_leaves_nothing(apps: Apps, header: str, value: str, status: int) -> None:
    headers, body = sealed(apps["us"])
    assert post(apps["us"], headers | {header: value}, body).status_code == status
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"no json", 400),
        (b"[]", 400),
        (b'{"eventData":null}', 400),
        (b'{"eventData":"not base64!"}', 401),
        (b'{"eventData":"AAAA"}', 401),
        (b'{"eventData":"\\u0000"}', 401),
        (b"\x00" * 40, 400),
        (b"[" * 60_000, 400),
        (b"x" * (rules.MOST_BYTES + 1), 413),
        (b"x" * 10_000_000, 413),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_body_that_is_no_message_leaves_nothing(apps: Apps, body: bytes, status: int) -> None:
    headers, _ = sealed(apps["us"])
    assert post(apps["us"], headers, body).status_code == status
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_another_content_type_breaks_nothing(apps: Apps, kind: str) -> None:
    headers, body = sealed(apps["us"])
    rest = {name: value for name, value in headers.items() if name != "Content-Type"}
    answer = Client().post(path_of(apps["us"]), data=body, content_type=kind, headers=rest)
    assert answer.status_code in (200, 400)


def test_ten_megabytes_of_form_are_refused(apps: Apps) -> None:
    answer = Client().post(
        path_of(apps["us"]), b"a=" + b"x" * 10_000_000, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413


def test_a_replayed_body_with_a_new_time_is_refused(apps: Apps, clock: VirtualTime) -> None:
    headers, body = sealed(apps["us"])
    clock.advance(60)
    later = {**headers, "x-tm-timestamp": str(int(clock.now_s() * 1000))}
    assert post(apps["us"], later, body).status_code == 401


def test_a_replay_of_the_very_same_request_changes_nothing(apps: Apps, clock: VirtualTime) -> None:
    headers, body = sealed(apps["us"])
    post(apps["us"], headers, body)
    first = Arrival.objects.values().get()
    clock.advance(3600)
    assert post(apps["us"], headers, body).status_code == 200
    assert Arrival.objects.values().get() == first


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (rules.LAST_RETRY_AFTER, 200),
        (rules.OLDEST, 200),
        (rules.OLDEST + timedelta(seconds=1), 403),
        (timedelta(days=400), 403),
        (-HOUR, 200),
        (-HOUR - timedelta(seconds=1), 403),
    ],
)
def test_a_genuine_message_is_taken_as_long_as_temu_may_repeat_it(
    apps: Apps, age: timedelta, status: int
) -> None:
    assert send(apps["us"], at=clock.now() - age).status_code == status
    assert Arrival.objects.count() == (status == 200)


def test_a_replay_always_meets_the_row_of_the_first_one() -> None:
    assert rules.KEPT_FOR > rules.OLDEST + rules.FARTHEST_AHEAD


def test_a_retry_with_its_own_time_is_the_same_news(apps: Apps, clock: VirtualTime) -> None:
    send(apps["us"])
    clock.advance(120)
    assert send(apps["us"]).status_code == 200
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"orderStatus": 4},
        {"updateTime": 1_789_999_991},
        {"orderSn": "211-2"},
        {"parentOrderSn": "PO-211-2"},
        {"mallId": seed.SEMI_TWO},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_news_is_kept_beside_it(apps: Apps, change: dict[str, object]) -> None:
    send(apps["us"])
    send(apps["us"], {**NEWS, **change})
    assert Arrival.objects.count() == 2


def test_a_second_change_of_an_address_is_other_news(apps: Apps, clock: VirtualTime) -> None:
    """This event tells no time, so the time at which it was sent counts."""
    moved = {"mallId": seed.SEMI_ONE, "parentOrderSn": "PO-211-1"}
    for _again in range(2):
        for _change in range(2):
            send(apps["us"], moved, code=webhooks.ADDRESS_CHANGED)
        clock.advance(60)
    assert Arrival.objects.count() == 2


def test_an_event_of_a_case_tells_case_and_status(apps: Apps) -> None:
    case = {
        "mallId": seed.SEMI_ONE,
        "parentAfterSalesSn": "PO-AS-1",
        "parentOrderSn": "PO-211-1",
        "parentAfterSalesStatus": 5,
        "updateAt": 1_789_999_990_500,
        "applyOperatorRole": 1,
    }
    send(apps["us"], case, code=webhooks.CANCELLATION_CHANGED)
    kept = Arrival.objects.get()
    assert (kept.case_sn, kept.status, kept.topic) == ("PO-AS-1", "5", "orders")
    assert kept.changed_at == datetime.fromisoformat("2026-09-21T14:13:10.500+00:00")


@pytest.mark.parametrize(
    "data",
    [
        {"mallId": None, "parentOrderSn": "PO\x00-1", "orderSn": "\u202e1\n2"},
        {"parentOrderSn": "<script>" * 200, "mallId": "'; DROP TABLE stores; --"},
        {"orderStatus": 10**30, "updateTime": 10**30},
        {"orderStatus": "two", "updateTime": "now"},
        {"updateTime": -1, "mallId": -1},
        {"mallId": {"deep": [1]}},
        "[]",
        "null",
        "no json at all \x00 😀",
        "",
    ],
    ids=lambda data: repr(data)[:30],
)
def test_strange_content_is_kept_without_harm(apps: Apps, data: object) -> None:
    assert send(apps["us"], data).status_code == 200  # type: ignore[arg-type]
    kept = Arrival.objects.get()
    assert all(len(text) <= 64 and text.isprintable() for text in (kept.po, kept.order_sn))


def test_an_unknown_event_is_kept(apps: Apps) -> None:
    for number in range(2):
        send(apps["us"], {"orderId": number}, code="bg_made_tomorrow")
    assert set(Arrival.objects.values_list("code", "topic")) == {("bg_made_tomorrow", "unknown")}
    assert Arrival.objects.count() == 2


def test_of_the_content_only_ids_status_and_times_stay(apps: Apps) -> None:
    buyer = "Somebody Of Nowhere"
    with structlog.testing.capture_logs() as logs:
        send(apps["us"], {**NEWS, "receiptName": buyer, "mobile": "+1 555 0100"})
        send(apps["us"], {"receiptName": buyer}, code="bg_made_tomorrow")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM arrivals_arrival")
        rows = repr(cursor.fetchall())
    assert buyer not in rows + repr(logs)
    assert "555" not in rows


def test_a_refusal_is_logged_without_anything_of_it(apps: Apps) -> None:
    with structlog.testing.capture_logs() as logs:
        headers, body = sealed(apps["us"], secret="sandbox-secret-eu")
        post(apps["us"], headers, body)
    (line,) = [one for one in logs if one["event"] == "arrivals.refused"]
    assert (line["app"], line["why"]) == (str(apps["us"].pk), "forged")
    assert body.decode() not in repr(logs)
    assert headers["x-tm-signature"] not in repr(logs)


def test_a_message_costs_one_look_up_and_one_row(
    apps: Apps, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = Client()
    post(apps["us"], *sealed(apps["us"]), client=browser)  # the first visit is looked up once
    headers, body = sealed(apps["us"], {**NEWS, "orderStatus": 4})
    with django_assert_num_queries(2):
        post(apps["us"], headers, body, client=browser)


def test_no_call_is_made_while_temu_waits(apps: Apps, control: Control) -> None:
    control.add_fault("outage")
    assert send(apps["us"]).status_code == 200
    assert control.faults()[0]["seen"] == 0


def test_a_new_secret_counts_at_once_at_the_same_address(apps: Apps) -> None:
    new = "sandbox-secret-us-the-second"
    add_app("temu", "us", apps["us"].app_key, Secret(new), TESTER)
    assert send(apps["us"]).status_code == 401
    assert send(apps["us"], secret=new).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_eight_deliveries_at_once_are_one_row(apps: Apps) -> None:
    headers, body = sealed(apps["us"])
    ready, statuses = threading.Barrier(8), []

    def deliver() -> None:
        try:
            ready.wait(10)
            statuses.append(post_until_taken(apps["us"], headers, body))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert statuses == [200] * 8
    assert Arrival.objects.count() == 1

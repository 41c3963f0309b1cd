"""Webhooks: who hears of what, how it is sent, what happens when nobody answers."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sandbox_desk import NOW_S, TOKEN_INFO, Desk, quiet_world

from temu_openapi import webhooks as wire
from temu_sandbox import World, WorldClock, serve
from temu_sandbox.control import ControlError, perform
from temu_sandbox.webhook_post import Reply, over_loopback, over_wsgi
from temu_sandbox.world.seed import SEMI_TWO
from temu_sandbox.world.webhooks import RETRY_GAPS_S

UPDATE = "bg.tmc.message.update"
URL = "http://127.0.0.1:9/hooks/"
STATUS, CANCELLATION = wire.ORDER_STATUS_CHANGED, wire.CANCELLATION_CHANGED
USED = [STATUS, wire.ADDRESS_CHANGED, CANCELLATION]


class Receiver:
    """Takes webhooks in place of a server: opens them, keeps them, answers as told."""

    def __init__(self, *replies: Reply, secret: str = "sandbox-secret-us") -> None:
        self.messages: list[wire.Message] = []
        self.headers: list[dict[str, str]] = []
        self._replies, self._secret = list(replies), secret

    def __call__(self, url, headers, body) -> Reply:
        message = wire.open_message(headers, body, headers["x-tm-app-key"], self._secret)
        self.messages.append(message)
        self.headers.append(dict(headers))
        return self._replies.pop(0) if self._replies else Reply(200)

    @property
    def told(self) -> list[tuple[str, dict]]:
        return [(one.event_code, json.loads(one.event_data)) for one in self.messages]

    def data(self, code: str) -> list[dict]:
        return [data for told, data in self.told if told == code]


def heard_desk(*replies: Reply, world: World | None = None) -> tuple[Desk, Receiver]:
    """A desk whose app has a callback and whose mall lets all events through."""
    desk, receiver = Desk(world=world), Receiver(*replies)
    desk.world.post = receiver
    desk.world.limits.message_update_rate_per_s = None
    desk.control.set_callback(desk.app_key, URL)
    assert desk.call(UPDATE, permitEventCodeList=USED)["success"]
    return desk, receiver


def test_a_placed_order_is_told_line_by_line():
    desk, receiver = heard_desk()
    (number,) = desk.orders(1)
    assert desk.control.deliver_webhooks() == {"delivered": 1}
    (line,) = desk.world.orders.get(number).lines
    assert receiver.told == [
        (
            STATUS,
            {
                "mallId": desk.mall_id,
                "parentOrderSn": number,
                "orderSn": line.order_sn,
                "orderStatus": 2,
                "updateTime": NOW_S,
            },
        )
    ]


def test_confirming_shipping_and_cancelling_are_told():
    desk, receiver = heard_desk()
    (pending,) = desk.orders(1, status=1)
    desk.control.confirm_order(pending)
    assert desk.ship(desk.parcel(pending))["success"]
    (other,) = desk.orders(1)
    desk.control.cancel_order(other)
    desk.control.deliver_webhooks()
    told = [(one["parentOrderSn"], one["orderStatus"]) for one in receiver.data(STATUS)]
    assert told == [(pending, 1), (pending, 2), (pending, 4), (other, 2), (other, 3)]
    (case,) = receiver.data(CANCELLATION)
    assert (case["parentOrderSn"], case["parentAfterSalesStatus"]) == (other, 5)
    assert (case["updateAt"], case["applyOperatorRole"]) == (NOW_S * 1000, 1)


def test_a_changed_address_is_told_without_the_address():
    desk, receiver = heard_desk()
    (number,) = desk.orders(1)
    desk.control.change_address(number, {"receiptName": "Somebody New"})
    desk.control.deliver_webhooks()
    assert receiver.data(wire.ADDRESS_CHANGED) == [
        {"mallId": desk.mall_id, "parentOrderSn": number}
    ]


def test_an_update_time_that_moves_alone_is_told_to_nobody():
    desk, _ = heard_desk()
    made = desk.orders(3)
    desk.control.deliver_webhooks()
    desk.control.touch_orders(made)
    assert desk.control.deliver_webhooks() == {}


@pytest.mark.parametrize("sign_ext_param", [True, False])
def test_either_documented_signature_can_be_chosen(sign_ext_param):
    desk, receiver = heard_desk()
    desk.control.set_webhook_style(sign_ext_param=sign_ext_param)
    desk.orders(1)
    desk.control.deliver_webhooks()
    (headers,), (message,) = receiver.headers, receiver.messages
    both = wire.signatures(headers, message.event_data, "sandbox-secret-us")
    assert headers["x-tm-signature"] == both[0 if sign_ext_param else 1]
    assert headers["x-tm-ext-param"] == "{}"


def test_without_a_callback_nothing_is_written_down():
    desk = Desk()
    desk.orders(3)
    assert desk.control.webhooks() == []


def test_without_the_sellers_permit_nothing_is_told():
    desk = Desk()
    desk.control.set_callback(desk.app_key, URL)
    desk.orders(1)
    assert desk.control.webhooks() == []


def test_only_the_subscribed_and_permitted_events_are_told():
    desk = Desk()
    desk.control.set_callback(desk.app_key, URL, [STATUS, CANCELLATION])
    desk.call(UPDATE, permitEventCodeList=[CANCELLATION])
    (number,) = desk.orders(1)
    desk.control.cancel_order(number)
    assert [one["event_code"] for one in desk.control.webhooks()] == [CANCELLATION]


def test_a_cancelled_permit_is_silent_again():
    desk, _ = heard_desk()
    assert desk.call(UPDATE, cancelEventCodeList=USED)["success"]
    desk.orders(1)
    assert desk.control.webhooks() == []


def test_another_mall_of_the_same_app_lets_its_own_events_through():
    desk, _ = heard_desk()
    desk.control.grant(SEMI_TWO, desk.app_key, "us")
    desk.control.make_orders(SEMI_TWO, 1, area="us")
    assert desk.control.webhooks() == []


@pytest.mark.parametrize("end", ["removed", "replaced", "expired"])
def test_a_dead_token_lets_nothing_through(end):
    desk, _ = heard_desk()
    grant_id = desk.grant["id"]
    {
        "removed": lambda: desk.control.remove_grant(grant_id),
        "replaced": lambda: desk.control.new_token(grant_id),
        "expired": lambda: desk.control.age_token(91, grant_id),
    }[end]()
    desk.orders(1)
    assert desk.control.webhooks() == []


def test_the_token_tells_subscribed_and_permitted_events():
    desk, _ = heard_desk()
    desk.call(UPDATE, cancelEventCodeList=[CANCELLATION])
    info = desk.result(TOKEN_INFO)
    assert info["appSubscribeEventCodeList"] == list(wire.EVENT_CODES)
    told = {one["eventCode"]: one["permitsStatus"] for one in info["authEventCodeList"]}
    assert told == {STATUS: 1, wire.ADDRESS_CHANGED: 1, CANCELLATION: 0}
    assert info["appSubscribeStatus"] == 0


def test_until_the_seller_permits_something_the_token_tells_of_no_events():
    desk = Desk()
    info = desk.result(TOKEN_INFO)
    assert (info["appSubscribeEventCodeList"], info["authEventCodeList"]) == ([], [])


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"permitEventCodeList": [f"e{i}" for i in range(21)]}, 110020005),
        ({"cancelEventCodeList": [f"e{i}" for i in range(21)]}, 110020005),
        ({"permitEventCodeList": [STATUS], "cancelEventCodeList": [STATUS]}, 110020006),
        ({"permitEventCodeList": ["bg_made_up"]}, 110020009),
        ({"permitEventCodeList": [STATUS, "bg_made_up"]}, 110020009),
        ({"permitEventCodeList": "all"}, 3000000),
        ({"permitEventCodeList": [7]}, 3000000),
    ],
)
def test_what_cannot_be_permitted_is_refused_as_documented(params, code):
    desk = Desk()
    desk.world.limits.message_update_rate_per_s = None
    desk.control.set_callback(desk.app_key, URL)
    assert desk.code(UPDATE, **params) == code
    assert desk.world.webhooks.permits(desk.world.authorizations.by_id(desk.grant["id"])) == []


def test_an_app_without_subscription_is_told_so():
    assert Desk().code(UPDATE, permitEventCodeList=[STATUS]) == 110020009


def test_a_token_whose_packages_lack_the_event_is_told_so():
    desk = Desk(packages=["Semi Basic Management"])
    desk.control.set_callback(desk.app_key, URL)
    assert desk.code(UPDATE, permitEventCodeList=[STATUS]) == 110020008


def test_an_event_that_the_seller_withholds_refuses_the_whole_call():
    desk, _ = heard_desk()
    desk.control.withhold_events(desk.grant["id"], [CANCELLATION])
    assert desk.code(UPDATE, permitEventCodeList=[STATUS, CANCELLATION]) == 110020008
    assert desk.code(UPDATE, permitEventCodeList=[STATUS]) == 1000000


def test_one_update_a_second_is_taken():
    desk = Desk()
    assert desk.code(UPDATE) == 1000000
    assert desk.code(UPDATE) == 110020007
    desk.world.advance_clock(1)
    assert desk.code(UPDATE) == 1000000


def test_permits_are_in_the_effect_ledger():
    desk, _ = heard_desk()
    (row,) = desk.control.ledger(effect="events_permitted")
    assert (row["api_type"], row["details"]["permit"]) == (UPDATE, USED)


def test_what_is_not_answered_is_sent_again_after_the_documented_gaps_and_then_dropped():
    desk, receiver = heard_desk(*[Reply(500)] * 20)
    desk.orders(1)
    for gap_s in RETRY_GAPS_S:
        assert desk.control.deliver_webhooks() == {"failed": 1}
        desk.world.advance_clock(gap_s - 1)
        assert desk.control.deliver_webhooks() == {}
        desk.world.advance_clock(1)
    assert desk.control.deliver_webhooks() == {"dropped": 1}
    desk.world.advance_clock(1_000_000)
    assert desk.control.deliver_webhooks() == {}
    assert len(receiver.messages) == 9
    assert sum(RETRY_GAPS_S) == 27 * 3600 + 42 * 60


@pytest.mark.parametrize(
    "reply",
    [Reply(201), Reply(302), Reply(500), Reply(0, why="Refused"), Reply(200, took_s=0.501)],
    ids=str,
)
def test_any_answer_but_a_quick_200_is_a_failure(reply):
    desk, _ = heard_desk(reply)
    desk.orders(1)
    assert desk.control.deliver_webhooks() == {"failed": 1}
    assert desk.control.webhooks()[0]["answer"] == str(reply)


@pytest.mark.parametrize("restamp", [False, True])
def test_a_retry_carries_the_time_of_the_event_or_its_own(restamp):
    desk, receiver = heard_desk(Reply(500))
    desk.control.set_webhook_style(restamp=restamp)
    desk.orders(1)
    desk.control.deliver_webhooks()
    desk.world.advance_clock(120)
    desk.control.deliver_webhooks()
    first, second = (one.sent_at_ms for one in receiver.messages)
    assert second - first == (120_000 if restamp else 0)


def test_a_lost_webhook_is_taken_for_delivered():
    desk, receiver = heard_desk()
    desk.control.add_fault("lost_webhook", times=1)
    desk.orders(2)
    assert desk.control.deliver_webhooks() == {"lost": 1, "delivered": 1}
    desk.world.advance_clock(1_000_000)
    assert desk.control.deliver_webhooks() == {}
    assert len(receiver.messages) == 1


def test_a_doubled_webhook_comes_twice():
    desk, receiver = heard_desk()
    desk.control.add_fault("double_webhook", times=1)
    desk.orders(1)
    desk.control.deliver_webhooks()
    first, second = receiver.told
    assert first == second


def test_an_unheard_answer_brings_the_webhook_again():
    desk, receiver = heard_desk()
    desk.control.add_fault("unheard_webhook", times=1)
    desk.orders(1)
    assert desk.control.deliver_webhooks() == {"failed": 1}
    desk.world.advance_clock(120)
    assert desk.control.deliver_webhooks() == {"delivered": 1}
    assert len(receiver.messages) == 2


def test_late_webhooks_come_after_the_others_in_reverse():
    desk, receiver = heard_desk()
    made = desk.orders(1, status=1) + desk.orders(1, status=1)
    for number in made:
        desk.control.confirm_order(number)
    desk.control.add_fault("late_webhook", api_type=STATUS, times=2)
    desk.control.deliver_webhooks()
    told = [(made.index(one["parentOrderSn"]), one["orderStatus"]) for one in receiver.data(STATUS)]
    assert told == [(0, 2), (1, 2), (1, 1), (0, 1)]


def test_a_fault_of_webhooks_is_not_used_up_by_calls_nor_the_other_way_round():
    desk, _ = heard_desk()
    desk.control.add_fault("lost_webhook", times=1)
    desk.control.add_fault("throttle", times=1)
    desk.orders(1)
    assert desk.control.deliver_webhooks() == {"lost": 1}
    assert desk.code(TOKEN_INFO) == 4000004


def test_while_pushing_is_stopped_nothing_is_sent_and_the_token_says_so():
    desk, _ = heard_desk()
    desk.orders(1)
    desk.control.stop_webhooks(desk.app_key)
    desk.orders(1)
    assert desk.control.deliver_webhooks() == {}
    assert desk.result(TOKEN_INFO)["appSubscribeStatus"] == 1
    desk.control.stop_webhooks(desk.app_key, stopped=False)
    assert desk.control.deliver_webhooks() == {"delivered": 1}


def test_the_test_button_sends_a_test_event_without_any_permit():
    desk, receiver = Desk(), Receiver()
    desk.world.post = receiver
    desk.control.set_callback(desk.app_key, URL)
    desk.control.test_webhook(desk.app_key)
    desk.control.deliver_webhooks()
    assert receiver.told == [(wire.TEST_EVENT, {})]


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "http://192.0.2.1/", "http://temu.example.test/", "nonsense"]
)
def test_an_address_elsewhere_is_neither_taken_nor_called(url):
    desk = Desk()
    with pytest.raises(ControlError, match="this machine only"):
        perform(desk.control, "set-callback", {"app_key": desk.app_key, "url": url})
    assert over_loopback(url, {}, b"").status == 0


@pytest.mark.parametrize(
    ("verb", "arguments", "sentence"),
    [
        ("set-callback", {"app_key": "x", "url": URL}, "There is no app x"),
        ("set-callback", {"app_key": "sandbox-app-cn", "url": URL}, "US, EU and Global"),
        ("stop-webhooks", {"app_key": "sandbox-app-us"}, "has no callback"),
        ("test-webhook", {"app_key": "sandbox-app-us"}, "has no callback"),
    ],
)
def test_what_the_portal_would_not_do_is_a_sentence(verb, arguments, sentence):
    with pytest.raises(ControlError, match=sentence):
        perform(Desk().control, verb, arguments)


def test_a_removed_callback_ends_it():
    desk, _ = heard_desk()
    desk.control.set_callback(desk.app_key)
    desk.orders(1)
    assert not desk.world.webhooks.on
    assert desk.control.webhooks() == []


def test_callbacks_permits_and_messages_are_there_again_in_a_file(tmp_path):
    path = str(tmp_path / "world.sqlite")
    desk, _ = heard_desk(world=World.demo(WorldClock(fixed_at_s=NOW_S), path))
    desk.orders(1)
    desk.world.close()
    again, receiver = World.demo(WorldClock(fixed_at_s=NOW_S), path), Receiver()
    again.post = receiver
    assert again.webhooks.on
    assert len(again.webhooks.due(10)) == 1
    again.close()


def test_into_an_application_in_process_without_sockets():
    seen = []

    def app(environ, start_response):
        seen.append((environ["PATH_INFO"], environ["HTTP_X_TM_EVENT_CODE"]))
        start_response("200 OK", [])
        return [b'{"result":{}}']

    desk = Desk()
    desk.world.post = over_wsgi(app)
    desk.control.set_callback(desk.app_key, "https://desk.example.test/hooks/")
    desk.control.test_webhook(desk.app_key)
    assert desk.control.deliver_webhooks() == {"delivered": 1}
    assert seen == [("/hooks/", wire.TEST_EVENT)]


def test_thousands_of_orders_with_webhooks_on_load_in_seconds():
    desk, _ = heard_desk()
    started = time.process_time()
    desk.control.make_orders(desk.mall_id, 20_000, area="us")
    assert time.process_time() - started < 6  # CPU time; one and a half in fact
    assert len(desk.world.webhooks.due(1_000_000)) == 25_000


@contextmanager
def listening(answer_after_s: float = 0.0) -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine that keeps what it is sent."""
    bodies: list[bytes] = []
    go_on = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            go_on.wait(answer_after_s)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", bodies
    finally:
        go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_served_sandbox_sends_by_itself():
    desk = Desk(world=quiet_world())
    with listening() as (url, bodies), serve(desk.world):
        desk.control.set_callback(desk.app_key, url)
        desk.control.test_webhook(desk.app_key)
        deadline = time.monotonic() + 20
        while not bodies and time.monotonic() < deadline:
            time.sleep(0.02)
    assert len(bodies) == 1
    assert desk.control.webhooks()[0]["state"] == "delivered"


def test_an_answer_after_more_than_500_ms_is_a_failure_over_a_socket():
    desk, started = Desk(), time.monotonic()
    with listening(answer_after_s=30) as (url, bodies):
        desk.control.set_callback(desk.app_key, url)
        desk.control.test_webhook(desk.app_key)
        assert desk.control.deliver_webhooks() == {"failed": 1}
        assert time.monotonic() - started < 15, "it does not wait for the answer"
    assert len(bodies) == 1


def test_nobody_at_the_address_is_a_failure():
    desk = Desk()
    desk.control.set_callback(desk.app_key, URL)
    desk.control.test_webhook(desk.app_key)
    assert desk.control.deliver_webhooks() == {"failed": 1}
    assert desk.control.webhooks()[0]["answer"] == "ConnectionRefusedError"

"""Trouble on order: every kind of fault, and the rate limits."""

import pytest
from sandbox_desk import NOW_S, ORDERS, TOKEN_INFO, Desk, stock_cells

from temu_sandbox import Fault
from temu_sandbox.faults import KINDS, DroppedConnectionError

STOCK_GET = "bg.btg.goods.stock.quantity.get"


def codes(desk: Desk, n: int) -> list[int]:
    return [desk.code(TOKEN_INFO) for _ in range(n)]


@pytest.mark.parametrize(("kind", "code"), [("throttle", 4000004), ("system_exception", 4000000)])
def test_a_refusing_fault_answers_with_its_code(kind, code):
    desk = Desk()
    desk.control.add_fault(kind)
    assert desk.code(TOKEN_INFO) == code


def test_a_bad_gateway_is_http_502_and_no_json():
    desk = Desk()
    desk.control.add_fault("bad_gateway")
    response = desk.send(desk.body(TOKEN_INFO))
    assert (response.status_code, response.is_json) == (502, False)


def test_an_outage_drops_the_connection_and_nothing_happens():
    desk = Desk()
    (number,) = desk.orders(1)
    desk.control.add_fault("outage", times=1)
    with pytest.raises(DroppedConnectionError):
        desk.ship(desk.parcel(number))
    assert desk.world.orders.get(number).status == 2


def test_a_dropped_connection_reads_as_a_connection_reset():
    desk = Desk()
    desk.control.add_fault("outage")
    with pytest.raises(ConnectionResetError):
        desk.call(TOKEN_INFO)


def test_a_lost_response_has_had_its_effect_once():
    desk = Desk()
    (number,) = desk.orders(1)
    desk.control.add_fault("lost_response", api_type="*.confirm", times=1)
    with pytest.raises(ConnectionResetError):
        desk.ship(desk.parcel(number))
    assert desk.world.orders.get(number).status == 4
    assert len(desk.control.ledger(effect="order_shipped", subject=number)) == 1
    assert desk.ship(desk.parcel(number))["errorCode"] == 120012004


def test_half_a_body_is_the_first_half_of_a_good_answer():
    desk = Desk()
    desk.control.add_fault("half_body")
    response = desk.send(desk.body(TOKEN_INFO))
    assert response.status_code == 200
    assert response.get_data().startswith(b'{"success":true')
    assert response.get_json(silent=True) is None


def test_latency_and_hang_take_the_worlds_time():
    desk = Desk()
    desk.control.add_fault("latency", ms=250)
    desk.call(TOKEN_INFO)
    assert desk.world.clock.now() == pytest.approx(NOW_S + 0.25)
    desk.control.add_fault("hang", seconds=5)
    desk.call(TOKEN_INFO)
    assert desk.world.clock.now() == pytest.approx(NOW_S + 5.5)


def test_a_hang_is_bounded():
    assert Fault("hang", seconds=10_000).delay_s == 60


def test_times_and_after_say_which_calls_are_hit():
    desk = Desk()
    desk.control.add_fault("throttle", times=2, after=1)
    assert codes(desk, 5) == [1000000, 4000004, 4000004, 1000000, 1000000]


def test_a_fault_hits_its_api_type_and_gateway_only():
    desk = Desk()
    desk.control.add_fault("throttle", api_type="bg.order.*", area="us")
    desk.control.add_fault("system_exception", area="eu")
    assert (desk.code(TOKEN_INFO), desk.code(ORDERS)) == (1000000, 4000004)


def test_chance_is_seeded():
    played = []
    for _ in range(2):
        desk = Desk()
        desk.control.add_fault("throttle", probability=0.5)
        played.append(codes(desk, 20))
    assert played[0] == played[1]
    assert set(played[0]) == {1000000, 4000004}


def test_faults_are_told_and_cleared():
    desk = Desk()
    desk.control.add_fault("throttle")
    desk.control.add_fault("latency", ms=1)
    desk.code(TOKEN_INFO)
    assert [fault["struck"] for fault in desk.control.faults()] == [1, 1]
    assert desk.control.clear_faults("throttle") == {"left": 1}
    assert desk.control.clear_faults() == {"left": 0}


def test_an_unknown_fault_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=", ".join(KINDS)):
        Fault("gremlins")


def test_a_chance_above_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        Fault("throttle", probability=2)


def test_faults_leave_control_and_pages_alone():
    desk = Desk()
    desk.control.add_fault("outage")
    assert desk.client.get("/control/counts").status_code == 200


def test_the_21st_call_of_a_second_is_throttled():
    desk = Desk()
    desk.world.limits.app_rate_per_s = 20
    assert codes(desk, 21) == [1000000] * 20 + [4000004]


def test_the_limit_refills_with_time():
    desk = Desk()
    desk.world.limits.app_rate_per_s = 20
    codes(desk, 21)
    desk.world.clock.advance(0.1)
    assert codes(desk, 3) == [1000000] * 2 + [4000004]


def test_the_limit_is_an_app_keys_own():
    desk = Desk()
    desk.world.limits.app_rate_per_s = 20
    codes(desk, 21)
    assert Desk("eu", world=desk.world).code(TOKEN_INFO) == 1000000


def test_more_than_two_semi_stock_calls_a_second_a_shop_are_a_system_exception():
    desk = Desk("cn")
    skc_id = desk.world.goods.page(desk.mall_id)[1][0].product_skc_id
    desk.control.set_rate_limits(shop_stock_rate_per_s=2)
    answers = [desk.call(STOCK_GET, "pa", productSkcId=skc_id) for _ in range(3)]
    assert [answer["errorCode"] for answer in answers] == [1000000, 1000000, 4000000]
    assert answers[2]["errorMsg"] == "系统异常"


def test_without_limits_nothing_is_throttled():
    desk = Desk("cn")
    desk.control.set_rate_limits(None, None)
    assert set(codes(desk, 50)) == {1000000}
    assert stock_cells(desk)

"""Control: the python verbs, the same over HTTP, the same by command line; the world's file."""

import json
import threading

import pytest
from click.testing import CliRunner
from sandbox_desk import NOW_S, ORDERS, TOKEN_INFO, Desk, quiet_world

from temu_sandbox import Control, World, WorldClock, serve
from temu_sandbox.cli import main
from temu_sandbox.control import VERBS, ControlError, perform
from temu_sandbox.world.seed import FULL, MAIN_ACCOUNT, SEMI_ONE, SUB_ACCOUNT


def post(desk: Desk, verb: str, arguments, **options):
    return desk.client.post(f"/control/{verb}", json=arguments, **options)


def test_every_verb_says_what_it_does():
    assert all(method.__doc__ for method in VERBS.values())


def test_the_demo_world_has_two_sellers_four_malls_and_six_apps():
    told = Control(quiet_world()).world()
    assert [seller["name"] for seller in told["sellers"]] == ["Demo Seller A", "Demo Seller B"]
    assert [len(seller["malls"]) for seller in told["sellers"]] == [3, 1]
    assert len(told["apps"]) == 6


def test_seller_a_has_a_main_account_and_a_sub_account():
    directory = quiet_world().directory
    assert directory.account(MAIN_ACCOUNT).is_main
    assert not directory.account(SUB_ACCOUNT).is_main


def test_app_secrets_are_in_no_repr():
    assert "sandbox-secret-us" not in repr(quiet_world().directory.apps())


def test_orders_are_made_over_http():
    desk = Desk()
    answer = post(desk, "make-orders", {"mall_id": SEMI_ONE, "n": 3}).get_json()
    assert answer["made"] == 3
    assert desk.result(ORDERS)["totalItemNum"] == 3


def test_reads_are_answered_to_get_with_a_query():
    desk = Desk()
    rows = desk.client.get("/control/ledger?effect=token_granted&limit=5").get_json()
    assert [row["effect"] for row in rows] == ["token_granted"]


def test_a_verb_that_writes_is_not_answered_to_get():
    response = Desk().client.get("/control/advance-clock?seconds=5")
    assert response.status_code == 405


def test_the_verbs_are_listed_with_their_arguments():
    told = Desk().client.get("/control/").get_json()
    assert told["advance-clock"] == "seconds: float"
    assert set(told) == set(VERBS)


@pytest.mark.parametrize(
    ("verb", "arguments", "sentence"),
    [
        ("make-coffee", {}, "There is no control verb"),
        ("make-orders", {}, "missing a required argument: 'mall_id'"),
        ("make-orders", {"mall_id": SEMI_ONE, "colour": 1}, "unexpected keyword argument"),
        ("make-orders", {"mall_id": 1}, "There is no mall 1"),
        ("make-orders", {"mall_id": FULL}, "full-consignment mall has no orders"),
        ("make-orders", {"mall_id": SEMI_ONE, "n": 0}, "must be 1 or more"),
        ("make-orders", {"mall_id": SEMI_ONE, "area": "mars"}, "no region of area mars"),
        ("make-orders", {"mall_id": SEMI_ONE, "status": 9}, "9 is not a valid OrderStatus"),
        ("make-orders", {"mall_id": SEMI_ONE, "n": "many"}, "n: Expected `int`, got `str`"),
        ("make-orders", {"mall_id": SEMI_ONE, "skus": [1]}, "productSkuId 1"),
        ("make-orders", {"mall_id": SEMI_ONE, "quantity": 10**30}, "too large"),
        ("set-rate-limits", {"app_rate_per_s": "fast"}, "app_rate_per_s: Expected"),
        ("touch-orders", {"parent_order_sns": "PO-1"}, "Expected `array`"),
        ("advance-clock", {"seconds": float("nan")}, "cannot be moved by nan"),
        ("cancel-order", {"parent_order_sn": "PO-1"}, "There is no order PO-1"),
        ("remove-grant", {"grant_id": 9}, "There is no authorization 9"),
        ("age-token", {"days": 1, "token": "x"}, "token this sandbox issued"),
        ("suspend-app", {"app_key": "x"}, "There is no app x"),
        ("add-fault", {"kind": "gremlins"}, "There is no fault"),
        ("set-sku", {"product_sku_id": 7_000_000_000}, ""),
    ],
)
def test_what_cannot_be_done_is_a_sentence(verb, arguments, sentence):
    response = post(Desk(), verb, arguments)
    assert response.status_code == (400 if sentence else 200)
    assert sentence in str(response.get_json())


def test_the_control_answers_its_own_machine_only():
    desk = Desk()
    response = post(desk, "counts", {}, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert response.status_code == 403


def test_a_form_of_another_site_cannot_reach_the_control():
    response = Desk().client.post("/control/advance-clock", data={"seconds": 5})
    assert response.status_code == 415


@pytest.mark.parametrize("body", [b"", b"[1]", b"{"])
def test_a_body_that_is_no_json_object_is_refused(body):
    response = Desk().client.post("/control/counts", data=body, content_type="application/json")
    assert response.status_code == 400


def test_perform_wraps_every_refusal():
    with pytest.raises(ControlError, match="120012004"):
        desk = Desk()
        (number,) = desk.orders(1, status=4)
        perform(desk.control, "cancel-order", {"parent_order_sn": number})


def test_an_aged_token_is_expired_over_http():
    desk = Desk()
    post(desk, "age-token", {"days": 91, "token": desk.grant["token"]})
    assert desk.code(TOKEN_INFO) == 3000034


def test_the_clock_can_be_advanced():
    desk = Desk()
    assert post(desk, "advance-clock", {"seconds": 3600}).get_json()["now_s"] == NOW_S + 3600


def test_the_same_seed_makes_the_same_orders():
    first, second = (Control(quiet_world(seed=7)) for _ in range(2))
    for control in (first, second):
        control.make_orders(SEMI_ONE, 20)
    number = "PO-211-99000000000000004"
    assert first.order(number) == second.order(number)


def test_a_world_in_a_file_is_there_again(tmp_path):
    path = str(tmp_path / "world.sqlite")
    world = World.demo(WorldClock(fixed_at_s=NOW_S), path)
    desk = Desk(world=world)
    (number,) = desk.orders(1)
    world.advance_clock(500)
    world.close()
    again = World.demo(WorldClock(fixed_at_s=NOW_S), path)
    assert again.orders.get(number).status == 2
    assert again.clock.now_s() == NOW_S + 500
    assert again.authorizations.by_token(desk.grant["token"]) is not None
    again.close()


def test_an_exception_undoes_the_whole_transaction():
    world = quiet_world()
    with pytest.raises(RuntimeError), world.database.writing():
        Control(world).make_orders(SEMI_ONE, 3)
        raise RuntimeError
    assert world.orders.count() == 0


def test_many_threads_may_ship_at_once_and_each_order_ships_once():
    desk = Desk()
    made = desk.orders(20)
    bodies = [
        desk.body(
            "bg.logistics.shipment.v2.confirm",
            sendType=0,
            sendRequestList=[desk.parcel(number, tracking=f"TRACK{i:08d}")],
        )
        for i, number in enumerate(made)
    ]
    threads = [threading.Thread(target=desk.send, args=(b,)) for b in bodies for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(desk.control.ledger(effect="order_shipped")) == 20


def test_the_command_line_drives_a_served_sandbox():
    with serve(quiet_world()) as served:
        line = ["control", "make-orders", f"mall_id={SEMI_ONE}", "n=2", "--url", served.base_url]
        done = CliRunner().invoke(main, line)
        assert done.exit_code == 0, done.output
        assert json.loads(done.output)["made"] == 2
        assert served.world.orders.count() == 2


def test_the_command_line_takes_a_token_on_stdin():
    desk = Desk()
    with serve(desk.world) as served:
        line = ["control", "age-token", "days=91", "--stdin", "--url", served.base_url]
        done = CliRunner().invoke(main, line, input=json.dumps({"token": desk.grant["token"]}))
    assert done.exit_code == 0, done.output
    assert desk.code(TOKEN_INFO) == 3000034


def test_the_command_line_tells_a_refusal_and_exits_1():
    with serve(quiet_world()) as served:
        line = ["control", "make-orders", "mall_id=1", "--url", served.base_url]
        done = CliRunner().invoke(main, line)
    assert done.exit_code == 1
    assert "There is no mall 1" in done.output


def test_the_command_line_says_when_no_sandbox_is_there():
    with serve(quiet_world()) as served:
        url = served.base_url
    done = CliRunner().invoke(main, ["control", "counts", "--url", url])
    assert done.exit_code == 1
    assert "temu-sandbox serve" in done.output


@pytest.mark.parametrize("line", [["control", "make-coffee"], ["control", "counts", "n"]])
def test_a_misspelt_command_is_a_usage_error(line):
    assert CliRunner().invoke(main, line).exit_code == 2


def test_a_port_in_use_is_a_clear_message():
    with serve(quiet_world()) as served:
        port = served.base_url.rsplit(":", 1)[1]
        done = CliRunner().invoke(main, ["serve", "--port", port])
    assert done.exit_code == 1
    assert "--port" in done.output
    assert "Traceback" not in done.output


def test_the_index_says_that_this_is_not_temu():
    page = Desk().client.get("/").get_data(as_text=True)
    assert "not Temu" in page
    assert "/us/openapi/router" in page

"""`storewarden listings`, `stock` and `orders`."""

from collections.abc import Callable

import pytest

from storewarden.catalog.models import Listing
from storewarden.orders.models import Order
from storewarden.stores.models import Store
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from tests.cli.kit import refused, run, told
from tests.conftest import ConnectedStore

SHIP = ("--carrier", "USPS", "--tracking", "9400100000000000000001")


@pytest.fixture
def pulled(semi_store: Store) -> Store:
    told("listings", "pull", "--store", "Alpha")
    told("stores", "push-on", "Alpha")
    return semi_store


def a_sku(store: Store) -> str:
    listing = Listing.objects.filter(store=store).earliest("skc_id")
    return str(listing.skus.earliest("sku_id").sku_id)


def test_listings_are_pulled_and_counted(semi_store: Store) -> None:
    answer = told("listings", "pull", "--store", "Alpha")["pulled"]
    assert (answer["total"], answer["new"], answer["removed"]) == (40, 40, 0)


def test_listings_are_listed_page_after_page(pulled: Store) -> None:
    first = told("listings", "list", "--store", "Alpha", "--limit", "30")
    rest = told("listings", "list", "--store", "Alpha", "--limit", "30", "--after", first["next"])
    assert (len(first["listings"]), len(rest["listings"]), rest["next"]) == (30, 10, None)


def test_listings_are_searched(pulled: Store) -> None:
    found = told("listings", "list", "--store", "Alpha", "--search", "M1-001")["listings"]
    assert [one["skus"][0]["code"][:6] for one in found] == ["M1-001"]


def test_a_figure_is_set_and_pushed_and_stands_in_the_ledger(
    pulled: Store, control: Control
) -> None:
    sku = a_sku(pulled)
    figures = told("stock", "show", "--store", "Alpha", sku)["stock"]
    place = figures[0]["warehouse_id"]
    told("stock", "set", "--store", "Alpha", sku, "--quantity", "77", "--warehouse", place)
    assert told("stock", "push", "--store", "Alpha")["pushed"]["done"] == 1
    assert [row["subject"] for row in control.ledger("stock_changed")] == [sku]


@pytest.mark.parametrize("text", ["-5", "five", "", "1e3", "1000001", "٣", "<b>1</b>", "1\x00"])
def test_a_bad_quantity_is_refused_and_nothing_is_pushed(
    pulled: Store, control: Control, text: str
) -> None:
    sku = a_sku(pulled)
    place = told("stock", "show", "--store", "Alpha", sku)["stock"][0]["warehouse_id"]
    wanted = ("stock", "set", "--store", "Alpha", sku, "--warehouse", place)
    refused(*wanted, f"--quantity={text}")
    told("stock", "push", "--store", "Alpha")
    assert control.ledger("stock_changed") == []


def test_a_refused_push_is_refused_with_temus_code(pulled: Store, control: Control) -> None:
    control.set_mall(seed.SEMI_ONE, stock_cap=50)
    sku = a_sku(pulled)
    place = told("stock", "show", "--store", "Alpha", sku)["stock"][0]["warehouse_id"]
    told("stock", "set", "--store", "Alpha", sku, "--quantity", "900", "--warehouse", place)
    answer = told("stock", "push", "--store", "Alpha", code=1)
    assert answer["refused"]["code"]
    assert "50" in answer["refused"]["sentence"]


def test_pushing_while_it_is_switched_off_says_so(semi_store: Store) -> None:
    assert "push" in refused("stock", "push", "--store", "Alpha")["cause"]


def test_the_stock_table_shows_what_was_read(pulled: Store) -> None:
    sku = a_sku(pulled)
    told("stock", "show", "--store", "Alpha", sku)
    rows = told("stock", "show", "--store", "Alpha", "--limit", "10")["stock"]
    assert {one["sku_id"] for one in rows} >= {sku}


def test_orders_are_pulled_and_listed(semi_store: Store, control: Control) -> None:
    control.make_orders(seed.SEMI_ONE, 130, area="us")
    assert told("orders", "pull", "--store", "Alpha")["pulled"][0]["new"] == 130
    page = told("orders", "list", "--limit", "100")
    rest = told("orders", "list", "--limit", "100", "--after", page["next"])
    pos = {one["po"] for one in page["orders"] + rest["orders"]}
    assert len(pos) == 130
    assert page["counts"]["to_ship"] == 130


def test_orders_before_the_first_day_are_pulled_when_asked_for(
    semi_store: Store, control: Control
) -> None:
    old_s = control.world()["now_s"] - 60 * 86_400
    control.make_orders(seed.SEMI_ONE, 3, area="us", updated_at_s=old_s)
    assert told("orders", "pull")["pulled"][0]["new"] == 0
    assert told("orders", "pull", "--since", "2026-01-01")["pulled"][0]["new"] == 3


def test_a_dead_token_stops_the_pull_with_a_reason(
    connect: Callable[..., ConnectedStore], control: Control
) -> None:
    done = connect()
    assert done.order is not None
    control.remove_grant(done.order.id)
    answer = told("orders", "pull", "--store", "Alpha", code=1)
    assert answer["refused"]["code"] == "3000031"
    told("stores", "probe", "Alpha")
    assert refused("orders", "pull", "--store", "Alpha")["cause"] == "token_not_usable"


def test_an_outage_is_said_to_be_one(semi_store: Store, control: Control) -> None:
    control.add_fault("outage")
    assert told("orders", "pull", code=1)["refused"]["cause"] == "unreachable"


@pytest.fixture
def po(semi_store: Store, control: Control) -> str:
    made: str = control.make_orders(seed.SEMI_ONE, 1, area="us")["parent_order_sns"][0]
    told("orders", "pull")
    return made


def test_an_order_is_shown_with_its_timeline(po: str) -> None:
    order = told("orders", "show", po)["order"]
    assert (order["po"], order["state"]) == (po, "to_ship")
    assert order["events"][-1]["deed"] == "first_seen"


def test_an_order_ships_once(po: str, control: Control) -> None:
    parcel = told("orders", "ship", po, *SHIP)["parcel"]
    assert (parcel["state"], parcel["carrier"]) == ("confirmed", "USPS")
    assert len(control.ledger("order_shipped", subject=po)) == 1
    refused("orders", "ship", po, "--carrier", "USPS", "--tracking", "9400100000000000000002")
    assert len(control.ledger("order_shipped", subject=po)) == 1
    assert Order.objects.get().state == "shipped"


def test_a_shipment_whose_answer_was_lost_is_not_said_to_be_done(po: str, control: Control) -> None:
    control.add_fault("lost_response", api_type="bg.logistics.shipment.v2.confirm", times=1)
    answer = told("orders", "ship", po, *SHIP, code=1)
    assert answer["parcel"]["state"] == "unknown"
    assert answer["refused"]["cause"] == "no_answer"
    assert len(control.ledger("order_shipped", subject=po)) == 1


@pytest.mark.parametrize(
    "number", ["", "a b", "1-2", "50%", "x" * 101, "<b>", "';--", "😀", "\u202e1", "1\x002"]
)
def test_a_bad_tracking_number_is_refused(po: str, control: Control, number: str) -> None:
    refused("orders", "ship", po, "--carrier", "USPS", f"--tracking={number}")
    assert control.ledger("order_shipped") == []


def test_an_unknown_carrier_is_refused(po: str) -> None:
    refused("orders", "ship", po, "--carrier", "Pigeon", "--tracking", "123")


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "PO-1", "x" * 100_000, "<b>", "'; --", "😀", "\x00"])
def test_an_unknown_po_is_refused(number: str) -> None:
    assert refused("orders", "show", number)["cause"] == "no_such_order"
    assert refused("orders", "ship", number, *SHIP)["cause"] == "no_such_order"


@pytest.mark.django_db
@pytest.mark.parametrize("mark", ["nowhere", "%%%", "W10"])
def test_a_place_in_the_list_that_is_none_is_refused(mark: str) -> None:
    assert refused("orders", "list", "--after", mark)["cause"] == "no_such_page"


def test_a_person_reads_the_same_in_plain_text(po: str) -> None:
    assert po in run("orders", "list").stdout
    assert "To ship" in run("orders", "show", po).stdout
    assert "USPS" in run("orders", "ship", po, *SHIP).stdout

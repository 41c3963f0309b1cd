"""Sign-in, stores, languages, orders, products and the Sandbox page of Seller Central."""

import pytest
from seller_central_visitor import START, Visitor

from temu_sandbox.world.model import OrderStatus
from temu_sandbox.world.seed import FULL, OTHER_SELLERS_SEMI, SEMI_ONE, SUB_ACCOUNT

SKU, HOME = 7_000_000_000, "WH-70000000000002110"


def a_new_order(visitor: Visitor, status: int = 2) -> str:
    made = visitor.control.make_orders(SEMI_ONE, 1, "us", status=status)["parent_order_sns"]
    return str(made[0])


def stock_of(visitor: Visitor) -> int | None:
    rows = visitor.world.goods.stock(SEMI_ONE, 6_000_000_000)
    return next(r.quantity for r in rows if (r.product_sku_id, r.warehouse_id) == (SKU, HOME))


@pytest.mark.parametrize(
    "path", ["/", "/us/", "/us/authorization-management/", "/us/orders/", "/cn/products/",
             "/sandbox/"],
)  # fmt: skip
def test_nothing_but_the_sign_in_is_shown_to_a_stranger(path: str) -> None:
    page = Visitor(None).see(path)
    assert page.status_code == 303
    assert page.location.startswith(f"{START}/sign-in?next=")


def test_after_sign_in_one_is_where_one_wanted_to_go() -> None:
    visitor = Visitor(None)
    page = visitor.send("/sign-in", seen_on="/sign-in", account_id="1", next=f"{START}/eu/orders/")
    assert page.request.path == f"{START}/eu/orders/"


@pytest.mark.parametrize("address", ["https://elsewhere.invalid/", "//elsewhere.invalid/", "\\x"])
def test_the_sign_in_leads_to_no_other_site(address: str) -> None:
    visitor = Visitor(None)
    page = visitor.send("/sign-in", seen_on="/sign-in", account_id="1", next=address)
    assert page.request.path == f"{START}/cn/"


def test_an_unknown_account_is_refused_with_a_sentence() -> None:
    page = Visitor(None).send("/sign-in", seen_on="/sign-in", account_id="99")
    assert page.status_code == 422
    assert "There is no such account" in page.text


def test_signing_out_ends_the_visit() -> None:
    visitor = Visitor()
    visitor.send("/sign-out")
    assert visitor.see("/us/").status_code == 303


def test_every_page_says_that_it_is_a_sandbox() -> None:
    assert "Sandbox – not Temu" in Visitor(None).read("/sign-in")
    assert "Sandbox – not Temu" in Visitor().read("/us/")


def test_the_store_switcher_labels_semi_consignment_stores() -> None:
    page = Visitor().read("/cn/")
    switcher = page.split('data-testid="store-switcher"')[1].split("</details>")[0]
    assert switcher.split("</summary>")[1].count("tag-semi") == 2
    assert switcher.count("tag-full") == 1


def test_switching_the_store_stays_on_the_site_where_the_store_has_it() -> None:
    visitor = Visitor()
    assert visitor.choose_store(SEMI_ONE, "us").request.path == f"{START}/us/"
    assert visitor.choose_store(FULL, "us").request.path == f"{START}/cn/"


def test_another_sellers_store_cannot_be_chosen() -> None:
    visitor = Visitor()
    assert visitor.choose_store(OTHER_SELLERS_SEMI).status_code == 422
    assert str(OTHER_SELLERS_SEMI) not in visitor.read("/cn/")


def test_an_unknown_site_is_a_404_with_a_sentence() -> None:
    page = Visitor().see("/mars/")
    assert page.status_code == 404
    assert "There is no such site" in page.text


@pytest.mark.parametrize("form_token", [None, "", "0" * 64])
def test_a_form_without_its_token_does_nothing(form_token: str | None) -> None:
    visitor = Visitor()
    order = a_new_order(visitor)
    data = {"sure": "1"} | ({} if form_token is None else {"form_token": form_token})
    page = visitor.client.post(f"{START}/us/orders/{order}/cancel", data=data)
    assert page.status_code == 400
    assert visitor.world.orders.get(order).status == OrderStatus.UN_SHIPPING


def test_a_form_sent_from_another_site_does_nothing() -> None:
    visitor = Visitor()
    visitor.client.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    assert visitor.send("/sandbox/advance-clock", hours="24").status_code == 400
    assert visitor.world.clock.offset_s == 0


def test_pages_load_nothing_from_elsewhere() -> None:
    page = Visitor().see("/us/")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "http://" not in page.text
    assert "https://" not in page.text


def test_the_language_is_kept_and_leads_back_to_the_page() -> None:
    visitor = Visitor()
    page = visitor.client.get(f"{START}/language?to=zh&back={START}/us/orders/")
    assert page.location == f"{START}/us/orders/"
    assert '<html lang="zh-Hans">' in visitor.read("/us/orders/")
    assert "全部订单" in visitor.read("/us/orders/")


def test_orders_of_the_site_are_listed_by_status() -> None:
    visitor = Visitor()
    waiting, pending = a_new_order(visitor), a_new_order(visitor, status=1)
    assert waiting in visitor.read("/us/orders/?tab=to-ship")
    assert pending not in visitor.read("/us/orders/?tab=to-ship")
    assert pending in visitor.read("/us/orders/?tab=pending")
    assert waiting not in visitor.read("/eu/orders/")


def test_orders_come_in_pages_of_fifty() -> None:
    visitor = Visitor()
    visitor.control.make_orders(SEMI_ONE, 51, "us")
    assert visitor.read("/us/orders/").count('data-testid="order-PO') == 50
    assert visitor.read("/us/orders/?page=2").count('data-testid="order-PO') == 1


@pytest.mark.parametrize("page", ["0", "-3", "two", "9" * 40, ""])
@pytest.mark.parametrize("room", ["us/orders", "cn/products"])
def test_a_page_number_that_is_none_breaks_nothing(room: str, page: str) -> None:
    assert Visitor().see(f"/{room}/?page={page}").status_code == 200


def test_a_sku_number_beyond_all_bounds_is_not_found() -> None:
    visitor = Visitor()
    page = visitor.send(f"/cn/products/{'9' * 40}/stock", warehouse_id=HOME, quantity="1")
    assert page.status_code == 404


def test_a_po_number_is_found_and_one_that_is_none_is_not() -> None:
    visitor = Visitor()
    order = a_new_order(visitor)
    assert f'data-testid="order-{order}"' in visitor.read(f"/us/orders/?po={order}")
    assert "No orders here" in visitor.read("/us/orders/?po=%27%20OR%201=1%00<b>")


def test_an_order_can_be_shipped_by_hand_and_shows_its_parcel() -> None:
    visitor = Visitor()
    order = a_new_order(visitor)
    page = visitor.send(
        f"/us/orders/{order}/ship", carrier_id="998264101", tracking_number="9400111899223100001",
        warehouse_id=HOME,
    )  # fmt: skip
    assert "9400111899223100001" in page.text
    assert visitor.world.orders.get(order).status == OrderStatus.SHIPPED
    assert [row.api_type for row in visitor.world.ledger.rows(effect="order_shipped")] == [
        "seller_central"
    ]


def test_what_temu_refuses_is_told_with_its_code() -> None:
    visitor = Visitor()
    order = a_new_order(visitor)
    page = visitor.send(
        f"/us/orders/{order}/ship", carrier_id="998264101", tracking_number="94-00#",
        warehouse_id=HOME,
    )  # fmt: skip
    assert page.status_code == 409
    assert "120014020" in page.text
    assert visitor.world.orders.get(order).status == OrderStatus.UN_SHIPPING


def test_an_order_is_cancelled_only_with_the_box_ticked() -> None:
    visitor = Visitor()
    order = a_new_order(visitor)
    assert visitor.send(f"/us/orders/{order}/cancel").status_code == 422
    assert visitor.world.orders.get(order).status == OrderStatus.UN_SHIPPING
    visitor.send(f"/us/orders/{order}/cancel", sure="1")
    assert visitor.world.orders.get(order).status == OrderStatus.CANCELED


def test_an_order_of_another_site_or_store_is_not_shown() -> None:
    visitor = Visitor()
    order = a_new_order(visitor)
    theirs = visitor.control.make_orders(OTHER_SELLERS_SEMI, 1, "us")["parent_order_sns"][0]
    assert visitor.see(f"/eu/orders/{order}").status_code == 404
    assert visitor.see(f"/us/orders/{theirs}").status_code == 404


def test_a_sub_account_works_on_orders() -> None:
    visitor = Visitor(SUB_ACCOUNT)
    assert a_new_order(visitor) in visitor.read("/us/orders/")


def test_a_stock_figure_typed_here_is_the_stock_of_that_warehouse() -> None:
    visitor = Visitor()
    page = visitor.send(f"/cn/products/{SKU}/stock", warehouse_id=HOME, quantity="17")
    assert "Stock of SKU 7000000000 is 17 now." in page.text
    assert stock_of(visitor) == 17


@pytest.mark.parametrize("quantity", ["", " ", "-1", "1.5", "٣", "NaN", "9" * 30, "1e3", "<b>"])
def test_a_stock_figure_that_is_none_is_refused_and_changes_nothing(quantity: str) -> None:
    visitor = Visitor()
    before = stock_of(visitor)
    page = visitor.send(f"/cn/products/{SKU}/stock", warehouse_id=HOME, quantity=quantity)
    assert page.status_code == 422
    assert "must be a whole number" in page.text
    assert stock_of(visitor) == before


def test_stock_above_the_platforms_cap_is_refused_with_the_cap() -> None:
    visitor = Visitor()
    page = visitor.send(f"/cn/products/{SKU}/stock", warehouse_id=HOME, quantity="100001")
    assert page.status_code == 409
    assert "100000" in page.text


def test_stock_that_the_seller_may_not_see_is_not_shown_as_a_number() -> None:
    visitor = Visitor()
    visitor.control.set_sku(SKU, viewable=False)
    page = visitor.read("/cn/products/")
    assert "not visible to you" in page
    assert f"stock-{SKU}-{HOME}" not in page


def test_a_full_consignment_store_shows_virtual_stock() -> None:
    visitor = Visitor()
    visitor.choose_store(FULL)
    assert "Virtual stock (JIT)" in visitor.read("/cn/products/")


def test_the_sandbox_page_ages_a_token() -> None:
    visitor = Visitor()
    visitor.get_authorization()
    before = visitor.world.authorizations.by_id(1).expires_at_s
    visitor.send("/sandbox/age-token", grant_id="1", days="91")
    assert before - visitor.world.authorizations.by_id(1).expires_at_s == 91 * 86_400


def test_the_sandbox_page_places_orders() -> None:
    visitor = Visitor()
    page = visitor.send("/sandbox/make-orders", place=f"{SEMI_ONE}/eu", n="3")
    assert "3 orders were placed." in page.text
    assert "3 orders" in visitor.read("/eu/orders/")


def test_the_sandbox_page_moves_the_clock() -> None:
    visitor = Visitor()
    visitor.send("/sandbox/advance-clock", hours="24")
    assert "2027-01-16 08:00 UTC" in visitor.read("/sandbox/")


def test_the_sandbox_page_switches_trouble_on_and_off() -> None:
    visitor = Visitor()
    fields = {"kind": "throttle", "area": "us", "times": "2", "ms": "0", "seconds": "0"}
    visitor.send("/sandbox/faults", **fields)
    assert [(f["kind"], f["area"], f["times"]) for f in visitor.control.faults()] == [
        ("throttle", "us", 2)
    ]
    visitor.send("/sandbox/faults/clear")
    assert visitor.control.faults() == []


@pytest.mark.parametrize(
    ("deed", "fields"),
    [("age-token", {"grant_id": "7", "days": "1"}), ("make-orders", {"place": "x", "n": "1"}),
     ("make-orders", {"place": f"{SEMI_ONE}/us", "n": "0"}), ("advance-clock", {"hours": "-1"}),
     ("faults", {"kind": "earthquake", "ms": "0", "seconds": "0"})],
)  # fmt: skip
def test_the_sandbox_page_refuses_what_it_has_not_offered(
    deed: str, fields: dict[str, str]
) -> None:
    visitor = Visitor()
    assert visitor.send(f"/sandbox/{deed}", **fields).status_code == 422
    assert visitor.control.counts()["ledger"] == 0


def test_the_ledger_shows_deeds_newest_first_and_no_token() -> None:
    visitor = Visitor()
    visitor.get_authorization()
    visitor.send(f"/cn/products/{SKU}/stock", warehouse_id=HOME, quantity="17")
    page = visitor.read("/sandbox/")
    assert page.index('data-effect="stock_changed"') < page.index('data-effect="token_granted"')
    assert visitor.world.authorizations.by_id(1).token not in page

"""Every request that the client library builds, held against the documented field tables.

The tables are the protocol notes, which may lie beside this repository in ``../shared/temu``.
"""

import json
from pathlib import Path

import pytest

from temu_openapi import API_TYPES, Area, goods, orders, shipping, stock, subscriptions, webhooks
from temu_openapi.goods import GoodsFilters
from temu_openapi.orders import OrderQuery
from temu_openapi.shipping import Package, PackageItem, SubPackage
from temu_openapi.stock import JitDiff, StockDiff, StockTarget

NOTES = Path(__file__).parents[3] / "shared" / "temu"
PARTNER, PRODUCT = "partner-contracts.json", "cn-pa-contracts.json"

FILTERS: GoodsFilters = {
    "product_skc_ids": ["6"],
    "product_name": "cup",
    "skc_ext_code": "RED",
    "skc_site_status": 1,
    "bind_site_ids": ["100"],
    "match_jit_mode": True,
    "created_at_start_ms": 1735689600000,
    "created_at_end_ms": 1735689700000,
}
QUERY = OrderQuery(
    status=2,
    parent_order_sns=("PO-1",),
    created_from_s=1751857815,
    created_to_s=1751857816,
    updated_from_s=1751857815,
    updated_to_s=1751857816,
    confirmed_from_s=1751857815,
    confirmed_to_s=1751857816,
    ship_latest_from_s=1751857815,
    ship_latest_to_s=1751857816,
    region_id="211",
    fulfillment_types=(orders.FULFILL_BY_SELLER,),
    labels=("past_due",),
    sort_by="updateTime",
)
PARCEL = Package(
    "9",
    "TRACK1",
    "WH-1",
    (PackageItem("PO-1", "1", 1, goods_id="601", sku_id="175"),),
    ("DENY_CANCELLATION",),
    (SubPackage("9", "TRACK2", "WH-1"),),
)
SUPPLIER = stock.supplier_params("634418000000001")

PRODUCT_REQUESTS = [
    ("bg.open.accesstoken.info.get", {}),
    ("bg.open.accesstoken.info.get.global", {}),
    ("bg.mall.info.get", {}),
    (goods.GOODS_LIST, goods.goods_params(1, 100, **FILTERS)),
    (stock.SEMI_STOCK_GET, SUPPLIER | stock.semi_stock_params("6")),
    (stock.SEMI_STOCK_UPDATE, SUPPLIER | stock.set_semi_stock_params([StockTarget("7", "WH", 1)])),
    (stock.SEMI_STOCK_UPDATE, SUPPLIER | stock.adjust_semi_stock_params([StockDiff("7", "WH", 1)])),
    (stock.SEMI_WAREHOUSES, SUPPLIER | stock.warehouses_params(["100"])),
    (stock.JIT_STOCK_GET, stock.jit_stock_params("6")),
    (stock.JIT_STOCK_EDIT, stock.adjust_jit_stock_params("6", [JitDiff("7", 1)])),
]
ORDER_REQUESTS = [
    ("bg.open.accesstoken.info.get", {}),
    (orders.ORDER_LIST, orders.order_params(QUERY)),
    (orders.ORDER_DETAIL, orders.order_detail_params("PO-1", (orders.FULFILL_BY_SELLER,))),
    (orders.SHIPPING_INFO, orders.shipping_info_params("PO-1")),
    (shipping.COMPANIES, shipping.companies_params("211")),
    (shipping.WAREHOUSES, {}),
    (shipping.CONFIRM, shipping.confirm_params(shipping.ONE_PACKAGE, [PARCEL])),
    (shipping.SHIPMENT_INFO, shipping.shipment_info_params("PO-1", "1")),
    (
        subscriptions.MESSAGE_UPDATE,
        subscriptions.update_params([webhooks.ORDER_STATUS_CHANGED], [webhooks.ADDRESS_CHANGED]),
    ),
]


def table(name):
    path = NOTES / name
    if not path.exists():
        pytest.skip(f"The protocol notes ({name}) are not beside this repository.")
    return json.loads(path.read_text("utf-8"))


def kind_of(value):
    """The JSON type of a value, in one word."""
    words = {bool: "boolean", int: "number", str: "string", list: "array", dict: "object"}
    return words[type(value)]


def outline_of_skeleton(value):
    """The shape of an example: its fields and their JSON types."""
    if isinstance(value, dict):
        return {"kind": "object", "fields": {k: outline_of_skeleton(v) for k, v in value.items()}}
    if isinstance(value, list):
        return {"kind": "array", "item": outline_of_skeleton(value[0])}
    return {"kind": kind_of(value)}


def outline_of_params(params):
    """The shape of a table of params: its fields and their JSON types."""
    fields = {each["name"]: _outline_of_param(each) for each in params}
    return {"kind": "object", "fields": fields}


def _outline_of_param(param):
    children = outline_of_params(param.get("children", []))["fields"]
    return {"kind": param["type"], "fields": children, "item": children.get("$item")}


def differences(value, outline, where="request"):
    """Where a value has fields or JSON types that the outline does not have."""
    if kind_of(value) != outline["kind"]:
        return [f"{where} is a {kind_of(value)}, documented as {outline['kind']}"]
    if isinstance(value, list):
        return [d for each in value for d in differences(each, outline["item"], f"{where}[]")]
    if isinstance(value, dict):
        return [d for name, each in value.items() for d in _of_field(name, each, outline, where)]
    return []


def _of_field(name, value, outline, where):
    if name not in outline["fields"]:
        return [f"{where}.{name} is not documented"]
    return differences(value, outline["fields"][name], f"{where}.{name}")


def required_missing(value, params):
    """Documented as required and not sent, at all depths."""
    missing = [p["name"] for p in params if p["required"] and p["name"] not in value]
    for param in params:
        children = param.get("children", [])
        inner = value.get(param["name"])
        if param["type"] == "array" and inner and isinstance(inner[0], dict):
            missing += [
                m for each in inner for m in required_missing(each, children[0]["children"])
            ]
        if param["type"] == "object" and inner:
            missing += required_missing(inner, children)
    return missing


@pytest.mark.parametrize(("api_type", "params"), PRODUCT_REQUESTS)
def test_each_product_request_has_documented_fields_of_documented_types(api_type, params):
    documented = outline_of_params(table(PRODUCT)[api_type]["requestParams"])
    assert differences(params, documented) == []


@pytest.mark.parametrize(("api_type", "params"), PRODUCT_REQUESTS)
def test_each_product_request_has_all_required_fields(api_type, params):
    # The token is a common param, which the client adds to every call.
    sent = params | {"access_token": "token"}
    assert required_missing(sent, table(PRODUCT)[api_type]["requestParams"]) == []


@pytest.mark.parametrize(("api_type", "params"), ORDER_REQUESTS)
def test_each_order_request_has_documented_fields_of_documented_types(api_type, params):
    documented = outline_of_skeleton(table(PARTNER)[api_type]["request_skeleton"])
    assert differences(params, documented) == []


def test_every_api_type_of_the_library_is_held_against_a_table():
    tried = {name for name, _ in PRODUCT_REQUESTS + ORDER_REQUESTS}
    # The alias has no table of its own (cn-pa-api.md 5.1).
    assert tried == set(API_TYPES) - {"temu.goods.list.get"}


def test_every_product_type_lives_on_its_documented_gateway():
    for name, _ in PRODUCT_REQUESTS:
        assert Area(table(PRODUCT)[name]["gateway"]) in API_TYPES[name].areas


def test_every_order_type_is_documented_for_the_order_areas():
    order_types = {name for name, kind in API_TYPES.items() if Area.US in kind.areas}
    assert order_types <= set(table(PARTNER))


def test_the_comparison_notices_a_field_and_a_type_that_are_not_documented():
    documented = outline_of_skeleton({"a": 1, "b": [{"c": "x"}]})
    assert differences({"a": "1", "b": [{"c": "x", "d": 1}]}, documented) == [
        "request.a is a string, documented as number",
        "request.b[].d is not documented",
    ]

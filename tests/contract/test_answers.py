"""Every answer of the sandbox's gateways, held against the documented response tables.

The protocol notes stand beside the repository (``../shared``) and are not part of it; where they
are missing, this file is skipped.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "temu_sandbox"))
from sandbox_desk import NOW_S, ORDERS, READ_BACK, Desk

from temu_sandbox.gateways.app import TYPES
from temu_sandbox.world.seed import FULL, SEMI_ONE

NOTES = Path(__file__).parents[2].parent / "shared" / "temu"
pytestmark = pytest.mark.skipif(
    not (NOTES / "partner-contracts.json").exists(),
    reason="the protocol notes are not beside this repository",
)

# Stated in the text of the notes, newer than the tables: mallName (cn-pa-api.md 3.2).
BEYOND_THE_TABLES = {("bg.open.accesstoken.info.get.global", "result.mallName")}
ALIASES = {"temu.goods.list.get": "bg.glo.goods.list.get"}


def notes(name: str) -> dict[str, Any]:
    return json.loads((NOTES / name).read_text())


def of_skeleton(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """(path, kind) for every field of an example answer."""
    yield path, kind_of(value)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from of_skeleton(inner, f"{path}.{name}" if path else name)
    if isinstance(value, list):
        for inner in value:
            yield from of_skeleton(inner, f"{path}[]")


def of_table(rows: list[dict[str, Any]], path: str = "") -> Iterator[tuple[str, str]]:
    for row in rows:
        inside = path + "[]" if row["name"] == "$item" else f"{path}.{row['name']}".lstrip(".")
        yield inside, row["type"]
        yield from of_table(row.get("children") or [], inside)


def kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "number"
    kinds = {str: "string", list: "array", dict: "object", type(None): "null"}
    return kinds[type(value)]


def documented(gateway: str, api_type: str) -> dict[str, str]:
    name = ALIASES.get(api_type, api_type)
    if gateway in ("cn", "pa"):
        table = dict(of_table(notes("cn-pa-contracts.json")[name]["responseParams"]))
    else:
        skeleton = notes("partner-contracts.json")[name]["response_skeleton"]
        table = dict(of_skeleton(skeleton, ""))
    # requestId is in every real answer, though not in the tables (partner-api.md 2).
    return {**table, "requestId": "string"}


def params_for(desk: Desk, gateway: str, api_type: str) -> dict[str, Any]:
    """Good parameters for a type, with something to show."""
    first = desk.world.goods.page(desk.mall_id)[1][0]
    sku = first.skus[0].product_sku_id
    skc = {"productSkcId": first.product_skc_id}
    if gateway in ("cn", "pa"):
        change = {"productSkuId": sku, "warehouseId": "", "targetStockAvailable": 3}
        homes = desk.world.directory.warehouses(desk.mall_id)
        change["warehouseId"] = homes[0].warehouse_id if homes else ""
        jit = {"productSkuId": sku, "virtualStockDiff": 1}
        return {
            "bg.btg.goods.stock.quantity.get": skc,
            "bg.btg.goods.stock.quantity.update": {
                "quantityChangeMode": 2,
                "skuStockChangeList": [change],
            },
            "bg.btg.goods.stock.warehouse.list.get": {"siteIdList": [100]},
            "bg.qtg.stock.virtualinventoryjit.get": skc,
            "bg.qtg.stock.virtualinventoryjit.edit": {**skc, "skuVirtualStockChangeList": [jit]},
        }.get(api_type, {})
    shipped, number = desk.orders(2)
    assert desk.ship(desk.parcel(shipped))["success"]
    line = desk.world.orders.get(shipped).lines[0]
    return {
        ORDERS: {"pageSize": 10},
        "bg.order.detail.v2.get": {"parentOrderSn": shipped},
        "bg.order.shippinginfo.v2.get": {"parentOrderSn": number},
        "bg.logistics.companies.get": {"regionId": 211},
        "bg.logistics.shipment.v2.confirm": {
            "sendType": 0,
            "sendRequestList": [desk.parcel(number, tracking="TRACK00000009")],
        },
        READ_BACK: {"parentOrderSn": shipped, "orderSn": line.order_sn},
    }.get(api_type, {})


CALLS = [(gateway, name) for gateway in ("cn", "pa", "us") for name in TYPES[gateway]]


def answer_of(gateway: str, api_type: str) -> dict[str, Any]:
    mall_id = FULL if api_type.startswith("bg.qtg") else SEMI_ONE
    desk = Desk("us" if gateway == "us" else "cn", mall_id)
    answer = desk.call(api_type, gateway, **params_for(desk, gateway, api_type))
    assert answer["success"], answer
    return answer


@pytest.mark.parametrize(("gateway", "api_type"), CALLS)
def test_every_field_of_an_answer_is_documented_with_its_type(gateway, api_type):
    table = documented(gateway, api_type)
    for path, kind in of_skeleton(answer_of(gateway, api_type), ""):
        if path and (api_type, path) not in BEYOND_THE_TABLES:
            assert path in table, f"{api_type} answers with {path}, which no table has"
            assert kind in ("null", table[path]), f"{path} is {kind}, not {table[path]}"


@pytest.mark.parametrize(
    ("gateway", "api_type"),
    [call for call in CALLS if call[0] == "us" or "accesstoken" in call[1] or "stock" in call[1]],
)
def test_no_documented_field_is_left_out(gateway, api_type):
    shown = {path for path, _ in of_skeleton(answer_of(gateway, api_type), "")}
    for path in documented(gateway, api_type):
        parent = path.rpartition(".")[0]
        if parent in shown and not path.endswith("[]"):
            assert path in shown or is_empty_here(shown, path), f"{api_type} lacks {path}"


def is_empty_here(shown: set[str], path: str) -> bool:
    """A field inside a list or object that this answer shows empty or null."""
    parent = path.rpartition(".")[0]
    return bool(parent) and not any(other.startswith(f"{parent}.") for other in shown)


def test_every_documented_refusal_text_of_an_order_call_is_one_temu_knows():
    errors = notes("partner-contracts.json")[ORDERS]["errors"]
    for params in ({"updateAtStart": NOW_S}, {"updateAtStart": NOW_S, "updateAtEnd": NOW_S * 1000}):
        assert str(Desk().code(ORDERS, **params)) in errors

"""PA gateway: products and stock (cn-pa-api.md 3.2, 5, 6, 7)."""

from collections.abc import Mapping
from typing import Any

from temu_sandbox.gateways.call import ApiType, Call
from temu_sandbox.gateways.fields import Field
from temu_sandbox.world.goods import JIT, Skc, Sku, StockChange
from temu_sandbox.world.refusals import RefusedError

MAX_PAGE_SIZE = 100
_LAST_PAGE = 10**9
_ON_SALE = 100
DIFF, OVERWRITE = 1, 2
_SITES_OF_REGION = {211: (100, "美国站"), 76: (105, "德国站"), 160: (127, "菲律宾站")}
_USER = Field("openApiUser", "object", fields=(Field("supplierId", "int"),))


def token_info(call: Call) -> dict[str, object]:
    """No mallId here; how uniqueId relates to it is unknown, so it is another text."""
    return {
        "mallName": call.mall.name,
        "uniqueId": f"MALL{call.mall.mall_id}",
        "expiredTime": call.grant.expires_at_s,
        "apiScopeList": list(call.grant.scopes),
    }


def goods_list(call: Call) -> dict[str, object]:
    page, page_size = call.given("page", 1), call.given("pageSize", 20)
    if not 1 <= page <= _LAST_PAGE or not 1 <= page_size <= MAX_PAGE_SIZE:
        raise RefusedError(1000003)
    if _asks_for_what_no_skc_has(call):
        return {"totalCount": 0, "data": []}
    total, skcs = call.world.goods.page(
        call.mall.mall_id,
        page=page,
        page_size=page_size,
        name=call.given("productName"),
        skc_ids=call.given("productSkcIds"),
        skc_ext_code=call.given("skcExtCode"),
        created_from_ms=call.given("createdAtStart"),
        created_to_ms=call.given("createdAtEnd"),
        site_status=call.given("skcSiteStatus"),
        category_id=call.given("cat1Id"),
    )
    return {"totalCount": total, "data": [_row(call, skc) for skc in skcs]}


def semi_stock(call: Call) -> dict[str, object]:
    _need(call, "semi")
    rows = call.world.goods.stock(call.mall.mall_id, call.params["productSkcId"])
    return {
        "productSkuStockList": [
            {
                "productSkuId": row.product_sku_id,
                "skuStockQuantity": row.quantity,
                "warehouseId": row.warehouse_id,
                "warehouseName": row.warehouse_name,
                "shippingMode": 1,
                "tempLockQuantity": row.temp_lock,
                "enablePreSale": False,
                "preSaleDeliveryDay": None,
                "preSaleStockQuantity": None,
            }
            for row in rows
        ]
    }


def update_semi_stock(call: Call) -> dict[str, object]:
    """The answer is empty: no outcome for each SKU (cn-pa-api.md 6.2)."""
    _need(call, "semi")
    mode = call.given("quantityChangeMode", DIFF)
    changes = call.given("skuStockChangeList", [])
    if mode not in (DIFF, OVERWRITE) or not changes:
        raise RefusedError(2000000, why="参数错误")
    call.world.goods.change_stock(
        call.mall, [_change(mode, change) for change in changes], api_type=call.api_type
    )
    return {}


def semi_warehouses(call: Call) -> dict[str, object]:
    if call.mall.kind != "semi":
        raise RefusedError(2000060)
    region_of_site = {site: (region, name) for region, (site, name) in _SITES_OF_REGION.items()}
    listed = []
    for site_id in call.params["siteIdList"]:
        region, name = region_of_site.get(site_id, (0, ""))
        listed.append(
            {"siteId": site_id, "siteName": name, "validWarehouseList": _valid(call, region)}
        )
    return {"warehouseDTOList": listed}


def jit_stock(call: Call) -> dict[str, object]:
    _need(call, "full")
    rows = call.world.goods.stock(call.mall.mall_id, call.params["productSkcId"])
    return {
        "productSkuStockList": [
            {"productSkuId": row.product_sku_id, "skuStockQuantity": row.quantity} for row in rows
        ]
    }


def edit_jit_stock(call: Call) -> dict[str, object]:
    """Differences only, none of them zero."""
    _need(call, "full")
    changes = [
        StockChange(change["productSkuId"], JIT, diff=change["virtualStockDiff"])
        for change in call.params["skuVirtualStockChangeList"]
    ]
    if not changes or any(change.diff == 0 for change in changes):
        raise RefusedError(2000000, why="virtualStockDiff 不能为0")
    call.world.goods.edit_jit(
        call.mall, call.params["productSkcId"], changes, api_type=call.api_type
    )
    return {}


def _asks_for_what_no_skc_has(call: Call) -> bool:
    """Filters on things that are the same for every SKC of a mall of this sandbox."""
    full = call.mall.kind == "full"
    sites = set() if full else {site for site, _ in _SITES_OF_REGION.values()}
    same_for_all = {
        "skcTopStatus": _ON_SALE,
        "matchJitMode": full,
        "quickSellAgtSignStatus": int(full),
        "isSupportPersonalization": False,
    }
    return (
        any(call.given(name, value) != value for name, value in same_for_all.items())
        or any(call.given(f"cat{level}Id") is not None for level in range(2, 11))
        or not set(call.given("bindSiteIds", sites)) <= sites
    )


def _need(call: Call, kind: str) -> None:
    if call.mall.kind != kind:
        text = "店铺类型非全托管" if kind == "full" else "店铺类型非半托管"
        raise RefusedError(2000000, text)


def _change(mode: int, change: Mapping[str, Any]) -> StockChange:
    sku, warehouse = change["productSkuId"], change.get("warehouseId")
    if not warehouse:
        raise RefusedError(2000000, why=f"productSkuId {sku} warehouseId 不能为空")
    target, diff = change.get("targetStockAvailable"), change.get("stockDiff")
    if mode == OVERWRITE and target is not None and target >= 0:
        return StockChange(sku, warehouse, target=target)
    if mode == DIFF and diff:
        return StockChange(sku, warehouse, diff=diff)
    raise RefusedError(2000000, why=f"productSkuId {sku} 库存参数错误")


def _valid(call: Call, region_id: int) -> list[dict[str, object]]:
    return [
        {
            "warehouseId": warehouse.warehouse_id,
            "warehouseName": warehouse.name,
            "warehouseDisable": warehouse.disabled,
            "managementType": str(warehouse.management_type),
        }
        for warehouse in call.world.directory.warehouses(call.mall.mall_id)
        if warehouse.region_id == region_id
    ]


def _row(call: Call, skc: Skc) -> dict[str, object]:
    category = {"catId": skc.category_id, "catName": skc.category_name}
    return {
        "productId": skc.product_id,
        "productSkcId": skc.product_skc_id,
        "productName": skc.name,
        "extCode": skc.ext_code,
        "mainImageUrl": f"https://img.sandbox.invalid/{skc.product_skc_id}.jpg",
        "createdAt": skc.created_at_ms,
        "skcSiteStatus": skc.site_status,
        "leafCat": category,
        "categories": {"cat1": category, "leafCat": category},
        "productProperties": [],
        "isSupportPersonalization": False,
        **_mode(call, skc),
        "productSkuSummaries": [_sku(skc, sku) for sku in skc.skus],
    }


def _mode(call: Call, skc: Skc) -> dict[str, object]:
    full = call.mall.kind == "full"
    jit = {"matchJitMode": full, "signLatestJitVersion": full, "quickSellAgtSignStatus": int(full)}
    semi = None if full else _semi(call.mall.region_ids)
    return {"productJitMode": jit, "matchSkcJitMode": full, "productSemiManaged": semi}


def _semi(region_ids: tuple[int, ...]) -> dict[str, object]:
    sites = [_SITES_OF_REGION[region] for region in region_ids if region in _SITES_OF_REGION]
    return {
        "bindSites": [{"siteId": site, "siteName": name} for site, name in sites],
        "productShipment": {
            "freightTemplateId": "HFT-SANDBOX-1",
            "shipmentLimitSecond": 172_800,
            "warehouseRegionId1List": list(region_ids),
            "longTransport": None,
        },
    }


def _sku(skc: Skc, sku: Sku) -> dict[str, object]:
    specs = (("颜色", 1001, skc.colour), ("尺码", 1002, sku.size))
    return {
        "productSkuId": sku.product_sku_id,
        "extCode": sku.ext_code,
        "virtualStock": sku.virtual_stock,
        "productSkuSpecList": [
            {
                "parentSpecId": parent,
                "parentSpecName": kind,
                "specId": parent * 100,
                "specName": name,
            }
            for kind, parent, name in specs
        ],
        "productSkuWhExtAttr": {
            "productSkuWeight": {"value": sku.weight_mg},
            "productSkuVolume": {
                "len": sku.length_mm,
                "width": sku.width_mm,
                "height": sku.height_mm,
            },
            "productSkuBarCodes": [{"code": sku.barcode, "codeType": 1}],
        },
        "productSkuSaleExtAttr": {"productSkuShippingMode": 1, "productSkuIndividuallyPacked": 1},
    }


_GOODS_FIELDS = (
    *(Field(name, "int") for name in ("page", "pageSize", "skcTopStatus", "skcSiteStatus")),
    *(Field(f"cat{level}Id", "int") for level in range(1, 11)),
    *(Field(name, "int") for name in ("createdAtStart", "createdAtEnd", "quickSellAgtSignStatus")),
    *(Field(name, "bool") for name in ("matchJitMode", "isSupportPersonalization")),
    *(Field(name, "str") for name in ("productName", "skcExtCode")),
    *(Field(name, "int", many=True) for name in ("productSkcIds", "bindSiteIds")),
)
_SKC = Field("productSkcId", "int", required=True)
_UPDATE_FIELDS = (
    _USER,
    Field("quantityChangeMode", "int"),
    Field(
        "skuStockChangeList", "object", many=True,
        fields=(Field("productSkuId", "int", required=True), Field("warehouseId", "str"),
                Field("stockDiff", "int"), Field("targetStockAvailable", "int")),
    ),
)  # fmt: skip
_JIT_FIELDS = (
    _SKC,
    Field(
        "skuVirtualStockChangeList", "object", required=True, many=True,
        fields=(Field("productSkuId", "int", required=True),
                Field("virtualStockDiff", "int", required=True)),
    ),
)  # fmt: skip
_SITES = (_USER, Field("siteIdList", "int", required=True, many=True))

TYPES = (
    ApiType("bg.open.accesstoken.info.get.global", ("pa",), token_info),
    ApiType("bg.glo.goods.list.get", ("pa",), goods_list, _GOODS_FIELDS),
    ApiType("temu.goods.list.get", ("pa",), goods_list, _GOODS_FIELDS),
    ApiType("bg.btg.goods.stock.quantity.get", ("pa",), semi_stock, (_USER, _SKC), True),
    ApiType("bg.btg.goods.stock.quantity.update", ("pa",), update_semi_stock, _UPDATE_FIELDS, True),
    ApiType("bg.btg.goods.stock.warehouse.list.get", ("pa",), semi_warehouses, _SITES),
    ApiType("bg.qtg.stock.virtualinventoryjit.get", ("pa",), jit_stock, (_SKC,)),
    ApiType("bg.qtg.stock.virtualinventoryjit.edit", ("pa",), edit_jit_stock, _JIT_FIELDS),
)

"""The business refusals Temu documents for the simulated API types."""


class RefusedError(Exception):
    """Temu says no. ``code`` and ``message`` are what the envelope shows."""

    def __init__(self, code: int, message: str | None = None, **blanks: str) -> None:
        self.code = code
        self.message = MESSAGES[code].format(**blanks) if message is None else message
        super().__init__(f"{code}: {self.message}")


_RESTRICTED = (
    "Your store has been restricted from confirming shipment by {what}. "
    "Please use the online buy shipping function instead."
)
_MISMATCH = (
    "The parentOrder or Order is invalid. Please check if the parentOrder matches the Order, "
    "the parentOrder or Order is nonexistent etc."
)

# partner-contracts.json "errors", partner-api.md 5.7, cn-pa-api.md 2.4.
MESSAGES: dict[int, str] = {
    1000003: "参数错误",
    2000000: "业务异常: {why}",
    2000037: "商品正在活动促销中，不允许库存调减",
    2000038: "库存不允许减少",
    2000060: "店铺类型不符合预期，不允许查询或变更库存",
    110020005: "Cancel and permit parameters must not exceed 20.",
    110020006: "Cancel and permit parameters are not allowed to be the same.",
    110020007: "Too many requests in 1 sec, please try again later.",
    110020008: "Access_token don't have this event access, please ask for seller to authorize "
    "this event in seller center first,and share the new access_token with you.",
    110020009: "App don't have this event subscription.",
    120011002: "invalid request parameters: {why}",
    120011045: "For splitSubPackage quantity needs to be 1.",
    120011059: _RESTRICTED.format(what="USPS tracking number"),
    120011072: "The request area is incorrect. Please check the request area and replace it with "
    "the correct request area. The request area for the United States is US, and the request "
    "area for other non-European countries is global.",
    120011085: "selfShippingWarehouseId is invalid, please have a check",
    120011092: _RESTRICTED.format(what="FedEx tracking number"),
    120011098: "A package is allowed to add a maximum of only 10 sub tracking numbers.",
    120012003: "The order is incomplete: every O-order of a parent order must be shipped together.",
    120012004: "The order has been shipped. "
    "This submission is not effective for the shipped order.",
    120012007: _MISMATCH,
    120012015: "Combined delivery failed since the delivery addresses for PO orders are different.",
    120012016: _MISMATCH,
    120012023: "Address change pending. Please process before shipping.",
    120012030: "Order cancel pending. Please process before shipping.",
    120012031: "The current parent order has a pending risk control alert.",
    120012034: _RESTRICTED.format(what="tracking number"),
    120012041: "A duplicate sub-order number has been entered for tracking number {number}.",
    120012063: "The parentOrderSn is not valid for the selected selfShippingWarehouseId.",
    120013002: "The item quantity does not match the quantity to be shipped.",
    120014001: "Tracking number is blank.",
    120014003: "Duplicate tracking number",
    120014004: "Tracking number has been used",
    120014020: "Delivery failed because the tracking number cannot be recognized. "
    "Please delete specific symbol such as -, %, # etc.",
    120014022: "Incorrect trackingNumber/carrierId. Please check and retry.",
    120015002: "Invalid logistics company id.",
    120015037: "This logistics provider does not support this business scenario.",
    120015527: "Missing required parameter selfShippingWarehouseId",
    120015528: "O-orders of COD type exist in body, and COD type O-orders can only be shipped "
    "with Temu Label.",
    120015537: "Brazil orders require Temu shipping labels exclusively",
    120015543: 'The Order with label "signature_required_on_delivery" and other orders cannot be '
    "fulfilled at the same time.",
    140020001: "This interface does not support cross-border sellers. Please check whether the "
    "store bound to the token is a SEMI or LOCAL store!",
    140020002: "Order not found",
    140020012: "parentConfirmTimeEnd needs to be greater than the parentConfirmTimeStart",
    140020013: "{name} not passed in",
    140020014: "The format of {name} is inaccurate and requires a second level timestamp",
    180020003: "Invalid param",
    180020004: "Invalid business type",
    180020008: "Please sign on DPA agreement first",
    180020030: _RESTRICTED.format(what="tracking number"),
    200000001: "店铺未找到",
}

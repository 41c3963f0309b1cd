"""The answer every call gets, and the gateway's own errors in both families."""

from collections.abc import Mapping
from email.utils import formatdate

import msgspec
from flask import Response

from temu_sandbox.chance import request_id_text

SUCCESS = 1000000
_PREFIXES = {"cn": "cn", "pa": "pa", "us": "us", "eu": "eu", "global": "gl"}

# Meaning -> (CN family code, partner family code). cn-pa-api.md 2.2, partner-api.md 2. Where the CN
# table has no code of its own (unknown app key, suspended app, address list), the nearest
# documented one is given; 4000000, 4000004 and 5000003 are seen on both sides.
CODES: Mapping[str, tuple[int, int]] = {
    "bad_params": (3000000, 3000000),
    "no_type": (7000000, 3000002),
    "unknown_type": (7000016, 3000003),
    "no_app_key": (7000002, 3000025),
    "unknown_app": (7000005, 3000026),
    "app_may_not": (7000005, 3000027),
    "app_suspended": (7000005, 3000028),
    "no_token": (7000003, 3000030),
    "no_timestamp": (7000008, 3000010),
    "timestamp_ahead": (7000011, 3000011),
    "timestamp_expired": (7000010, 3000012),
    "no_data_type": (7000013, 3000013),
    "bad_data_type": (7000013, 3000014),
    "no_sign": (7000014, 3000040),
    "bad_sign": (7000015, 3000001),
    "no_scope": (7000022, 3000032),
    "address_not_listed": (5000003, 5000003),
    "throttled": (4000004, 4000004),
    "unwell": (4000000, 4000000),
}

TEXTS: Mapping[int, str] = {
    3000000: "BAD_PARAMS",
    3000001: "sign invalid",
    3000002: "type missing",
    3000003: "type not exists",
    3000010: "timestamp missing",
    3000011: "timestamp is ahead of the server time by more than 300 seconds",
    3000012: "timestamp expired",
    3000013: "data_type missing",
    3000014: "data_type invalid",
    3000025: "app_key missing",
    3000026: "app_key not exists",
    3000027: "app_key has no permission for this api",
    3000028: "app_key has been suspended",
    3000030: "access_token missing",
    3000031: "access_token not exists",
    3000032: "access_token don't have this api access, please ask the seller to authorize again",
    3000033: "access_token and app_key are not mapping",
    3000034: "access_token is expired or has been refreshed, please ask the seller to authorize",
    3000040: "sign missing",
    4000000: "Temu internal system error, please try again later.",
    4000004: "too frequent requests, exceeding rate limit.",
    5000000: "AUTHORIZE_NOT_ALLOW",
    5000003: "NOT_IN_IP_WHITE_LIST",
    7000000: "no type in request body.",
    7000002: "no app_key in request body.",
    7000003: "no access_token in request body.",
    7000005: "app_key has no permission for this api.",
    7000006: "access_token and app_key are not mapping.",
    7000007: "access_token is expired, please ask seller to reauthorize.",
    7000008: "no timestamp in request body.",
    7000010: "timestamp is expired.",
    7000011: "timestamp is invalid.",
    7000013: "data_type is invalid.",
    7000014: "no sign in request body.",
    7000015: "sign is invalid.",
    7000016: "type not exists.",
    7000018: "access_token not exists.",
    7000019: "access_token doesn't have this api access, seller must authorize this api.",
    7000020: "access_token is invalid.",
    7000022: "access_token doesn't have this api access.",
}


class GatewayError(Exception):
    """A refusal of the gateway itself, before any API type is asked."""

    def __init__(self, code: int, message: str = "") -> None:
        self.code = code
        self.message = message or TEXTS[code]
        super().__init__(f"{code}: {self.message}")


def gateway_error(meaning: str, family: str, detail: str = "") -> GatewayError:
    """The error of ``meaning`` in the family's number."""
    code = CODES[meaning][0 if family == "cn" else 1]
    return GatewayError(code, f"{TEXTS[code]}: {detail}" if detail else "")


def request_id(gateway: str, number: int) -> str:
    """``us-...``, ``eu-...``, ``gl-...`` as in real answers; ``cn-`` and ``pa-`` likewise."""
    return request_id_text(_PREFIXES[gateway], number)


def good(request_number: str, result: object) -> bytes:
    return _body(True, request_number, SUCCESS, "", result)


def bad(request_number: str, code: int, message: str) -> bytes:
    return _body(False, request_number, code, message, None)


def _body(success: bool, request_number: str, code: int, message: str, result: object) -> bytes:
    return msgspec.json.encode(
        {
            "success": success,
            "requestId": request_number,
            "errorCode": code,
            "errorMsg": message,
            "result": result,
        }
    )


def http(body: bytes, now_s: float, status: int = 200, kind: str = "application/json") -> Response:
    """The HTTP answer. Errors are HTTP 200 too; the Date header is the world's clock."""
    response = Response(body, status=status, content_type=f"{kind};charset=UTF-8")
    response.headers["Date"] = formatdate(now_s, usegmt=True)
    return response

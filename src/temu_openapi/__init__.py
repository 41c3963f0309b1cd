"""A typed client for Temu's open platform: five areas, one way to call.

Temu publishes no client; this one follows its documentation. The typed calls stand in the modules
``tokens``, ``goods``, ``stock``, ``orders``, ``shipping`` and ``subscriptions``; ``signing`` and
``webhooks`` serve on their own.
"""

from temu_openapi import (
    goods,
    orders,
    shipping,
    signing,
    stock,
    subscriptions,
    tokens,
    webhooks,
)
from temu_openapi.areas import (
    API_TYPES,
    APP_AREA,
    GATEWAYS,
    ORDER_AREAS,
    TOKEN_KIND,
    ApiType,
    Area,
    Gateways,
    TokenKind,
    api_type_of,
    area_of,
)
from temu_openapi.client import App, Client, Token
from temu_openapi.clock import Clock, SystemClock
from temu_openapi.errors import (
    TOKEN_MEANINGS,
    Meaning,
    TemuError,
    TemuRefusal,
    TemuUnreachable,
    classify,
)
from temu_openapi.pacing import LocalPacer, Pacer
from temu_openapi.transport import Transport, WireAnswer, WireFailure

__all__ = [
    "API_TYPES",
    "APP_AREA",
    "GATEWAYS",
    "ORDER_AREAS",
    "TOKEN_KIND",
    "TOKEN_MEANINGS",
    "ApiType",
    "App",
    "Area",
    "Client",
    "Clock",
    "Gateways",
    "LocalPacer",
    "Meaning",
    "Pacer",
    "SystemClock",
    "TemuError",
    "TemuRefusal",
    "TemuUnreachable",
    "Token",
    "TokenKind",
    "Transport",
    "WireAnswer",
    "WireFailure",
    "api_type_of",
    "area_of",
    "classify",
    "goods",
    "orders",
    "shipping",
    "signing",
    "stock",
    "subscriptions",
    "tokens",
    "webhooks",
]

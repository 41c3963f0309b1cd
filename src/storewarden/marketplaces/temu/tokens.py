"""What Temu says about a token; and cleaning a pasted one."""

import re
from datetime import UTC, datetime

from storewarden.marketplaces.base import (
    Access,
    Cause,
    Refused,
    StoreType,
    TokenKind,
    TokenReport,
)
from storewarden.marketplaces.temu.errors import translated
from storewarden.marketplaces.temu.wire import app_and_token, client
from temu_openapi import Client, Meaning, TemuRefusal, tokens

PREFIX = re.compile(r"^access[_ ]?token[\"']?[:：=]", re.IGNORECASE)
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202c\u00ad"))


def clean(pasted: str) -> str:
    """Paste hygiene (product.md 2.3): prefix, quotes, blanks, line breaks, zero-width marks."""
    text = "".join(pasted.translate(INVISIBLE).split())
    text = text.strip("\"'“”‘’`,;{}")
    return PREFIX.sub("", text).strip("\"'“”‘’`,;{}")


def at(posix_s: int | None) -> datetime | None:
    """Temu's POSIX seconds as a time; None stays None (and 0 is Temu's null)."""
    return datetime.fromtimestamp(posix_s, UTC) if posix_s else None


def inspect(access: Access, *, urgent: bool) -> TokenReport:
    """Ask Temu about a token. A token that is not stored yet is asked about in full."""
    with translated():
        if access.slot.kind is TokenKind.PRODUCT:
            return _product(client(urgent=urgent), access)
        return _order(client(urgent=urgent), access)


def _product(temu: Client, access: Access) -> TokenReport:
    app, token = app_and_token(access)
    info = tokens.token_info(temu, app, token)
    name, store_type = "", None
    if not access.mall_id:
        name, store_type = _shop_name(temu, access), _store_type(temu, access)
    return TokenReport(
        mall_id=str(info.mall_id) if info.mall_id else None,
        shop_name=name,
        expires_at=at(info.expires_at_s),
        scopes=frozenset(info.scopes),
        store_type=store_type,
    )


def _shop_name(temu: Client, access: Access) -> str:
    """PA alone tells the name; a refusal there leaves it empty (cn-pa-api.md 11.6: optional)."""
    try:
        return str(tokens.token_info_global(temu, *app_and_token(access)).mall_name or "")
    except TemuRefusal:
        return ""


def _store_type(temu: Client, access: Access) -> StoreType | None:
    """Not fatal when refused for want of permission: then the seller's word stands."""
    try:
        mall = tokens.mall_info(temu, *app_and_token(access))
    except TemuRefusal as no:
        if no.meaning is Meaning.SCOPE_MISSING:
            return None
        raise
    return StoreType.SEMI if mall.semi_managed else StoreType.FULL


def _order(temu: Client, access: Access) -> TokenReport:
    info = tokens.token_info(temu, *app_and_token(access))
    if info.mall_type == tokens.MALL_TYPE_LOCAL:
        raise Refused(Cause.LOCAL_STORE, info.mall_type, "mallType 100")
    return TokenReport(
        mall_id=str(info.mall_id) if info.mall_id else None,
        shop_name=str(info.mall_name or ""),
        expires_at=at(info.expires_at_s),
        scopes=frozenset(info.scopes),
        store_type=StoreType.SEMI if info.mall_type == tokens.MALL_TYPE_SEMI else None,
        region_id=str(info.region_id or ""),
    )

"""Findings as JSON and back, so that a report is worded when somebody reads it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from storewarden.marketplaces.base import Permission, Slot, TokenKind
from storewarden.stores.checking import Finding
from storewarden.stores.errors import Refusal

LONGEST_MESSAGE = 300
Json = dict[str, Any]


def told(found: Finding) -> Json:
    """A finding as JSON. No finding holds a token."""
    data = {name: _plain(value) for name, value in found.data.items() if value is not None}
    kept = {
        "cause": found.cause,
        "slot": str(found.slot) if found.slot else "",
        "blocking": found.blocking,
        "code": found.code,
        "message": found.message[:LONGEST_MESSAGE],
        "data": data,
    }
    return {name: value for name, value in kept.items() if value not in ("", {})}


def said(no: Refusal) -> Json:
    """A refusal that is no finding: its cause, and its words for a cause that is not ours."""
    data = {"sentence": no.sentence, "next_step": no.next_step}
    return told(Finding(no.cause, code=no.code, data=data))


def heard(kept: Mapping[str, Any]) -> Finding:
    """The finding that was told."""
    data = {name: _revived(name, value) for name, value in kept.get("data", {}).items()}
    return Finding(
        kept["cause"],
        slot_of(kept["slot"]) if kept.get("slot") else None,
        kept.get("blocking", True),
        kept.get("code", ""),
        kept.get("message", ""),
        data=data,
    )


def slot_of(text: str) -> Slot:
    """`order:us` → the slot."""
    kind, _colon, area = text.partition(":")
    return Slot(TokenKind(kind), area)


def _plain(value: object) -> object:
    if isinstance(value, Permission):
        return {"scope": value.scope, "purpose": value.purpose, "core": value.core}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value if isinstance(value, int | float) else str(value)


def _revived(name: str, value: Any) -> object:
    if name == "permissions":
        return tuple(Permission(one["scope"], one["purpose"], one["core"]) for one in value)
    return parse_datetime(value) if name == "end" else value

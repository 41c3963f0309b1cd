"""Reasons as they are stored: a code with its values, worded for each reader when shown."""

from urllib.parse import parse_qsl, urlencode


def noted(code: str, **values: object) -> str:
    """`noted("too_long", field="po", length=65)` → too_long?field=po&length=65"""
    return f"{code}?{urlencode(values)}" if values else code


def read(reason: str) -> tuple[str, dict[str, str]]:
    """The code and the values of a stored reason."""
    code, _mark, values = reason.partition("?")
    return code, dict(parse_qsl(values))

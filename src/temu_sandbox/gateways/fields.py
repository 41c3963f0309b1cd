"""Which parameters an API type has, and of which JSON type; wrong types are refused by path."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["int", "str", "bool", "object", "id"]
"""``id`` is a long that official samples also send as text of digits (carrierId)."""

_ID_DIGITS = 18


class BadFieldError(Exception):
    """A parameter of the wrong type or a missing one; ``str()`` is ``path: what is wrong``."""


@dataclass(frozen=True)
class Field:
    """One parameter. ``many``: a list of ``kind``. ``fields``: what an object has inside."""

    name: str
    kind: Kind
    required: bool = False
    many: bool = False
    fields: tuple["Field", ...] = ()


def check(params: Mapping[str, Any], fields: Sequence[Field], path: str = "") -> None:
    """Raise BadFieldError for the first parameter that does not fit; unknown keys are ignored."""
    for field in fields:
        where = f"{path}{field.name}"
        value = params.get(field.name)
        if value is None:
            if field.required:
                raise BadFieldError(f"{where}: missing")
        elif field.many:
            _check_list(value, field, where)
        else:
            _check_one(value, field, where)


def _check_list(value: object, field: Field, where: str) -> None:
    if not isinstance(value, list):
        raise BadFieldError(f"{where}: list expected")
    for index, item in enumerate(value):
        _check_one(item, field, f"{where}[{index}]")


def _check_one(value: object, field: Field, where: str) -> None:
    if not _FITS[field.kind](value):
        raise BadFieldError(f"{where}: {field.kind} expected")
    if isinstance(value, dict):
        check(value, field.fields, f"{where}.")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) <= _ID_DIGITS
    return _is_int(value)


_FITS: Mapping[str, Callable[[object], bool]] = {
    "int": _is_int,
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "id": _is_id,
}

"""Temu's JSON read with care: the envelope, ids as text, null as absent.

Sources: partner-api.md 2, cn-pa-api.md 2.1. Unknown fields are ignored; a number may come as text
and an id as a number.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin

import msgspec

from temu_openapi.errors import SUCCESS

T = TypeVar("T")

_LONGEST = 2**63 - 1
_LONG_DIGITS = 19


if TYPE_CHECKING:
    TemuId = str
    Text = str
else:

    class TemuId(str):
        """A Temu id: a long on the wire, plain text once read, so that nobody rounds it."""

        __slots__ = ()

    class Text(str):
        """Text that may come as a number, such as a seller's code; plain text once read."""

        __slots__ = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The base of all typed answers; wire names are the camelCase of the fields."""

    def __post_init__(self) -> None:
        # Encoders and database drivers want str itself, not a subclass of it.
        for name in _text_fields(type(self)):
            value = getattr(self, name)
            if isinstance(value, str):
                msgspec.structs.force_setattr(self, name, str(value))


@cache
def _text_fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields that hold a TemuId or a Text, or None, or a list of them."""
    return tuple(
        field.name
        for field in msgspec.structs.fields(kind)
        if {TemuId, Text} & {field.type, *get_args(field.type)}
    )


class Verbatim(Answer, frozen=True, kw_only=True):
    """An answer whose members are kept just as they came, nulls included."""


class Envelope(msgspec.Struct, frozen=True):
    """What every answer is wrapped in; some gateway errors come in snake_case."""

    success: bool | None = None
    errorCode: int | str | None = None  # noqa: N815 - the wire's name
    errorMsg: str | None = None  # noqa: N815 - the wire's name
    requestId: str | None = None  # noqa: N815 - the wire's name
    result: Any = None
    error_code: int | str | None = None
    error_msg: str | None = None

    @property
    def code(self) -> int | None:
        """The error code of either form, if it is a number."""
        code = str(self.error_code if self.errorCode is None else self.errorCode)
        return int(code) if code.isascii() and code.isdecimal() else None

    @property
    def message(self) -> str:
        """The error text of either form, which may be empty."""
        return self.errorMsg or self.error_msg or ""

    @property
    def succeeded(self) -> bool:
        """Decided by ``success``; by the code only where ``success`` is left out."""
        return self.code == SUCCESS if self.success is None else self.success


_envelope = msgspec.json.Decoder(Envelope, strict=False)


def envelope_of(body: bytes) -> Envelope | None:
    """The envelope, or None for a body that is none: no JSON, half of it, another page."""
    try:
        envelope = _envelope.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    says_nothing = envelope.success is None and envelope.code is None
    return None if says_nothing else envelope


def read_result(value: object, kind: type[T]) -> T:
    """``value`` as ``kind``; raises msgspec.ValidationError naming the place, never the value.

    A null is read as a field left out, so it takes the field's default; no result at all is read as
    an empty object or list. ``object`` takes the value untouched.
    """
    if kind is object:
        return cast("T", value)
    if value is None:
        value = [] if get_origin(kind) is tuple else {}
    if not (isinstance(kind, type) and issubclass(kind, Verbatim)):
        value = without_nulls(value)
    return msgspec.convert(value, kind, strict=False, dec_hook=_as_text)


def read_item(value: object, kind: type[T]) -> T:
    """One of many values as ``kind``, read as ``read_result`` reads it.

    Nulls are taken out only where ``kind`` does not take them: walking through every item of a page
    costs as much as reading it. Not for kinds with ``Any``, which would keep their nulls.
    """
    try:
        return msgspec.convert(value, kind, strict=False, dec_hook=_as_text)
    except (msgspec.ValidationError, RecursionError):
        return read_result(value, kind)


def without_nulls(value: Any) -> Any:
    """The same value with every null member left out, at all depths."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in value if each is not None]
    return value


def _as_text(kind: type, value: object) -> object:
    if kind in (TemuId, Text) and isinstance(value, (str, int)) and not isinstance(value, bool):
        return kind(value)
    raise TypeError("expected text or a number")


def number_of(temu_id: str, name: str) -> int:
    """An id as the long that Temu's requests take; ValueError with the field's name otherwise."""
    digits = temu_id.isascii() and temu_id.isdecimal() and len(temu_id) <= _LONG_DIGITS
    if not digits or int(temu_id) > _LONGEST:
        raise ValueError(f"{name} must be an id of digits only, as Temu gave it.")
    return int(temu_id)


def present(**params: object) -> dict[str, Any]:
    """The params that are there: None and empty lists are left out (cn-pa-api.md 1.3)."""
    return {key: value for key, value in params.items() if value is not None and value != []}

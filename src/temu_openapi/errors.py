"""What went wrong, in a dozen meanings.

    TemuError
     ├ TemuRefusal       Temu answered and said no; ``meaning``, ``code`` and ``message`` say why
     └ TemuUnreachable   no usable answer came; says nothing about the token

Sources: partner-api.md 2 and 5.7, cn-pa-api.md 2.2 to 2.4. The numbers of the two code families
overlap, so the message is read too; and which family PA speaks is not known, so both are understood
in every area.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Literal

from temu_openapi.areas import ORDER_AREAS, Area

SUCCESS = 1000000

Reason = Literal["timeout", "connection", "garbled", "http", "unexpected"]


class Meaning(StrEnum):
    """Why Temu refused, whatever the area's numbers are."""

    TOKEN_UNKNOWN = "token_unknown"
    TOKEN_EXPIRED = "token_expired"
    TOKEN_EXPIRED_OR_REPLACED = "token_expired_or_replaced"
    TOKEN_OF_OTHER_APP = "token_of_other_app"
    NOT_AUTHORIZED = "not_authorized"
    SCOPE_MISSING = "scope_missing"
    APP_UNKNOWN = "app_unknown"
    APP_BLOCKED = "app_blocked"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    CLOCK_OFF = "clock_off"
    SIGNATURE_WRONG = "signature_wrong"
    WRONG_AREA = "wrong_area"
    THROTTLED = "throttled"
    TEMU_UNWELL = "temu_unwell"
    STILL_COMPUTING = "still_computing"
    NO_SUCH_TYPE = "no_such_type"
    BAD_REQUEST = "bad_request"
    REFUSED = "refused"


TOKEN_MEANINGS = frozenset(
    {
        Meaning.TOKEN_UNKNOWN,
        Meaning.TOKEN_EXPIRED,
        Meaning.TOKEN_EXPIRED_OR_REPLACED,
        Meaning.TOKEN_OF_OTHER_APP,
        Meaning.NOT_AUTHORIZED,
    }
)
"""The meanings that say something about the token itself."""


def _table(*rows: tuple[Meaning, Iterable[int]]) -> dict[int, Meaning]:
    return {code: meaning for meaning, codes in rows for code in codes}


_BY_CODE = _table(
    (Meaning.TOKEN_UNKNOWN, (7000018, 3000031)),
    (Meaning.TOKEN_EXPIRED, (7000007,)),
    # 7000020 is "access_token invalid", elsewhere worded "token已经失效" (no longer valid).
    (Meaning.TOKEN_EXPIRED_OR_REPLACED, (7000020, 3000034)),
    (Meaning.TOKEN_OF_OTHER_APP, (7000006, 3000033)),
    (Meaning.NOT_AUTHORIZED, (5000000,)),
    (Meaning.SCOPE_MISSING, (7000019, 7000022, 3000032)),
    (Meaning.APP_UNKNOWN, (7000005, 3000020, 3000021, 3000026, 3000027)),
    (Meaning.APP_BLOCKED, (3000022, 3000028)),
    (Meaning.ADDRESS_NOT_ALLOWED, (5000003,)),
    (Meaning.CLOCK_OFF, (7000010, 7000011, 3000011, 3000012)),
    (Meaning.SIGNATURE_WRONG, (7000015, 3000001)),
    (Meaning.WRONG_AREA, (120011072,)),
    (Meaning.THROTTLED, (429, 4000004, 110020007)),
    (Meaning.TEMU_UNWELL, (4000000, 1000001, 1000005, 6000001, 120011001, 110020001)),
    (Meaning.STILL_COMPUTING, (140020008, 140020009)),
    (Meaning.NO_SUCH_TYPE, (7000016, 3000002, 3000003, 3000004)),
    # What this library would have to leave out or misspell to be told.
    (Meaning.BAD_REQUEST, (7000002, 7000003, 7000008, 7000013, 7000014)),
    (Meaning.BAD_REQUEST, (3000000, 3000010, 3000013, 3000014, 3000019, 3000025, 3000030)),
    (Meaning.BAD_REQUEST, (3000040, 5000001, 5000002, 1000003, 120000001, 120011002)),
    (Meaning.BAD_REQUEST, (140020012, 140020013, 140020014, 180020003, 130010001)),
)

_TOO_FREQUENT = re.compile(r"频繁|too frequent|rate limit", re.IGNORECASE)
_SYSTEM_TROUBLE = re.compile(r"系统异常|开小差|system[ _]?(exception|error)", re.IGNORECASE)
_ABOUT_BUSINESS = re.compile(r"business|业务", re.IGNORECASE)

_NO_TYPE_OR_BUSINESS = 7000000
_BUSINESS_EXCEPTION = 2000000


def classify(area: Area, code: int | None, message: str) -> Meaning:
    """The meaning of a refusal, from its code, its message and the area that spoke."""
    meaning = _BY_CODE.get(code) if code is not None else None
    if meaning is None or meaning is Meaning.TEMU_UNWELL:
        return _by_message(area, code, message) or meaning or Meaning.REFUSED
    return meaning


def _by_message(area: Area, code: int | None, message: str) -> Meaning | None:
    if _TOO_FREQUENT.search(message):
        return Meaning.THROTTLED
    if code == _NO_TYPE_OR_BUSINESS:
        return _meaning_of_7000000(area, message)
    # On the order areas 2000000 says that an inner call failed, so the effect is in doubt; on CN
    # and PA it is a business refusal whose message counts.
    if code == _BUSINESS_EXCEPTION and (area in ORDER_AREAS or _SYSTEM_TROUBLE.search(message)):
        return Meaning.TEMU_UNWELL
    return None


def _meaning_of_7000000(area: Area, message: str) -> Meaning:
    # CN: the body has no type. US, EU, Global: a business service failed. PA may be either.
    if area in ORDER_AREAS or _ABOUT_BUSINESS.search(message):
        return Meaning.REFUSED
    return Meaning.NO_SUCH_TYPE


class TemuError(Exception):
    """A call that did not succeed. Never carries a token, a secret or the params sent."""

    area: Area
    api_type: str
    may_have_happened: bool
    """Whether Temu may have carried the call out although it did not say so."""

    def __reduce__(self) -> tuple[Callable[..., "TemuError"], tuple[object, ...]]:
        """Pickle by what it says, so that job engines and process pools can hand it on."""
        return _revived, (type(self), str(self), vars(self))


def _revived(kind: type[TemuError], text: str, state: dict[str, object]) -> TemuError:
    error = kind.__new__(kind, text)
    vars(error).update(state)
    return error


class TemuRefusal(TemuError):
    """Temu answered and said no.

    ``clock_skew_s`` is how far Temu's clock is ahead of this machine's (negative: behind), measured
    from the HTTP Date header, when ``meaning`` is CLOCK_OFF and the header was there.
    """

    def __init__(
        self,
        meaning: Meaning,
        code: int | None,
        message: str,
        *,
        area: Area,
        api_type: str,
        request_id: str | None = None,
        clock_skew_s: float | None = None,
        may_have_happened: bool = False,
    ) -> None:
        super().__init__(f"Temu ({area}) refused {api_type}: {message or meaning} (code {code}).")
        self.meaning = meaning
        self.code = code
        self.message = message
        self.area = area
        self.api_type = api_type
        self.request_id = request_id
        self.clock_skew_s = clock_skew_s
        self.may_have_happened = may_have_happened


_REASONS: dict[Reason, str] = {
    "timeout": "gave no answer in time",
    "connection": "could not be reached, or the connection broke",
    "garbled": "answered with something that is not a whole answer",
    "http": "is behind a gateway that answered with an error page",
    "unexpected": "answered in a shape that is not the documented one",
}


class TemuUnreachable(TemuError):
    """No usable answer came. What was known about a token stays known.

    ``reason``: ``timeout``, ``connection`` (refused, broken, no such name), ``garbled`` (no JSON or
    half of it), ``http`` (an HTTP error without Temu's envelope; ``status`` tells it) or
    ``unexpected`` (a success whose result has not the documented shape).
    """

    def __init__(
        self,
        reason: Reason,
        *,
        area: Area,
        api_type: str,
        may_have_happened: bool,
        status: int | None = None,
        detail: str = "",
    ) -> None:
        more = ", ".join(part for part in (f"HTTP {status}" if status else "", detail) if part)
        super().__init__(
            f"Temu ({area}) {_REASONS[reason]} during {api_type}{f' ({more})' if more else ''}."
        )
        self.reason: Reason = reason
        self.area = area
        self.api_type = api_type
        self.may_have_happened = may_have_happened
        self.status = status

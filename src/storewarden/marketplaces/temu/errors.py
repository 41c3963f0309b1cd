"""Temu's refusals and silences, in the seam's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from storewarden.marketplaces.base import Cause, Refused, Unreachable
from temu_openapi import Meaning, TemuRefusal, TemuUnreachable

CAUSES = {
    Meaning.TOKEN_UNKNOWN: Cause.TOKEN_UNKNOWN,
    Meaning.TOKEN_EXPIRED: Cause.TOKEN_EXPIRED,
    Meaning.TOKEN_EXPIRED_OR_REPLACED: Cause.TOKEN_EXPIRED_OR_REPLACED,
    Meaning.TOKEN_OF_OTHER_APP: Cause.WRONG_APP,
    Meaning.NOT_AUTHORIZED: Cause.NOT_AUTHORIZED,
    Meaning.SCOPE_MISSING: Cause.SCOPE_MISSING,
    Meaning.APP_UNKNOWN: Cause.APP_UNKNOWN,
    Meaning.APP_BLOCKED: Cause.APP_BLOCKED,
    Meaning.ADDRESS_NOT_ALLOWED: Cause.ADDRESS_NOT_ALLOWED,
    Meaning.CLOCK_OFF: Cause.CLOCK_OFF,
    Meaning.SIGNATURE_WRONG: Cause.APP_SECRET_WRONG,
    Meaning.WRONG_AREA: Cause.WRONG_AREA,
    Meaning.NO_SUCH_TYPE: Cause.BUG,
    Meaning.BAD_REQUEST: Cause.BUG,
    Meaning.REFUSED: Cause.REFUSED,
}
# Answers that say "not now": as good as no answer. The codes of base.Unreachable.
NOT_NOW = {
    Meaning.THROTTLED: "throttled",
    Meaning.TEMU_UNWELL: "unwell",
    Meaning.STILL_COMPUTING: "computing",
}
NOT_FOR_THIS_STORE_TYPE = 140020001  # partner-api.md 3.3: a full-managed store has no order API


@contextmanager
def translated() -> Iterator[None]:
    """Raise the seam's errors in place of the client's."""
    try:
        yield
    except TemuUnreachable as silence:
        raise Unreachable(silence.reason, may_have_happened=silence.may_have_happened) from None
    except TemuRefusal as no:
        raise _refusal(no) from None


def _refusal(no: TemuRefusal) -> Refused | Unreachable:
    if no.meaning in NOT_NOW:
        return Unreachable(NOT_NOW[no.meaning], may_have_happened=no.may_have_happened)
    cause = CAUSES[no.meaning]
    if no.code == NOT_FOR_THIS_STORE_TYPE:
        cause = Cause.STORE_TYPE
    off = None if no.clock_skew_s is None else -no.clock_skew_s
    return Refused(cause, no.code or 0, no.message, clock_off_s=off)

"""The life of an authorization: the rules of product.md sections 2 and 3, and nothing else.

Pure: values and a time in, a value out. No database, no clock, no network.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storewarden.marketplaces.base import TOKEN_IS_DEAD, Cause, Permission, StoreType, TokenKind

DEFAULT_VALIDITY = timedelta(days=90)
EXPIRING_WITHIN = timedelta(days=30)
PROBE_EVERY = timedelta(hours=1)
PROBE_AGAIN_IF_UNREACHABLE = timedelta(minutes=5)
EXPIRY_MINUTE = timedelta(seconds=5)


class CredentialState(StrEnum):
    UNCHECKED = "unchecked"
    ACTIVE = "active"
    EXPIRED = "expired"
    DISCONNECTED = "disconnected"
    WRONG_APP = "wrong_app"
    SCOPE_MISSING = "scope_missing"
    APP_BLOCKED = "app_blocked"


class StoreState(StrEnum):
    AUTHORIZED = "authorized"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    INCOMPLETE = "incomplete"
    PAUSED = "paused"
    ARCHIVED = "archived"


USABLE = frozenset(
    {CredentialState.ACTIVE, CredentialState.SCOPE_MISSING, CredentialState.UNCHECKED}
)
CORE_MISSING = "core_permission_missing"


@dataclass(frozen=True)
class Expiry:
    """When a token ends; `estimated` when the marketplace does not say."""

    at: datetime
    estimated: bool


@dataclass(frozen=True)
class Verdict:
    """What an answer of the marketplace means for a credential."""

    state: CredentialState
    cause: str = ""


def expiry(told: datetime | None, entered_at: datetime) -> Expiry:
    """The marketplace's date wins; without it 90 days from the day of entry, estimated."""
    if told is not None:
        return Expiry(told, estimated=False)
    return Expiry(entered_at + DEFAULT_VALIDITY, estimated=True)


def days_left(expires_at: datetime, now: datetime) -> int:
    """Whole days until the end, 0 on the last day, negative once it has passed."""
    return (expires_at - now) // timedelta(days=1)


def missing(granted: Iterable[str], needed: Sequence[Permission]) -> list[Permission]:
    """The needed permissions that were not granted; names compare without case."""
    have = {name.lower() for name in granted}
    return [
        one for one in needed if not have.intersection(n.lower() for n in (one.scope, *one.aliases))
    ]


def after_report(lacking: Sequence[Permission]) -> Verdict:
    """The token works: active, or active with a permission lacking."""
    if any(one.core for one in lacking):
        return Verdict(CredentialState.SCOPE_MISSING, CORE_MISSING)
    if lacking:
        return Verdict(CredentialState.SCOPE_MISSING, "permission_missing")
    return Verdict(CredentialState.ACTIVE)


def after_refusal(cause: Cause, known: Expiry, now: datetime) -> Verdict | None:
    """What a refusal means; None: it says nothing about the token."""
    if cause in TOKEN_IS_DEAD:
        return _dead(cause, known, now)
    return _ABOUT_APP.get(cause)


def _dead(cause: Cause, known: Expiry, now: datetime) -> Verdict:
    if cause is Cause.TOKEN_EXPIRED or now >= known.at:
        return Verdict(CredentialState.EXPIRED, "expired")
    if cause is Cause.TOKEN_EXPIRED_OR_REPLACED and known.estimated:
        return Verdict(CredentialState.EXPIRED, "expired_or_replaced")
    if cause is Cause.TOKEN_EXPIRED_OR_REPLACED:
        return Verdict(CredentialState.DISCONNECTED, "replaced")
    return Verdict(CredentialState.DISCONNECTED, "disconnected")


_ABOUT_APP = {
    Cause.WRONG_APP: Verdict(CredentialState.WRONG_APP, "wrong_app"),
    Cause.WRONG_AREA: Verdict(CredentialState.WRONG_APP, "wrong_area"),
    Cause.SCOPE_MISSING: Verdict(CredentialState.SCOPE_MISSING, "permission_missing"),
    Cause.APP_BLOCKED: Verdict(CredentialState.APP_BLOCKED, "app_blocked"),
    Cause.APP_UNKNOWN: Verdict(CredentialState.APP_BLOCKED, "app_unknown"),
    Cause.APP_SECRET_WRONG: Verdict(CredentialState.APP_BLOCKED, "app_secret_wrong"),
    Cause.ADDRESS_NOT_ALLOWED: Verdict(CredentialState.APP_BLOCKED, "address_not_allowed"),
}


@dataclass(frozen=True)
class Held:
    """One credential as it was last proven."""

    kind: TokenKind
    area: str
    state: CredentialState
    cause: str
    expires: Expiry


def standing(held: Held, now: datetime) -> Verdict:
    """What a credential is worth now: one past the marketplace's own date is expired."""
    past = now >= held.expires.at and not held.expires.estimated
    if past and held.state in USABLE:
        return Verdict(CredentialState.EXPIRED, "expired")
    return Verdict(held.state, held.cause)


def usable(verdict: Verdict) -> bool:
    """True when the jobs that need this credential may run."""
    return verdict.state in USABLE and verdict.cause != CORE_MISSING


def required_kinds(store_type: StoreType) -> tuple[TokenKind, ...]:
    """Semi-consignment: the product stock token and at least one order shipping token.
    Full consignment: the product stock token."""
    if store_type is StoreType.SEMI:
        return (TokenKind.PRODUCT, TokenKind.ORDER)
    return (TokenKind.PRODUCT,)


@dataclass(frozen=True)
class StoreStanding:
    """The state of a store's authorization, the side that caused it, and what works.

    `works` and `stopped` name sides as `product` or `order:us`; `lacking` the
    required kinds that have no token at all.
    """

    state: StoreState
    cause: str = ""
    slot: str = ""
    works: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    lacking: tuple[TokenKind, ...] = ()
    earliest: Expiry | None = None


def store_standing(
    store_type: StoreType,
    held: Sequence[Held],
    now: datetime,
    *,
    paused: bool = False,
    archived: bool = False,
) -> StoreStanding:
    """Either required token invalid makes the store's authorization invalid."""
    verdicts = [(one, standing(one, now)) for one in held]
    works = tuple(_side(one) for one, verdict in verdicts if usable(verdict))
    stopped = tuple(_side(one) for one, verdict in verdicts if not usable(verdict))
    lacking = tuple(
        kind for kind in required_kinds(store_type) if all(one.kind is not kind for one in held)
    )
    earliest = min((one.expires for one in held), key=lambda e: e.at, default=None)
    state, cause, slot = _state(store_type, verdicts, lacking, now, paused, archived)
    return StoreStanding(state, cause, slot, works, stopped, lacking, earliest)


def _side(held: Held) -> str:
    return "product" if held.kind is TokenKind.PRODUCT else f"order:{held.area}"


def _state(
    store_type: StoreType,
    verdicts: Sequence[tuple[Held, Verdict]],
    lacking: Sequence[TokenKind],
    now: datetime,
    paused: bool,
    archived: bool,
) -> tuple[StoreState, str, str]:
    if archived:
        return StoreState.ARCHIVED, "", ""
    if paused:
        return StoreState.PAUSED, "", ""
    if lacking:
        return StoreState.INCOMPLETE, "token_missing", lacking[0]
    broken = _broken(store_type, verdicts)
    if broken is not None:
        return StoreState.EXPIRED, broken[1].cause, _side(broken[0])
    if any(one.expires.at - now <= EXPIRING_WITHIN for one, _ in verdicts):
        return StoreState.EXPIRING, "", ""
    return StoreState.AUTHORIZED, "", ""


def _broken(
    store_type: StoreType, verdicts: Sequence[tuple[Held, Verdict]]
) -> tuple[Held, Verdict] | None:
    """The first required side on which no token is usable."""
    for kind in required_kinds(store_type):
        of_kind = [(one, verdict) for one, verdict in verdicts if one.kind is kind]
        if of_kind and not any(usable(verdict) for _, verdict in of_kind):
            return of_kind[0]
    return None


def next_probe(expires: Expiry, now: datetime) -> datetime:
    """A credential is asked about every hour, and once more in the minute it expires."""
    hourly = now + PROBE_EVERY
    at_expiry = expires.at + EXPIRY_MINUTE
    return at_expiry if now < at_expiry < hourly else hourly


class ReentryKind(StrEnum):
    """What entering a token again amounts to."""

    NEW = "new"
    SAME = "same"
    DEAD_FOR_GOOD = "dead_for_good"


def reentry(known_end: datetime | None, accepted: bool, now: datetime) -> ReentryKind:
    """Entering a token: inside its validity the same one works again with its old end;
    past its validity it is dead for good. `known_end`: the end on record, if it was ever here."""
    if known_end is None:
        return ReentryKind.NEW
    if not accepted and now >= known_end:
        return ReentryKind.DEAD_FOR_GOOD
    return ReentryKind.SAME

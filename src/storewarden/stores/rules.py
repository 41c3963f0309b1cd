"""The life of an authorization: the rules of product.md sections 2 and 3, and nothing else.

Pure: values and a time in, a value out. No database, no clock, no network.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from storewarden.marketplaces.base import TOKEN_IS_DEAD, Cause, Permission, StoreType, TokenKind

DEFAULT_VALIDITY = timedelta(days=90)
EXPIRING_WITHIN = timedelta(days=30)
PROBE_EVERY = timedelta(hours=1)
PROBE_AGAIN_IF_UNREACHABLE = timedelta(minutes=5)
PROBE_LEASE = timedelta(minutes=2)
EXPIRY_SECOND = timedelta(seconds=5)
EXPIRY_MINUTE = timedelta(seconds=50)
SILENT_FOR = timedelta(minutes=10)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def place_in_hour(key: UUID) -> float:
    """A credential's own place in the hour, 0 ≤ place < 1: it spreads 1,000 stores evenly."""
    return (key.int % 3600) / 3600


def next_probe(
    expires: Expiry, now: datetime, place: float = 0.0, *, dead: bool = False
) -> datetime:
    """A credential is asked about every hour, in its own place of the hour, and once more in the
    minute it expires; a dead one once an hour and no oftener."""
    if dead:
        return now + PROBE_EVERY * (1 + place / 10)
    at_expiry = expires.at + EXPIRY_SECOND + EXPIRY_MINUTE * place
    hourly = _in_its_place(now + PROBE_EVERY / 2, place)
    return at_expiry if now < at_expiry < hourly else hourly


def _in_its_place(earliest: datetime, place: float) -> datetime:
    """The first moment from `earliest` on that lies in this place of the hour."""
    ahead = (EPOCH + PROBE_EVERY * place - earliest) % PROBE_EVERY
    return earliest + ahead


def tells_news(cause: Cause, state: CredentialState) -> bool:
    """Whether a refused call is worth a probe at once: not when its answer is known already."""
    if state not in USABLE:
        return False
    return not (cause is Cause.SCOPE_MISSING and state is CredentialState.SCOPE_MISSING)


class Proof(StrEnum):
    """How a credential's state was proven: checked before it was saved, by the schedule, or
    because a person asked."""

    CHECK = "check"
    PROBE = "probe"
    ASKED = "asked"


def tale(told: str, state: StoreState) -> str:
    """What the outbox is told when a store's state has become another; "" when nothing."""
    if state is StoreState.EXPIRED and told != state:
        return "store.expired"
    if told == StoreState.EXPIRED and state in (StoreState.AUTHORIZED, StoreState.EXPIRING):
        return "store.recovered"
    return ""


@dataclass(frozen=True)
class Contact:
    """One area of a marketplace: when it last answered, and since when it does not."""

    area: str
    answered_at: datetime | None
    silent_since: datetime | None


@dataclass(frozen=True)
class Outage:
    """No answer from these areas since then. It says nothing about any token."""

    areas: tuple[str, ...]
    since: datetime


def outage(contacts: Sequence[Contact], now: datetime) -> Outage | None:
    """One outage for all areas and stores, once ten minutes have passed without an answer."""
    silent = [one for one in contacts if one.silent_since and now - one.silent_since >= SILENT_FOR]
    if not silent:
        return None
    since = min(one.answered_at or one.silent_since or now for one in silent)
    return Outage(tuple(sorted(one.area for one in silent)), since)


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

"""Asking the marketplace about tokens before anything is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from storewarden import clock, vault
from storewarden.marketplaces.base import (
    Cause,
    Marketplace,
    Refused,
    Slot,
    StoreType,
    TokenKind,
    Unreachable,
)
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import rules
from storewarden.stores.access import trial
from storewarden.stores.checking import Asked, Finding, Heard, Taken, clock_warning, judge
from storewarden.stores.erasing import leaving
from storewarden.stores.models import DeveloperApp, Store, TokenRecord
from storewarden.stores.queries import apps
from storewarden.vault import Secret

# Refusals after which it is worth trying the token where it may belong.
PERHAPS_ELSEWHERE = frozenset(
    {Cause.TOKEN_UNKNOWN, Cause.WRONG_APP, Cause.WRONG_AREA, Cause.APP_UNKNOWN}
)


@dataclass(frozen=True)
class Pasted:
    """What a person pasted into the form: a token a slot, cleaned."""

    store_type: StoreType
    tokens: Mapping[Slot, Secret]
    marketplace: str = "temu"
    accept_missing: bool = False


@dataclass(frozen=True)
class SlotCard:
    """What the check says about one token."""

    slot: Slot
    heard: Heard
    app: DeveloperApp | None
    expires: rules.Expiry | None
    days_left: int | None
    granted: int
    needed: int
    same_as_before: bool


@dataclass(frozen=True)
class CheckCard:
    """The card shown before saving. `ok`: nothing stands in the way."""

    store_type: StoreType
    mall_id: str
    shop_name: str
    slots: tuple[SlotCard, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return bool(self.slots) and not any(one.blocking for one in self.findings)

    @property
    def first_blocking(self) -> Finding | None:
        return next((one for one in self.findings if one.blocking), None)


def check(pasted: Pasted, store: Store | None = None) -> CheckCard:
    """Check tokens live. Nothing is stored. With `store`: a reauthorization of that store."""
    now = clock.now()
    answers = [_hear(pasted, slot, token, now) for slot, token in pasted.tokens.items()]
    asked = Asked(
        pasted.store_type,
        pasted.accept_missing,
        store.mall_id if store else "",
        _kinds_of(store),
    )
    heard = [answer for answer, _app in answers]
    findings = judge(asked, heard, _taken(pasted.marketplace, heard), now)
    findings += clock_warning(marketplace(pasted.marketplace).clock_off_s())
    slots = tuple(_card(one, app, store, pasted, now) for one, app in answers)
    return CheckCard(pasted.store_type, *_shop(heard), slots, tuple(findings))


def _kinds_of(store: Store | None) -> frozenset[TokenKind]:
    if store is None:
        return frozenset()
    kept = store.credentials.exclude(token_sealed="").values_list("kind", flat=True)
    return frozenset(TokenKind(kind) for kind in kept)


def _shop(heard: list[Heard]) -> tuple[str, str]:
    reports = [one.report for one in heard if one.report]
    mall = next((one.mall_id for one in reports if one.mall_id), "") or ""
    return mall, next((one.shop_name for one in reports if one.shop_name), "")


def _taken(market: str, heard: list[Heard]) -> dict[str, Taken]:
    malls = [one.report.mall_id for one in heard if one.report and one.report.mall_id]
    rows = Store.objects.filter(marketplace=market, mall_id__in=malls)
    rows = rows.annotate(leaving=Q(pk__in=leaving()))
    return {
        row.mall_id: Taken(str(row.pk), row.nickname, row.archived_at is not None, row.leaving)
        for row in rows
    }


def _hear(
    pasted: Pasted, slot: Slot, token: Secret, now: datetime
) -> tuple[Heard, DeveloperApp | None]:
    """Ask with each app of the slot's area; if none fits, where the token may belong."""
    market = marketplace(pasted.marketplace)
    heard, app = _ask_area(market, slot, token)
    if heard.refusal in PERHAPS_ELSEWHERE:
        heard = replace(heard, works_in=_elsewhere(market, slot, token))
    if heard.refusal is not None:
        heard = replace(heard, known_end=_known_end(token))
    if heard.report is not None:
        needed = market.permissions(slot, pasted.store_type)
        heard = replace(heard, lacking=tuple(rules.missing(heard.report.scopes, needed)))
    return heard, app


def _ask_area(market: Marketplace, slot: Slot, token: Secret) -> tuple[Heard, DeveloperApp | None]:
    """The first app that the token belongs to answers; else the last refusal stands."""
    heard = Heard(slot, app_missing=True)
    app = None
    for app in apps(slot.area):
        heard = _ask(market, slot, app, token)
        if heard.refusal is not Cause.WRONG_APP:
            break
    return heard, app


def _ask(market: Marketplace, slot: Slot, app: DeveloperApp, token: Secret) -> Heard:
    try:
        return Heard(slot, report=market.inspect(trial(slot, app, token), urgent=True))
    except Refused as no:
        return Heard(slot, None, no.cause, str(no.code), no.message, no.clock_off_s)
    except Unreachable as silence:
        return Heard(slot, unreachable=silence.reason)


def _elsewhere(market: Marketplace, slot: Slot, token: Secret) -> Slot | None:
    for other in market.slots(StoreType.SEMI):
        if other != slot and _ask_area(market, other, token)[0].report is not None:
            return other
    return None


def _known_end(token: Secret) -> datetime | None:
    """The end on record of a token that was here before, in any store."""
    record = TokenRecord.objects.filter(fingerprint=vault.fingerprint(token)).first()
    return record.expires_at if record else None


def _card(
    heard: Heard, app: DeveloperApp | None, store: Store | None, pasted: Pasted, now: datetime
) -> SlotCard:
    slot = heard.slot
    needed = len(marketplace(pasted.marketplace).permissions(slot, pasted.store_type))
    ends = rules.expiry(heard.report.expires_at, now) if heard.report else None
    return SlotCard(
        slot,
        heard,
        app,
        ends,
        rules.days_left(ends.at, now) if ends else None,
        needed - len(heard.lacking) if heard.report else 0,
        needed,
        _same(store, slot, pasted.tokens[slot]),
    )


def _same(store: Store | None, slot: Slot, token: Secret) -> bool:
    if store is None:
        return False
    held: dict[str, Any] = {"kind": slot.kind, "area": slot.area}
    return store.credentials.filter(fingerprint=vault.fingerprint(token), **held).exists()

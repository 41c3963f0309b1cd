"""Asking the marketplace about a credential, and recording what it said.

An answer is recorded only if nobody has recorded a later one meanwhile: a probe that was under
way while a person entered a new token says nothing about that token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from storewarden import clock, meters
from storewarden.marketplaces.base import Refused, StoreType, TokenReport, Unreachable
from storewarden.marketplaces.registry import marketplace
from storewarden.outbox.actions import publish
from storewarden.stores import access, rules
from storewarden.stores.actions import note
from storewarden.stores.contacts import heard
from storewarden.stores.models import Credential, Store, TokenRecord
from storewarden.stores.queries import held
from storewarden.stores.rules import CredentialState, Proof
from storewarden.stores.telling import store_told, tell, token_told


@dataclass(frozen=True)
class Probed:
    """What a probe found: the state before and after, or why nothing is known."""

    credential: Credential
    before: str
    after: str
    unreachable: str = ""

    @property
    def died(self) -> bool:
        return self.before in rules.USABLE and self.after not in rules.USABLE

    @property
    def recovered(self) -> bool:
        return self.before not in rules.USABLE and self.after in rules.USABLE


def probe_store(store: Store, who: str) -> list[Probed]:
    """Ask about every token of a store because a person wants to know."""
    found = [
        probe(one, who=who, urgent=True) for one in store.credentials.select_related("store", "app")
    ]
    for one in found:
        heard(store.marketplace, one.credential.area, clock.now(), one.unreachable)
    return found


def probe(credential: Credential, *, who: str = "", urgent: bool = False) -> Probed:
    """Ask about one credential and record what was heard. An archived one is left alone."""
    before = credential.state
    if not credential.token_sealed:
        return Probed(credential, before, before)
    market = marketplace(credential.store.marketplace)
    try:
        report = market.inspect(access.access(credential), urgent=urgent)
    except Unreachable as silence:
        done = _silent(credential, silence.reason)
    except Refused as no:
        done = _refused(credential, no, who)
    else:
        done = _works(credential, report, who)
    meters.probe_done("unreachable" if done.unreachable else done.after)
    return done


def _silent(row: Credential, reason: str) -> Probed:
    now = clock.now()
    row.unreachable_since = row.unreachable_since or now
    row.unreachable_reason = reason[:200]
    row.probe_after = now + rules.PROBE_AGAIN_IF_UNREACHABLE
    _still(row).update(
        unreachable_since=row.unreachable_since,
        unreachable_reason=row.unreachable_reason,
        probe_after=row.probe_after,
    )
    return Probed(row, row.state, row.state, unreachable=reason)


def _still(row: Credential) -> Any:
    """The row, as long as its token and what was last proven are those that were read."""
    return Credential.objects.filter(
        pk=row.pk, fingerprint=row.fingerprint, proven_at=row.proven_at
    )


def _refused(row: Credential, no: Refused, who: str) -> Probed:
    now = clock.now()
    verdict = rules.after_refusal(no.cause, held(row).expires, now)
    if verdict is None:  # not about the token: as good as no answer
        return _silent(row, no.reason)
    found = {"their_code": str(no.code), "their_message": no.message[:500]}
    return _settle(row, verdict, who, found)


def _works(row: Credential, report: TokenReport, who: str) -> Probed:
    needed = marketplace(row.store.marketplace).permissions(
        access.slot_of(row), StoreType(row.store.store_type)
    )
    verdict = rules.after_report(rules.missing(report.scopes, needed))
    if report.mall_id and report.mall_id != row.store.mall_id:
        verdict = rules.Verdict(CredentialState.WRONG_APP, "wrong_app")
    found: dict[str, Any] = {"their_code": "", "their_message": "", "scopes": sorted(report.scopes)}
    if report.expires_at is not None:
        found |= {"expires_at": report.expires_at, "expires_estimated": False}
    return _settle(row, verdict, who, found)


def _settle(row: Credential, verdict: rules.Verdict, who: str, found: dict[str, Any]) -> Probed:
    now, before = clock.now(), row.state
    expires = rules.Expiry(found.get("expires_at", row.expires_at), row.expires_estimated)
    alive = verdict.state in rules.USABLE
    place = rules.place_in_hour(row.pk)
    found |= {"state": verdict.state, "cause": verdict.cause}
    changes = {name: value for name, value in found.items() if getattr(row, name) != value}
    always = {
        "proven_at": now,
        "proven_how": Proof.ASKED if who else Proof.PROBE,
        "proven_by": who,
        "unreachable_since": None,
        "unreachable_reason": "",
        "died_at": None if alive else (row.died_at or now),
        "probe_after": rules.next_probe(expires, now, place, dead=not alive),
    }
    if not changes:
        return _kept(row, always, before) or _overtaken(row, before)
    with transaction.atomic():
        done = _kept(row, {**changes, **always}, before)
        if done is not None:
            _tell_changes(row, before, changes, who)
    return done or _overtaken(row, before)


def _kept(row: Credential, values: dict[str, Any], before: str) -> Probed | None:
    """Write what was found; None when somebody has written something later."""
    if not _still(row).update(**values):
        return None
    for name, value in values.items():
        setattr(row, name, value)
    return Probed(row, before, row.state)


def _overtaken(row: Credential, before: str) -> Probed:
    """Somebody knows better by now; it is asked about again to be sure."""
    Credential.objects.filter(pk=row.pk).update(probe_after=clock.now())
    row.refresh_from_db()
    return Probed(row, before, before)


def _tell_changes(row: Credential, before: str, changes: dict[str, Any], who: str) -> None:
    alive = row.state in rules.USABLE
    _keep_record(row, alive)
    if "state" in changes or "cause" in changes:
        _note(row, _deed(before in rules.USABLE, alive), who)
    elif "expires_at" in changes:
        _note(row, "end_changed", who)
    if changes.get("state") == CredentialState.SCOPE_MISSING:
        publish(
            "authorization.scope_missing",
            {"store": store_told(row.store), "cause": row.cause, "token": token_told(row)},
            store_id=row.store_id,
        )
    tell(row.store)


def _deed(was_alive: bool, alive: bool) -> str:
    if was_alive == alive:
        return "state_changed"
    return "recovered_token" if alive else "died"


def _note(row: Credential, deed: str, who: str) -> None:
    note(
        row.store,
        deed,
        who=who,
        kind=row.kind,
        area=row.area,
        state=row.state,
        cause=row.cause,
        code=row.their_code,
        message=row.their_message,
        detail={"expires_at": row.expires_at.isoformat()},
    )


def _keep_record(row: Credential, alive: bool) -> None:
    ended, cause = (None, "") if alive else (row.died_at, row.cause)
    TokenRecord.objects.filter(
        store=row.store, kind=row.kind, area=row.area, fingerprint=row.fingerprint
    ).update(expires_at=row.expires_at, ended_at=ended, end_cause=cause)


BREAK_AFTER = 3
"""So many silences in a row, and the area is left alone until the next look."""


@dataclass
class Round:
    """One look at the credentials of an app: how many were asked, and whether it answers."""

    asked: int = 0
    silences: int = 0
    answered_at: datetime | None = None
    reason: str = ""

    def add(self, done: Probed) -> None:
        self.asked += 1
        if done.unreachable:
            self.silences, self.reason = self.silences + 1, done.unreachable
        else:
            self.silences, self.answered_at = 0, clock.now()

    @property
    def is_broken(self) -> bool:
        return self.silences >= BREAK_AFTER


def probe_round(credentials: Sequence[Credential], round_: Round) -> None:
    """Probe claimed credentials in turn; where nobody answers, the rest waits for the next look."""
    for index, credential in enumerate(credentials):
        round_.add(probe(credential))
        if round_.is_broken:
            left = [one.pk for one in credentials[index + 1 :]]
            Credential.objects.filter(pk__in=left).update(probe_after=clock.now())
            return

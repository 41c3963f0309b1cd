"""Asking the marketplace whether a stored token still works, and recording the answer.

An outage, a time-out, a throttle or half a body never changes a state: it is
written beside it, as "not reached since".
"""

from dataclasses import dataclass

from django.db import transaction

from storewarden import clock
from storewarden.marketplaces.base import Refused, StoreType, TokenReport, Unreachable
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import access, rules
from storewarden.stores.actions import note
from storewarden.stores.models import Credential, TokenRecord
from storewarden.stores.queries import held
from storewarden.stores.rules import CredentialState


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


def probe(credential: Credential, *, who: str = "", urgent: bool = False) -> Probed:
    """Ask about one credential and record what was heard. An archived one is left alone."""
    before = credential.state
    if not credential.token_sealed:
        return Probed(credential, before, before)
    market = marketplace(credential.store.marketplace)
    try:
        report = market.inspect(access.access(credential), urgent=urgent)
    except Unreachable as silence:
        return _silent(credential, silence.reason)
    except Refused as no:
        return _refused(credential, no, who)
    return _works(credential, report, who)


def _silent(row: Credential, reason: str) -> Probed:
    now = clock.now()
    row.unreachable_since = row.unreachable_since or now
    row.unreachable_reason = reason[:200]
    row.probe_after = now + rules.PROBE_AGAIN_IF_UNREACHABLE
    row.save(update_fields=["unreachable_since", "unreachable_reason", "probe_after"])
    return Probed(row, row.state, row.state, unreachable=reason)


def _refused(row: Credential, no: Refused, who: str) -> Probed:
    now = clock.now()
    verdict = rules.after_refusal(no.cause, held(row).expires, now)
    if verdict is None:  # not about the token: as good as no answer
        return _silent(row, no.reason)
    return _settle(row, verdict, who, str(no.code), no.message)


def _works(row: Credential, report: TokenReport, who: str) -> Probed:
    needed = marketplace(row.store.marketplace).permissions(
        access.slot_of(row), StoreType(row.store.store_type)
    )
    verdict = rules.after_report(rules.missing(report.scopes, needed))
    if report.mall_id and report.mall_id != row.store.mall_id:
        verdict = rules.Verdict(CredentialState.WRONG_APP, "wrong_app")
    row.scopes = sorted(report.scopes)
    moved = report.expires_at is not None and report.expires_at != row.expires_at
    if report.expires_at is not None:
        row.expires_at, row.expires_estimated = report.expires_at, False
    return _settle(row, verdict, who, end_moved=moved)


def _settle(
    row: Credential,
    verdict: rules.Verdict,
    who: str,
    code: str = "",
    message: str = "",
    *,
    end_moved: bool = False,
) -> Probed:
    now, before = clock.now(), (row.state, row.cause)
    was_alive = row.state in rules.USABLE
    row.state, row.cause = verdict.state, verdict.cause
    row.their_code, row.their_message = code, message[:500]
    row.proven_at, row.unreachable_since, row.unreachable_reason = now, None, ""
    alive = verdict.state in rules.USABLE
    row.died_at = None if alive else (row.died_at or now)
    row.probe_after = rules.next_probe(held(row).expires, now)
    with transaction.atomic():
        row.save()
        _keep_record(row, alive)
        if before != (row.state, row.cause):
            _note(row, _deed(was_alive, alive), who)
        elif end_moved:
            _note(row, "end_changed", who)
    return Probed(row, before[0], row.state)


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

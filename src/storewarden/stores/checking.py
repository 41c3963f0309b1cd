"""Judging a check before anything is saved: product.md section 2, point 4. Pure.

`actions.check` asks the marketplace and puts what it heard into `Heard`; here
it becomes findings, each with a stable cause, the slot, and what is offered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storewarden.marketplaces.base import (
    Cause,
    Permission,
    Slot,
    StoreType,
    TokenKind,
    TokenReport,
)
from storewarden.stores import rules


@dataclass(frozen=True)
class Finding:
    """One thing a check found. `blocking`: the store cannot be connected like this.

    `offer` is what can be done with one click: swap, move:<area>, switch:<type>,
    reauthorize:<store id>, connect_anyway; `data` fills the sentence.
    """

    cause: str
    slot: Slot | None = None
    blocking: bool = True
    code: str = ""
    message: str = ""
    offer: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """What the marketplace answered for the token in one slot (exactly one is set)."""

    slot: Slot
    report: TokenReport | None = None
    refusal: Cause | None = None
    code: str = ""
    message: str = ""
    clock_off_s: float | None = None
    unreachable: str = ""
    app_missing: bool = False
    works_in: Slot | None = None
    known_end: datetime | None = None
    lacking: tuple[Permission, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A store that is connected already: its id, nickname, whether it is archived, and whether
    it is being deleted."""

    store_id: str
    nickname: str
    archived: bool = False
    leaving: bool = False


@dataclass(frozen=True)
class Asked:
    """What the person asked for."""

    store_type: StoreType
    accept_missing: bool = False
    expected_mall: str = ""
    existing_kinds: frozenset[TokenKind] = frozenset()


def judge(
    asked: Asked, heard: Sequence[Heard], taken: Mapping[str, Taken], now: datetime
) -> list[Finding]:
    """All findings, the gravest first where one explains another."""
    return [
        *_lacking_slots(asked, heard),
        *(finding for one in heard for finding in _slot(asked, one, now)),
        *_mall(asked, heard, taken),
        *_type(asked, heard),
    ]


def _lacking_slots(asked: Asked, heard: Sequence[Heard]) -> list[Finding]:
    have = {one.slot.kind for one in heard} | asked.existing_kinds
    return [
        Finding("token_required", data={"kind": kind})
        for kind in rules.required_kinds(asked.store_type)
        if kind not in have
    ]


def _slot(asked: Asked, one: Heard, now: datetime) -> list[Finding]:
    if one.app_missing:
        return [Finding("app_missing", one.slot)]
    if one.unreachable:
        return [Finding("unreachable", one.slot, message=one.unreachable)]
    if one.refusal is not None:
        return [_refused(one, one.refusal, now)]
    return _permissions(asked, one)


def _refused(one: Heard, cause: Cause, now: datetime) -> Finding:
    if one.works_in is not None:
        return _elsewhere(one, one.works_in)
    dead = rules.reentry(one.known_end, False, now) is rules.ReentryKind.DEAD_FOR_GOOD
    if dead and cause is not Cause.CLOCK_OFF:
        return _finding(one, "expired_for_good", {"end": one.known_end})
    if cause is Cause.CLOCK_OFF:
        return _finding(one, "clock_off", {"seconds": one.clock_off_s})
    return _finding(one, str(cause), {})


def _elsewhere(one: Heard, where: Slot) -> Finding:
    if where.kind is not one.slot.kind:
        return _finding(one, "swapped", {"where": where}, "swap")
    if where.area != one.slot.area:
        return _finding(one, "wrong_area", {"where": where}, f"move:{where.area}")
    return _finding(one, str(Cause.WRONG_APP), {})


def _finding(one: Heard, cause: str, data: Mapping[str, object], offer: str = "") -> Finding:
    return Finding(cause, one.slot, True, one.code, one.message, offer, data)


def _permissions(asked: Asked, one: Heard) -> list[Finding]:
    if not one.lacking:
        return []
    data = {"permissions": one.lacking}
    if any(permission.core for permission in one.lacking):
        return [_finding(one, "core_permission_missing", data)]
    blocking = not asked.accept_missing
    offer = "connect_anyway" if blocking else ""
    return [Finding("permission_missing", one.slot, blocking, offer=offer, data=data)]


def _mall(asked: Asked, heard: Sequence[Heard], taken: Mapping[str, Taken]) -> list[Finding]:
    malls = {one.report.mall_id for one in heard if one.report and one.report.mall_id}
    leaving = [taken[mall] for mall in malls if mall in taken and taken[mall].leaving]
    if leaving:
        return [Finding("being_deleted", data={"nickname": leaving[0].nickname})]
    if asked.expected_mall and malls - {asked.expected_mall}:
        return [Finding("token_of_another_store", data={"mall": asked.expected_mall})]
    if len(malls) > 1:
        return [Finding("two_stores", data={"malls": sorted(malls)})]
    known = taken.get(next(iter(malls))) if malls and not asked.expected_mall else None
    if known is None:
        return _nameless(asked, heard, malls)
    if known.archived:
        return [Finding("reattach", blocking=False, data={"nickname": known.nickname})]
    offer = f"reauthorize:{known.store_id}"
    return [Finding("already_connected", offer=offer, data={"nickname": known.nickname})]


def _nameless(asked: Asked, heard: Sequence[Heard], malls: set[str]) -> list[Finding]:
    reports = [one for one in heard if one.report]
    if reports and not malls and not asked.expected_mall:
        return [Finding("no_shop_id", reports[0].slot)]
    return []


def _type(asked: Asked, heard: Sequence[Heard]) -> list[Finding]:
    for one in heard:
        real = one.report.store_type if one.report else None
        if real is not None and real is not asked.store_type:
            return [Finding("store_type", one.slot, offer=f"switch:{real}", data={"real": real})]
    return []


CLOCK_TOLERANCE_S = 300


def clock_warning(off_s: float) -> list[Finding]:
    """A clock beyond Temu's 300 s. Calls are signed with the corrected time, so it only warns."""
    if abs(off_s) <= CLOCK_TOLERANCE_S:
        return []
    return [Finding("clock_off", blocking=False, data={"seconds": off_s})]

"""Stores, tokens and check cards, as programs read them and as people do."""

from typing import Any

from django.utils.translation import gettext as _

from storewarden.cli.output import iso, moment
from storewarden.marketplaces.base import Permission
from storewarden.stores import wording
from storewarden.stores.checking import Finding
from storewarden.stores.checks import CheckCard, SlotCard
from storewarden.stores.models import AuthorizationEvent
from storewarden.stores.queries import StoreLine, TokenLine

Json = dict[str, Any]


def permission_told(one: Permission) -> Json:
    return {"scope": one.scope, "purpose": _(one.purpose), "core": one.core}


def card_told(card: CheckCard) -> Json:
    """A check card. `ok`: nothing stands in the way."""
    return {
        "ok": card.ok,
        "store_type": str(card.store_type),
        "mall_id": card.mall_id,
        "shop_name": card.shop_name,
        "tokens": [_slot_told(one) for one in card.slots],
        "findings": [_finding_told(one) for one in card.findings],
    }


def _slot_told(one: SlotCard) -> Json:
    return {
        "slot": str(one.slot),
        "app_key": one.app.app_key if one.app else None,
        "accepted": one.heard.report is not None,
        "expires_at": iso(one.expires.at) if one.expires else None,
        "expires_estimated": one.expires.estimated if one.expires else None,
        "days_left": one.days_left,
        "permissions_granted": one.granted,
        "permissions_needed": one.needed,
        "permissions_missing": [permission_told(each) for each in one.heard.lacking],
        "same_as_before": one.same_as_before,
    }


def _finding_told(found: Finding) -> Json:
    words = wording.finding(found)
    return {
        "cause": found.cause,
        "slot": str(found.slot) if found.slot else None,
        "blocking": found.blocking,
        "code": found.code,
        "sentence": words.sentence,
        "next_step": words.next_step,
        "offer": found.offer,
    }


def card_lines(card: CheckCard) -> list[str]:
    """A check card for people."""
    shop = card.shop_name or _("name not told")
    lines = [_("Shop %(id)s (%(name)s)") % {"id": card.mall_id or "–", "name": shop}]
    lines += [_slot_line(one) for one in card.slots]
    for found in card.findings:
        words = wording.finding(found)
        lines.append(f"{'✗' if found.blocking else '!'} {words.sentence} {words.next_step}")
    return lines


def _slot_line(one: SlotCard) -> str:
    name = wording.slot_name(one.slot)
    if one.expires is None:
        return _("  %(token)s: not accepted") % {"token": name}
    told = {
        "token": name,
        "end": moment(one.expires.at),
        "days": one.days_left,
        "granted": one.granted,
        "needed": one.needed,
    }
    if one.expires.estimated:
        return (
            _(
                "  %(token)s: until %(end)s, estimated (%(days)s days left), "
                "permissions %(granted)s/%(needed)s"
            )
            % told
        )
    return (
        _("  %(token)s: until %(end)s (%(days)s days left), permissions %(granted)s/%(needed)s")
        % told
    )


def store_told(line: StoreLine) -> Json:
    """One store with its tokens; never a token itself, only its last four characters."""
    store, standing = line.store, line.standing
    return {
        "id": str(store.pk),
        "nickname": store.nickname,
        "mall_id": store.mall_id,
        "shop_name": store.shop_name,
        "store_type": store.store_type,
        "state": str(standing.state),
        "cause": standing.cause,
        "slot": standing.slot,
        "works": list(standing.works),
        "stopped": list(standing.stopped),
        "earliest_expiry": iso(standing.earliest.at) if standing.earliest else None,
        "stock_push_on": store.stock_push_on,
        "orders_since": iso(store.orders_since),
        "connected_at": iso(store.connected_at),
        "tokens": [token_told(one) for one in line.tokens],
    }


def token_told(line: TokenLine) -> Json:
    row = line.credential
    return {
        "slot": str(row),
        "state": str(line.verdict.state),
        "cause": line.verdict.cause,
        "temu_code": row.their_code,
        "temu_message": row.their_message,
        "app_key": row.app.app_key,
        "last4": row.last4,
        "fingerprint": row.fingerprint,
        "expires_at": iso(row.expires_at),
        "expires_estimated": row.expires_estimated,
        "days_left": line.days_left,
        "permissions_granted": line.granted,
        "permissions_needed": line.needed,
        "permissions_missing": [permission_told(one) for one in line.lacking],
        "checked_at": iso(row.proven_at),
        "unreachable_since": iso(row.unreachable_since),
        "unreachable_reason": row.unreachable_reason,
    }


def store_lines(line: StoreLine) -> list[str]:
    """One store for people."""
    store, standing = line.store, line.standing
    kind = str(wording.STORE_TYPES.get(store.store_type, store.store_type))
    state = str(wording.STORE_STATES[standing.state])
    lines = [f"{store.nickname} · {store.mall_id} · {store.shop_name} · {kind} · {state}"]
    if standing.cause:
        words = wording.state_cause(standing.cause)
        said = f"{words.sentence} {words.next_step}"
        lines.append("  " + wording.labelled(wording.slot_name(standing.slot), said))
    if standing.works:
        names = wording.listed(wording.slot_name(slot) for slot in standing.works)
        lines.append(_("  works: %(sides)s") % {"sides": names})
    return lines + [token_text(one) for one in line.tokens]


def token_text(line: TokenLine) -> str:
    row = line.credential
    name = wording.slot_name(str(row))
    state = str(wording.CREDENTIAL_STATES[line.verdict.state])
    told = {"token": name, "state": state, "last4": row.last4, "end": moment(row.expires_at)}
    if not row.unreachable_since:
        return _("  %(token)s …%(last4)s: %(state)s, until %(end)s") % told
    told |= {
        "since": moment(row.unreachable_since),
        "why": wording.silence(row.unreachable_reason),
    }
    return (
        _("  %(token)s …%(last4)s: %(state)s, until %(end)s (not reached since %(since)s: %(why)s)")
        % told
    )


def event_told(event: AuthorizationEvent) -> Json:
    return {
        "at": iso(event.at),
        "who": event.who,
        "deed": event.deed,
        "slot": f"{event.kind}:{event.area}" if event.kind else None,
        "state": event.state,
        "cause": event.cause,
        "temu_code": event.their_code,
        "temu_message": event.their_message,
        "detail": event.detail,
    }

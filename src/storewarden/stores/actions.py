"""What can be done about stores and their authorizations: one function a deed, one transaction.

The marketplace is asked before the transaction; nothing is stored unless the
answer allows it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from storewarden import chance, clock, vault
from storewarden.marketplaces.base import Slot
from storewarden.outbox.actions import publish
from storewarden.people.actions import Actor
from storewarden.stores import naming, wording
from storewarden.stores.checks import CheckCard, Pasted, SlotCard, check
from storewarden.stores.erasing import refuse_leaving
from storewarden.stores.errors import Refusal
from storewarden.stores.models import (
    AuthorizationEvent,
    Credential,
    DeveloperApp,
    Store,
    TokenRecord,
)
from storewarden.stores.queries import due_probes
from storewarden.stores.rules import PROBE_LEASE, Proof, after_report, next_probe, place_in_hour
from storewarden.stores.telling import store_told, tell
from storewarden.vault import Secret

ORDERS_BACK = timedelta(days=30)
LONGEST_SWAP = timedelta(minutes=5)
PROBES_A_CLAIM = 25


class CheckRefused(Refusal):
    """A check found something in the way; `card` has all findings."""

    def __init__(self, card: CheckCard) -> None:
        first = card.first_blocking
        words = wording.finding(first) if first else wording.nothing_to_check()
        cause = first.cause if first else "token_required"
        super().__init__(cause, words.sentence, words.next_step, first.code if first else "")
        self.card = card


@dataclass(frozen=True)
class Connected:
    """A store was connected; `reattached` when an archived one came back."""

    store: Store
    reattached: bool
    card: CheckCard


@dataclass(frozen=True)
class Reauthorized:
    """Which slots got a new token, and in which the same one was recognised."""

    store: Store
    same: tuple[Slot, ...]
    new: tuple[Slot, ...]
    card: CheckCard


@dataclass(frozen=True)
class Choices:
    """What to sync after saving: orders since when, stock push on or off."""

    orders_since: datetime | None = None
    stock_push_on: bool = False


def note(
    store: Store,
    deed: str,
    *,
    who: str = "",
    kind: str = "",
    area: str = "",
    state: str = "",
    cause: str = "",
    code: str = "",
    message: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuthorizationEvent:
    """Write one line into a store's authorization history."""
    return AuthorizationEvent.objects.create(
        store=store,
        at=clock.now(),
        who=who,
        deed=deed,
        kind=kind,
        area=area,
        state=state,
        cause=cause,
        their_code=code,
        their_message=message[:500],
        detail=dict(detail or {}),
    )


def connect(
    nickname: str, pasted: Pasted, actor: Actor, choices: Choices | None = None
) -> Connected:
    """Check and connect a store. Raises CheckRefused or Refusal; then nothing is stored.

    An archived store of the same mall is attached again, with its data.
    """
    name = naming.clean_nickname(nickname)
    card = check(pasted)
    if not card.ok:
        raise CheckRefused(card)
    known = Store.objects.filter(marketplace=pasted.marketplace, mall_id=card.mall_id).first()
    naming.refuse_taken(name, except_store=known)
    try:
        store = _save_connected(known, name, pasted, card, choices or Choices(), actor)
    except IntegrityError:  # two people, or two clicks, at the same moment
        raise Refusal(
            "just_taken",
            _("This store was connected, or its nickname taken, a moment ago."),
            _("Look at the list of stores before you try again."),
        ) from None
    return Connected(store, known is not None, card)


@transaction.atomic
def _save_connected(
    known: Store | None, name: str, pasted: Pasted, card: CheckCard, choices: Choices, actor: Actor
) -> Store:
    if known is not None:
        refuse_leaving(known)
    store = _save_store(known, name, pasted, card, choices)
    for one in card.slots:
        _save_token(store, one, pasted.tokens[one.slot], actor)
    deed = "reattached" if known else "connected"
    note(store, deed, who=actor.name, detail={"tokens": [str(one.slot) for one in card.slots]})
    told = {"store": store_told(store), "reattached": known is not None}
    publish("store.connected", told, store_id=store.pk)
    tell(store)
    return store


def _save_store(
    known: Store | None, name: str, pasted: Pasted, card: CheckCard, choices: Choices
) -> Store:
    now = clock.now()
    store = known or Store(marketplace=pasted.marketplace, mall_id=card.mall_id, connected_at=now)
    if known is None or choices.orders_since is not None:
        store.orders_since = choices.orders_since or now - ORDERS_BACK
    store.nickname, store.shop_name = name, card.shop_name
    store.store_type, store.stock_push_on = pasted.store_type, choices.stock_push_on
    store.archived_at = store.paused_at = None
    store.save()
    return store


def _save_token(store: Store, card: SlotCard, token: Secret, actor: Actor) -> None:
    """Put a checked token into its slot, end the one that was there, keep the record."""
    report, ends = card.heard.report, card.expires
    if report is None or ends is None or card.app is None:
        raise ValueError("Only a token that the marketplace accepted is saved.")
    now = clock.now()
    old = Credential.objects.filter(store=store, kind=card.slot.kind, area=card.slot.area).first()
    row = old or Credential(id=chance.new_id(), store=store, kind=card.slot.kind)
    mark = vault.fingerprint(token)
    same = old is not None and old.fingerprint == mark
    verdict = after_report(card.heard.lacking)
    row.area, row.app, row.fingerprint, row.last4 = card.slot.area, card.app, mark, token.last4()
    row.token_sealed = vault.seal(token, table="credential", row=row.id, column="token")
    row.entered_at = row.entered_at if same else now
    row.state, row.cause = verdict.state, verdict.cause
    row.their_code = row.their_message = ""
    if not (same and ends.estimated):  # an estimate counts from the first entry
        row.expires_at, row.expires_estimated = ends.at, ends.estimated
    row.scopes = sorted(report.scopes)
    row.proven_at, row.died_at = now, None
    row.proven_how, row.proven_by = Proof.CHECK, actor.name
    row.unreachable_since, row.unreachable_reason = None, ""
    row.probe_after = next_probe(ends, now, place_in_hour(row.pk))
    row.save()
    _record_token(row)


def _record_token(row: Credential) -> None:
    past = TokenRecord.objects.filter(store=row.store, kind=row.kind, area=row.area)
    past.filter(ended_at__isnull=True).exclude(fingerprint=row.fingerprint).update(
        ended_at=row.proven_at, end_cause="replaced"
    )
    TokenRecord.objects.update_or_create(
        store=row.store,
        kind=row.kind,
        area=row.area,
        fingerprint=row.fingerprint,
        defaults={"expires_at": row.expires_at, "ended_at": None, "end_cause": ""},
        create_defaults={
            "expires_at": row.expires_at,
            "entered_at": row.entered_at,
            "last4": row.last4,
        },
    )


def reauthorize(store: Store, pasted: Pasted, actor: Actor) -> Reauthorized:
    """Check and swap tokens of a store; its id, mapping, orders and history stay.

    Its jobs wait meanwhile, and go on from the last good moment with the new tokens.
    Raises CheckRefused: a token of another store, one that is dead for good, …
    """
    with _work_held(store):
        card = check(pasted, store)
        if not card.ok:
            raise CheckRefused(card)
        _swap(store, pasted, card, actor)
    same = tuple(one.slot for one in card.slots if one.same_as_before)
    new = tuple(one.slot for one in card.slots if not one.same_as_before)
    return Reauthorized(store, same, new, card)


@contextmanager
def _work_held(store: Store) -> Iterator[None]:
    """The store's jobs wait until the block ends; should this process die, for five minutes."""
    row = Store.objects.filter(pk=store.pk)
    row.update(held_until=clock.now() + LONGEST_SWAP)
    try:
        yield
    finally:
        row.update(held_until=None)
        store.held_until = None


@transaction.atomic
def _swap(store: Store, pasted: Pasted, card: CheckCard, actor: Actor) -> None:
    refuse_leaving(store)
    for one in card.slots:
        _save_token(store, one, pasted.tokens[one.slot], actor)
        _note_entry(store, one, actor)
    if store.archived_at is not None:
        store.archived_at = None
        store.save(update_fields=["archived_at"])
        publish(
            "store.connected", {"store": store_told(store), "reattached": True}, store_id=store.pk
        )
    tell(store)


def _note_entry(store: Store, card: SlotCard, actor: Actor) -> None:
    deed = "same_token_again" if card.same_as_before else "new_token"
    ends = card.expires.at.isoformat() if card.expires else ""
    note(
        store,
        deed,
        who=actor.name,
        kind=card.slot.kind,
        area=card.slot.area,
        state=after_report(card.heard.lacking).state,
        detail={"expires_at": ends},
    )


def rename(store: Store, nickname: str, actor: Actor) -> Store:
    """Give a store another nickname. Raises Refusal when it is taken or unfit."""
    name = naming.clean_nickname(nickname)
    naming.refuse_taken(name, except_store=store)
    with transaction.atomic():
        before, store.nickname = store.nickname, name
        store.save(update_fields=["nickname"])
        note(store, "renamed", who=actor.name, detail={"before": before, "after": name})
    return store


def pause(store: Store, actor: Actor) -> Store:
    """Stop all work for a store until it is resumed."""
    return _mark(store, "paused_at", clock.now(), "paused", actor)


def resume(store: Store, actor: Actor) -> Store:
    """Go on after a pause; orders are pulled from the last good moment."""
    return _mark(store, "paused_at", None, "resumed", actor)


def set_stock_push(store: Store, on: bool, actor: Actor) -> Store:
    """Switch the pushing of stock figures for a store on or off."""
    return _mark(store, "stock_push_on", on, "stock_push_on" if on else "stock_push_off", actor)


def _mark(store: Store, field: str, value: object, deed: str, actor: Actor) -> Store:
    """Set a mark once: done a second time it changes nothing and writes no history."""
    if store.archived_at is not None:
        raise Refusal(
            "archived",
            _("“%(store)s” is archived.") % {"store": store.nickname},
            _("Connect the store again first."),
        )
    if bool(getattr(store, field)) == bool(value):
        return store
    with transaction.atomic():
        setattr(store, field, value)
        store.save(update_fields=[field])
        note(store, deed, who=actor.name)
        tell(store)
    return store


def archive(store: Store, actor: Actor) -> Store:
    """Disconnect: destroy the tokens, keep the data. The same mall can be connected again."""
    now = clock.now()
    with transaction.atomic():
        store.archived_at, store.stock_push_on = now, False
        store.save(update_fields=["archived_at", "stock_push_on"])
        store.credentials.update(
            token_sealed="", state="disconnected", cause="archived", probe_after=None
        )
        store.renewal_links.filter(used_at=None, revoked_at=None).update(revoked_at=now)
        open_records = store.tokens.filter(ended_at__isnull=True)
        open_records.update(ended_at=now, end_cause="archived")
        note(store, "archived", who=actor.name)
        publish("store.archived", {"store": store_told(store)}, store_id=store.pk)
        tell(store)
    return store


@transaction.atomic
def claim_probes(app_id: UUID, now: datetime) -> list[Credential]:
    """Take some of an app's credentials that are due, so that nobody else asks about them."""
    due = due_probes(now).filter(app_id=app_id)
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:PROBES_A_CLAIM])
    claimed = Credential.objects.filter(pk__in=[one.pk for one in rows])
    claimed.update(probe_after=now + PROBE_LEASE)
    return rows


def add_app(market: str, area: str, key: str, secret: Secret, actor: Actor) -> DeveloperApp:
    """Register a developer app, or give a registered one its new secret."""
    clean = naming.clean_app_key(key)
    naming.refuse_unknown_area(market, area)
    naming.refuse_bad_secret(secret)
    with transaction.atomic():
        row = DeveloperApp.objects.filter(marketplace=market, area=area, app_key=clean).first()
        row = row or DeveloperApp(marketplace=market, area=area, app_key=clean)
        row.created_at = row.created_at or clock.now()
        row.secret_sealed = vault.seal(secret, table="developer_app", row=row.id, column="secret")
        row.save()
    return row


def remove_app(app: DeveloperApp, actor: Actor) -> None:
    """Forget a developer app. Refused while a store's token belongs to it."""
    users = sorted({one.store.nickname for one in app.credentials.select_related("store")})
    if users:
        raise Refusal(
            "app_in_use",
            _("This app is used by %(stores)s.") % {"stores": ", ".join(users[:5])},
            _("Reauthorize those stores with another app first."),
        )
    app.delete()

"""What a command reads: texts, dates, and secrets from a prompt or standard input."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden import clock
from storewarden.marketplaces.base import Slot, StoreType, TokenKind
from storewarden.marketplaces.registry import marketplace
from storewarden.people.actions import Actor
from storewarden.stores import naming
from storewarden.stores.errors import Refusal
from storewarden.stores.wording import labelled, slot_name
from storewarden.vault import Secret

MOST_BYTES = 1_000_000
TEMU = "temu"
ACTOR = Actor("command line")
EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)


class _Words(click.ParamType[str]):
    """A text that a database can hold: argument bytes that are no UTF-8 are refused."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
            self.fail(_("This text is not UTF-8. Type it instead of pasting it."), param, ctx)
        return text


class _Day(click.ParamType[datetime]):
    """A day (midnight UTC) or a time in ISO form, in the past."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(_("This is no date. Write it like 2026-11-23."), param, ctx)
        when = read if read.tzinfo else read.replace(tzinfo=UTC)
        if not EARLIEST <= when <= clock.now():
            self.fail(_("The date must lie between 2015 and now."), param, ctx)
        return when.astimezone(UTC)


TEXT, DAY = _Words(), _Day()


def stdin_text() -> str:
    """Standard input, whole. Raises Refusal when it is too much or no text."""
    raw = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin else b""
    if len(raw) > MOST_BYTES:
        raise _bad_input(_("Standard input is longer than 1 MB."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad_input(_("Standard input is not UTF-8 text.")) from None


def _bad_input(sentence: str) -> Refusal:
    return Refusal(
        "bad_input",
        sentence,
        _('Write the tokens as JSON: {"product": "…", "order": {"us": "…"}}'),
    )


def secret_line(prompt: str, *, from_stdin: bool) -> Secret:
    """One secret: asked without echo, or the only line of standard input."""
    if from_stdin:
        return Secret(stdin_text().strip())
    return Secret(hidden(prompt).strip())


def hidden(prompt: str, **more: Any) -> str:
    """A text asked for without echo, on standard error so that output stays for programs."""
    return str(click.prompt(prompt, hide_input=True, err=True, **more))


def tokens(store_type: StoreType) -> dict[Slot, Secret]:
    """The tokens of a store, from standard input as JSON or asked for one by one."""
    by_hand = sys.stdin is not None and sys.stdin.isatty()
    told = _asked_for(store_type) if by_hand else _parsed(stdin_text(), store_type)
    cleaned = {slot: _cleaned(slot, text) for slot, text in told.items()}
    found = {slot: secret for slot, secret in cleaned.items() if secret is not None}
    if not found:
        raise _bad_input(_("No token was entered."))
    return found


def _cleaned(slot: Slot, text: str) -> Secret | None:
    """Says in which slot an unfit token stood."""
    try:
        return naming.clean_token(TEMU, text)
    except Refusal as no:
        sentence = labelled(slot_name(slot), no.sentence)
        raise Refusal(no.cause, sentence, no.next_step, no.code) from None


def _asked_for(store_type: StoreType) -> dict[Slot, str]:
    return {
        slot: hidden(
            _("%(token)s (Enter: none)") % {"token": slot_name(slot)},
            default="",
            show_default=False,
        )
        for slot in marketplace(TEMU).slots(store_type)
    }


def _parsed(text: str, store_type: StoreType) -> dict[Slot, str]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad_input(_("Standard input is no JSON.")) from None
    if not isinstance(told, dict) or not set(told) <= {"product", "order"}:
        raise _bad_input(_("Standard input is no JSON object with “product” and “order”."))
    orders = told.get("order") or {}
    if not isinstance(orders, dict):
        raise _bad_input(_("“order” must be an object with a token for each area."))
    slots = {Slot(TokenKind.ORDER, area): token for area, token in orders.items()}
    slots[Slot(TokenKind.PRODUCT, "cn")] = told.get("product") or ""
    return _fitting(slots, store_type)


def _fitting(slots: Mapping[Slot, Any], store_type: StoreType) -> dict[Slot, str]:
    known = marketplace(TEMU).slots(store_type)
    for slot, token in slots.items():
        if not isinstance(token, str):
            raise _bad_input(_("A token must be a text."))
        if slot not in known:
            raise _no_slot(slot, store_type)
    return dict(slots)


def _no_slot(slot: Slot, store_type: StoreType) -> Refusal:
    if store_type is StoreType.FULL:
        return Refusal(
            "slot_unknown",
            _("A full-consignment store has no order shipping token: Temu ships its orders."),
            _("Leave “order” out, or choose --type semi."),
        )
    return Refusal(
        "area_unknown",
        _("There is no order area “%(area)s”.") % {"area": slot.area[:20]},
        _("Choose one of: %(areas)s.") % {"areas": "us, eu, global"},
    )

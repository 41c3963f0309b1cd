"""`storewarden stores`: connect stores and watch their authorizations."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden.cli import cards, deletion, inputs, links, output, tables
from storewarden.marketplaces.base import StoreType
from storewarden.stores import actions, checks, naming, probes, queries, wording
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store

TYPES = click.Choice(["semi", "full"])
STATES = click.Choice(list(wording.STORE_STATES))
STDIN = _('Tokens are read from standard input: {"product": "…", "order": {"us": "…"}}')
store_argument = click.argument("store", type=inputs.TEXT)


@click.group(help=_("Connect Temu stores, and see whether their authorizations work."))
def stores() -> None:
    pass


def _type_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = _("The store type, as Seller Central shows it.")
    return click.option("--type", "kind", type=TYPES, required=True, help=text)(command)


def _accept_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = _("Go on although a permission is missing that the main job does not need.")
    return click.option("--accept-missing", is_flag=True, help=text)(command)


def _pasted(kind: str, accept_missing: bool) -> checks.Pasted:
    store_type = StoreType(kind)
    return checks.Pasted(store_type, inputs.tokens(store_type), inputs.TEMU, accept_missing)


@stores.command(help=_("Check tokens live; nothing is stored.") + " " + STDIN)
@_type_option
@click.option("--nickname", type=inputs.TEXT, default="", help=_("Check this name as well."))
@_accept_option
@output.json_option
def check(kind: str, nickname: str, accept_missing: bool) -> None:
    if nickname:
        naming.refuse_taken(naming.clean_nickname(nickname))
    card = checks.check(_pasted(kind, accept_missing))
    if not card.ok:
        raise actions.CheckRefused(card)
    output.tell({"check": cards.card_told(card)}, *cards.card_lines(card))


@stores.command(help=_("Check and connect a store.") + " " + STDIN)
@_type_option
@click.option("--nickname", type=inputs.TEXT, required=True, help=_("Your name for the store."))
@click.option("--orders-since", type=inputs.DAY, help=_("Pull orders since; else 30 days."))
@click.option("--stock-push", is_flag=True, help=_("Push stock figures from the start."))
@_accept_option
@output.json_option
def connect(
    kind: str,
    nickname: str,
    orders_since: datetime | None,
    stock_push: bool,
    accept_missing: bool,
) -> None:
    naming.clean_nickname(nickname)  # before the tokens are asked for
    choices = actions.Choices(orders_since, stock_push)
    done = actions.connect(nickname, _pasted(kind, accept_missing), inputs.ACTOR, choices)
    payload = _payload(done.store) | {
        "reattached": done.reattached,
        "check": cards.card_told(done.card),
    }
    output.tell(
        payload,
        _("“%(store)s” is connected.") % {"store": done.store.nickname},
        *cards.card_lines(done.card),
        _("A running server pulls its listings and orders by itself."),
    )


@stores.command(help=_("Enter new tokens, or the same ones again.") + " " + STDIN)
@store_argument
@_accept_option
@output.json_option
def reauthorize(store: str, accept_missing: bool) -> None:
    found = queries.find_store(store)
    done = actions.reauthorize(found, _pasted(found.store_type, accept_missing), inputs.ACTOR)
    same, new = [str(slot) for slot in done.same], [str(slot) for slot in done.new]
    lines = [_("New: %(token)s") % {"token": wording.slot_name(slot)} for slot in new]
    lines += [
        _("The same token as before, works again: %(token)s") % {"token": wording.slot_name(slot)}
        for slot in same
    ]
    output.tell(_payload(done.store) | {"same": same, "new": new}, *lines, *_lines(done.store))


@stores.command("list", help=_("The stores with the state of their authorizations."))
@click.option("--state", type=STATES, default=None)
@click.option("--type", "kind", type=TYPES, default=None)
@click.option("--area", type=click.Choice(["cn", "us", "eu", "global"]), default=None)
@click.option("--search", type=inputs.TEXT, default="")
@click.option("--sort", type=click.Choice(["nickname", "expiry"]), default="nickname")
@click.option("--archived", is_flag=True, help=_("The archived ones instead."))
@output.json_option
def list_stores(
    state: str | None, kind: str | None, area: str | None, search: str, sort: str, archived: bool
) -> None:
    wanted = queries.Wanted(state or "", kind or "", area or "", search, sort)
    lines = queries.store_lines(wanted, archived=archived or state == "archived")
    heads = (_("store"), _("shop id"), _("type"), _("state"), _("first expiry"), _("tokens"))
    output.table({"stores": [cards.store_told(one) for one in lines]}, heads, _rows(lines))


def _rows(lines: list[queries.StoreLine]) -> list[tuple[str, ...]]:
    return [
        (
            one.store.nickname,
            one.store.mall_id,
            str(wording.STORE_TYPES[one.store.store_type]),
            str(wording.STORE_STATES[one.standing.state]),
            output.moment(one.standing.earliest.at if one.standing.earliest else None),
            wording.listed(
                f"{token.credential} {wording.CREDENTIAL_STATES[token.verdict.state]}"
                for token in one.tokens
            ),
        )
        for one in lines
    ]


@stores.command(help=_("One store with its tokens and the history of its authorization."))
@store_argument
@output.json_option
def show(store: str) -> None:
    found = queries.find_store(store)
    events = queries.history(found, size=20)
    output.tell(
        _payload(found) | {"history": [cards.event_told(one) for one in events]},
        *_lines(found),
        *(f"  {output.moment(one.at)} {_deed(one.deed)} {one.who}".rstrip() for one in events),
    )


def _deed(deed: str) -> str:
    return str(wording.DEEDS.get(deed, deed))


@stores.command(help=_("Ask Temu about the tokens now: of one store, or of all."))
@click.argument("store", type=inputs.TEXT, required=False)
@output.json_option
@click.pass_context
def probe(ctx: click.Context, store: str | None) -> None:
    rows = [queries.find_store(store)] if store else list(queries.live_stores())
    lines: list[str] = []
    payload: dict[str, Any] = {"stores": []}
    silent = ""
    for row in rows:
        for one in probes.probe_store(row, inputs.ACTOR.name):
            silent = one.unreachable or silent
        payload["stores"].append(cards.store_told(queries.one_line(row)))
        lines += _lines(row)
    if silent:
        refusal = _silent(silent)
        payload |= output.refused(refusal)
        lines += [refusal.sentence, refusal.next_step]
    output.tell(payload, *lines)
    ctx.exit(1 if silent else 0)


def _silent(reason: str) -> Refusal:
    return Refusal(
        "unreachable",
        _("Temu could not be reached (%(reason)s).") % {"reason": wording.silence(reason)},
        _("Try again in a minute. What was known about the tokens stands."),
    )


def _payload(store: Store) -> dict[str, Any]:
    return {"store": cards.store_told(queries.one_line(store))}


def _lines(store: Store) -> list[str]:
    return cards.store_lines(queries.one_line(store))


def _told(store: Store) -> None:
    output.tell(_payload(store), *_lines(store))


@stores.command(help=_("Give a store another nickname."))
@store_argument
@click.argument("nickname", type=inputs.TEXT)
@output.json_option
def rename(store: str, nickname: str) -> None:
    _told(actions.rename(queries.find_store(store), nickname, inputs.ACTOR))


@stores.command(help=_("Stop all work for a store until it is resumed."))
@store_argument
@output.json_option
def pause(store: str) -> None:
    _told(actions.pause(queries.find_store(store), inputs.ACTOR))


@stores.command(help=_("Go on after a pause."))
@store_argument
@output.json_option
def resume(store: str) -> None:
    _told(actions.resume(queries.find_store(store), inputs.ACTOR))


@stores.command(help=_("Disconnect a store: its tokens are destroyed, its data is kept."))
@store_argument
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@output.json_option
def archive(store: str, yes: bool) -> None:
    found = queries.find_store(store)
    if not yes:
        question = _("Destroy the tokens of “%(store)s”? Its orders and listings stay.")
        click.confirm(question % {"store": found.nickname}, abort=True, err=True)
    _told(actions.archive(found, inputs.ACTOR))


@stores.command("push-on", help=_("Push stock figures of this store to Temu."))
@store_argument
@output.json_option
def push_on(store: str) -> None:
    _told(actions.set_stock_push(queries.find_store(store), True, inputs.ACTOR))


@stores.command("push-off", help=_("Push no stock figures of this store."))
@store_argument
@output.json_option
def push_off(store: str) -> None:
    _told(actions.set_stock_push(queries.find_store(store), False, inputs.ACTOR))


stores.add_command(deletion.delete)
for one in links.COMMANDS:
    stores.add_command(one)
stores.add_command(tables.connect_table)
stores.add_command(tables.renew_table)

"""`storewarden orders`: pull, list, show and ship."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden.cli import failures, inputs, output
from storewarden.cli.listings import after_option, limit_option
from storewarden.marketplaces.base import MarketplaceError, OrderState, TokenKind
from storewarden.orders import actions, queries, wording
from storewarden.orders.models import Order, OrderLine
from storewarden.shipping import actions as shipping
from storewarden.shipping import queries as parcels
from storewarden.shipping import wording as shipping_wording
from storewarden.shipping.models import Parcel
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Credential
from storewarden.stores.queries import find_store, usable_credentials, why_not
from storewarden.stores.wording import bracketed, labelled

STATES = click.Choice([state.value for state in OrderState])
store_option = click.option(
    "--store", type=inputs.TEXT, default="", help=_("Nickname or shop id; else every store.")
)
po_argument = click.argument("po", metavar="PO", type=inputs.TEXT)
Json = dict[str, Any]


@click.group(help=_("Pull, list and ship orders."))
def orders() -> None:
    pass


@orders.command(help=_("Read every order that changed since the last good moment from Temu."))
@store_option
@click.option("--since", type=inputs.DAY, help=_("Read from this day instead."))
@output.json_option
@click.pass_context
def pull(ctx: click.Context, store: str, since: datetime | None) -> None:
    actions.mark_stopped()
    results = [_pull(credential, since) for credential in _credentials(store)]
    failed = [one for one in results if "refused" in one]
    payload: Json = {"pulled": results}
    if failed:
        payload["refused"] = failed[0]["refused"]
    output.tell(payload, *map(_pull_line, results))
    ctx.exit(1 if failed else 0)


def _credentials(store: str) -> list[Credential]:
    if not store:
        return usable_credentials(TokenKind.ORDER)
    found = find_store(store)
    usable = usable_credentials(TokenKind.ORDER, found)
    if not usable:
        raise Refusal("token_not_usable", why_not(found, TokenKind.ORDER))
    return usable


def _pull(credential: Credential, since: datetime | None) -> Json:
    """One store's trouble does not stop the others."""
    told: Json = {"store": credential.store.nickname, "area": credential.area}
    try:
        with output.progress(f"{credential.store.nickname} {credential.area}") as progress:
            done = actions.pull_orders(credential, since=since, urgent=True, progress=progress)
    except (MarketplaceError, Refusal) as error:
        return told | output.refused(failures.in_words(error) or Refusal("refused", str(error)))
    return told | asdict(done)


def _pull_line(told: Json) -> str:
    name = bracketed(told["store"], told["area"])
    if "refused" in told:
        no = told["refused"]
        return labelled(name, f"{no['sentence']} {no['next_step']}".strip())
    values = {"name": name, **told}
    if not told["recovered"]:
        return _("%(name)s: %(new)d new, %(changed)d changed, %(set_aside)d set aside") % values
    return (
        _(
            "%(name)s: %(new)d new, %(changed)d changed, %(set_aside)d set aside; "
            "%(recovered)d recovered that had been missed"
        )
        % values
    )


@orders.command("list", help=_("Orders as they were last read, newest first."))
@store_option
@click.option("--state", type=STATES, default=None)
@click.option("--search", type=inputs.TEXT, default="", help=_("PO, order, SKU code, tracking."))
@click.option("--deadline", is_flag=True, help=_("Those to ship, the most urgent first."))
@limit_option
@after_option
@output.json_option
def list_orders(
    store: str, state: str | None, search: str, deadline: bool, limit: int, after: str
) -> None:
    store_id = str(find_store(store).pk) if store else ""
    sort = "deadline" if deadline else "newest"
    wanted = queries.Wanted(store_id, state or "", "", search, sort)
    try:
        page = queries.order_page(wanted, after=after, size=limit)
    except ValueError:
        raise _no_place() from None
    output.table(
        {
            "orders": [told(one, one.lines.all()) for one in page.rows],
            "next": page.older or None,
            "counts": queries.counts(store_id),
        },
        (_("PO"), _("store"), _("state"), _("placed"), _("ship by"), _("pieces")),
        [_row(one) for one in page.rows],
    )


def _no_place() -> Refusal:
    return Refusal(
        "no_such_page",
        _("--after is no place in the list."),
        _("Copy “next” from the page before, or leave --after out."),
    )


def _row(one: Order) -> tuple[str, ...]:
    return (
        one.po,
        one.store.nickname,
        wording.state(one.state),
        output.moment(one.placed_at),
        output.moment(one.ship_by),
        str(sum(line.quantity for line in one.lines.all())),
    )


def told(one: Order, lines: Iterable[OrderLine]) -> Json:
    return {
        "po": one.po,
        "store": one.store.nickname,
        "area": one.area,
        "state": one.state,
        "temu_status": one.status_code,
        "placed_at": output.iso(one.placed_at),
        "ship_by": output.iso(one.ship_by),
        "shipped_at": output.iso(one.shipped_at),
        "updated_at": output.iso(one.updated_at),
        "labels": one.labels,
        "warnings": one.warnings,
        "lines": [_line(line) for line in lines],
    }


def _line(line: OrderLine) -> Json:
    return {
        "order_sn": line.order_sn,
        "state": line.state,
        "code": line.code,
        "name": line.name,
        "spec": line.spec,
        "quantity": line.quantity,
        "ordered_quantity": line.ordered_quantity,
    }


def _parcel(one: Parcel) -> Json:
    words = shipping_wording.outcome(one)
    return {
        "state": one.state,
        "carrier": one.carrier_name,
        "tracking_number": one.tracking_number,
        "warehouse_id": one.warehouse_id,
        "package_sn": one.parcel_sn,
        "cause": one.cause,
        "temu_code": one.their_code,
        "sentence": words.sentence,
        "next_step": words.next_step,
    }


@orders.command(help=_("One order with its lines, parcels and timeline."))
@po_argument
@store_option
@output.json_option
def show(po: str, store: str) -> None:
    order = _find(po, store)
    file = queries.order_file(order.pk)
    lines = file.lines if file else []
    events = file.events if file else []
    sent = parcels.parcels_of(order)
    timeline = [
        {"at": output.iso(one.at), "who": one.who, "deed": one.deed, "detail": one.detail}
        for one in events
    ]
    payload = told(order, lines) | {"parcels": [_parcel(one) for one in sent], "events": timeline}
    output.tell(
        {"order": payload},
        f"{order.po} · {order.store.nickname} · {wording.state(order.state)}",
        _("  ship by %(time)s") % {"time": output.moment(order.ship_by)},
        *(f"  {one.order_sn} {one.quantity} × {one.code or one.name} {one.spec}" for one in lines),
        *(f"  {wording.plain(one).words}" for one in (*order.labels, *order.warnings)),
        *(f"  {_parcel_line(one)}" for one in sent),
        *(f"  {output.moment(one.at)} {wording.event(one)} {one.who}".rstrip() for one in events),
    )


def _find(po: str, store: str) -> Order:
    return queries.find_order(po, find_store(store) if store else None)


def _parcel_line(one: Parcel) -> str:
    state = shipping_wording.state(one.state)
    return labelled(f"{one.carrier_name} {one.tracking_number}", state)


@orders.command(help=_("Tell Temu that an order left with your own carrier."))
@po_argument
@click.option("--carrier", type=inputs.TEXT, required=True, help=_("Temu's name or number of it."))
@click.option("--tracking", type=inputs.TEXT, required=True, help=_("The tracking number."))
@click.option("--warehouse", type=inputs.TEXT, default="", help=_("Name or id; else the default."))
@store_option
@output.json_option
@click.pass_context
def ship(
    ctx: click.Context, po: str, carrier: str, tracking: str, warehouse: str, store: str
) -> None:
    parcel = shipping.ship_order(
        _find(po, store),
        carrier=carrier,
        tracking=tracking,
        actor=inputs.ACTOR,
        warehouse_id=warehouse,
    )
    words = shipping_wording.outcome(parcel)
    payload: Json = {"parcel": _parcel(parcel)}
    confirmed = parcel.state == Parcel.State.CONFIRMED
    if not confirmed:
        cause = parcel.cause or str(parcel.state)
        refusal = Refusal(cause, words.sentence, words.next_step, parcel.their_code)
        payload |= output.refused(refusal)
    output.tell(payload, _parcel_line(parcel), words.sentence, *filter(None, [words.next_step]))
    ctx.exit(0 if confirmed else 1)

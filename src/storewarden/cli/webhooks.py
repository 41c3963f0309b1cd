"""`storewarden webhooks`: where events are told, and whether they arrived."""

from typing import Any

import click
from django.utils.translation import gettext as _

from storewarden import keyset
from storewarden.cli import inputs, output
from storewarden.cli.listings import after_option, limit_option
from storewarden.stores.errors import Refusal
from storewarden.stores.wording import listed
from storewarden.webhooks import actions, queries, sending, types, wording
from storewarden.webhooks.models import Attempt, Delivery, Endpoint

STATES = click.Choice([str(one) for one in Delivery.State])
endpoint_argument = click.argument("endpoint", type=inputs.TEXT)


@click.group(help=_("Tell your own programs what happens, signed, and see whether it arrived."))
def webhooks() -> None:
    pass


def endpoint_told(one: Endpoint) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "url": one.url,
        "description": one.description,
        "types": one.types,
        "own_network": one.own_network,
        "on": one.is_on,
        "off_why": one.off_why or None,
        "failing_since": output.iso(one.failing_since),
        "last_success_at": output.iso(one.last_success_at),
        "last_failure_at": output.iso(one.last_failure_at),
        "made_at": output.iso(one.made_at),
        "made_by": one.made_by,
    }


def delivery_told(one: Delivery) -> dict[str, Any]:
    return {
        "number": one.pk,
        "id": one.message_id,
        "type": one.type,
        "state": one.state,
        "tries": one.tries,
        "last_status": one.last_status,
        "last_why": one.last_why or None,
        "happened_at": output.iso(one.made_at),
        "last_try_at": output.iso(one.last_try_at),
        "next_try_at": output.iso(one.next_at),
    }


def attempt_told(one: Attempt) -> dict[str, Any]:
    return {
        "at": output.iso(one.at),
        "status": one.status,
        "why": one.why or None,
        "took_ms": one.took_ms,
    }


@webhooks.command("list", help=_("The endpoints, and the events that there are."))
@output.json_option
def list_endpoints() -> None:
    rows = queries.endpoints()
    events = [{"type": one.name, "meaning": str(one.meaning)} for one in types.all_types()]
    output.table(
        {"endpoints": [endpoint_told(one) for one in rows], "events": events},
        (_("id"), _("address"), _("events"), _("state"), _("last delivered")),
        [
            (
                str(one.pk),
                one.url,
                listed(one.types) or _("all"),
                wording.endpoint_look(one).label,
                output.moment(one.last_success_at),
            )
            for one in rows
        ],
    )


@webhooks.command(help=_("Add an endpoint. Its signing secret is printed once, now."))
@click.argument("url", type=inputs.TEXT)
@click.option("--type", "names", type=inputs.TEXT, multiple=True, help=_("An event; else all."))
@click.option("--description", type=inputs.TEXT, default="")
@click.option("--own-network", is_flag=True, help=_("The address lies in your own network."))
@output.json_option
def add(url: str, names: tuple[str, ...], description: str, own_network: bool) -> None:
    wanted = actions.Wanted(url, description, names, own_network)
    made, secret = actions.add_endpoint(wanted, inputs.ACTOR)
    output.tell(
        {"endpoint": endpoint_told(made), "secret": secret.reveal()},
        _("The endpoint %(id)s is added.") % {"id": made.pk},
        _("Its signing secret, which is shown this once:"),
        secret.reveal(),
    )


@webhooks.command(help=_("Remove an endpoint with its log."))
@endpoint_argument
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@output.json_option
def remove(endpoint: str, yes: bool) -> None:
    found = queries.find_endpoint(endpoint)
    if not yes:
        question = _("Remove %(url)s with its log? What waits is not sent.")
        click.confirm(question % {"url": output.plain(found.url)}, abort=True, err=True)
    told = endpoint_told(found)
    actions.remove_endpoint(found)
    output.tell({"removed": told}, _("The endpoint is removed."))


@webhooks.command(help=_("Send a test event now, and say how it went."))
@endpoint_argument
@output.json_option
@click.pass_context
def test(ctx: click.Context, endpoint: str) -> None:
    _send_now(ctx, actions.send_test(queries.find_endpoint(endpoint)))


@webhooks.command(help=_("Send a delivery once more, now, and say how it went."))
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@output.json_option
@click.pass_context
def redeliver(ctx: click.Context, number: int) -> None:
    found = queries.find_delivery(number)
    actions.redeliver(found)
    _send_now(ctx, found)


def _send_now(ctx: click.Context, delivery: Delivery) -> None:
    """Here and now, unless a running server was quicker."""
    sending.deliver(delivery.pk)
    after = queries.find_delivery(delivery.pk)
    told = {"delivery": delivery_told(after), "attempts": _attempts(after)}
    if after.state == Delivery.State.DONE:
        line = _("Delivered, answered with %(status)s.") % {"status": after.last_status}
        output.tell(told, line)
        return
    refusal = _not_taken(after)
    output.tell(told | output.refused(refusal), refusal.sentence, refusal.next_step)
    ctx.exit(1)


def _attempts(delivery: Delivery) -> list[dict[str, Any]]:
    return [attempt_told(one) for one in queries.attempts(delivery)]


def _not_taken(delivery: Delivery) -> Refusal:
    why = wording.why(delivery.last_why) or str(wording.STATES[delivery.state])
    status = str(delivery.last_status or "")
    sentence = _("Not delivered: %(why)s.") % {"why": f"{why} {status}".strip()}
    step = _("`storewarden webhooks deliveries` shows when it is tried again.")
    return Refusal(delivery.last_why or str(delivery.state), sentence, step, status)


@webhooks.command(help=_("The deliveries to an endpoint, newest first."))
@endpoint_argument
@click.option("--state", type=STATES, default=None)
@limit_option
@after_option
@output.json_option
def deliveries(endpoint: str, state: str | None, limit: int, after: str) -> None:
    found = queries.find_endpoint(endpoint)
    page = queries.deliveries(found, keyset.Turn(after=after, size=limit), state or "")
    heads = (_("number"), _("event"), _("state"), _("tries"), _("status"), _("last try"), _("why"))
    output.table(
        {"deliveries": [delivery_told(one) for one in page.rows], "next": page.older or None},
        heads,
        [_row(one) for one in page.rows],
    )


def _row(one: Delivery) -> tuple[str, ...]:
    return (
        str(one.pk),
        one.type,
        wording.delivery_look(one).label,
        str(one.tries),
        str(one.last_status or "–"),
        output.moment(one.last_try_at),
        wording.why(one.last_why),
    )

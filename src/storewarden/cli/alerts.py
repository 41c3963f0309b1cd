"""`storewarden alerts` and `storewarden channels`: what rings, and where people are told."""

import json
import sys
from typing import Any

import click
from django.conf import settings
from django.forms import BoundField, ChoiceField, Form, PasswordInput
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storewarden import clock
from storewarden.alerts import answering, channels, queries, rules, sending, wording
from storewarden.alerts.addresses import SERVICES, Address
from storewarden.alerts.models import Alert, Channel
from storewarden.alerts.queries import AlertLine
from storewarden.cli import inputs, output
from storewarden.stores.errors import Refusal
from storewarden.stores.queries import find_store
from storewarden.stores.wording import labelled
from storewarden.vault import Secret

ROLES = click.Choice(Channel.Role.values)
LANGUAGES = click.Choice([code for code, _name in settings.LANGUAGES])
NUMBER = click.IntRange(1, 2**63 - 1)
store_option = click.option(
    "--store", type=inputs.TEXT, default="", help=_("Those of one store: nickname or shop id.")
)


@click.group("alerts", help=_("What wants a person: tokens that end or do not work, outages."))
def alerts() -> None:
    pass


@alerts.command("list", help=_("What is open: first what rings, the gravest first."))
@output.json_option
def list_alerts() -> None:
    lines, more = queries.open_alerts()
    output.table(
        {"alerts": [alert_told(line) for line in lines], "more": more},
        (_("number"), _("store"), _("what"), _("since"), _("rings")),
        [_row(line) for line in lines],
    )


def _row(line: AlertLine) -> tuple[str, ...]:
    since = output.moment(line.alert.opened_at)
    rings = _("yes") if line.rings else _("no")
    return str(line.alert.pk), line.entry.name, line.entry.words.sentence, since, rings


def alert_told(line: AlertLine) -> dict[str, Any]:
    alert, words = line.alert, line.entry.words
    return {
        "id": alert.pk,
        "kind": alert.kind,
        "store": alert.store.nickname if alert.store else None,
        "token": line.entry.slots[0] if line.entry.slots else None,
        "what": words.sentence,
        "next_step": words.next_step,
        "rings": line.rings,
        "opened_at": output.iso(alert.opened_at),
        "acknowledged_at": output.iso(alert.seen_at),
        "snoozed_until": output.iso(alert.snoozed_until),
    }


@alerts.command(help=_("Acknowledge alerts by their numbers, those of a store, or all."))
@click.argument("numbers", type=NUMBER, nargs=-1)
@store_option
@click.option("--all", "everything", is_flag=True, help=_("All that ring."))
@output.json_option
def acknowledge(numbers: tuple[int, ...], store: str, everything: bool) -> None:
    if everything and not (numbers or store):
        done = answering.acknowledge_all(None, clock.now())
    else:
        chosen = _chosen(numbers, store)
        for alert in chosen:
            answering.acknowledge(alert, None)
        done = len(chosen)
    text = ngettext("%(n)d alert is acknowledged.", "%(n)d alerts are acknowledged.", done)
    output.tell({"acknowledged": done}, text % {"n": done})


@alerts.command(help=_("Keep alerts quiet for a while; then they ring again."))
@click.argument("numbers", type=NUMBER, nargs=-1)
@store_option
@click.option("--for", "how_long", type=click.Choice(list(rules.SNOOZES)), required=True)
@output.json_option
def snooze(numbers: tuple[int, ...], store: str, how_long: str) -> None:
    chosen = _chosen(numbers, store)
    for alert in chosen:
        answering.snooze(alert, how_long)
    text = ngettext("%(n)d alert is snoozed.", "%(n)d alerts are snoozed.", len(chosen))
    output.tell({"snoozed": len(chosen)}, text % {"n": len(chosen)})


def _chosen(numbers: tuple[int, ...], store: str) -> list[Alert]:
    rows = answering.answerable(clock.now()).filter(closed_at__isnull=True)
    if store:
        return list(rows.filter(store=find_store(store)))
    found = list(rows.filter(pk__in=numbers))
    lacking = set(numbers) - {one.pk for one in found}
    if lacking or not numbers:
        raise Refusal(
            "no_such_alert",
            _("There is no open alert %(numbers)s.")
            % {"numbers": ", ".join(str(one) for one in sorted(lacking)) or "–"},
            _("`storewarden alerts list` shows their numbers."),
        )
    return found


@click.group("channels", help=_("Where people are told: e-mail, chat groups, and more."))
def channel_group() -> None:
    pass


def channel_told(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "service": channel.service,
        "address": channel.masked,
        "language": channel.language,
        "role": channel.role,
        "on": channel.on,
        "last_sent_at": output.iso(channel.sent_at),
        "failing_since": output.iso(channel.failing_since),
        "failure": wording.failure(channel.failure).sentence if channel.failure else "",
    }


@channel_group.command("list", help=_("The channels and their state; addresses are never shown."))
@output.json_option
def list_channels() -> None:
    rows = queries.channels()
    output.table(
        {"channels": [channel_told(one) for one in rows]},
        (_("name"), _("service"), _("person"), _("state"), _("last sent")),
        [
            (one.name, one.service, one.role, _state(one), output.moment(one.sent_at))
            for one in rows
        ],
    )


def _state(channel: Channel) -> str:
    if not channel.on:
        return _("off")
    return wording.failure(channel.failure).sentence if channel.failing_since else _("on")


@channel_group.command(
    help=_(
        "Add a channel. Its fields are asked for, or read from standard input as JSON; for "
        "--service any standard input is the Apprise URL."
    )
)
@click.option("--name", type=inputs.TEXT, required=True)
@click.option("--service", type=click.Choice(list(SERVICES)), default="any")
@click.option("--language", type=LANGUAGES, default=None, help=_("Of its messages."))
@click.option("--role", type=ROLES, default="first", help=_("Whom it reaches."))
@output.json_option
def add(name: str, service: str, language: str | None, role: str) -> None:
    channels.clean_name(name)  # before its address is asked for
    spoken = language or settings.CONFIG.language
    made = channels.add(name, _address(SERVICES[service]), spoken, role, inputs.ACTOR)
    line = _("“%(name)s” is added. Try it with: storewarden channels test")
    output.tell({"channel": channel_told(made)}, line % {"name": made.name})


def _address(service: type[Address]) -> Secret:
    by_hand = sys.stdin is not None and sys.stdin.isatty()
    form = service(_asked_for(service()) if by_hand else _read(service))
    if not form.is_valid():
        raise _unfit(form)
    return form.address()


def _asked_for(form: Form) -> dict[str, str]:
    return {field.name: _ask(field) for field in form}


def _ask(bound: BoundField) -> str:
    """One field: a secret without echo, a choice by its words."""
    more: dict[str, Any] = {} if bound.field.required else {"default": "", "show_default": False}
    if isinstance(bound.field.widget, PasswordInput):
        return inputs.hidden(str(bound.label), **more)
    if isinstance(bound.field, ChoiceField):
        more["type"] = click.Choice([str(one.data["value"]) for one in bound])
    return str(click.prompt(str(bound.label), err=True, **more))


def _read(service: type[Address]) -> dict[str, Any]:
    text = inputs.stdin_text().strip()
    if service.key == "any":
        return {"url": text}
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        names = ", ".join(service.base_fields)
        raise Refusal(
            "bad_input",
            _("Standard input is no JSON object."),
            _("Write the fields as JSON: %(names)s.") % {"names": names},
        )
    return {str(name): value for name, value in told.items()}


def _unfit(form: Form) -> Refusal:
    """The first thing that is wrong, with the name of its field."""
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    sentence = labelled(label, errors[0]) if label else str(errors[0])
    return Refusal("channel_field_unfit", sentence, _("Correct it and add the channel again."))


@channel_group.command(help=_("Send a test now, and say what came of it."))
@click.argument("name", type=inputs.TEXT)
@output.json_option
def test(name: str) -> None:
    found = channels.find(name)
    done = sending.send_test(found)
    if done.state != "sent":
        why = wording.failure(done.failure)
        raise Refusal("test_failed", why.sentence, why.next_step, done.failure.partition(":")[0])
    line = _("The test went out on “%(name)s”. Look whether it has arrived.")
    output.tell({"sent": found.name}, line % {"name": found.name})


@channel_group.command(help=_("Forget a channel and its address."))
@click.argument("name", type=inputs.TEXT)
@output.json_option
def remove(name: str) -> None:
    found = channels.find(name)
    channels.remove(found)
    output.tell({"removed": found.name}, _("“%(name)s” is removed.") % {"name": found.name})

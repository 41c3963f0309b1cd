"""Channels: adding, changing, switching and removing them. An address is written, never shown."""

import unicodedata

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from storewarden import chance, clock, vault
from storewarden.alerts import handing_on, outcomes, services
from storewarden.alerts.models import Channel, WatchSettings
from storewarden.people.actions import Actor
from storewarden.stores.errors import Refusal
from storewarden.vault import Secret

LONGEST_NAME = 80
JOIN_EMOJI = "\u200d\ufe0f"
log = structlog.get_logger(__name__)


def address_of(channel: Channel) -> Secret:
    """Raises SealBroken or KeyProblem."""
    return vault.open_sealed(channel.url_sealed, table="channel", row=channel.pk, column="url")


def add(name: str, address: Secret, language: str, role: str, actor: Actor) -> Channel:
    """Keep a channel, its address sealed. Raises Refusal; then nothing is kept."""
    service = services.service_of(address)
    channel = Channel(id=chance.new_id(), made_by=actor.name, made_at=clock.now())
    _describe(channel, name, language, role)
    _seal(channel, service, address)
    _save(channel)
    log.info("channel.added", channel=str(channel.pk), service=channel.service)
    return channel


def change(channel: Channel, name: str, language: str, role: str) -> Channel:
    """Another name, language or person; the address stays."""
    _describe(channel, name, language, role)
    _save(channel, ["name", "language", "role"])
    return channel


def replace_address(channel: Channel, address: Secret) -> Channel:
    """Another address; what was known about the failures of the old one is forgotten."""
    service = services.service_of(address)
    _seal(channel, service, address)
    channel.failing_since, channel.failure = None, ""
    _save(channel, ["url_sealed", "service", "masked", "failing_since", "failure"])
    return channel


def switch(channel: Channel, on: bool) -> Channel:
    """On or off. What still waits on a channel that is switched off goes to the others."""
    with transaction.atomic():
        if Channel.objects.filter(pk=channel.pk).exclude(on=on).update(on=on) and not on:
            handing_on.hand_on_all(channel, outcomes.SWITCHED_OFF)
    channel.refresh_from_db()
    return channel


def remove(channel: Channel) -> None:
    """Forget a channel and its address. What still waits on it goes to the others."""
    with transaction.atomic():
        handing_on.hand_on_all(channel, outcomes.SWITCHED_OFF)
        Channel.objects.filter(pk=channel.pk).delete()
    log.info("channel.removed", channel=str(channel.pk))


def keep_hours(digest_hour: int, time_zone: str) -> None:
    """When the reminder of the day goes out, and the zone in which messages tell times."""
    chosen = {"digest_hour": digest_hour, "time_zone": time_zone}
    WatchSettings.objects.update_or_create(pk=1, defaults=chosen)


def find(text: str) -> Channel:
    """A channel by its name. Raises Refusal."""
    wanted = text.strip()
    found = Channel.objects.filter(name__iexact=wanted).first() if "\x00" not in wanted else None
    if found is None:
        raise Refusal(
            "no_such_channel",
            _("There is no channel called “%(name)s”.") % {"name": wanted[:LONGEST_NAME]},
            _("`storewarden channels list` shows them."),
        )
    return found


def clean_name(text: str) -> str:
    """A name without surrounding blanks. Raises Refusal."""
    name = " ".join(text.split())
    strange = any(
        unicodedata.category(letter).startswith("C") and letter not in JOIN_EMOJI for letter in name
    )
    if not name or len(name) > LONGEST_NAME or strange:
        raise Refusal(
            "channel_name_unfit",
            _("This is no name: it is empty, longer than 80, or has invisible characters."),
            _("Type a short name, such as “Anna's phone”."),
        )
    return name


def _describe(channel: Channel, name: str, language: str, role: str) -> None:
    channel.name, channel.language, channel.role = clean_name(name), language, role
    if language not in dict(settings.LANGUAGES):
        raise Refusal(
            "language_unknown",
            _("There are no messages in this language."),
            _("Choose one of: %(languages)s.") % {"languages": ", ".join(dict(settings.LANGUAGES))},
        )
    if role not in Channel.Role.values:
        raise Refusal("role_unknown", _("There is no such person."), _("Choose first or second."))


def _seal(channel: Channel, service: services.Service, address: Secret) -> None:
    whole = Secret(address.reveal().strip())
    channel.url_sealed = vault.seal(whole, table="channel", row=channel.pk, column="url")
    channel.service = services.name_of(service)
    channel.masked = services.masked(service, whole)


def _save(channel: Channel, fields: list[str] | None = None) -> None:
    """Names are unique, whatever their case."""
    others = Channel.objects.filter(name__iexact=channel.name).exclude(pk=channel.pk)
    try:
        with transaction.atomic():
            if others.exists():
                raise IntegrityError
            channel.save(update_fields=fields, force_insert=fields is None)
    except IntegrityError:
        raise Refusal(
            "channel_name_taken",
            _("There is a channel called “%(name)s” already.") % {"name": channel.name},
            _("Choose another name."),
        ) from None

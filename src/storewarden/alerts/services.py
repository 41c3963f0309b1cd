"""Apprise, behind this one module: an address becomes a service, and a text goes out.

Apprise's own log stays out of ours: its lines may hold addresses with the secrets in them. From
those of a failed call a short code is read (`outcomes`), and nothing else is kept.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import apprise
from apprise.manager_plugins import NotificationManager
from apprise.plugins import url_to_dict
from apprise.plugins.email.base import NotifyEmail
from django.utils.translation import gettext as _

from storewarden.alerts import outcomes, robots
from storewarden.stores.errors import Refusal
from storewarden.vault import Secret

LONGEST_ADDRESS = 2000
SOCKET_S = 10.0
SHORTEST_SECRET = 4
EMAIL = NotifyEmail
LOCAL = frozenset(
    {"blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"}
)
"""What shows a message on the machine it runs on, where nobody sits."""
FILES = frozenset({"keyfile", "subfile", "pgppub", "pgpprv"})
TEMPLATE_IS_A_FILE = frozenset({"discord", "guilded", "slack", "tgram", "workflow", "workflows"})
CHAT_ID = re.compile(r"-?\d{5,16}")
HOST = re.compile(r"(\d{1,3}\.){3}\d{1,3}|localhost|([a-z0-9-]+\.)+[a-z]{2,}(:\d+)?")
Service = apprise.NotifyBase


def keep_its_log_to_itself() -> None:
    """Also that of the HTTP library under it, which writes addresses down when it is asked to."""
    its = logging.getLogger("apprise")
    its.propagate = False
    its.setLevel(logging.DEBUG)
    its.addHandler(logging.NullHandler())
    for name in ("urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.ERROR)


keep_its_log_to_itself()
ASSET = apprise.AppriseAsset(
    app_id="Storewarden",
    app_desc="Storewarden",
    app_url="",
    image_url_mask="",
    image_url_logo="",
    image_path_mask=False,
    async_mode=False,  # each channel has a thread of ours, which may be left behind
    service_timeout=0,
    http_redirects=False,
    storage_mode="memory",
    pgp_autogen=False,
    pem_autogen=False,
    language="en",  # `outcomes` reads its sentences
)


KNOWN = NotificationManager()
for robot in robots.ROBOTS:
    KNOWN.add(robot, force=True)


def service_of(address: Secret) -> Service:
    """The service of an address. Raises Refusal with a sentence; nothing is called."""
    parsed = _parsed(address)
    scheme = str(parsed["schema"])
    if scheme in LOCAL:
        raise Refusal(
            "channel_is_local",
            _("“%(scheme)s” shows messages on this machine only.") % {"scheme": scheme},
            _("Choose a channel that reaches a person."),
        )
    if _reads_a_file(scheme, parsed.get("qsd") or {}):
        raise Refusal(
            "channel_reads_a_file",
            _("This address makes the machine read one of its files."),
            _("Leave the file out of the address."),
        )
    service = apprise.Apprise.instantiate(parsed, asset=ASSET)
    if service is None:
        raise _unusable(scheme)
    return _tamed(service)


def _parsed(address: Secret) -> dict[str, Any]:
    text = address.reveal().strip()
    if not text or len(text) > LONGEST_ADDRESS or not text.isprintable():
        raise Refusal(
            "address_unfit",
            _("This is no address: it is empty, too long, or has invisible characters in it."),
            _("Copy it again and paste it whole."),
        )
    parsed = url_to_dict(text, secure_logging=True)
    if not parsed or parsed.get("schema") not in KNOWN:
        raise _unusable("")
    return dict(parsed)


def _unusable(scheme: str) -> Refusal:
    if scheme and not KNOWN[scheme].enabled:
        return Refusal(
            "channel_not_installed",
            _("“%(scheme)s” needs a package that is not installed here.") % {"scheme": scheme},
            _("Choose another channel, or install what its documentation names."),
        )
    return Refusal(
        "address_unknown",
        _("This address cannot be used: a part of it is missing or mistyped."),
        _("Compare it with the service's page under https://appriseit.com/services/."),
    )


def _reads_a_file(scheme: str, parameters: dict[str, str]) -> bool:
    named = {name.lower() for name, value in parameters.items() if value}
    return bool(named & FILES) or (scheme in TEMPLATE_IS_A_FILE and "template" in named)


def _tamed(service: Service) -> Service:
    """Whatever the address asks for: our time limits, our retries, and a failure is a failure."""
    service.socket_connect_timeout = service.socket_read_timeout = SOCKET_S
    service.retry = 0
    service.optional = False
    service.overflow_mode = apprise.OverflowMode.SPLIT
    return service


def name_of(service: Service) -> str:
    return str(service.service_name)[:60]


def masked(service: Service, address: Secret) -> str:
    """What may be shown of an address; the service's name alone when a secret would be seen."""
    shown = str(service.url(privacy=True))
    shown = shown.partition("?")[0].rstrip("/")
    if any(part in unquote(shown) for part in secrets_in(service, address)):
        return name_of(service)
    return shown[:300]


def secrets_in(service: Service, address: Secret) -> set[str]:
    """Every part of an address that may be one: of e-mail the password, of others all but the
    scheme, the names of hosts, and the chat that a Telegram message goes to."""
    if isinstance(service, EMAIL):
        return {str(service.password)} if service.password else set()
    scheme, _colon, rest = address.reveal().strip().partition("://")
    long_enough = {piece for piece in _pieces(rest) if len(piece) >= SHORTEST_SECRET}
    return {piece for piece in long_enough if not _is_harmless(scheme.lower(), piece)}


def _pieces(text: str) -> Iterator[str]:
    for piece in re.split(r"[/?&=#,;]+", text):
        for part in (piece, *re.split(r"[:@]+", piece)):
            yield part
            yield unquote(part)


def _is_harmless(scheme: str, piece: str) -> bool:
    if scheme == "tgram" and CHAT_ID.fullmatch(piece):
        return True
    return bool(HOST.fullmatch(piece))


def send(address: Secret, title: str, body: str) -> str:
    """Send a text. Returns "" when the service took it, else a code (`outcomes`)."""
    try:
        service = service_of(address)
    except Refusal as no:
        return no.cause
    sender = apprise.Apprise(asset=ASSET)
    sender.add(service)
    text = apprise.NotifyFormat.TEXT
    with sender.notify(body, title, body_format=text, log_level=logging.DEBUG) as result:
        if result:
            return ""
        said = [entry.message for entry in result.logs()]
    return outcomes.read(said, secrets_in(service, address))

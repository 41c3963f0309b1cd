"""`storewarden doctor`: what is wrong with this installation, check by check."""

import errno
import fcntl
import socket
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from storewarden.cli import failures, output
from storewarden.cli.setup import waiting_migrations
from storewarden.marketplaces.base import (
    ABOUT_THE_TOKEN,
    TOKEN_IS_DEAD,
    Cause,
    Refused,
    Slot,
    TokenKind,
    Unreachable,
)
from storewarden.marketplaces.registry import all_marketplaces, marketplace
from storewarden.stores import wording
from storewarden.stores.access import trial
from storewarden.stores.models import DeveloperApp
from storewarden.stores.queries import apps
from storewarden.vault import Secret

NO_TOKEN = Secret("0" * 32)
ABOUT_THE_APP = ABOUT_THE_TOKEN - TOKEN_IS_DEAD - {Cause.WRONG_APP, Cause.SCOPE_MISSING}


@dataclass(frozen=True)
class Found:
    """One check. `ok` None: it could not be made, and the sentence says why."""

    check: str
    ok: bool | None
    sentence: str


@click.command(help=_("Check data folder, keys, database, port, and Temu's gateways."))
@output.json_option
@click.pass_context
def doctor(ctx: click.Context) -> None:
    found = [one() for one in CHECKS]
    found += gateways() if all(one.ok is not False for one in found) else []
    wrong = [one for one in found if one.ok is False]
    marks = {True: "✓", False: "✗", None: "–"}
    output.tell(
        {"ok": not wrong, "checks": [asdict(one) for one in found]},
        *(f"{marks[one.ok]} {one.sentence}" for one in found),
    )
    ctx.exit(1 if wrong else 0)


def data_folder() -> Found:
    folder: Path = settings.CONFIG.data
    trial_file = folder / ".doctor"
    try:
        trial_file.write_bytes(b"")
        trial_file.unlink()
    except OSError as error:
        why = {"folder": folder, "reason": error.strerror}
        text = _("The data folder %(folder)s cannot be written: %(reason)s.") % why
        return Found("data_folder", False, text)
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        text = _("Others can look into the data folder. Run: chmod 700 %(folder)s")
        return Found("data_folder", False, text % {"folder": folder})
    text = _("The data folder %(folder)s is writable and private.") % {"folder": folder}
    return Found("data_folder", True, text)


def keys() -> Found:
    """The settings have loaded the ring already, or we would not be here."""
    versions = wording.listed(settings.KEY_RING.versions)
    text = _("The key ring holds version %(versions)s.") % {"versions": versions}
    if not settings.CONFIG.keys:
        text += " " + _("It lies in the data folder: keep a copy of it elsewhere.")
    return Found("keys", True, text)


def database() -> Found:
    try:
        connection.ensure_connection()
        waiting = waiting_migrations()
    except DatabaseError as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        text = _("The database cannot be used: %(reason)s") % {"reason": reason}
        return Found("database", False, text)
    if waiting:
        text = _("The database is not up to date. Run `storewarden migrate`.")
        return Found("database", False, text)
    text = _("The database (%(kind)s) is up to date.") % {"kind": connection.vendor}
    return Found("database", True, text)


def port() -> Found:
    config = settings.CONFIG
    where = {"port": config.port, "host": config.host}
    try:
        socket.create_server((config.host, config.port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE and _server_runs(config.data):
            return Found("port", True, _("Port %(port)d is in use; a server runs here.") % where)
        text = _("Port %(port)d on %(host)s cannot be used: %(reason)s. Choose another one.")
        return Found("port", False, text % {**where, "reason": error.strerror})
    return Found("port", True, _("Port %(port)d on %(host)s is free.") % where)


def _server_runs(data: Path) -> bool:
    """True while a server holds the engine's lock on this data folder."""
    path = data / "engine-server.lock"
    if not path.exists():
        return False
    with path.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


CHECKS: tuple[Callable[[], Found], ...] = (data_folder, keys, database, port)


def gateways() -> list[Found]:
    """Each registered app's gateway, asked with a token that cannot be: a refusal is an answer."""
    known = apps()
    if not known:
        text = _("Temu was not asked: no developer app is registered yet.")
        return [Found("gateway", None, text)]
    return [*(_gateway(app) for app in known), clock()]


def _gateway(app: DeveloperApp) -> Found:
    kind = TokenKind.PRODUCT if app.area == "cn" else TokenKind.ORDER
    slot, name = Slot(kind, app.area), f"gateway:{app.area}"
    where = {"area": app.area.upper()}
    try:
        marketplace(app.marketplace).inspect(trial(slot, app, NO_TOKEN), urgent=True)
    except Refused as no:
        if no.cause is Cause.CLOCK_OFF or no.cause in ABOUT_THE_APP:
            refusal = failures.refused_by_temu(no, slot)
            return Found(name, False, f"{refusal.sentence} {refusal.next_step}")
    except Unreachable as silence:
        text = _("Temu's %(area)s gateway does not answer: %(reason)s.")
        return Found(name, False, text % {**where, "reason": wording.silence(silence.reason)})
    return Found(name, True, _("Temu's %(area)s gateway answers.") % where)


def clock() -> Found:
    """Temu refuses a clock that is off, and tells its own time by that (partner-api.md 2)."""
    off_s = max((one.clock_off_s() for one in all_marketplaces()), key=abs, default=0.0)
    if not off_s:
        return Found("clock", True, _("Temu accepts this machine's time (within 300 s)."))
    no = Refused(Cause.CLOCK_OFF, 0, "", clock_off_s=off_s)
    refusal = failures.refused_by_temu(no)
    return Found("clock", False, f"{refusal.sentence} {refusal.next_step}")

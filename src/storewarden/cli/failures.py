"""Errors in words: {"refused": {cause, code, next_step, sentence}} and exit code 1."""

import errno
from typing import Any, NoReturn

import click
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError, OperationalError
from django.utils.translation import gettext as _

from storewarden import chance
from storewarden.cli import output
from storewarden.config import BadSetting
from storewarden.engine import EngineBusy
from storewarden.marketplaces.base import Refused, Slot, Unreachable
from storewarden.people.actions import CannotMakeOwner
from storewarden.stores import wording
from storewarden.stores.actions import CheckRefused
from storewarden.stores.checking import Finding
from storewarden.stores.errors import Refusal
from storewarden.vault import KeyProblem, SealBroken

log = structlog.get_logger(__name__)


def end(ctx: click.Context, error: Exception) -> NoReturn:
    """Tell what went wrong and leave with exit code 1."""
    refusal = in_words(error) or _unexpected(error)
    output.refuse(refusal, more=_findings(error))
    ctx.exit(1)


def in_words(error: Exception) -> Refusal | None:
    """The error as a refusal for a person; None when it is none that we expect."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Refused):
        return refused_by_temu(error)
    if isinstance(error, Unreachable):
        return unreachable(error)
    for kind, cause in _SENTENCES.items():
        if isinstance(error, kind):
            return Refusal(cause, str(error))
    if isinstance(error, DatabaseError):
        return _database(error)
    return _machine(error) if isinstance(error, OSError) else None


_SENTENCES: dict[type[Exception], str] = {
    BadSetting: "bad_setting",
    KeyProblem: "key_problem",
    EngineBusy: "engine_busy",
    CannotMakeOwner: "cannot_make_owner",
    ImproperlyConfigured: "bad_setting",
}


def refused_by_temu(no: Refused, slot: Slot | None = None) -> Refusal:
    """Temu's no, with its code; a slot names the token that was used."""
    off = {"seconds": no.clock_off_s}
    words = wording.finding(Finding(str(no.cause), slot, True, str(no.code), no.message, data=off))
    return Refusal(str(no.cause), words.sentence, words.next_step, str(no.code))


def unreachable(silence: Unreachable) -> Refusal:
    return Refusal(
        "unreachable",
        _("Temu could not be reached (%(reason)s).") % {"reason": wording.silence(silence.reason)},
        _("Try again in a minute. This says nothing about any token."),
    )


def _database(error: DatabaseError) -> Refusal | None:
    text = str(error).splitlines()[0] if str(error) else ""
    if "no such table" in text or "does not exist" in text:
        return Refusal(
            "database_not_ready",
            _("The database has not been prepared yet."),
            _("Run `storewarden migrate` (`storewarden serve` does it by itself)."),
        )
    if isinstance(error, OperationalError):
        return Refusal(
            "database_unreachable",
            _("The database cannot be used: %(reason)s") % {"reason": text[:200]},
            _("Check DATABASE_URL and the disk, then run `storewarden doctor`."),
        )
    return None


def _machine(error: OSError) -> Refusal | None:
    """Permissions and full disks; a fault of ours is no OSError with a file name."""
    if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENOTDIR,
                           errno.EEXIST, errno.EISDIR):  # fmt: skip
        return None
    return Refusal(
        "machine",
        _("%(file)s cannot be used: %(reason)s.")
        % {"file": error.filename or _("A file"), "reason": error.strerror},
        _("Give this user the right to it, or name another folder with STOREWARDEN_DATA."),
    )


def _unexpected(error: Exception) -> Refusal:
    """Something that we did not foresee: the details go to the log, under a reference."""
    reference = chance.letters(8)
    log.error("command.failed", reference=reference, exc_info=error)
    if isinstance(error, SealBroken):
        return Refusal(
            "seal_broken",
            _("A stored secret does not open with the keys of this installation."),
            _("Put the right keys back (STOREWARDEN_KEYS or the keys file)."),
        )
    return Refusal(
        "unexpected",
        _("Something went wrong that was not foreseen (reference %(id)s).") % {"id": reference},
        _("Look for the reference in commands.log in the data folder. Nothing was half-saved."),
    )


def _findings(error: Exception) -> dict[str, Any]:
    if not isinstance(error, CheckRefused):
        return {}
    from storewarden.cli.cards import card_told

    return {"check": card_told(error.card)}

"""Errors before Django runs: a bad setting, no keys, no right to the data folder."""

from typing import NoReturn

import click

from storewarden.cli import output
from storewarden.config import BadSetting
from storewarden.stores.errors import Refusal
from storewarden.vault import KeyProblem


def end(ctx: click.Context, error: Exception) -> NoReturn:
    """Tell what keeps Storewarden from starting, in English, and leave with exit code 1."""
    output.refuse(in_words(error))
    ctx.exit(1)


def in_words(error: Exception) -> Refusal:
    """An error of which we know nothing is named by its kind alone: its text may hold a secret."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, BadSetting):
        return Refusal("bad_setting", str(error))
    if isinstance(error, KeyProblem):
        return Refusal("key_problem", str(error))
    if isinstance(error, OSError):
        return Refusal(
            "machine",
            f"{error.filename or 'A file'} cannot be used: {error.strerror}.",
            "Give this user the right to it, or name another folder with STOREWARDEN_DATA.",
        )
    return Refusal(
        "cannot_start",
        f"Storewarden cannot start: its settings cannot be used ({type(error).__name__}).",
        "Check DATABASE_URL and the STOREWARDEN_… variables; docs/running.md describes each.",
    )

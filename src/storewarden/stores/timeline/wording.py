"""What became of a token, or what will, in a sentence."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from storewarden.stores.timeline.layout import Token
from storewarden.stores.wording import day, labelled, slot_name, state_cause


def token_tale(token: Token, now: datetime) -> str:
    """One token of the timeline in a sentence: until when it works, or how it ended."""
    return labelled(slot_name(token.slot), fate(token, now))


def fate(token: Token, now: datetime) -> str:
    """What became of a token, or what will."""
    end = token.end(now)
    values = {"end": day(end), "cause": str(state_cause(token.end_cause).sentence)}
    return (str(_fate(token, end, now)) % values).strip()


def _fate(token: Token, end: datetime, now: datetime) -> Any:
    if token.renewed:
        return _("until %(end)s, then replaced by the next one.")
    if token.early:
        return _("stopped early, on %(end)s. %(cause)s")
    if end <= now:
        return _("ended on %(end)s.")
    if not token.usable:
        return _("does not work. %(cause)s")
    return _("works until %(end)s (estimated).") if token.estimated else _("works until %(end)s.")

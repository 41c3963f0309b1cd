"""The name of a feed and its language: what is cleaned, and what is refused with a sentence."""

import unicodedata

from django.conf import settings
from django.utils.translation import gettext as _

from storewarden.stores.errors import Refusal
from storewarden.stores.wording import listed

LONGEST_NAME = 80
JOINS_EMOJI = "\u200d\ufe0f"


def clean_name(text: str) -> str:
    """A name without surrounding blanks. Raises Refusal."""
    name = " ".join(text.split()) if len(text) <= 100 * LONGEST_NAME else text
    if not name:
        raise Refusal(
            "feed_name_empty",
            _("The calendar has no name."),
            _("Write who reads it, such as “Phone of Li”."),
        )
    if len(name) > LONGEST_NAME:
        raise Refusal(
            "feed_name_too_long",
            _("The calendar's name is longer than 80 characters."),
            _("Write a shorter name."),
        )
    if any(_unprintable(letter) for letter in name):
        raise Refusal(
            "feed_name_unprintable",
            _("The calendar's name has invisible characters."),
            _("Type it instead of pasting it."),
        )
    return name


def _unprintable(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return letter not in JOINS_EMOJI and kind in ("Cc", "Cf", "Cs", "Co", "Cn")


def known_language(code: str) -> str:
    """The code of a language that there is. Raises Refusal."""
    known = [one for one, _name in settings.LANGUAGES]
    if code not in known:
        raise Refusal(
            "language_unknown",
            _("There is no language “%(code)s”.") % {"code": code[:20]},
            _("Choose one of: %(languages)s.") % {"languages": listed(known)},
        )
    return code

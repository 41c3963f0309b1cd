"""Names and pasted texts: what is cleaned, and what is refused with a sentence."""

import unicodedata

from django.utils.translation import gettext as _

from storewarden.marketplaces.registry import all_marketplaces, marketplace
from storewarden.stores.errors import Refusal
from storewarden.stores.models import Store
from storewarden.stores.wording import listed
from storewarden.vault import Secret

LONGEST_NICKNAME = 80
LONGEST_KEY = 128
LONGEST_SECRET = 256
LONGEST_TOKEN = 512


def _unprintable(text: str) -> bool:
    """Control and direction marks, which make a name look like another one."""
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in text)


def clean_nickname(text: str) -> str:
    """A nickname without surrounding blanks. Raises Refusal."""
    name = " ".join(text.split())
    if not name:
        raise Refusal(
            "nickname_empty", _("The nickname is empty."), _("Write a name for the store.")
        )
    if len(name) > LONGEST_NICKNAME:
        raise Refusal(
            "nickname_too_long",
            _("The nickname is longer than 80 characters."),
            _("Write a shorter one."),
        )
    if _unprintable(name.replace("\u200d", "").replace("\ufe0f", "")):  # those join emoji
        raise Refusal(
            "nickname_unprintable",
            _("The nickname has invisible characters."),
            _("Type it instead of pasting it."),
        )
    return name


def refuse_taken(name: str, *, except_store: Store | None = None) -> None:
    """Nicknames are unique, whatever their case."""
    rows = Store.objects.filter(nickname__iexact=name)
    if except_store is not None:
        rows = rows.exclude(pk=except_store.pk)
    if rows.exists():
        raise Refusal(
            "nickname_taken",
            _("There is a store called “%(name)s” already.") % {"name": name},
            _("Choose another nickname."),
        )


def clean_app_key(text: str) -> str:
    """An app key without surrounding blanks. Raises Refusal."""
    key = text.strip()
    if not key or len(key) > LONGEST_KEY or _unprintable(key) or any(map(str.isspace, key)):
        raise Refusal(
            "app_key_unfit",
            _("This is no app key: it is empty, too long, or has blanks in it."),
            _("Copy the app key from Temu's developer page."),
        )
    return key


def refuse_bad_secret(secret: Secret) -> None:
    text = secret.reveal()
    if not text or len(text) > LONGEST_SECRET or _unprintable(text) or any(map(str.isspace, text)):
        raise Refusal(
            "app_secret_unfit",
            _("This is no app secret: it is empty, too long, or has blanks in it."),
            _("Copy the app secret from Temu's developer page."),
        )


def refuse_unknown_area(market: str, area: str) -> None:
    known = [one.key for one in all_marketplaces()]
    areas = list(marketplace(market).app_areas()) if market in known else []
    if area not in areas:
        raise Refusal(
            "area_unknown",
            _("There is no area “%(area)s”.") % {"area": area[:20]},
            _("Choose one of: %(areas)s.") % {"areas": listed(areas)},
        )


def clean_token(market: str, pasted: str) -> Secret | None:
    """A pasted token, cleaned; None when the field was left empty. Raises Refusal."""
    if not pasted.strip():
        return None
    text = marketplace(market).clean_token(pasted) if len(pasted) <= 20 * LONGEST_TOKEN else pasted
    if not text or len(text) > LONGEST_TOKEN or not text.isascii() or not text.isalnum():
        raise Refusal(
            "token_unfit",
            _("This is no token: Temu's tokens are letters and digits in one piece."),
            _("Copy the token in Temu with its Copy button and paste it again."),
        )
    return Secret(text)

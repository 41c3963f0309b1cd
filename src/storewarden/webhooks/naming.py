"""What a person writes about an endpoint: cleaned, or refused with a sentence."""

import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from storewarden import outward
from storewarden.stores.errors import Refusal
from storewarden.webhooks import types, wording

LONGEST_URL = 1000
LONGEST_DESCRIPTION = 200


def clean_url(text: str, *, own_network: bool) -> str:
    """An address in its one spelling. Raises Refusal; the network is asked when sending."""
    url = text.strip()
    if not url:
        raise Refusal("url_empty", _("The address is empty."), _("Write where to send events."))
    try:
        found = outward.target_of(url, allowed_hosts(url, own_network=own_network)).url
    except outward.NotAllowed as no:
        raise wording.refused_address(no.reason) from None
    if len(found) > LONGEST_URL:
        raise wording.refused_address("bad_url")
    return found


def allowed_hosts(url: str, *, own_network: bool) -> frozenset[str]:
    """The host that may lie in the own network: this one, where the owner said so."""
    return frozenset({outward.host_of(url)}) if own_network else frozenset()


def clean_description(text: str) -> str:
    """A line about what the receiver is. Raises Refusal."""
    line = " ".join(text.split())
    if len(line) > LONGEST_DESCRIPTION:
        raise Refusal(
            "description_too_long",
            _("The description is longer than 200 characters."),
            _("Write a shorter description."),
        )
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in line):
        raise Refusal(
            "description_unprintable",
            _("The description has invisible characters."),
            _("Type it instead of pasting it."),
        )
    return line


def clean_types(names: Sequence[str]) -> list[str]:
    """Events by name, each once. Raises Refusal for one that nobody knows."""
    for name in names:
        if not types.is_known(name):
            raise Refusal(
                "type_unknown",
                _("There is no event “%(name)s”.") % {"name": name[:60]},
                _("Choose events of the list."),
            )
    return [one.name for one in types.all_types() if one.name in names]

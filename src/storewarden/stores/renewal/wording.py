"""What the page behind a renewal link says: nothing of the shop, of the app, or of other stores.

A finding is worded by `wording` only where it speaks of nothing but the pasted token; for the
others there are words here, and for one that nobody thought of the plainest.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storewarden.stores import wording
from storewarden.stores.checking import Finding
from storewarden.stores.wording import MAKE_NEW, Words, slot_name

LINK_STATES = {
    "open": gettext_lazy("Not opened yet"),
    "opened": gettext_lazy("Opened"),
    "used": gettext_lazy("Used"),
    "expired": gettext_lazy("Expired"),
    "revoked": gettext_lazy("Revoked"),
}
OF_THE_TOKEN_ALONE = frozenset(
    {
        "unreachable",
        "swapped",
        "token_unknown",
        "local_store",
        "not_authorized",
        "token_expired",
        "token_expired_or_replaced",
        "core_permission_missing",
        "scope_missing",
    }
)
TELL_THEM = gettext_lazy(
    "Tell the person who sent you this link. The token may be all right, and nothing was saved."
)
_NOT_THEIRS = (
    gettext_lazy("The %(token)s cannot be checked: a setting on the other side stands in the way."),
    TELL_THEM,
)
_OUTSIDE: dict[str, tuple[Any, Any]] = {
    "token_required": (
        gettext_lazy("The %(kind)s is missing."),
        gettext_lazy("Paste it as well."),
    ),
    "app_missing": _NOT_THEIRS,
    "app_unknown": _NOT_THEIRS,
    "app_secret_wrong": _NOT_THEIRS,
    "app_blocked": _NOT_THEIRS,
    "address_not_allowed": _NOT_THEIRS,
    "clock_off": _NOT_THEIRS,
    "wrong_area": (
        gettext_lazy("The %(token)s belongs to another area: it is the %(where)s."),
        gettext_lazy("Paste each token into the field that names its area."),
    ),
    "wrong_app": (
        gettext_lazy("The %(token)s was issued for another app."),
        gettext_lazy(
            "Ask the person who sent you this link which app to choose in Temu under Get "
            "Authorization, and copy the token of that app."
        ),
    ),
    "expired_for_good": (gettext_lazy("The %(token)s has ended and is dead for good."), MAKE_NEW),
    "permission_missing": (
        gettext_lazy("The %(token)s was made without: %(permissions)s."),
        gettext_lazy(
            "In Temu tick all Standard and all Special authorizations and paste the new token; "
            "or go on without that."
        ),
    ),
    "two_stores": (
        gettext_lazy("The tokens belong to different stores."),
        gettext_lazy("Switch to the right store in Temu and copy all of its tokens there."),
    ),
    "token_of_another_store": (
        gettext_lazy("This token belongs to another store."),
        gettext_lazy("Switch to the right store in Temu and copy its token. Nothing was changed."),
    ),
    "store_type": (
        gettext_lazy("Temu says that this store is of another type than here."),
        TELL_THEM,
    ),
    "refused": (
        gettext_lazy("Temu refused the %(token)s."),
        gettext_lazy("Try again later, or tell the person who sent you this link."),
    ),
}


def finding(found: Finding) -> Words:
    """A finding for somebody who may see nothing but the form."""
    if found.cause in OF_THE_TOKEN_ALONE:
        return wording.finding(found)
    sentence, step = _OUTSIDE.get(found.cause, _OUTSIDE["refused"])
    values = _values(found)
    return Words(str(sentence) % values, str(step) % values)


def _values(found: Finding) -> dict[str, str]:
    data = found.data
    lacking: Iterable[Any] = data.get("permissions") or ()  # type: ignore[assignment]
    return {
        "token": slot_name(found.slot) if found.slot else _("token"),
        "kind": slot_name(str(data.get("kind", ""))),
        "where": slot_name(str(data.get("where", ""))),
        "permissions": wording.listed(_(one.purpose) for one in lacking),
    }

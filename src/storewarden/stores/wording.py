"""Causes in plain words: what is wrong, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from storewarden.marketplaces.base import Slot, TokenKind
from storewarden.stores.checking import Finding

AREA_NAMES = {
    "cn": gettext_lazy("CN / PA"),
    "us": gettext_lazy("US"),
    "eu": gettext_lazy("EU"),
    "global": gettext_lazy("Global"),
}
STORE_TYPES = {"semi": gettext_lazy("Semi-Consignment"), "full": gettext_lazy("Full-Consignment")}
STORE_STATES = {
    "authorized": gettext_lazy("Authorized"),
    "expiring": gettext_lazy("Expiring"),
    "expired": gettext_lazy("Expired"),
    "incomplete": gettext_lazy("Incomplete"),
    "paused": gettext_lazy("Paused"),
    "archived": gettext_lazy("Archived"),
}
CREDENTIAL_STATES = {
    "unchecked": gettext_lazy("Not checked yet"),
    "active": gettext_lazy("Active"),
    "expired": gettext_lazy("Expired"),
    "disconnected": gettext_lazy("Disconnected"),
    "wrong_app": gettext_lazy("Wrong app"),
    "scope_missing": gettext_lazy("Permission missing"),
    "app_blocked": gettext_lazy("App blocked"),
}
DEEDS = {
    "connected": gettext_lazy("Store connected"),
    "reattached": gettext_lazy("Store connected again, its data attached"),
    "same_token_again": gettext_lazy("Same token entered again"),
    "new_token": gettext_lazy("New token entered"),
    "renamed": gettext_lazy("Renamed"),
    "paused": gettext_lazy("Paused"),
    "resumed": gettext_lazy("Resumed"),
    "archived": gettext_lazy("Archived, tokens destroyed"),
    "stock_push_on": gettext_lazy("Stock push switched on"),
    "stock_push_off": gettext_lazy("Stock push switched off"),
    "died": gettext_lazy("Token stopped working"),
    "recovered_token": gettext_lazy("Token works again"),
    "recovered": gettext_lazy("Orders missed meanwhile brought in"),
    "state_changed": gettext_lazy("State changed"),
    "end_changed": gettext_lazy("Temu changed the expiry date"),
    "link_made": gettext_lazy("Renewal link made"),
    "link_revoked": gettext_lazy("Renewal link revoked"),
}

SILENCES = {
    "timeout": gettext_lazy("no answer in time"),
    "connection": gettext_lazy("no connection"),
    "garbled": gettext_lazy("an answer that is not whole"),
    "http": gettext_lazy("an error page instead of an answer"),
    "unexpected": gettext_lazy("an answer of an unknown shape"),
    "throttled": gettext_lazy("too many calls at once"),
    "unwell": gettext_lazy("a fault inside Temu"),
    "computing": gettext_lazy("the figures are still being computed"),
}


@dataclass(frozen=True)
class Words:
    """A sentence that says what is wrong, and one that says what to do."""

    sentence: str
    next_step: str


def slot_name(slot: Slot | str) -> str:
    """`order:us` → Order shipping token (US)."""
    kind, _colon, area = str(slot).partition(":")
    if kind == TokenKind.PRODUCT:
        return _("product stock token")
    if not area:
        return _("order shipping token")
    return _("order shipping token (%(area)s)") % {"area": AREA_NAMES.get(area, area)}


def silence(reason: str) -> str:
    """Why nothing is known, as a short noun phrase. What is no code of ours stays as it came."""
    return str(SILENCES.get(reason, reason))


def listed(texts: Iterable[Any]) -> str:
    """Several things in one line."""
    return pgettext("list separator", ", ").join(str(one) for one in texts)


def labelled(label: Any, text: Any) -> str:
    """What it is about, and what there is to say."""
    return pgettext("label and text", "%(label)s: %(text)s") % {"label": label, "text": text}


def bracketed(text: Any, aside: Any) -> str:
    """A text with a remark behind it."""
    return pgettext("text and aside", "%(text)s (%(aside)s)") % {"text": text, "aside": aside}


def day(when: Any) -> str:
    """A date and time in the reader's zone, without seconds."""
    return date_format(localtime(when), "Y-m-d H:i")


def nothing_to_check() -> Words:
    return Words(_("No token was entered."), _("Paste the tokens that this store type needs."))


def finding(found: Finding) -> Words:
    """A finding in words."""
    sentence, step = _FINDINGS.get(found.cause, _FINDINGS["refused"])
    values = _values(found)
    return Words(str(sentence) % values, str(step) % values)


def _values(found: Finding) -> dict[str, str]:
    data = found.data
    return {
        "token": slot_name(found.slot) if found.slot else _("token"),
        "area": str(AREA_NAMES.get(found.slot.area, found.slot.area)) if found.slot else "",
        "message": silence(found.message) if found.cause == "unreachable" else found.message,
        "code": found.code,
        "nickname": str(data.get("nickname", "")),
        "permissions": listed(map(_purpose, _each(data.get("permissions")))),
        "malls": " / ".join(str(one) for one in _each(data.get("malls"))),
        "mall": str(data.get("mall", "")),
        "end": day(data["end"]) if data.get("end") else "",
        "seconds": _seconds(data.get("seconds")),
        "real": str(STORE_TYPES.get(str(data.get("real", "")), "")),
        "where": slot_name(str(data["where"])) if data.get("where") else "",
        "kind": slot_name(str(data.get("kind", ""))),
    }


def _each(value: Any) -> list[Any]:
    return list(value) if value else []


def _purpose(permission: Any) -> str:
    return bracketed(_(permission.purpose), permission.scope)


def _seconds(value: Any) -> str:
    if value is None:
        return _("more than 300 seconds")
    return _("%(number)d seconds") % {"number": abs(round(value))}


MAKE_NEW = gettext_lazy(
    "In Temu open Service Marketplace › Authorization Management, make a new token for this "
    "app with everything ticked, and paste it here."
)

_FINDINGS: dict[str, tuple[Any, Any]] = {
    "token_required": (
        gettext_lazy("The %(kind)s is missing."),
        gettext_lazy("This store type needs it: paste it, or choose the other store type."),
    ),
    "app_missing": (
        gettext_lazy(
            "No developer app is registered for the %(area)s area, so its token cannot be used."
        ),
        gettext_lazy("Add the app's key and secret under Settings › Developer apps first."),
    ),
    "unreachable": (
        gettext_lazy(
            "Temu could not be reached (%(message)s), so nothing is known about the %(token)s."
        ),
        gettext_lazy("Try again in a minute. Nothing was stored."),
    ),
    "swapped": (
        gettext_lazy("This is the %(where)s, pasted in the wrong field."),
        gettext_lazy("Swap the two tokens."),
    ),
    "wrong_area": (
        gettext_lazy("The %(token)s belongs to another area: it is the %(where)s."),
        gettext_lazy("Move it to that area."),
    ),
    "wrong_app": (
        gettext_lazy("The %(token)s was issued for another app, not for yours."),
        gettext_lazy(
            "A token works only with its own app. In Temu choose your own app under Get "
            "Authorization and copy that token, or register the other app under Developer apps."
        ),
    ),
    "token_unknown": (
        gettext_lazy(
            "Temu does not know the %(token)s: it is mistyped, was removed, or is of another area."
        ),
        gettext_lazy(
            "Copy it again in Temu, whole. If you removed the app there, authorize it again."
        ),
    ),
    "local_store": (
        gettext_lazy(
            "This is a local store; only semi- and full-consignment stores can be connected."
        ),
        gettext_lazy("Switch to a consignment store in Temu and copy its tokens."),
    ),
    "not_authorized": (
        gettext_lazy("The seller has removed the authorization of the %(token)s in Temu."),
        gettext_lazy("Authorize the app there again and paste the token."),
    ),
    "token_expired": (gettext_lazy("The %(token)s has expired."), MAKE_NEW),
    "token_expired_or_replaced": (
        gettext_lazy("The %(token)s has expired, or a newer one replaced it."),
        MAKE_NEW,
    ),
    "expired_for_good": (
        gettext_lazy("The %(token)s ended on %(end)s and is dead for good."),
        MAKE_NEW,
    ),
    "clock_off": (
        gettext_lazy("This machine's clock is off by %(seconds)s; Temu allows 300."),
        gettext_lazy("Set the clock (switch on NTP) and check again. The token may be all right."),
    ),
    "core_permission_missing": (
        gettext_lazy("The %(token)s lacks what its main job needs: %(permissions)s."),
        gettext_lazy(
            "In Temu tick all Standard and all Special authorizations, confirm, and paste the "
            "token shown there."
        ),
    ),
    "permission_missing": (
        gettext_lazy("The %(token)s was made without: %(permissions)s."),
        gettext_lazy(
            "In Temu tick all Standard and all Special authorizations and paste the new token; "
            "or connect anyway, without that."
        ),
    ),
    "scope_missing": (
        gettext_lazy("The %(token)s may not do this: a permission is missing."),
        gettext_lazy(
            "In Temu tick all Standard and all Special authorizations and paste the new token."
        ),
    ),
    "app_blocked": (
        gettext_lazy("Temu has suspended your developer app for the %(area)s area."),
        gettext_lazy("Ask Temu's partner support why; the token itself may be all right."),
    ),
    "app_unknown": (
        gettext_lazy(
            "Temu does not know the app key of the %(area)s area, or it may not use this."
        ),
        gettext_lazy("Check the app key under Settings › Developer apps, and its area."),
    ),
    "app_secret_wrong": (
        gettext_lazy("The app secret of the %(area)s area is wrong: Temu refuses our signature."),
        gettext_lazy("Enter the app secret again under Settings › Developer apps."),
    ),
    "address_not_allowed": (
        gettext_lazy("This machine's address is not on the IP list of your app."),
        gettext_lazy("Add it in the app's compliance form on Temu's partner site."),
    ),
    "two_stores": (
        gettext_lazy("The tokens belong to different stores (%(malls)s)."),
        gettext_lazy("Switch to one store in Temu and copy all of its tokens there."),
    ),
    "token_of_another_store": (
        gettext_lazy("This token belongs to another store; this one is shop %(mall)s."),
        gettext_lazy("Switch to this store in Temu and copy its token. Nothing was changed."),
    ),
    "already_connected": (
        gettext_lazy("This store is connected already, as “%(nickname)s”."),
        gettext_lazy("Reauthorize it instead."),
    ),
    "reattach": (
        gettext_lazy(
            "This store was here before, as “%(nickname)s”. Its data will be attached again."
        ),
        gettext_lazy("Go on to connect it."),
    ),
    "being_deleted": (
        gettext_lazy("This store, “%(nickname)s”, is being deleted right now."),
        gettext_lazy("Wait until that has finished; then connect it as a new store."),
    ),
    "store_type": (
        gettext_lazy("This store is a %(real)s store."),
        gettext_lazy("Switch the store type."),
    ),
    "no_shop_id": (
        gettext_lazy("Temu did not say which shop the %(token)s belongs to."),
        gettext_lazy("Try again in a minute; if it stays so, make a new token."),
    ),
    "refused": (
        gettext_lazy("Temu refused the %(token)s: %(message)s"),
        gettext_lazy("Look the code %(code)s up in Temu's documentation, or try again later."),
    ),
}


def state_cause(cause: str) -> Words:
    """Why a credential or store does not work, for chips, pages and commands."""
    sentence, step = _CAUSES.get(cause, _CAUSES[""])
    return Words(str(sentence), str(step))


REAUTHORIZE = gettext_lazy("Make a new token in Temu and enter it under Reauthorize.")
_CAUSES: dict[str, tuple[Any, Any]] = {
    "": ("", ""),
    "expired": (gettext_lazy("Its validity has ended."), REAUTHORIZE),
    "expired_or_replaced": (gettext_lazy("It has ended, or a newer one replaced it."), REAUTHORIZE),
    "replaced": (
        gettext_lazy("Replaced by a newer token."),
        gettext_lazy("Somebody generated a new token in Temu: enter that one under Reauthorize."),
    ),
    "disconnected": (
        gettext_lazy("Disconnected in Seller Central."),
        gettext_lazy(
            "Authorize the app in Temu again, copy the same token and enter it under Reauthorize."
        ),
    ),
    "archived": (
        gettext_lazy("Archived; the token was destroyed."),
        gettext_lazy("Connect the store again."),
    ),
    "wrong_app": (
        gettext_lazy("It belongs to another app."),
        gettext_lazy("Enter a token of your own app, or register its app under Developer apps."),
    ),
    "wrong_area": (gettext_lazy("It belongs to another area."), REAUTHORIZE),
    "permission_missing": (
        gettext_lazy("A permission is missing; what needs it does not work."),
        gettext_lazy("Tick all authorizations in Temu and enter the new token under Reauthorize."),
    ),
    "core_permission_missing": (
        gettext_lazy("A permission for its main job is missing."),
        gettext_lazy("Tick all authorizations in Temu and enter the new token under Reauthorize."),
    ),
    "app_blocked": (
        gettext_lazy("Temu has suspended the developer app."),
        gettext_lazy("Ask Temu's partner support why."),
    ),
    "app_unknown": (
        gettext_lazy("Temu does not know the app key."),
        gettext_lazy("Check the app under Settings › Developer apps."),
    ),
    "app_secret_wrong": (
        gettext_lazy("The app secret is wrong."),
        gettext_lazy("Enter it again under Settings › Developer apps."),
    ),
    "address_not_allowed": (
        gettext_lazy("This machine's address is not on the app's IP list."),
        gettext_lazy("Add it in the app's compliance form on Temu's partner site."),
    ),
    "token_missing": (
        gettext_lazy("A required token has not been entered."),
        gettext_lazy("Enter it under Reauthorize."),
    ),
}

"""Causes in plain words: what is wrong, and what to do next."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from storewarden.marketplaces.base import Slot, TokenKind
from storewarden.stores.checking import Finding

AREA_NAMES = {
    "cn": lazy("CN / PA"),
    "us": lazy("US"),
    "eu": lazy("EU"),
    "global": lazy("Global"),
}
STORE_TYPES = {"semi": lazy("Semi-Consignment"), "full": lazy("Full-Consignment")}
STORE_STATES = {
    "authorized": lazy("Authorized"),
    "expiring": lazy("Expiring"),
    "expired": lazy("Expired"),
    "incomplete": lazy("Incomplete"),
    "paused": lazy("Paused"),
    "archived": lazy("Archived"),
}
CREDENTIAL_STATES = {
    "unchecked": lazy("Not checked yet"),
    "active": lazy("Active"),
    "expired": lazy("Expired"),
    "disconnected": lazy("Disconnected"),
    "wrong_app": lazy("Wrong app"),
    "scope_missing": lazy("Permission missing"),
    "app_blocked": lazy("App blocked"),
}
DEEDS = {
    "connected": lazy("Store connected"),
    "reattached": lazy("Store connected again, its data attached"),
    "same_token_again": lazy("Same token entered again"),
    "new_token": lazy("New token entered"),
    "renamed": lazy("Renamed"),
    "paused": lazy("Paused"),
    "resumed": lazy("Resumed"),
    "archived": lazy("Archived, tokens destroyed"),
    "stock_push_on": lazy("Stock push switched on"),
    "stock_push_off": lazy("Stock push switched off"),
    "died": lazy("Token stopped working"),
    "recovered_token": lazy("Token works again"),
    "recovered": lazy("Orders missed meanwhile brought in"),
    "state_changed": lazy("State changed"),
    "end_changed": lazy("Temu changed the expiry date"),
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
        "message": found.message,
        "code": found.code,
        "nickname": str(data.get("nickname", "")),
        "permissions": ", ".join(_purpose(one) for one in _each(data.get("permissions"))),
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
    return f"{_(permission.purpose)} ({permission.scope})"


def _seconds(value: Any) -> str:
    if value is None:
        return _("more than 300 seconds")
    return _("%(number)d seconds") % {"number": abs(round(value))}


MAKE_NEW = lazy(
    "In Temu open Service Marketplace › Authorization Management, make a new token for this "
    "app with everything ticked, and paste it here."
)

_FINDINGS: dict[str, tuple[Any, Any]] = {
    "token_required": (
        lazy("The %(kind)s is missing."),
        lazy("This store type needs it: paste it, or choose the other store type."),
    ),
    "app_missing": (
        lazy("No developer app is registered for the %(area)s area, so its token cannot be used."),
        lazy("Add the app's key and secret under Settings › Developer apps first."),
    ),
    "unreachable": (
        lazy("Temu could not be reached (%(message)s), so nothing is known about the %(token)s."),
        lazy("Try again in a minute. Nothing was stored."),
    ),
    "swapped": (
        lazy("This is the %(where)s, pasted in the wrong field."),
        lazy("Swap the two tokens."),
    ),
    "wrong_area": (
        lazy("The %(token)s belongs to another area: it is the %(where)s."),
        lazy("Move it to that area."),
    ),
    "wrong_app": (
        lazy("The %(token)s was issued for another app, not for yours."),
        lazy(
            "A token works only with its own app. In Temu choose your own app under Get "
            "Authorization and copy that token, or register the other app under Developer apps."
        ),
    ),
    "token_unknown": (
        lazy(
            "Temu does not know the %(token)s: it is mistyped, was removed, or is of another area."
        ),
        lazy("Copy it again in Temu, whole. If you removed the app there, authorize it again."),
    ),
    "local_store": (
        lazy("This is a local store; only semi- and full-consignment stores can be connected."),
        lazy("Switch to a consignment store in Temu and copy its tokens."),
    ),
    "not_authorized": (
        lazy("The seller has removed the authorization of the %(token)s in Temu."),
        lazy("Authorize the app there again and paste the token."),
    ),
    "token_expired": (lazy("The %(token)s has expired."), MAKE_NEW),
    "token_expired_or_replaced": (
        lazy("The %(token)s has expired, or a newer one replaced it."),
        MAKE_NEW,
    ),
    "expired_for_good": (
        lazy("The %(token)s ended on %(end)s and is dead for good."),
        MAKE_NEW,
    ),
    "clock_off": (
        lazy("This machine's clock is off by %(seconds)s; Temu allows 300."),
        lazy("Set the clock (switch on NTP) and check again. The token may be all right."),
    ),
    "core_permission_missing": (
        lazy("The %(token)s lacks what its main job needs: %(permissions)s."),
        lazy(
            "In Temu tick all Standard and all Special authorizations, confirm, and paste the "
            "token shown there."
        ),
    ),
    "permission_missing": (
        lazy("The %(token)s was made without: %(permissions)s."),
        lazy(
            "In Temu tick all Standard and all Special authorizations and paste the new token; "
            "or connect anyway, without that."
        ),
    ),
    "scope_missing": (
        lazy("The %(token)s may not do this: a permission is missing."),
        lazy("In Temu tick all Standard and all Special authorizations and paste the new token."),
    ),
    "app_blocked": (
        lazy("Temu has suspended your developer app for the %(area)s area."),
        lazy("Ask Temu's partner support why; the token itself may be all right."),
    ),
    "app_unknown": (
        lazy("Temu does not know the app key of the %(area)s area, or it may not use this."),
        lazy("Check the app key under Settings › Developer apps, and its area."),
    ),
    "app_secret_wrong": (
        lazy("The app secret of the %(area)s area is wrong: Temu refuses our signature."),
        lazy("Enter the app secret again under Settings › Developer apps."),
    ),
    "address_not_allowed": (
        lazy("This machine's address is not on the IP list of your app."),
        lazy("Add it in the app's compliance form on Temu's partner site."),
    ),
    "two_stores": (
        lazy("The tokens belong to different stores (%(malls)s)."),
        lazy("Switch to one store in Temu and copy all of its tokens there."),
    ),
    "token_of_another_store": (
        lazy("This token belongs to another store; this one is shop %(mall)s."),
        lazy("Switch to this store in Temu and copy its token. Nothing was changed."),
    ),
    "already_connected": (
        lazy("This store is connected already, as “%(nickname)s”."),
        lazy("Reauthorize it instead."),
    ),
    "reattach": (
        lazy("This store was here before, as “%(nickname)s”. Its data will be attached again."),
        lazy("Go on to connect it."),
    ),
    "store_type": (
        lazy("This store is a %(real)s store."),
        lazy("Switch the store type."),
    ),
    "no_shop_id": (
        lazy("Temu did not say which shop the %(token)s belongs to."),
        lazy("Try again in a minute; if it stays so, make a new token."),
    ),
    "refused": (
        lazy("Temu refused the %(token)s: %(message)s"),
        lazy("Look the code %(code)s up in Temu's documentation, or try again later."),
    ),
}


def state_cause(cause: str) -> Words:
    """Why a credential or store does not work, for chips, pages and commands."""
    sentence, step = _CAUSES.get(cause, _CAUSES[""])
    return Words(str(sentence), str(step))


REAUTHORIZE = lazy("Make a new token in Temu and enter it under Reauthorize.")
_CAUSES: dict[str, tuple[Any, Any]] = {
    "": ("", ""),
    "expired": (lazy("Its validity has ended."), REAUTHORIZE),
    "expired_or_replaced": (lazy("It has ended, or a newer one replaced it."), REAUTHORIZE),
    "replaced": (
        lazy("Replaced by a newer token."),
        lazy("Somebody generated a new token in Temu: enter that one under Reauthorize."),
    ),
    "disconnected": (
        lazy("Disconnected in Seller Central."),
        lazy(
            "Authorize the app in Temu again, copy the same token and enter it under Reauthorize."
        ),
    ),
    "archived": (lazy("Archived; the token was destroyed."), lazy("Connect the store again.")),
    "wrong_app": (
        lazy("It belongs to another app."),
        lazy("Enter a token of your own app, or register its app under Developer apps."),
    ),
    "wrong_area": (lazy("It belongs to another area."), REAUTHORIZE),
    "permission_missing": (
        lazy("A permission is missing; what needs it does not work."),
        lazy("Tick all authorizations in Temu and enter the new token under Reauthorize."),
    ),
    "core_permission_missing": (
        lazy("A permission for its main job is missing."),
        lazy("Tick all authorizations in Temu and enter the new token under Reauthorize."),
    ),
    "app_blocked": (
        lazy("Temu has suspended the developer app."),
        lazy("Ask Temu's partner support why."),
    ),
    "app_unknown": (
        lazy("Temu does not know the app key."),
        lazy("Check the app under Settings › Developer apps."),
    ),
    "app_secret_wrong": (
        lazy("The app secret is wrong."),
        lazy("Enter it again under Settings › Developer apps."),
    ),
    "address_not_allowed": (
        lazy("This machine's address is not on the app's IP list."),
        lazy("Add it in the app's compliance form on Temu's partner site."),
    ),
    "token_missing": (
        lazy("A required token has not been entered."),
        lazy("Enter it under Reauthorize."),
    ),
}

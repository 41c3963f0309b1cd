"""Who is looking at which store on which site; what every page needs to know of its request."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from temu_sandbox.seller_central.words import say
from temu_sandbox.world.model import ORDER_AREAS, Account, Mall
from temu_sandbox.world.world import World

SITES = {
    "cn": ("Seller Center", "卖家中心"),
    "us": ("Seller Central US", "美国站"),
    "eu": ("Seller Central EU", "欧洲站"),
    "global": ("Seller Central Global", "全球站"),
}
"""The back offices by token area: products (cn-pa-api.md 3.3) and orders (partner-api.md 3.1)."""

_LAST_PAGE = 10**6


@dataclass(frozen=True)
class Visit:
    """A signed-in account, the store it looks at, and all the stores of its seller."""

    account: Account
    mall: Mall
    malls: tuple[Mall, ...]

    @property
    def sites(self) -> tuple[str, ...]:
        return sites_of(self.mall)


class InputError(ValueError):
    """What was typed cannot be meant; the text says what to type instead."""


def sites_of(mall: Mall) -> tuple[str, ...]:
    """Full-consignment stores have no order back office: the platform ships for them."""
    if mall.kind == "full":
        return ("cn",)
    return ("cn", *(area for area in ORDER_AREAS if mall.region_in(area) is not None))


def world() -> World:
    return cast(World, current_app.config["WORLD"])


def visit() -> Visit:
    """The visit of this request; only for pages behind the sign-in."""
    return cast(Visit, g.visit)


def signed_in() -> Visit | None:
    """Read the visit out of the session; a world that was replaced signs everybody out."""
    account_id = session.get("account")
    account = next((a for a in world().directory.accounts() if a.id == account_id), None)
    if account is None:
        return None
    malls = tuple(world().directory.malls(account.seller_id))
    mall = next((m for m in malls if m.mall_id == session.get("mall")), malls[0])
    return Visit(account, mall, malls)


def open_the_door() -> Response | None:
    """Before each page but the sign-in: who is it, and is the site one of the store's?"""
    g.visit = signed_in()
    if request.method == "POST":
        _check_form_token()
    if g.visit is None and not _is_open(request.endpoint or ""):
        return redirect(url_for("seller_central.sign_in.index", next=request.full_path), 303)
    site = (request.view_args or {}).get("site")
    if site is not None and site not in SITES:
        abort(404, say("There is no such site; choose one at the top of the page."))
    if site is not None and g.visit is not None and site not in g.visit.sites:
        abort(
            404, say("This store does not sell on that site; choose another site or another store.")
        )
    return None


def form_token() -> str:
    """Stands in every form of this account."""
    key = current_app.secret_key
    secret = key.encode() if isinstance(key, str) else bytes(key or b"")
    return hmac.new(secret, f"form/{session.get('account')}".encode(), hashlib.sha256).hexdigest()


def safe_path(path: str | None) -> str:
    """``path`` if it leads to one of these pages, else their start."""
    if path and path.startswith("/seller-central/") and "\\" not in path:
        return path
    return url_for("seller_central.home")


def number(name: str, what: str, lowest: int, highest: int) -> int:
    """A whole number out of the form, or InputError with a sentence."""
    text = request.form.get(name, "").strip()
    digits = text.removeprefix("-")
    plain = digits.isascii() and digits.isdigit() and len(digits) < 16
    if not plain or not lowest <= int(text) <= highest:
        sentence = "{what} must be a whole number from {lowest} to {highest}."
        raise InputError(say(sentence, what=what, lowest=lowest, highest=highest))
    return int(text)


def page_number() -> int:
    """The page asked for, from 1 on; nonsense is page 1, far beyond the end is an empty page."""
    return min(max(1, request.values.get("page", 1, type=int)), _LAST_PAGE)


def moment(at_s: int | None) -> str:
    """POSIX seconds as people read them, in UTC."""
    return "–" if at_s is None else datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M")


def _is_open(endpoint: str) -> bool:
    return endpoint.startswith("seller_central.sign_in.") or endpoint in (
        "seller_central.static",
        "seller_central.language",
    )


def _check_form_token() -> None:
    # The session key follows from the world's seed, so the token alone could be guessed.
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400, say("This form was sent from another site."))
    if not hmac.compare_digest(request.form.get("form_token", ""), form_token()):
        abort(400, say("This form is out of date. Go back, reload the page and send it again."))

"""The life of a token, as product.md section 3 tells it.

* 90 days from issue (365 for a self-developed app's).
* Removing makes the token refused; authorizing again inside the validity revives *the same
  token* with the same end.
* Past the end a token is dead for good; a new one has a new end.
* A token generated anew kills the old one at once; there is no refresh call.
"""

import json
import sqlite3
from collections.abc import Sequence

from temu_sandbox.chance import token_text
from temu_sandbox.clock import WorldClock
from temu_sandbox.world.database import Database
from temu_sandbox.world.directory import Directory
from temu_sandbox.world.ledger import Ledger
from temu_sandbox.world.model import ORDER_AREAS, TOKEN_DAYS, Grant, GrantState
from temu_sandbox.world.packages import PACKAGES, packages_of, scopes_of

__all__ = ["PACKAGES", "AuthorizationError", "Authorizations", "Grant", "packages_of"]

_DAY_S = 86_400


class AuthorizationError(ValueError):
    """What Seller Central would answer; the text is a sentence for the person who asked."""


class Authorizations:
    """Grants of every mall, one living row for each mall x app x area."""

    def __init__(
        self,
        database: Database,
        clock: WorldClock,
        directory: Directory,
        ledger: Ledger,
        seed: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory
        self._ledger = ledger
        self._seed = seed

    def grant(self, mall_id: int, app_key: str, area: str, packages: Sequence[str]) -> Grant:
        """Get Authorization: the token to copy. ``packages`` are names out of PACKAGES.

        Usually a new token with a new end; whatever token this mall, app and area had before is
        replaced. Only where that token was removed inside its validity, and the same permissions
        are ticked, is it *the same token* again with the old end.
        """
        wanted = self._checked(mall_id, app_key, area, packages)
        with self._database.writing():
            before = self._living(mall_id, app_key, area)
            if before is not None and self._revivable(before) and before.packages == wanted:
                return self.authorize_again(before.id)
            return self._issue(mall_id, app_key, area, wanted, before)

    def authorize_again(self, grant_id: int) -> Grant:
        """Revive a removed token inside its validity: same token, same end."""
        with self._database.writing():
            grant = self.by_id(grant_id)
            if not self._revivable(grant):
                raise AuthorizationError(self._why_not_revivable(grant))
            return self._now(grant, "active", "token_revived")

    def generate_new(self, grant_id: int, packages: Sequence[str] | None = None) -> Grant:
        """Generate a new token; the old one is dead at once. None keeps the permissions."""
        with self._database.writing():
            old = self.by_id(grant_id)
            if old.state == "replaced":
                raise AuthorizationError(
                    "This token was already replaced by a newer one; generate from that one."
                )
            chosen = old.packages if packages is None else tuple(packages)
            wanted = self._checked(old.mall_id, old.app_key, old.area, chosen)
            return self._issue(old.mall_id, old.app_key, old.area, wanted, old)

    def remove(self, grant_id: int) -> Grant:
        """Remove authorization: the token is refused from now on."""
        with self._database.writing():
            grant = self.by_id(grant_id)
            if grant.state != "active":
                raise AuthorizationError(f"This authorization is not active: it is {grant.state}.")
            return self._now(grant, "removed", "token_removed")

    def age(self, grant_id: int, days: float) -> Grant:
        """For control: make the token ``days`` older than it is."""
        shift_s = round(days * _DAY_S)
        with self._database.writing():
            self._database.write(
                "UPDATE grants SET issued_at_s = issued_at_s - ?, expires_at_s = expires_at_s - ?"
                " WHERE id = ?",
                (shift_s, shift_s, grant_id),
            )
            grant = self.by_id(grant_id)
            self._record("token_aged", grant, days=days)
            return grant

    def of_mall(self, mall_id: int) -> list[Grant]:
        """Every grant the mall ever gave, the newest first; the living ones are not 'replaced'."""
        rows = self._database.all(
            "SELECT * FROM grants WHERE mall_id = ? ORDER BY id DESC", (mall_id,)
        )
        return [_grant(row) for row in rows]

    def by_token(self, token: str) -> Grant | None:
        """The grant of a token, dead ones too."""
        row = self._database.one("SELECT * FROM grants WHERE token = ?", (token,))
        return None if row is None else _grant(row)

    def by_id(self, grant_id: int) -> Grant:
        row = self._database.one("SELECT * FROM grants WHERE id = ?", (grant_id,))
        if row is None:
            raise KeyError(f"There is no authorization {grant_id} in this sandbox.")
        return _grant(row)

    def _checked(
        self, mall_id: int, app_key: str, area: str, packages: Sequence[str]
    ) -> tuple[str, ...]:
        app = self._directory.app(app_key)
        self._directory.mall(mall_id)
        if area not in ("cn", *ORDER_AREAS):
            raise AuthorizationError(f"There is no area {area}; choose cn, us, eu or global.")
        if app.area != area:
            raise AuthorizationError(
                f"The app {app.name} is registered for area {app.area}, not {area}; "
                f"it is not offered on this page."
            )
        if not scopes_of(area, packages):
            raise AuthorizationError("Tick at least one permission before you confirm.")
        return tuple(p.name for p in packages_of(area) if p.name in set(packages))

    def _issue(
        self, mall_id: int, app_key: str, area: str, packages: tuple[str, ...], old: Grant | None
    ) -> Grant:
        if old is not None:
            self._now(old, "replaced", "token_replaced")
        number = int(self._database.value("SELECT coalesce(max(id), 0) + 1 FROM grants"))
        now_s = self._clock.now_s()
        end_s = now_s + TOKEN_DAYS[self._directory.app(app_key).kind] * _DAY_S
        self._database.write(
            "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'active')",
            (number, mall_id, app_key, area, token_text(self._seed, number), now_s, end_s,
             json.dumps(packages, ensure_ascii=False), json.dumps(scopes_of(area, packages))),
        )  # fmt: skip
        grant = self.by_id(number)
        self._record("token_granted", grant)
        return grant

    def _living(self, mall_id: int, app_key: str, area: str) -> Grant | None:
        row = self._database.one(
            "SELECT * FROM grants WHERE mall_id = ? AND app_key = ? AND area = ?"
            " AND state <> 'replaced'",
            (mall_id, app_key, area),
        )
        return None if row is None else _grant(row)

    def _revivable(self, grant: Grant) -> bool:
        return grant.standing(self._clock.now_s()) == "removed"

    def _why_not_revivable(self, grant: Grant) -> str:
        return {
            "expired": "This token is past its end and cannot come back; get a new authorization.",
            "active": "This authorization is active already; there is nothing to enable.",
            "replaced": "This token was replaced by a newer one and cannot come back.",
        }[grant.standing(self._clock.now_s())]

    def _now(self, grant: Grant, state: GrantState, effect: str) -> Grant:
        self._database.write("UPDATE grants SET state = ? WHERE id = ?", (state, grant.id))
        self._record(effect, grant)
        return self.by_id(grant.id)

    def _record(self, effect: str, grant: Grant, **details: object) -> None:
        # The ledger is shown on pages and read by anyone: no token in it, only the grant's id.
        self._ledger.record(
            effect,
            mall_id=grant.mall_id,
            subject=f"grant {grant.id}",
            area=grant.area,
            details={"app_key": grant.app_key, "expires_at_s": grant.expires_at_s, **details},
        )


def _grant(row: sqlite3.Row) -> Grant:
    values = dict(row)
    values["packages"] = tuple(json.loads(values["packages"]))
    values["scopes"] = tuple(json.loads(values["scopes"]))
    return Grant(**values)

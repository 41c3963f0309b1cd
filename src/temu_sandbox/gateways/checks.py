"""What the gateway checks before an API type is asked, in this order:

body is an object, type, app_key, access_token, timestamp, data_type and sign present, app known,
sign right (nothing that depends on credentials comes before it, partner-api.md 1.3), timestamp
within 300 s, app not suspended, address listed, app may, token (known, of this app, alive), scope.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from temu_openapi.signing import sign
from temu_sandbox.gateways.call import ApiType
from temu_sandbox.gateways.envelope import GatewayError, gateway_error
from temu_sandbox.world.model import App, Grant
from temu_sandbox.world.world import World

CLOCK_TOLERANCE_S = 300
_PRESENT = (
    ("app_key", "no_app_key"),
    ("access_token", "no_token"),
    ("timestamp", "no_timestamp"),
    ("data_type", "no_data_type"),
    ("sign", "no_sign"),
)


class Checks:
    """The checks of one call at one gateway; each method raises GatewayError or lets it pass."""

    def __init__(self, world: World, gateway: str, address: str) -> None:
        self._world = world
        self._family = world.family(gateway)
        self._area = "cn" if gateway == "pa" else gateway
        self._gateway = gateway
        self._address = address

    def type_of(self, params: Mapping[str, Any], types: Mapping[str, ApiType]) -> ApiType:
        name = params.get("type")
        if not isinstance(name, str) or not name:
            self._refuse("no_type")
        found = types.get(name)
        if found is None or self._gateway not in found.gateways:
            self._refuse("unknown_type")
        return found

    def app_of(self, params: Mapping[str, Any]) -> App:
        """The app that signed: present, known here, signed with its secret, in time."""
        self._check_presence(params)
        app = self._world.directory.find_app(str(params["app_key"]))
        if app is None or app.area != self._area:
            self._refuse("unknown_app")
        self._check_sign(params, app)
        self._check_timestamp(params["timestamp"])
        return app

    def check_app(self, app: App, api_type: str) -> None:
        if app.suspended:
            self._refuse("app_suspended")
        if app.ip_list is not None and self._address not in app.ip_list:
            self._refuse("address_not_listed")
        if app.scopes is not None and api_type not in app.scopes:
            self._refuse("app_may_not")

    def grant_of(self, params: Mapping[str, Any], app: App, api_type: str) -> Grant:
        grant = self._world.authorizations.by_token(str(params["access_token"]))
        if grant is None:
            self._dead("unknown")
        if grant.area != self._area:
            self._dead("other_area")
        if grant.app_key != app.app_key:
            self._dead("other_app")
        standing = grant.standing(self._world.clock.now_s())
        if standing != "active":
            self._dead(standing)
        if api_type not in grant.scopes:
            self._refuse("no_scope")
        return grant

    def _check_presence(self, params: Mapping[str, Any]) -> None:
        for name, meaning in _PRESENT:
            # data_type is optional in the CN/PA table (cn-pa-api.md 1.2), required in the other.
            needless = name == "data_type" and self._family == "cn"
            if params.get(name) in (None, "") and not needless:
                self._refuse(meaning)
        data_type = params.get("data_type")
        if data_type is not None and str(data_type).upper() != "JSON":
            self._refuse("bad_data_type")

    def _check_sign(self, params: Mapping[str, Any], app: App) -> None:
        try:
            expected = sign(params, app.app_secret)
        except ValueError:
            expected = ""
        if params["sign"] != expected:
            self._refuse("bad_sign")

    def _check_timestamp(self, timestamp: object) -> None:
        text = str(timestamp)
        if not text.isdecimal() or len(text) != 10:
            self._refuse("timestamp_ahead" if text.isdecimal() else "timestamp_expired")
        ahead_s = int(text) - self._world.clock.now_s()
        if ahead_s > CLOCK_TOLERANCE_S:
            self._refuse("timestamp_ahead")
        if ahead_s < -CLOCK_TOLERANCE_S:
            self._refuse("timestamp_expired")

    def _dead(self, why: str) -> NoReturn:
        raise GatewayError(self._world.dead_token_codes[(self._family, why)])

    def _refuse(self, meaning: str) -> NoReturn:
        raise gateway_error(meaning, self._family)

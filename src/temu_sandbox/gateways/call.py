"""One checked call, as the handlers of the API types get it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from temu_sandbox.faults import Fault
from temu_sandbox.gateways.fields import Field
from temu_sandbox.world.model import App, Grant, Mall
from temu_sandbox.world.world import World


@dataclass(frozen=True)
class Call:
    """``gateway`` is where it came in (cn, pa, us, eu, global); ``grant.area`` is the token's."""

    world: World
    gateway: str
    api_type: str
    app: App
    grant: Grant
    mall: Mall
    params: Mapping[str, Any]
    faults: Mapping[str, Fault]

    def given(self, name: str, default: Any = None) -> Any:
        """A parameter; absent and null are the same."""
        value = self.params.get(name)
        return default if value is None else value


Handler = Callable[[Call], object]


@dataclass(frozen=True)
class ApiType:
    """An operation: on which gateways, with which parameters, done by whom."""

    name: str
    gateways: tuple[str, ...]
    handler: Handler
    fields: tuple[Field, ...] = ()
    shop_limited: bool = False

"""An owner (before the first one every page leads to making one), and a sandbox that calls us."""

from collections.abc import Callable

import pytest
from django.core.handlers.wsgi import WSGIHandler

from storewarden.people.models import User
from storewarden.stores.models import DeveloperApp
from temu_sandbox.control import Control
from temu_sandbox.webhook_post import over_wsgi
from temu_sandbox.world.world import World
from tests.arrivals.kit import path_of


@pytest.fixture(autouse=True)
def owner(request: pytest.FixtureRequest) -> User | None:
    if not request.node.get_closest_marker("django_db"):
        return None
    request.getfixturevalue("transactional_db" if _real(request) else "db")
    return User.objects.create(email="owner@example.test", is_active=True)


def _real(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture
def hooked(apps: dict[str, DeveloperApp], world: World, control: Control) -> Callable[..., None]:
    """Enter an app's callback address in Temu's portal: `hooked("us")`."""
    world.post = over_wsgi(WSGIHandler())

    def enter(area: str = "us", codes: list[str] | None = None) -> None:
        app = apps[area]
        control.set_callback(app.app_key, f"http://localhost{path_of(app)}", codes)

    return enter

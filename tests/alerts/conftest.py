"""Fixtures of the alerts' tests."""

from collections.abc import Iterator

import pytest

from storewarden import clock
from storewarden.alerts import sending, services
from tests.alerts.kit import Time
from tests.outward.servers import Receiver, receiving


@pytest.fixture
def time() -> Iterator[Time]:
    """Time for the product alone, without a sandbox beside it."""
    moved = Time()
    with clock.running_on(moved):
        yield moved


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def other_receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets and looks that wait for a moment only."""
    monkeypatch.setattr(services, "SOCKET_S", 0.3)
    monkeypatch.setattr(sending, "BUDGET_S", 0.8)

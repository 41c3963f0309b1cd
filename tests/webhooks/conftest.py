"""Virtual time, a receiver on this machine, and endpoints that lead there."""

from collections.abc import Callable, Iterator

import pytest

from storewarden import clock as product_clock
from tests.outward.servers import Receiver, receiving
from tests.webhooks.kit import Made, Time, made


@pytest.fixture
def time() -> Iterator[Time]:
    """Begins now, so that a receiver's library takes what was signed; moves by `advance` alone."""
    still = Time()
    with product_clock.running_on(still):
        yield still


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def endpoint(db: None, time: Time, receiver: Receiver) -> Callable[..., Made]:
    """Add an endpoint at the receiver: `endpoint("/hook", types=["store.expired"])`."""

    def make(path: str = "/hook", **wanted: object) -> Made:
        return made(f"http://127.0.0.1:{receiver.port}{path}", own_network=True, **wanted)

    return make

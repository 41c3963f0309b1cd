"""What the tests of renewal links share."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from storewarden.marketplaces.base import Slot, StoreType
from storewarden.stores.checks import Pasted
from storewarden.stores.models import RenewalLink, Store
from storewarden.stores.renewal import actions as links
from storewarden.vault import Secret
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore

ELSEWHERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def no_tries_yet() -> Iterator[None]:
    """Tries are counted in this process; each test begins at none."""
    limits = (links.WRONG_OF_A_CLIENT, links.WRONG_OF_ALL, links.ASKS_OF_A_LINK)
    for limit in limits:
        limit.forget()
    yield
    for limit in limits:
        limit.forget()


def made(store: Store, language: str = "en", hours: int = 72) -> tuple[RenewalLink, Secret]:
    return links.make_link(store, TESTER, language, hours)


def pasted(tokens: dict[Slot, str], store_type: StoreType = StoreType.SEMI) -> Pasted:
    return Pasted(store_type, {slot: Secret(text) for slot, text in tokens.items()})


def opens(secret: Secret, client: str = ELSEWHERE) -> bool:
    return links.open_link(secret, client) is not None


def page_of(secret: Secret, deed: str = "") -> str:
    return f"/renew/{secret.reveal()}/{deed}"


@pytest.fixture
def there(connect: Callable[..., ConnectedStore]) -> ConnectedStore:
    return connect("Home Goods US")


@pytest.fixture
def secret(there: ConnectedStore) -> Secret:
    return made(there.store)[1]


@pytest.fixture
def new_token(there: ConnectedStore, world: World) -> str:
    """What the holder of the main account makes in Temu: it ends the one before."""
    assert there.order is not None
    return world.authorizations.generate_new(there.order.id).token


def visitor(language: str = "en") -> Client:
    """A browser that was never here, and whose forms are checked like a real one's."""
    return Client(headers={"accept-language": language}, enforce_csrf_checks=True)

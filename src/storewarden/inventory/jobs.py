"""What the engine runs for stock."""

from storewarden import engine
from storewarden.catalog import rounds
from storewarden.catalog.queries import product_credential
from storewarden.inventory import queries
from storewarden.inventory.actions import refresh_stock
from storewarden.inventory.pushing import push_due
from storewarden.stores.models import Credential
from storewarden.stores.queries import find_store


@engine.job("inventory.push_due", every_s=5)
def push_due_figures() -> int:
    """Push what is due in every store; a dead token, an outage, a pause stop only their store."""
    return rounds.each("inventory.push", queries.due_pushes(), push_due)


@engine.job("inventory.read_due", every_s=60)
def read_due() -> int:
    """Read the stock of listings that were never read or whose listed quantity moved."""
    return rounds.each("inventory.read", queries.due_reads(), refresh_stock)


@engine.job("inventory.push")
def push(store_id: str) -> int:
    """Push one store's figures now, because a person waits for it."""
    credential = product_credential(find_store(store_id))
    return rounds.one_by_one("inventory.push", [credential], _urgently)


def _urgently(credential: Credential) -> object:
    return push_due(credential, urgent=True)

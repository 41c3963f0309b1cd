"""What the engine runs for listings."""

from storewarden import engine
from storewarden.catalog import queries, rounds
from storewarden.catalog.actions import pull_listings
from storewarden.stores.queries import find_store


@engine.job("catalog.pull_due", every_s=60)
def pull_due() -> int:
    """Pull the listings of every store that is due: new, asked for, or six hours old."""
    return rounds.each("catalog.pull", queries.due_pulls(), pull_listings)


@engine.job("catalog.pull")
def pull(store_id: str) -> int:
    """Pull one store's listings now, because a person asked."""
    credential = queries.product_credential(find_store(store_id))
    return rounds.one_by_one("catalog.pull", [credential], pull_listings)

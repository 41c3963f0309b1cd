"""Deleting in the background what people asked to be deleted."""

from storewarden import engine
from storewarden.stores.deletion.actions import carry_on_all


@engine.job("stores.delete", every_s=15)
def delete_asked() -> int:
    """Go on with every deletion that is not finished; a killed one is found again."""
    return carry_on_all()

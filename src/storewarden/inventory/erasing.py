"""What goes with a deleted store: the figures of its listings, their log, and the stock jobs."""

from storewarden.inventory.models import ShownStock, StockDeed, StockRead, StockWork
from storewarden.stores.erasing import Rows, of_tables

ERASER = of_tables(
    Rows(StockWork),
    Rows(StockRead, "listing__store"),
    Rows(StockDeed, "figure__sku__store"),
    Rows(ShownStock, "sku__store"),
)

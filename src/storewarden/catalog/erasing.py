"""What goes with a deleted store: its listings with their SKUs, and how far their pull came."""

from storewarden.catalog.models import CatalogPull, Listing, ListingSku
from storewarden.stores.erasing import Rows, of_tables

ERASER = of_tables(Rows(CatalogPull), Rows(ListingSku), Rows(Listing))

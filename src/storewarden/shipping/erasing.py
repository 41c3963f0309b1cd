"""What goes with a deleted store: its parcels and what is in them, and where they leave from."""

from storewarden.shipping.models import Parcel, ParcelItem, ShipFromWarehouse
from storewarden.stores.erasing import Rows, of_tables

ERASER = of_tables(
    Rows(ShipFromWarehouse),
    Rows(ParcelItem, "parcel__order__store"),
    Rows(Parcel, "order__store"),
)

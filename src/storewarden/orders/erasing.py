"""What goes with a deleted store: its orders with their lines and timelines, the inbox, cursors."""

from storewarden.orders.models import (
    Order,
    OrderCount,
    OrderEvent,
    OrderInbox,
    OrderLine,
    OrderPull,
)
from storewarden.stores.erasing import Rows, of_tables

ERASER = of_tables(
    Rows(OrderCount),
    Rows(OrderInbox),
    Rows(OrderPull, "credential__store"),
    Rows(OrderEvent, "order__store"),
    Rows(OrderLine, "order__store"),
    Rows(Order),
)

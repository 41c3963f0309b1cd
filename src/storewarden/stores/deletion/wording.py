"""What each area keeps of a store, as the question before deleting and the record name it."""

from django.utils.translation import gettext_lazy

ROWS_OF = {
    "orders": gettext_lazy("orders, their lines and their history"),
    "shipping": gettext_lazy("parcels"),
    "catalog": gettext_lazy("listings and their SKUs"),
    "inventory": gettext_lazy("stock figures and their log"),
    "stores": gettext_lazy("tokens and the history of the authorization"),
    "alerts": gettext_lazy("reminders"),
    "arrivals": gettext_lazy("messages from Temu"),
    "outbox": gettext_lazy("notices to other programs"),
    "webhooks": gettext_lazy("deliveries of webhooks"),
    "tables": gettext_lazy("lines of tables"),
}


def rows_of(area: str) -> str:
    """`orders` → orders, their lines and their history."""
    return str(ROWS_OF.get(area, area))

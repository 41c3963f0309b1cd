"""Which tone and icon a state of product.md has, so that it looks the same on every page."""

LOOKS: dict[str, tuple[str, str]] = {
    # credentials and stores (product.md 3)
    "authorized": ("ok", "shield-check"),
    "active": ("ok", "circle-check"),
    "expiring": ("warn", "hourglass"),
    "expired": ("bad", "plug-connected-x"),
    "disconnected": ("bad", "unlink"),
    "wrong_app": ("bad", "apps"),
    "scope_missing": ("warn", "lock"),
    "app_blocked": ("bad", "ban"),
    "incomplete": ("warn", "plug"),
    "paused": ("muted", "player-pause"),
    "archived": ("muted", "archive"),
    "unchecked": ("muted", "help-circle"),
    # orders (product.md 5)
    "on_hold": ("warn", "hourglass"),
    "to_ship": ("info", "package"),
    "partly_shipped": ("warn", "packages"),
    "shipped": ("ok", "truck-delivery"),
    "completed": ("ok", "checks"),
    "cancelled": ("muted", "x"),
    "unknown": ("warn", "help-circle"),
    # stock pushes and parcels
    "due": ("info", "clock"),
    "sent": ("info", "send"),
    "done": ("ok", "check"),
    "refused": ("bad", "alert-circle"),
    "differs": ("warn", "arrows-exchange"),
    "planned": ("info", "clock"),
    "sending": ("info", "send"),
    "confirmed": ("ok", "check"),
}
PLAIN = ("muted", "")


def look(state: str) -> tuple[str, str]:
    """Tone and icon; a state nobody told us about is grey, never green."""
    return LOOKS.get(state, PLAIN)

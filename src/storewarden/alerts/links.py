"""Where the pages are, as a message has to say it: whole addresses."""

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from storewarden.stores.models import Store

EVERYWHERE = ("0.0.0.0", "::", "[::]", "")  # noqa: S104  # read, never listened on


def base() -> str:
    """The address under which people open the pages; else that which this machine listens on."""
    config = settings.CONFIG
    if config.public_url:
        return str(config.public_url)
    names = [name for name in config.allowed_hosts if not name.startswith((".", "*"))]
    if config.https and names:
        return f"https://{names[0]}"
    host = "127.0.0.1" if config.host in EVERYWHERE else config.host
    return f"http://[{host}]:{config.port}" if ":" in host else f"http://{host}:{config.port}"


def path(name: str, **where: Any) -> str:
    """A page's path, or "" while there is no such page."""
    try:
        return reverse(name, kwargs=where)
    except NoReverseMatch:
        return ""


def queue() -> str:
    """Where stores are renewed one after another."""
    return path("stores:queue") or f"{path('stores:index')}?sort=expiry"


def reauthorize(store: Store) -> str:
    return path("stores:reauthorize", market=store.marketplace, pk=store.pk)


def own_page(store: Store) -> str:
    return path("stores:store", market=store.marketplace, pk=store.pk)


def to_ship(store: Store) -> str:
    """The orders of a store that have to leave, by deadline."""
    return f"{path('orders:index')}?store={store.pk}&sort=deadline"

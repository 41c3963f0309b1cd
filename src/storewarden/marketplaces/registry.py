"""The marketplaces this installation knows. Another one appears by being added here."""

from storewarden.marketplaces.base import Marketplace

_known: dict[str, Marketplace] = {}


def register(marketplace: Marketplace) -> None:
    _known[marketplace.key] = marketplace


def marketplace(key: str) -> Marketplace:
    return _known[key]


def all_marketplaces() -> list[Marketplace]:
    return list(_known.values())

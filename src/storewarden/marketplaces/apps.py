from django.apps import AppConfig


class MarketplacesConfig(AppConfig):
    name = "storewarden.marketplaces"

    def ready(self) -> None:
        from storewarden.marketplaces.registry import register
        from storewarden.marketplaces.temu.marketplace import Temu

        register(Temu())

from importlib import import_module

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "storewarden.inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("storewarden.inventory.jobs")

from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "storewarden.catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("storewarden.catalog.jobs")

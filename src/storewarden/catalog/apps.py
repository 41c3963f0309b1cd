from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "storewarden.catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.catalog import jobs  # noqa: F401  # registers its jobs
        from storewarden.catalog.erasing import ERASER
        from storewarden.stores import erasing

        erasing.register("catalog", ERASER)

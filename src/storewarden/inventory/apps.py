from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "storewarden.inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.inventory import jobs, queries  # noqa: F401  # jobs: registers its own
        from storewarden.inventory.erasing import ERASER
        from storewarden.stores import columns, erasing

        columns.register(columns.Column.STOCK_PUSH, queries.last_pushes)
        erasing.register("inventory", ERASER, before=["catalog"])

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "storewarden.inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.inventory import jobs, queries  # noqa: F401  # jobs: registers its own
        from storewarden.stores import columns

        columns.register(columns.Column.STOCK_PUSH, queries.last_pushes)

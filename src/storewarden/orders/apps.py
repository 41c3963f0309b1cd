from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "storewarden.orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.orders import jobs, queries  # noqa: F401  # jobs: registers its own
        from storewarden.orders.erasing import ERASER
        from storewarden.stores import columns, erasing

        columns.register(columns.Column.ORDER_PULL, queries.last_pulls)
        columns.register_progress("orders", queries.progress_of)
        erasing.register("orders", ERASER)

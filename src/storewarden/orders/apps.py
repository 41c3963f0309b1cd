from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "storewarden.orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.orders import jobs  # noqa: F401  # registers the engine's jobs

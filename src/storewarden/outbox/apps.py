from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "storewarden.outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.outbox import jobs  # noqa: F401  # registers its jobs

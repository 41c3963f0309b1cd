from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "storewarden.webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.outbox.handlers import subscribe
        from storewarden.stores import erasing
        from storewarden.webhooks import jobs  # noqa: F401  # registers its jobs
        from storewarden.webhooks.actions import plan_deliveries
        from storewarden.webhooks.erasing import ERASER

        subscribe("webhooks", plan_deliveries)
        erasing.register("webhooks", ERASER)

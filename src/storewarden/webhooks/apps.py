from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "storewarden.webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.outbox.handlers import subscribe
        from storewarden.webhooks import jobs  # noqa: F401  # registers its jobs
        from storewarden.webhooks.actions import plan_deliveries

        subscribe("webhooks", plan_deliveries)

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "storewarden.alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The two files of jobs register what is in them.
        from storewarden.alerts import composing, forgetting, jobs, sending_jobs  # noqa: F401
        from storewarden.outbox import handlers
        from storewarden.stores import erasing

        handlers.subscribe("alerts", composing.take_news)
        erasing.register("alerts", forgetting.ERASER)

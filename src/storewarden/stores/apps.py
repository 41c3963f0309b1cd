from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "storewarden.stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.stores import (  # noqa: F401  # register their jobs
            bulk_jobs,
            deletion_jobs,
            jobs,
        )

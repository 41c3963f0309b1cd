from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "storewarden.stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.stores import jobs  # noqa: F401  # registers its jobs

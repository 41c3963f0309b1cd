from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "storewarden.stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have each room register its jobs."""
        import storewarden.stores.deletion.jobs
        import storewarden.stores.jobs
        import storewarden.stores.tables.jobs  # noqa: F401

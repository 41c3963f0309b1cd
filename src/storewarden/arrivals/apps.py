from django.apps import AppConfig


class ArrivalsConfig(AppConfig):
    name = "storewarden.arrivals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.arrivals import jobs, queries  # noqa: F401  # jobs: registers its own
        from storewarden.arrivals.erasing import ERASER
        from storewarden.stores import columns, erasing

        columns.register_app_part("arrivals/_app.html", queries.app_events)
        erasing.register("arrivals", ERASER)

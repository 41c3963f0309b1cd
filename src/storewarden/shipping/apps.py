from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "storewarden.shipping"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from storewarden.shipping import jobs  # noqa: F401  # registers the engine's jobs
        from storewarden.shipping.erasing import ERASER
        from storewarden.stores import erasing

        erasing.register("shipping", ERASER, before=["orders"])

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "storewarden.calendars"
    default_auto_field = "django.db.models.BigAutoField"

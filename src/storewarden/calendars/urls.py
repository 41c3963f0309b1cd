"""Settings › Calendar, under settings/calendar/. The feed itself stands in web/urls.py."""

from django.urls import URLPattern, path

from storewarden.calendars import views

app_name = "calendars"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<uuid:pk>/revoke/", views.revoke, name="revoke"),
]

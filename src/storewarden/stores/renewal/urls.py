"""The addresses under renew/, which need no sign-in."""

from django.urls import URLPattern, path

from storewarden.stores.renewal import views as renewal

app_name = "renewal"

urlpatterns: list[URLPattern] = [
    path("<secret>/", renewal.renew, name="renew"),
    path("<secret>/check/", renewal.check, name="check"),
]

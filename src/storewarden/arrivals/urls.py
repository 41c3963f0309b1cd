"""Addresses of this area. The first one stands in Temu's portal, so it must not change."""

from django.urls import path

from storewarden.arrivals import views

app_name = "arrivals"

urlpatterns = [
    path("<slug:market>/<uuid:pk>/", views.receive, name="receive"),
    path("<uuid:pk>/ask-again/", views.ask_again, name="ask_again"),
]

"""Addresses of this area, under settings/webhooks/."""

from django.urls import URLPattern, path

from storewarden.webhooks import views

app_name = "webhooks"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("add/", views.add, name="add"),
    path("<uuid:pk>/", views.endpoint, name="endpoint"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/secret/", views.secret, name="secret"),
    path("<uuid:pk>/remove/", views.remove, name="remove"),
    path("<uuid:pk>/test/", views.test, name="test"),
    path("<uuid:pk>/<slug:deed>/", views.switch, name="switch"),
    path("<uuid:pk>/deliveries/<int:number>/", views.delivery, name="delivery"),
    path("<uuid:pk>/deliveries/<int:number>/redeliver/", views.redeliver, name="redeliver"),
]

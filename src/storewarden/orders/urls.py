"""Addresses of this area."""

from django.urls import path

from storewarden.orders import views

app_name = "orders"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.order, name="order"),
    path("inbox/", views.inbox, name="inbox"),
    path("pull/", views.pull, name="pull"),
    path("pulling/", views.pulling, name="pulling"),
]

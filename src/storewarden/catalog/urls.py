"""Addresses of the listings."""

from django.urls import path

from storewarden.catalog import views

app_name = "catalog"
urlpatterns = [
    path("", views.index, name="index"),
    path("pull/", views.pull, name="pull"),
    path("pull/<uuid:store_id>/", views.progress, name="progress"),
    path("<int:pk>/", views.listing, name="listing"),
]

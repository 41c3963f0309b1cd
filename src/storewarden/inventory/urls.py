"""Addresses of the stock."""

from django.urls import path

from storewarden.inventory import views

app_name = "inventory"
urlpatterns = [
    path("", views.index, name="index"),
    path("log/", views.log, name="log"),
    path("<int:pk>/", views.figure, name="figure"),
    path("<int:pk>/set/", views.set_figure, name="set"),
    path("listing/<int:pk>/", views.of_listing, name="of_listing"),
    path("listing/<int:pk>/read/", views.read, name="read"),
]

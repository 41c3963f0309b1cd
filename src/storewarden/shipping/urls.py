"""Addresses of this area."""

from django.urls import path

from storewarden.shipping import views

app_name = "shipping"
urlpatterns = [
    path("", views.index, name="index"),
    path("order/<int:order_pk>/", views.plan, name="plan"),
    path("order/<int:order_pk>/lists/", views.lists, name="lists"),
    path("parcel/<int:pk>/", views.parcel, name="parcel"),
]

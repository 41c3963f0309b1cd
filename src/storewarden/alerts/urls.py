"""Addresses of this area, under alerts/.

The list has a folder of its own, so that the room of the channels does not lie in it.
"""

from django.urls import URLPattern, path

from storewarden.alerts import channel_views, views

app_name = "alerts"

urlpatterns: list[URLPattern] = [
    path("", views.root, name="root"),
    path("bell/", views.bell, name="bell"),
    path("list/", views.index, name="index"),
    path("list/past/", views.past, name="past"),
    path("list/messages/", views.sent, name="messages"),
    path("list/acknowledge-all/", views.acknowledge_all, name="acknowledge_all"),
    path("list/<int:pk>/<slug:deed>/", views.answer, name="answer"),
    path("channels/", channel_views.index, name="channels"),
    path("channels/hours/", channel_views.hours, name="hours"),
    path("channels/add/", channel_views.choose, name="choose"),
    path("channels/add/<slug:service>/", channel_views.add, name="add"),
    path("channels/<uuid:pk>/", channel_views.change, name="change"),
    path("channels/<uuid:pk>/test/", channel_views.test, name="test"),
    path("channels/<uuid:pk>/remove/", channel_views.remove, name="remove"),
    path("channels/<uuid:pk>/address/<slug:service>/", channel_views.readdress, name="readdress"),
    path("channels/<uuid:pk>/switch/<slug:deed>/", channel_views.switch, name="switch"),
]

"""Addresses of this area, under settings/.

Each marketplace of the registry has its own; without one named, `stores:index`
is that of the first.
"""

from django.urls import URLPattern, URLResolver, include, path

from storewarden.marketplaces.registry import all_marketplaces
from storewarden.stores.views import adding, center, deeds, developer_apps, listing, own

app_name = "stores"

OF_A_MARKETPLACE: list[URLPattern] = [
    path("", listing.index, name="index"),
    path("add/", adding.add, name="add"),
    path("add/check/", adding.check_new, name="check"),
    path("<uuid:pk>/", own.store, name="store"),
    path("<uuid:pk>/progress/", own.progress, name="progress"),
    path("<uuid:pk>/reauthorize/", adding.reauthorize, name="reauthorize"),
    path("<uuid:pk>/reauthorize/check/", adding.check_again, name="check_again"),
    path("<uuid:pk>/probe/", deeds.probe_now, name="probe"),
    path("<uuid:pk>/rename/", deeds.rename, name="rename"),
    path("<uuid:pk>/archive/", deeds.archive, name="archive"),
    path("<uuid:pk>/<slug:deed>/", deeds.switch, name="switch"),
]
APPS: list[URLPattern] = [
    path("", developer_apps.apps, name="apps"),
    path("<uuid:pk>/remove/", developer_apps.remove, name="remove_app"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("authorization-center/", center.center, name="center"),
    path("developer-apps/", include(APPS)),
    *(
        path(f"authorization-center/{one.key}/", include(OF_A_MARKETPLACE), {"market": one.key})
        for one in all_marketplaces()
    ),
]

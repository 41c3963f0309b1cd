"""Addresses of this area, under settings/.

Each marketplace of the registry has its own; without one named, `stores:index`
is that of the first.
"""

from django.urls import URLPattern, URLResolver, include, path

from storewarden.marketplaces.registry import all_marketplaces
from storewarden.stores.deletion import views as deletion
from storewarden.stores.renewal import link_views as links
from storewarden.stores.renewal import queue_views as queue
from storewarden.stores.tables import views as tables
from storewarden.stores.timeline import views as timeline
from storewarden.stores.views import adding, center, deeds, developer_apps, listing, own

app_name = "stores"

OF_A_MARKETPLACE: list[URLPattern] = [
    path("", listing.index, name="index"),
    path("add/", adding.add, name="add"),
    path("add/check/", adding.check_new, name="check"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("deletions/", deletion.deletions, name="deletions"),
    path("deletions/<uuid:pk>/", deletion.deletion_progress, name="deletion"),
    path("table/connect/", tables.hand_in, {"kind": "connect"}, name="table_connect"),
    path("table/renew/", tables.hand_in, {"kind": "renew"}, name="table_renew"),
    path("table/<slug:kind>/template.<slug:form>", tables.template, name="table_template"),
    path("table/<uuid:pk>/", tables.table, name="table"),
    path("table/<uuid:pk>/progress/", tables.progress, name="table_progress"),
    path("table/<uuid:pk>/report/", tables.report, name="table_report"),
    path("table/<uuid:pk>/start/", tables.start, name="table_start"),
    path("table/<uuid:pk>/stop/", tables.stop, name="table_stop"),
    path("queue/", queue.queue, name="queue"),
    path("queue/again/", queue.again, name="queue_again"),
    path("queue/<uuid:pk>/", queue.save, name="queue_save"),
    path("queue/<uuid:pk>/check/", queue.check, name="queue_check"),
    path("queue/<uuid:pk>/skip/", queue.skip, name="queue_skip"),
    path("<uuid:pk>/", own.store, name="store"),
    path("<uuid:pk>/progress/", own.progress, name="progress"),
    path("<uuid:pk>/reauthorize/", adding.reauthorize, name="reauthorize"),
    path("<uuid:pk>/reauthorize/check/", adding.check_again, name="check_again"),
    path("<uuid:pk>/probe/", deeds.probe_now, name="probe"),
    path("<uuid:pk>/rename/", deeds.rename, name="rename"),
    path("<uuid:pk>/archive/", deeds.archive, name="archive"),
    path("<uuid:pk>/delete/", deletion.delete, name="delete"),
    path("<uuid:pk>/links/", links.of_store, name="links"),
    path("<uuid:pk>/links/<uuid:link>/revoke/", links.revoke, name="revoke_link"),
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

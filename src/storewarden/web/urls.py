"""Every address of the web face."""

from allauth.account.views import account_inactive, logout
from django.urls import include, path

from storewarden.calendars.views import feed as calendar_feed
from storewarden.web import entrance, health, home, metrics, preferences

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("accounts/login/", entrance.SignIn.as_view(), name="account_login"),
    path("accounts/logout/", logout, name="account_logout"),
    path("accounts/inactive/", account_inactive, name="account_inactive"),
    path("first-visit/", entrance.first_visit, name="first_visit"),
    path("i18n/setlang/", entrance.switch_language, name="set_language"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("settings/", include("storewarden.stores.urls")),
    path("renew/", include("storewarden.stores.renewal.urls")),
    path("settings/webhooks/", include("storewarden.webhooks.urls")),
    path("hooks/", include("storewarden.arrivals.urls")),
    path("alerts/", include("storewarden.alerts.urls")),
    path("settings/calendar/", include("storewarden.calendars.urls")),
    path("calendar/<secret>.ics", calendar_feed, name="calendar_feed"),
    path("listings/", include("storewarden.catalog.urls")),
    path("stock/", include("storewarden.inventory.urls")),
    path("orders/", include("storewarden.orders.urls")),
    path("shipping/", include("storewarden.shipping.urls")),
]

handler400 = "storewarden.web.views.bad_request"
handler403 = "storewarden.web.views.forbidden"
handler404 = "storewarden.web.views.not_found"
handler500 = "storewarden.web.views.broken"

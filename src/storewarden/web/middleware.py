"""What every request passes: headers, the first visit, the reader's time zone, plain refusals."""

import zoneinfo
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from storewarden.people.queries import nobody_yet
from storewarden.web.views import bad_request, refusal

Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class SecurityHeaders:
    """A strict content policy, and no copy of a private page in any cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), payment=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class NoNul:
    """NUL means nothing in an address, and PostgreSQL refuses to look for it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        request.META["QUERY_STRING"] = query.replace("%00", "").replace("\x00", "")
        return self.get_response(request)


class FirstVisit:
    """Until there is an owner, every page leads to making one."""

    open_paths = (
        "/static/",
        "/livez",
        "/readyz",
        "/metrics",
        "/calendar/",
        "/renew/",
        "/i18n/",
        "/first-visit/",
    )

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.somebody = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.somebody and not request.path.startswith(self.open_paths):
            if nobody_yet():
                return redirect(reverse("first_visit"))
            self.somebody = True
        return self.get_response(request)


class ReadersTimeZone:
    """Times are shown in the reader's zone: as set, else as the browser said (a cookie)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = getattr(request.user, "time_zone", "") or request.COOKIES.get("tz", "")
        try:
            zone = zoneinfo.ZoneInfo(name) if name else None
        except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError):
            zone = None
        with timezone.override(zone):
            return self.get_response(request)


class PlainRefusals:
    """Input that Django itself refuses gets a sentence, not a bare status."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.POST  # noqa: B018  # reads the body here, where its size is refused in words
        except RequestDataTooBig:
            return self.too_much(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, SuspiciousOperation):
            return bad_request(request, error)
        return None

    def too_much(self, request: HttpRequest) -> HttpResponse:
        return refusal(
            request,
            413,
            _("This is too much to send at once"),
            _("At most 2 MB can be read, so nothing was done."),
            _("Send less: split the table, or paste the one token that is needed."),
        )

"""/metrics for Prometheus: who may read it, and the answer."""

import hmac
import ipaddress
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.views.decorators.http import require_safe
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from storewarden import clock, meters
from storewarden.web.gauges import Gauges

PLAIN = "text/plain; charset=utf-8"
FORWARDED = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)
WRONG_TOKEN = "Send the token of STOREWARDEN_METRICS_TOKEN as “Authorization: Bearer …”."
NOT_FROM_HERE = (
    "Without STOREWARDEN_METRICS_TOKEN only a reader on this machine is answered, and none that "
    "comes through a proxy. Set it, and send it as “Authorization: Bearer …”."
)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The counters of the process that answers, and the gauges of all rows."""
    why_not = refused(request, settings.CONFIG.metrics_token)
    if why_not:
        return HttpResponse(why_not + "\n", status=403, content_type=PLAIN)
    rows = Gauges(clock.now(), nicknames=settings.CONFIG.metrics_nicknames)
    body = generate_latest(meters.REGISTRY) + generate_latest(rows)
    return HttpResponse(body, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def refused(request: HttpRequest, token: str) -> str:
    """Why this reader is not answered; "" when it is."""
    if token:
        return "" if sends(request, token) else WRONG_TOKEN
    return "" if is_on_this_machine(request) else NOT_FROM_HERE


def sends(request: HttpRequest, token: str) -> bool:
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode("utf-8", "surrogatepass"), token.encode())
    return same and scheme.lower() == "bearer"


def is_on_this_machine(request: HttpRequest) -> bool:
    """A reader at a loopback address, asking for one, with no proxy between that we know of.

    A proxy on this machine is at a loopback address too, so its marks count, and the setting that
    says there is one.
    """
    if settings.CONFIG.https or any(name in request.headers for name in FORWARDED):
        return False
    host, _port = split_domain_port(request.get_host())
    return is_loopback(request.META.get("REMOTE_ADDR", "")) and is_loopback(host.strip("[]"))


def is_loopback(address: str) -> bool:
    with suppress(ValueError):  # no address: a name
        found = ipaddress.ip_address(address)
        mapped = getattr(found, "ipv4_mapped", None)
        return bool((mapped or found).is_loopback)
    return address == "localhost"

"""For whoever watches the process: is it alive, can it work?"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse

from storewarden import __version__
from storewarden.web import readiness


@login_not_required
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"alive": True, "version": __version__})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Each thing that the work needs: true, false, or null when it was not looked at; 503 with
    the reason while one is false."""
    found = readiness.look()
    told = {"ready": not found.why, **found.parts}
    if found.why:
        return JsonResponse({**told, "why": found.why}, status=503)
    return JsonResponse(told)

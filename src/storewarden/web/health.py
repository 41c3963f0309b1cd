"""For whoever watches the process: is it alive, can it work?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from storewarden import __version__
from storewarden.people.queries import nobody_yet


@login_not_required
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"alive": True, "version": __version__})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and has its tables; 503 while not."""
    try:
        nobody_yet()
    except DatabaseError:
        why = "The database does not answer, or its tables are missing: run storewarden migrate."
        return JsonResponse({"ready": False, "why": why}, status=503)
    return JsonResponse({"ready": True})

"""What is asked about people."""

from django.http import HttpRequest

from storewarden.people.actions import Actor
from storewarden.people.models import User


def nobody_yet() -> bool:
    """True until the first owner is made."""
    return not User.objects.exists()


def actor_of(request: HttpRequest) -> Actor:
    """Who is behind a request (every page but sign-in has somebody)."""
    return Actor(str(request.user))

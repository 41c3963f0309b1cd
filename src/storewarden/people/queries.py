"""What is asked about people."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest

from storewarden.people.actions import Actor
from storewarden.people.models import User


def nobody_yet() -> bool:
    """True until the first owner is made."""
    return not User.objects.exists()


def actor_of(request: HttpRequest) -> Actor:
    """Who is behind a request (every page but sign-in has somebody)."""
    return Actor(str(request.user))


def home_zone() -> ZoneInfo:
    """The time zone of the desk: the first owner's, else UTC. "Today" is counted in it."""
    names = User.objects.order_by("pk").exclude(time_zone="").values_list("time_zone", flat=True)
    return ZoneInfo(names.first() or "UTC")

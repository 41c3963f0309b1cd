"""django-allauth, with the door closed: nobody signs up by himself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    """People are made by the owner (`storewarden createowner`, later invitations)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

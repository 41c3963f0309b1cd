"""Who may sign in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class PeopleManager(UserManager["User"]):
    """Makes people by e-mail address; there are no user names."""

    def create_owner(self, email: str, password: str) -> "User":
        person = self.model(email=self.normalize_email(email).lower(), role=User.Role.OWNER)
        person.username = person.email
        person.set_password(password)
        person.save(using=self._db)
        return person


class User(AbstractUser):
    """A person. The e-mail address is the name to sign in with.

    Roles beyond the owner, limits to stores and second factors build on `role`.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")

    email = models.EmailField(_("e-mail address"), unique=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.OWNER)
    language = models.CharField(max_length=12, blank=True, default="")
    time_zone = models.CharField(max_length=64, blank=True, default="")

    objects: ClassVar[PeopleManager] = PeopleManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

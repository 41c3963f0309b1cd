"""What can be done about people."""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from storewarden.people.models import User

LONGEST_ADDRESS = 254


class CannotMakeOwner(Exception):
    """The text says why and what to do."""


@dataclass(frozen=True)
class Actor:
    """Who does a deed: a person's e-mail address, or the name of a command or job."""

    name: str


def create_owner(email: str, password: str, *, first_only: bool = False) -> User:
    """Make an owner. With `first_only`, only while there is nobody yet.

    Raises CannotMakeOwner: bad address, weak password, address taken, not the first.
    """
    address = email.strip().lower()
    _check(address, password)
    with transaction.atomic():
        if first_only and User.objects.exists():
            raise CannotMakeOwner(_("There is an owner already. Sign in instead."))
        if User.objects.filter(email=address).exists():
            raise CannotMakeOwner(_("Somebody with this e-mail address exists already."))
        return User.objects.create_owner(address, password)


def _check(email: str, password: str) -> None:
    if len(email) > LONGEST_ADDRESS:
        raise CannotMakeOwner(_("This e-mail address is longer than 254 characters."))
    try:
        validate_email(email)
        validate_password(password, User(email=email))
    except ValidationError as problem:
        raise CannotMakeOwner(" ".join(str(text) for text in problem.messages)) from None


def keep_preferences(
    person: User, *, language: str | None = None, time_zone: str | None = None
) -> None:
    """Write the choices that are given; the others stay."""
    given = {"language": language, "time_zone": time_zone}
    chosen = {name: value for name, value in given.items() if value is not None}
    for name, value in chosen.items():
        setattr(person, name, value)
    person.save(update_fields=list(chosen))

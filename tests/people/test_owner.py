"""The first person."""

import pytest

from storewarden.people.actions import CannotMakeOwner, create_owner
from storewarden.people.models import User

GOOD = "a-long-enough-phrase-9"


def test_an_owner_is_made_with_the_address_as_the_name(db: None) -> None:
    person = create_owner(" Owner@Example.test ", GOOD)
    assert (person.email, person.role) == ("owner@example.test", "owner")
    assert person.check_password(GOOD)


def test_the_password_is_kept_as_argon2id(db: None) -> None:
    assert create_owner("o@example.test", GOOD).password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", GOOD),
        ("no address", GOOD),
        ("a\x00@example.test", GOOD),
        ("<script>@x", GOOD),
        ("o@" + "a." * 130 + "test", GOOD),
        ("o@example.test", ""),
        ("o@example.test", "short"),
        ("o@example.test", "password123"),
    ],
)
def test_bad_input_is_refused_and_nothing_stored(db: None, email: str, password: str) -> None:
    with pytest.raises(CannotMakeOwner):
        create_owner(email, password)
    assert not User.objects.exists()


def test_the_first_visit_makes_one_owner_only(db: None) -> None:
    create_owner("o@example.test", GOOD, first_only=True)
    with pytest.raises(CannotMakeOwner):
        create_owner("second@example.test", GOOD, first_only=True)


def test_an_address_is_taken_whatever_its_case(db: None) -> None:
    create_owner("o@example.test", GOOD)
    with pytest.raises(CannotMakeOwner):
        create_owner("O@EXAMPLE.test", GOOD)

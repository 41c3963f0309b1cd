"""The first visit makes the owner, and only the first."""

import pytest
from django.test import Client

from storewarden.people.models import User
from tests.web import factories

GOOD = {
    "email": "Owner@Example.test",
    "password": factories.PASSWORD,
    "again": factories.PASSWORD,
}


@pytest.mark.parametrize("path", ["/", "/preferences/", "/accounts/login/", "/orders/"])
def test_while_nobody_exists_every_page_leads_to_the_first_visit(db: None, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/first-visit/")


def test_the_first_visit_makes_the_owner_and_signs_in(db: None) -> None:
    client = Client()
    answer = client.post("/first-visit/", GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    person = User.objects.get()
    assert (person.email, person.role) == ("owner@example.test", User.Role.OWNER)
    assert client.get("/").status_code == 200


def test_a_second_owner_is_refused_and_not_made(db: None) -> None:
    factories.owner()
    answer = Client().post("/first-visit/", {**GOOD, "email": "second@example.test"})
    assert answer.status_code == 409
    assert "There is an owner already" in answer.content.decode()
    assert User.objects.count() == 1


def test_the_page_itself_is_closed_once_somebody_exists(db: None) -> None:
    factories.owner()
    assert Client().get("/first-visit/").status_code == 302


def test_two_visitors_at_once_make_one_owner(db: None) -> None:
    """The second form was opened while nobody existed, and comes in after the first."""
    first, second = Client(), Client()
    assert first.get("/first-visit/").status_code == second.get("/first-visit/").status_code == 200
    first.post("/first-visit/", GOOD)
    answer = second.post("/first-visit/", {**GOOD, "email": "second@example.test"})
    assert answer.status_code == 409
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": ""}, "This field is required"),
        ({"email": "   "}, "This field is required"),
        ({"email": "no address"}, "valid email address"),
        ({"email": "a\x00b@example.test"}, "Null characters are not allowed"),
        ({"email": "x" * 300 + "@example.test"}, "at most 254 characters"),
        ({"email": "<b>owner</b>@example.test"}, "valid email address"),
        ({"password": "short", "again": "short"}, "at least 10 characters"),
        ({"password": "password12", "again": "password12"}, "too common"),
        ({"again": "another-long-password"}, "The two passwords differ"),
        ({"password": "", "again": ""}, "This field is required"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(
    db: None, wrong: dict[str, str], sentence: str
) -> None:
    answer = Client().post("/first-visit/", {**GOOD, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.exists()


def test_a_password_of_emoji_and_blanks_is_kept_as_it_is(db: None) -> None:
    odd = " 🔑 a pass phrase 🔑 "
    Client().post("/first-visit/", {**GOOD, "password": odd, "again": odd})
    assert User.objects.get().check_password(odd)


def test_the_password_is_never_sent_back(db: None) -> None:
    answer = Client().post("/first-visit/", {**GOOD, "email": "no address"})
    assert factories.PASSWORD not in answer.content.decode()


def test_without_the_forms_own_token_nothing_is_made(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/first-visit/", GOOD)
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()
    assert not User.objects.exists()

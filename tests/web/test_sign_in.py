"""Signing in and out."""

import pytest
from django.test import Client

from tests.web import factories

RIGHT = {"login": factories.EMAIL, "password": factories.PASSWORD}


@pytest.fixture
def somebody(db: None) -> Client:
    factories.owner()
    return Client()


def test_the_right_password_opens_the_home_page(somebody: Client) -> None:
    answer = somebody.post("/accounts/login/", RIGHT)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert somebody.get("/").status_code == 200


def test_one_lands_where_one_wanted_to_go(somebody: Client) -> None:
    wall = somebody.get("/preferences/")
    answer = somebody.post(wall["Location"], {**RIGHT, "next": "/preferences/"})
    assert answer["Location"] == "/preferences/"


def test_nobody_is_sent_to_another_site_after_signing_in(somebody: Client) -> None:
    answer = somebody.post("/accounts/login/", {**RIGHT, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "wrong-password"}, "not correct"),
        ({"login": "stranger@example.test"}, "not correct"),
        ({"login": ""}, "This field is required"),
        ({"password": ""}, "This field is required"),
        ({"login": "' OR 1=1 --"}, "valid email address"),
        ({"login": "<script>alert(1)</script>"}, "valid email address"),
        ({"login": "a\x00b@example.test"}, "Null characters are not allowed"),
        ({"login": "\u202eowner@example.test"}, "valid email address"),
        ({"password": "\x00"}, "Null characters are not allowed"),
        ({"password": "🔑" * 1000}, "not correct"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(
    somebody: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = somebody.post("/accounts/login/", {**RIGHT, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "<script>alert" not in page
    assert "_auth_user_id" not in somebody.session


def test_ten_megabytes_are_refused_in_words(somebody: Client) -> None:
    answer = somebody.post("/accounts/login/", {**RIGHT, "password": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "This is too much to send at once" in answer.content.decode()


def test_the_error_stands_at_its_field_for_a_screen_reader(somebody: Client) -> None:
    page = somebody.post("/accounts/login/", {"login": "", "password": "x"}).content.decode()
    assert 'aria-describedby="id_login_error"' in page
    assert 'id="id_login_error"' in page
    assert 'aria-invalid="true"' in page


def test_many_wrong_tries_have_to_wait_and_are_told_so(somebody: Client) -> None:
    wrong = {**RIGHT, "password": "wrong-password"}
    answers = [somebody.post("/accounts/login/", wrong) for _try in range(12)]
    assert b"Too many" in answers[-1].content
    assert answers[-1].status_code in (422, 429)
    right = somebody.post("/accounts/login/", RIGHT)
    assert right.status_code in (422, 429)


def test_signing_out_takes_a_deliberate_press(somebody: Client) -> None:
    somebody.post("/accounts/login/", RIGHT)
    assert "Sign out?" in somebody.get("/accounts/logout/").content.decode()
    assert somebody.get("/").status_code == 200
    somebody.post("/accounts/logout/")
    assert somebody.get("/")["Location"].startswith("/accounts/login/")


def test_a_person_who_is_switched_off_cannot_sign_in(somebody: Client) -> None:
    person = factories.owner("second@example.test")
    person.is_active = False
    person.save()
    answer = somebody.post("/accounts/login/", {**RIGHT, "login": person.email}, follow=True)
    assert "_auth_user_id" not in somebody.session
    assert "switched off" in answer.content.decode()


def test_the_persons_own_language_comes_along(somebody: Client) -> None:
    person = factories.owner("second@example.test")
    person.language = "zh-hans"
    person.save()
    answer = somebody.post("/accounts/login/", {**RIGHT, "login": person.email}, follow=True)
    assert "需要处理的事项" in answer.content.decode()

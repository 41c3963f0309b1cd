"""Refusals are sentences, never a bare status and never a traceback."""

from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client

from storewarden.web import home
from tests.web import factories


def test_an_address_that_there_is_not_says_so(browser_of_owner: Client) -> None:
    answer = browser_of_owner.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert "desk-side" in answer.content.decode()


def test_a_stranger_sees_the_sentence_without_the_frame(db: None) -> None:
    factories.owner()
    page = Client().get("/nowhere/").content.decode()
    assert "There is no such page" in page
    assert "desk-side" not in page


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (PermissionDenied("secret-detail"), 403, "You may not do this"),
        (SuspiciousOperation("secret-detail"), 400, "This could not be read"),
        (RuntimeError("secret-detail"), 500, "Something broke"),
    ],
)
def test_what_goes_wrong_inside_is_told_without_its_details(
    browser_of_owner: Client, error: Exception, status: int, sentence: str
) -> None:
    browser_of_owner.raise_request_exception = False
    with patch.object(home, "glance", side_effect=error):
        answer = browser_of_owner.get("/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert "secret-detail" not in page
    assert "Traceback" not in page


def test_a_form_without_its_token_is_refused_in_words(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.owner())
    answer = client.post("/preferences/", {"language": "en"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_too_many_fields_are_refused_in_words(browser_of_owner: Client) -> None:
    answer = browser_of_owner.post("/preferences/", {f"f{n}": "x" for n in range(6000)})
    assert answer.status_code == 400
    assert "This could not be read" in answer.content.decode()


def test_a_body_that_is_no_form_is_refused_in_words(browser_of_owner: Client) -> None:
    answer = browser_of_owner.post(
        "/preferences/", b"\xff\x00 no form", content_type="multipart/form-data"
    )
    assert answer.status_code == 400
    assert "This could not be read" in answer.content.decode()


def test_a_name_of_another_machine_is_refused(db: None) -> None:
    factories.owner()
    answer = Client().get("/accounts/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400


def test_the_refusals_speak_chinese_too(browser_of_owner: Client) -> None:
    answer = browser_of_owner.get("/nowhere/", headers={"accept-language": "zh-CN"})
    assert "没有这个页面" in answer.content.decode()

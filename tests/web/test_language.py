"""English and 简体中文."""

import pytest
from django.test import Client

from storewarden.people.models import User
from tests.web import factories


def test_a_browser_that_asks_for_chinese_gets_it(db: None) -> None:
    factories.owner()
    answer = Client().get("/accounts/login/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert 'lang="zh-Hans"' in answer.content.decode()
    assert "登录" in answer.content.decode()


def test_the_switch_changes_the_language_and_comes_back(db: None) -> None:
    client = factories.reader()
    answer = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/preferences/"})
    assert (answer.status_code, answer["Location"]) == (302, "/preferences/")
    assert "偏好设置" in client.get("/preferences/").content.decode()


def test_the_switch_works_before_signing_in(db: None) -> None:
    factories.owner()
    client = Client()
    client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/accounts/login/"})
    assert "登录" in client.get("/accounts/login/").content.decode()


def test_a_signed_in_persons_choice_is_kept(db: None) -> None:
    client = factories.reader()
    client.post("/i18n/setlang/", {"language": "zh-hans"})
    assert User.objects.get().language == "zh-hans"


@pytest.mark.parametrize("language", ["", "xx", "<script>", "zh-hans\x00", "x" * 600])
def test_a_language_that_there_is_not_changes_nothing(db: None, language: str) -> None:
    client = factories.reader()
    answer = client.post("/i18n/setlang/", {"language": language, "next": "/"})
    assert answer.status_code == 302
    assert User.objects.get().language == ""
    assert 'lang="en"' in client.get("/").content.decode()


def test_the_switch_sends_nobody_to_another_site(db: None) -> None:
    client = factories.reader()
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_link_cannot_switch_the_language(db: None) -> None:
    assert factories.reader().get("/i18n/setlang/?language=zh-hans").status_code == 405

"""What a stored reason says to a reader, in English and in 简体中文."""

from typing import get_args

import pytest
from django.utils import translation

from storewarden.marketplaces.temu.errors import NOT_NOW
from storewarden.stores import wording
from storewarden.stores.checking import Finding
from storewarden.stores.models import Credential, Store
from storewarden.stores.probes import probe
from temu_openapi.errors import Reason
from temu_sandbox.control import Control
from tests.stores.pages_kit import LIST, signed_in, text, url_of

CODES = [*get_args(Reason), *NOT_NOW.values()]


@pytest.mark.parametrize("code", CODES)
def test_every_reason_of_a_silence_has_words_in_both_languages(code: str) -> None:
    english = wording.silence(code)
    with translation.override("zh-hans"):
        chinese = wording.silence(code)
    assert len({code, english, chinese}) == 3


@pytest.mark.parametrize("reason", ["Token expired (7000007)", "the line is down", ""])
def test_a_reason_that_is_no_code_is_shown_as_it_came(reason: str) -> None:
    with translation.override("zh-hans"):
        assert wording.silence(reason) == reason


def test_a_check_that_reaches_nobody_says_why_in_the_readers_language() -> None:
    found = Finding("unreachable", message="timeout")
    assert "(no answer in time)" in wording.finding(found).sentence
    with translation.override("zh-hans"):
        assert "（超时未答复）" in wording.finding(found).sentence


def test_a_refusal_that_reads_like_a_code_is_not_worded() -> None:
    found = Finding("refused", message="timeout", code="1")
    assert "timeout" in wording.finding(found).sentence


def test_a_list_of_things_uses_the_readers_separator() -> None:
    assert wording.listed(["a", "b"]) == "a, b"
    with translation.override("zh-hans"):
        assert wording.listed(["a", "b"]) == "a、b"
        assert wording.labelled("a", "b") == "a：b"
        assert wording.bracketed("a", "b") == "a（b）"


def test_the_code_is_stored_and_the_page_words_it(semi_store: Store, control: Control) -> None:
    control.add_fault("bad_gateway")
    probe(semi_store.credentials.select_related("store", "app").get(kind="order"))
    assert Credential.objects.get(kind="order").unreachable_reason == "http"
    client = signed_in()
    assert "(an error page instead of an answer)" in text(client.get(url_of(semi_store)))
    chinese = {"headers": {"accept-language": "zh-CN"}}
    assert "返回了错误页面" in client.get(LIST, **chinese).content.decode()
    assert "（返回了错误页面）。" in text(client.get(url_of(semi_store), **chinese))

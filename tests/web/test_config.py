"""The settings of the watch, as the one who runs Storewarden may write them."""

import pytest

from storewarden.config import BadSetting, read


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("https://desk.example.test", "https://desk.example.test"),
        (" https://desk.example.test/ ", "https://desk.example.test"),
        ("http://192.0.2.7:8600/desk//", "http://192.0.2.7:8600/desk"),
        ("http://[::1]:8600", "http://[::1]:8600"),
    ],
)
def test_the_address_of_the_pages_is_kept_without_its_slash(text: str, kept: str) -> None:
    assert read({"STOREWARDEN_URL": text}).public_url == kept


@pytest.mark.parametrize(
    "text",
    [
        "desk.example.test",
        "ftp://desk.example.test",
        "javascript:alert(1)",
        "https://",
        "https://li:a-password@desk.example.test",
        "https://desk.example.test/?a=1",
        "https://desk.example.test/#a",
        "https://desk.example.test:99999",
        "https://desk example.test",
        'https://desk.example.test/"><b>',
        "https://desk.example.test/\r\nX: y",
        "https://[",
    ],
)
def test_what_is_no_address_of_a_page_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(BadSetting, match=r"STOREWARDEN_URL.*https://desk\.example\.com") as no:
        read({"STOREWARDEN_URL": text})
    assert "a-password" not in str(no.value)


@pytest.mark.parametrize("token", ["short", "x" * 15, "令牌" * 20, "a\nb" * 20])
def test_a_metrics_token_that_could_be_guessed_or_not_be_sent_is_refused(token: str) -> None:
    with pytest.raises(BadSetting, match="at least 16") as no:
        read({"STOREWARDEN_METRICS_TOKEN": token})
    assert token not in str(no.value)


def test_a_metrics_token_is_kept_and_not_shown() -> None:
    config = read({"STOREWARDEN_METRICS_TOKEN": " a-metrics-token-0123456789 "})
    assert config.metrics_token == "a-metrics-token-0123456789"
    assert "a-metrics-token" not in repr(config)


@pytest.mark.parametrize(("text", "on"), [("1", True), ("", False), ("0", False), ("yes", True)])
def test_nicknames_in_metrics_are_a_choice(text: str, on: bool) -> None:
    assert read({"STOREWARDEN_METRICS_NICKNAMES": text}).metrics_nicknames is on

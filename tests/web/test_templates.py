"""The templates of all areas keep what the content policy and the two languages need."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

import storewarden
from storewarden import web
from storewarden.web import navigation, states

ROOT = Path(storewarden.__file__).parent
STATIC = Path(web.__file__).parent / "static" / "web"
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))
OURS = [path for path in TEMPLATES if path.is_relative_to(Path(web.__file__).parent)]
SCRIPTS = sorted(STATIC.glob("*.js"))
SAME_IN_EVERY_LANGUAGE = {
    "Storewarden",
    "店铺管家",
    "English",
    "简体中文",
    "Esc",
    "g",
    "/",
    "?",
    "·",
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_a_script_or_a_style_of_its_own(path: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text())
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<[^>]*\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    assert not re.search(r"\bhx-on\b|javascript:|['\"]js:", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_nothing_comes_from_another_machine(path: Path) -> None:
    assert not re.search(r"(src|href)=[\"'](https?:)?//", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_form_that_posts_carries_its_token(path: Path) -> None:
    for form in re.findall(r"<form\b[^>]*>.*?</form>", path.read_text(), re.S):
        if re.match(r"<form\b[^>]*method=.post", form):
            assert "{% csrf_token %}" in form


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_evaluates_text(path: Path) -> None:
    assert not re.search(r"\beval\(|new Function|\.style\b|document\.write", path.read_text())


class Spoken(HTMLParser):
    """Collects what a person would read: text, and the attributes that are read out."""

    SPOKEN = ("aria-label", "title", "placeholder", "alt")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("lang") is None:  # a text in another language on purpose
            self.texts += [value for name, value in attrs if name in self.SPOKEN and value]


@pytest.mark.parametrize("path", OURS, ids=named)
def test_every_word_of_the_web_kit_can_be_translated(path: Path) -> None:
    text = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", path.read_text(), flags=re.S)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.S)
    spoken = Spoken()
    spoken.feed(text)
    words = {word for some in spoken.texts for word in some.split() if re.search(r"\w", word)}
    assert words <= SAME_IN_EVERY_LANGUAGE


def sprite() -> set[str]:
    symbols = ElementTree.parse(STATIC / "icons.svg").getroot()  # our own file
    return {str(symbol.get("id")) for symbol in symbols}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    texts = [path.read_text() for path in TEMPLATES]
    wanted = {name for text in texts for name in re.findall(r'\{% icon "([^"]+)"', text)}
    wanted |= {name for text in texts for name in re.findall(r'\bicon="([a-z0-9-]+)"', text)}
    wanted |= {picture for _tone, picture in states.LOOKS.values()}
    wanted |= {room.icon for _title, rooms in navigation.ROOMS for room in rooms}
    assert wanted - sprite() == set()


def test_vendored_files_are_what_the_note_says() -> None:
    note = (STATIC / "vendor" / "VENDORED.md").read_text()
    digest = hashlib.sha256((STATIC / "vendor" / "tabler.min.css").read_bytes()).hexdigest()
    assert digest in note
    assert {path.name for path in (STATIC / "vendor").iterdir()} == {
        "VENDORED.md",
        "tabler.min.css",
    }


def test_no_vendored_style_asks_another_machine() -> None:
    text = (STATIC / "vendor" / "tabler.min.css").read_text()
    assert not re.search(r"@import|url\([\"']?(https?:)?//", text)


def test_no_stylesheet_of_ours_is_a_wall() -> None:
    for path in [*STATIC.glob("*.css"), *SCRIPTS]:
        assert len(path.read_text().splitlines()) <= 400, path.name

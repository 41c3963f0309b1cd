"""No word of Seller Central is missing in Chinese, and none is left over."""

import ast
import re
from pathlib import Path

import pytest

from temu_sandbox.seller_central import pages
from temu_sandbox.seller_central.orders import TABS
from temu_sandbox.seller_central.words import CHINESE

ROOM = Path(pages.__file__).parent
_CALL = re.compile(r'\b(?:say|both)\((?:words\[[^\]]+\] if .+? else )?"([^"]+)"')


def sources() -> str:
    """Every string that the pages' code holds, and the templates as they stand."""
    code = [p for p in ROOM.glob("*.py") if p.name != "words.py"]
    nodes = (node for path in code for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    strings = (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return "\n".join([*strings, *(p.read_text("utf-8") for p in ROOM.rglob("*.html"))])


def said_in_templates() -> set[str]:
    return {word for p in ROOM.rglob("*.html") for word in _CALL.findall(p.read_text("utf-8"))}


def said_in_code() -> set[str]:
    calls = (
        n
        for p in ROOM.glob("*.py")
        for n in ast.walk(ast.parse(p.read_text("utf-8")))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "say"
    )
    first = (call.args[0] for call in calls)
    return {
        arg.value for arg in first if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }


TAB_WORDS = {words for words, _ in TABS.values()}


@pytest.mark.parametrize("word", sorted(said_in_templates() | said_in_code() | TAB_WORDS))
def test_every_word_has_its_chinese(word: str) -> None:
    assert word in CHINESE


def test_no_translation_is_left_over() -> None:
    said = sources()
    assert [word for word in CHINESE if word not in said] == []


def test_a_translation_keeps_the_blanks_of_its_sentence() -> None:
    blanks = re.compile(r"\{\w+\}")
    for english, chinese in CHINESE.items():
        assert set(blanks.findall(english)) == set(blanks.findall(chinese)), english

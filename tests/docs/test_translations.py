"""Every text has its Chinese, and the compiled catalogue is the one of the source."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

SOURCE = Path(__file__).parents[2] / "src" / "storewarden"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
NAMED = re.compile(r"%\(\w+\)[sd]|%[sd]")


def entries() -> list[polib.POEntry]:
    return [one for one in polib.pofile(str(CATALOGUE)) if not one.obsolete]


def test_no_translation_is_empty_or_unsure() -> None:
    bad = [one.msgid for one in entries() if not one.translated() or one.fuzzy]
    assert bad == []


def test_every_translation_has_the_same_values_in_it() -> None:
    for one in entries():
        for text in [one.msgstr] if one.msgstr else one.msgstr_plural.values():
            wanted = set(NAMED.findall(one.msgid_plural or one.msgid))
            assert set(NAMED.findall(text)) == wanted, one.msgid


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    have = {(one.msgctxt, one.msgid): (one.msgstr, one.msgstr_plural) for one in compiled}
    want = {(one.msgctxt, one.msgid): (one.msgstr, one.msgstr_plural) for one in entries()}
    assert have == want


def test_the_words_of_the_product_are_used() -> None:
    texts = {one.msgid: one.msgstr for one in entries()}
    assert texts["Semi-Consignment"] == "半托管"
    assert texts["product stock token"] == "产品库存 Token"
    assert texts["order shipping token"] == "订单发货 Token"


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_no_text_of_the_source_is_missing(tmp_path: Path) -> None:
    copy = tmp_path / "storewarden"
    shutil.copytree(SOURCE, copy)
    po = copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    before = {(one.msgctxt, one.msgid) for one in entries()}
    run = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-location"]
    subprocess.run(run, cwd=copy, check=True, capture_output=True, text=True)
    after = {(one.msgctxt, one.msgid) for one in polib.pofile(str(po)) if not one.obsolete}
    assert after - before == set(), "run `make messages` and translate"
    assert before - after == set(), "texts that are no longer used: run `make messages`"

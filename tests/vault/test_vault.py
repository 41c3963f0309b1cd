"""Secrets: sealed to their cell, masked in text."""

import base64
import pickle
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storewarden import vault
from storewarden.vault import KeyProblem, KeyRing, SealBroken, Secret
from storewarden.vault import keys as vault_keys

CELL = {"table": "credential", "row": "1", "column": "token"}


@given(st.text(max_size=300))
def test_what_was_sealed_opens_in_its_own_cell(text: str) -> None:
    assert vault.open_sealed(vault.seal(Secret(text), **CELL), **CELL).reveal() == text


@pytest.mark.parametrize("other", [{"table": "app"}, {"row": "2"}, {"column": "secret"}])
def test_moved_to_another_cell_it_does_not_open(other: dict[str, str]) -> None:
    sealed = vault.seal(Secret("sandboxtoken"), **CELL)
    with pytest.raises(SealBroken):
        vault.open_sealed(sealed, **{**CELL, **other})


@given(st.integers(min_value=0, max_value=59), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_refused(position: int, change: int) -> None:
    sealed = vault.seal(Secret("x" * 32), **CELL)
    form, version, data = sealed.split(".", 2)
    raw = bytearray(base64.b64decode(data))
    raw[position] ^= change
    with pytest.raises(SealBroken):
        vault.open_sealed(f"{form}.{version}.{base64.b64encode(raw).decode()}", **CELL)


@pytest.mark.parametrize("bad", ["", "plain text", "v1.1", "v1.1.###", "v2.1.AAAA", "v1.1.AAAA"])
def test_what_is_no_sealed_text_is_refused_in_words(bad: str) -> None:
    with pytest.raises(SealBroken):
        vault.open_sealed(bad, **CELL)


def test_the_same_secret_seals_differently_each_time() -> None:
    assert vault.seal(Secret("a"), **CELL) != vault.seal(Secret("a"), **CELL)


def test_a_fingerprint_recognises_and_does_not_tell() -> None:
    one, other = Secret("sandbox" + "a" * 49), Secret("sandbox" + "b" * 49)
    assert vault.fingerprint(one) == vault.fingerprint(Secret(one.reveal()))
    assert vault.fingerprint(one) != vault.fingerprint(other)
    assert one.reveal() not in vault.fingerprint(one)


class TestSecret:
    SECRET = Secret("sandbox" + "z9" * 24)

    def test_no_text_form_shows_it(self) -> None:
        shown = f"{self.SECRET} {self.SECRET!r} {[self.SECRET]}"
        assert "z9" not in shown

    def test_it_cannot_be_pickled_into_a_job(self) -> None:
        with pytest.raises(TypeError):
            pickle.dumps(self.SECRET)

    def test_the_last_four_are_shown_of_long_ones_only(self) -> None:
        assert self.SECRET.last4() == "z9z9"
        assert Secret("short").last4() == ""


class TestKeyRing:
    def test_the_newest_key_seals_and_the_older_ones_open(self) -> None:
        before = vault.ring()
        old, both = KeyRing({1: b"a" * 32}), KeyRing({1: b"a" * 32, 2: b"b" * 32})
        try:
            vault.use_ring(old)
            sealed = vault.seal(Secret("x"), **CELL)
            vault.use_ring(both)
            assert vault.open_sealed(sealed, **CELL) == Secret("x")
            assert vault.seal(Secret("x"), **CELL).startswith("v1.2.")
        finally:
            vault.use_ring(before)

    def test_a_missing_key_is_named_and_nothing_is_lost(self) -> None:
        before = vault.ring()
        sealed = vault.seal(Secret("x"), **CELL)
        try:
            vault.use_ring(KeyRing({7: b"c" * 32}))
            with pytest.raises(KeyProblem, match="version 1"):
                vault.open_sealed(sealed, **CELL)
        finally:
            vault.use_ring(before)
        assert vault.open_sealed(sealed, **CELL) == Secret("x")

    @pytest.mark.parametrize(
        "text", ["", "1:", "x:AAAA", "1:AAAA", "1:###", "AAAA", "1:" + "A" * 400]
    )
    def test_a_ring_of_the_wrong_form_is_refused_with_the_right_one(self, text: str) -> None:
        with pytest.raises(KeyProblem, match="looks like"):
            KeyRing.parse(text)

    def test_the_file_is_made_once_with_mode_600(self, tmp_path: Path) -> None:
        file = tmp_path / "data" / "keys"
        first = vault_keys.load("", file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert vault_keys.load("", file) == first

    def test_a_file_that_others_can_read_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "keys"
        vault_keys.load("", file)
        file.chmod(0o644)
        with pytest.raises(KeyProblem, match="chmod 600"):
            vault_keys.load("", file)

    def test_the_setting_goes_before_the_file(self, tmp_path: Path) -> None:
        text = KeyRing({3: b"k" * 32}).text()
        assert vault_keys.load(text, tmp_path / "keys").versions == [3]
        assert not (tmp_path / "keys").exists()

    def test_no_key_is_in_the_rings_repr(self) -> None:
        assert "kkkk" not in repr(KeyRing({3: b"k" * 32}))

"""Webhook messages are decrypted and verified as documented, in both documented variants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_kit import note

from temu_openapi import webhooks

SECRET = "12345678abcdefgh"
PLAINTEXT = '{"orderSn":"XXYYZZ","status":1}'
CIPHERTEXT = "sQmNTAKR2o4HrmCO3OchFgGyJU5Qta57+JQxxgVyVPU="
HEADERS = {
    "x-tm-app-key": "demo-test-app",
    "x-tm-event-code": "bg_test_event",
    "x-tm-ext-param": "{}",
    "x-tm-timestamp": "1726127013525",
}
WITH_EXT = "b5143d1a831453afbcf76d4621baa74a2dc07a486f26f5a956c6e50c61a338fb"
WITHOUT_EXT = "987875c01ea5c7f608502fb92e1de102c59e1c9195c010ab8a80bdb501a04fbc"


def test_the_documented_event_is_decrypted():
    assert webhooks.decrypt(CIPHERTEXT, SECRET) == PLAINTEXT


def test_encrypting_gives_the_documented_event():
    assert webhooks.encrypt(PLAINTEXT, SECRET) == CIPHERTEXT


def test_the_vectors_here_are_those_of_the_notes():
    vector = note("vectors.json")["webhook"]
    assert vector["signature_with_ext_param"] == WITH_EXT
    assert vector["signature_without_ext_param"] == WITHOUT_EXT
    assert (vector["secret"], vector["headers"]) == (SECRET, HEADERS)


def test_both_documented_signatures_are_computed():
    assert webhooks.signatures(HEADERS, PLAINTEXT, SECRET) == (WITH_EXT, WITHOUT_EXT)


@pytest.mark.parametrize("signature", [WITH_EXT, WITHOUT_EXT, WITH_EXT.upper()])
def test_either_documented_signature_is_accepted_in_either_case(signature):
    headers = {name.title(): value for name, value in HEADERS.items()}
    assert webhooks.verify(headers | {"X-Tm-Signature": signature}, PLAINTEXT, SECRET)


@pytest.mark.parametrize("signature", ["", "0" * 64, "签名", WITH_EXT[:-1]])
def test_another_signature_is_refused(signature):
    assert not webhooks.verify(HEADERS | {"x-tm-signature": signature}, PLAINTEXT, SECRET)


def test_a_message_without_a_signature_is_refused():
    assert not webhooks.verify(HEADERS, PLAINTEXT, SECRET)


def test_a_changed_plaintext_is_refused():
    signed = HEADERS | {"x-tm-signature": WITH_EXT}
    assert not webhooks.verify(signed, PLAINTEXT.replace("1", "2"), SECRET)


@pytest.mark.parametrize("event", ["", "%%%", "AAAA", CIPHERTEXT[:-4], CIPHERTEXT[::-1], "测"])
def test_a_damaged_event_gets_a_sentence(event):
    with pytest.raises(ValueError, match="cannot be decrypted"):
        webhooks.decrypt(event, SECRET)


def test_an_event_of_another_secret_does_not_come_out_as_text():
    with pytest.raises(ValueError, match="app secret"):
        webhooks.decrypt(CIPHERTEXT, "another-secret-0123456789")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_encrypted_can_be_decrypted(plaintext):
    assert webhooks.decrypt(webhooks.encrypt(plaintext, SECRET), SECRET) == plaintext

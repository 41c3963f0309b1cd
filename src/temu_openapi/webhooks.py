"""Webhook messages of the US, EU and Global areas: decrypt and verify.

Source: partner-api.md 7 [DOC][VERIFIED]. The body is ``{"eventData": "<base64>"}``; the headers are
``x-tm-app-key``, ``x-tm-event-code``, ``x-tm-timestamp`` (milliseconds), ``x-tm-ext-param`` and
``x-tm-signature``.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

SIGNATURE_HEADER = "x-tm-signature"
EXT_PARAM_HEADER = "x-tm-ext-param"
SIGNED_HEADERS = ("x-tm-app-key", "x-tm-event-code", "x-tm-timestamp")

_BLOCK_BYTES = 16


def decrypt(event_data_b64: str, secret: str) -> str:
    """The plaintext of ``eventData``: AES-128-CBC, PKCS#5 padding, the IV equal to the key.

    Raises ValueError when the text was not made with this app secret or is damaged.
    """
    try:
        ciphertext = base64.b64decode(event_data_b64, validate=True)
        decryptor = _cipher(secret).decryptor()
        unpadder = PKCS7(AES.block_size).unpadder()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except (binascii.Error, ValueError):
        raise ValueError(
            "The event cannot be decrypted; check that the app secret is the one of this app key."
        ) from None


def encrypt(plaintext: str, secret: str) -> str:
    """``eventData`` for this plaintext: what Temu sends, and what a simulation must send."""
    padder = PKCS7(AES.block_size).padder()
    encryptor = _cipher(secret).encryptor()
    padded = padder.update(plaintext.encode()) + padder.finalize()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def signatures(headers: Mapping[str, str], plaintext: str, secret: str) -> tuple[str, ...]:
    """The two signatures Temu documents, lower-case hex: with ``x-tm-ext-param``, and without.

    The rule text signs the header, the example request beside it does not; both are printed in the
    documentation, so both are accepted.
    """
    found = {name.lower(): value for name, value in headers.items()}
    without = {name: found.get(name, "") for name in SIGNED_HEADERS} | {"eventData": plaintext}
    with_ext = without | {EXT_PARAM_HEADER: found.get(EXT_PARAM_HEADER, "")}
    return _hmac_hex(with_ext, secret), _hmac_hex(without, secret)


def verify(headers: Mapping[str, str], plaintext: str, secret: str) -> bool:
    """Whether ``x-tm-signature`` is genuine; header names and hex digits in either case."""
    found = {name.lower(): value for name, value in headers.items()}
    given = found.get(SIGNATURE_HEADER, "").strip().lower().encode()
    # Both comparisons always run, so that the time taken does not tell which variant was near.
    matches = [
        hmac.compare_digest(given, right.encode())
        for right in signatures(headers, plaintext, secret)
    ]
    return any(matches)


def _cipher(secret: str) -> Cipher[CBC]:
    key = secret.encode()[:_BLOCK_BYTES]
    if len(key) < _BLOCK_BYTES:
        raise ValueError("The app secret is shorter than 16 bytes and cannot be a webhook key.")
    return Cipher(AES(key), CBC(key))


def _hmac_hex(params: Mapping[str, str], secret: str) -> str:
    joined = "".join(key + params[key] for key in sorted(params))
    return hmac.new(secret.encode(), joined.encode(), hashlib.sha256).hexdigest()

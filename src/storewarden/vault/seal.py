"""AES-256-GCM, with the table, row and column as associated data.

A sealed text moved to another row or column, cut or altered is refused.
Form: `v1.<key version>.<base64 of nonce and cipher text>`.
"""

import base64
import binascii
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storewarden import chance
from storewarden.vault.keys import KeyProblem, KeyRing
from storewarden.vault.secret import Secret

NONCE_BYTES = 12
TAG_BYTES = 16
FORM = "v1"
_ring: KeyRing | None = None


class SealBroken(Exception):
    """A sealed text does not open: altered, moved from another row, or sealed by another key."""


def use_ring(new: KeyRing) -> None:
    """Set the ring of this process; `settings` does it once at the start."""
    global _ring
    _ring = new


def ring() -> KeyRing:
    if _ring is None:
        raise KeyProblem("No key ring is loaded yet; the settings load it.")
    return _ring


def _place(table: str, row: object, column: str) -> bytes:
    return f"{table}/{row}/{column}".encode()


def seal(secret: Secret, *, table: str, row: object, column: str) -> str:
    """Seal a secret for one cell of the database."""
    keys = ring()
    nonce = chance.nonce(NONCE_BYTES)
    cipher = AESGCM(keys.derive(keys.newest, "vault"))
    sealed = cipher.encrypt(nonce, secret.reveal().encode(), _place(table, row, column))
    return f"{FORM}.{keys.newest}.{base64.b64encode(nonce + sealed).decode()}"


def open_sealed(text: str, *, table: str, row: object, column: str) -> Secret:
    """Open a sealed text. Raises SealBroken, or KeyProblem when its key is missing."""
    version, data = _parts(text)
    cipher = AESGCM(ring().derive(version, "vault"))
    try:
        plain = cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _place(table, row, column))
    except InvalidTag:
        raise SealBroken(
            f"The secret in {table}.{column} does not open: it was altered, moved, or sealed "
            "with another key. Check the keys; otherwise enter the secret again."
        ) from None
    return Secret(plain.decode())


def _parts(text: str) -> tuple[int, bytes]:
    form, _, rest = text.partition(".")
    version, _, encoded = rest.partition(".")
    if form != FORM or not version.isdigit():
        raise SealBroken("A sealed secret has an unknown form; restore it from a backup.")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken("A sealed secret was cut or altered; enter it again.")
    return int(version), data


def fingerprint(secret: Secret) -> str:
    """Names a secret without telling it: keyed, so that a stolen database cannot be searched.

    The oldest key is used, since fingerprints are compared over the years.
    """
    keys = ring()
    key = keys.derive(keys.versions[0], "fingerprint")
    return hmac.new(key, secret.reveal().encode(), hashlib.sha256).hexdigest()[:24]

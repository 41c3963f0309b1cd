"""The one door through which chance comes in: identifiers, nonces, passwords."""

import os
import secrets
import uuid


def new_id() -> uuid.UUID:
    return uuid.uuid4()


def nonce(size: int) -> bytes:
    """`size` bytes from the operating system's generator."""
    return os.urandom(size)


def password(size: int = 14) -> str:
    """A password that can be read aloud: no letters that look like digits."""
    alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(alphabet) for _ in range(size))


def letters(size: int) -> str:
    """Random letters and digits, as label-download headers want them."""
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(alphabet) for _ in range(size))

"""Chance, seeded: the same seed plays the same world again."""

import hashlib
import random
import string

_ALPHABET = string.ascii_lowercase + string.digits
_MARK = "sandbox"
_TOKEN_LENGTH = 56

Chance = random.Random


def seeded(*parts: object) -> Chance:
    """A generator that depends on nothing but ``parts``."""
    return random.Random("/".join(map(str, parts)))


def token_text(seed: int, number: int) -> str:
    """56 lowercase letters and digits, as seen in the field; begins with ``sandbox``."""
    rest = seeded("token", seed, number).choices(_ALPHABET, k=_TOKEN_LENGTH - len(_MARK))
    return _MARK + "".join(rest)


def request_id_text(prefix: str, number: int) -> str:
    """An id in the shape ``us-a042eab8-1c2d-...``; unique by its number."""
    digest = hashlib.sha256(f"request/{number}".encode()).hexdigest()
    groups = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
    return f"{prefix}-{'-'.join(groups)}"

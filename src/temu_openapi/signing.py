"""Request signing of Temu's open platform.

Sources: partner-api.md 1.3 [DOC][VERIFIED], cn-pa-api.md 1.3 [D][V]; label downloads partner-api.md
5.4. One algorithm serves all five areas.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

SIGN = "sign"
LABEL_RANDOM_LENGTH = 32

_encode = msgspec.json.Encoder().encode


def text_of(value: object) -> str:
    """The text that stands for one top-level value in the signed string.

    Strings stand raw, without quotes or escapes; everything else as compact JSON, so booleans are
    ``true`` / ``false`` and nested keys keep the order they are sent in.
    """
    return value if isinstance(value, str) else _encode(value).decode()


def sign(params: Mapping[str, Any], secret: str) -> str:
    """Upper-case MD5 of the sorted top-level params, with the app secret before and after.

    A ``sign`` already among the params is left out of the calculation.
    """
    joined = "".join(key + text_of(params[key]) for key in sorted(params) if key != SIGN)
    return _digest(secret + joined + secret)


def signed_body(params: Mapping[str, Any], secret: str) -> bytes:
    """The JSON body to send: params plus their ``sign``, serialised once.

    Each nested value is encoded by the same encoder that signed it, so the signed bytes are the
    sent bytes. Raises ValueError for a value whose signing rule is not documented.
    """
    for key, value in params.items():
        _refuse_unsignable(key, value)
    try:
        return _encode({**params, SIGN: sign(params, secret)})
    except UnicodeEncodeError as error:
        why = error.reason
    # Raised outside the handler: the encoder's error holds the whole text, which may be a token.
    raise ValueError(f"The request holds text that is no valid Unicode ({why}); enter it again.")


def label_headers(
    app_key: str, access_token: str, secret: str, random: str, timestamp_s: int
) -> dict[str, str]:
    """Headers for downloading a label file (partner-api.md 5.4).

    ``random`` is 32 letters or digits, new for each download; ``timestamp_s`` POSIX seconds within
    300 s of Temu's clock.
    """
    if len(random) != LABEL_RANDOM_LENGTH or not random.isascii() or not random.isalnum():
        raise ValueError("A label download needs 32 random letters or digits; make new ones.")
    headers = {
        "toa-access-token": access_token,
        "toa-app-key": app_key,
        "toa-random": random,
        "toa-timestamp": str(timestamp_s),
    }
    return {**headers, "toa-sign": sign(headers, secret)}


def _digest(raw: str) -> str:
    # MD5 is what Temu's protocol asks for; the secret's strength does not rest on this library.
    return hashlib.md5(raw.encode(), usedforsecurity=False).hexdigest().upper()


def _refuse_unsignable(key: str, value: object) -> None:
    if value is None or value == "":
        raise ValueError(f"{key} is empty; leave it out, Temu's rule for signing it is unknown.")
    if isinstance(value, str) and value != value.strip():
        raise ValueError(f"{key} begins or ends with a blank; strip it before it is signed.")
    if isinstance(value, float):
        raise ValueError(f"{key} is a float; send decimals as text, Temu's rule is unknown.")

"""Standard Webhooks: the signature and the headers that carry it.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from storewarden import chance
from storewarden.vault import Secret

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> Secret:
    return Secret(PREFIX + base64.b64encode(chance.nonce(SECRET_BYTES)).decode())


def signature(secret: Secret, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, time and body in base64."""
    key = base64.b64decode(secret.reveal().removeprefix(PREFIX))
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(
    secrets: Sequence[Secret], message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The three headers, with a signature by each secret, the newest first."""
    timestamp = int(at.timestamp())
    signed = [signature(one, message_id, timestamp, body) for one in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }

"""Webhook messages of the US, EU and Global areas: open, decrypt, verify; and seal, as Temu does.

Source: partner-api.md 7 [DOC][VERIFIED]. The body is ``{"eventData": "<base64>"}``; the headers are
``x-tm-app-key``, ``x-tm-event-code``, ``x-tm-timestamp`` (milliseconds), ``x-tm-ext-param`` and
``x-tm-signature``.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from temu_openapi.wire import Answer, TemuId, Text, read_item

SIGNATURE_HEADER = "x-tm-signature"
EXT_PARAM_HEADER = "x-tm-ext-param"
APP_KEY_HEADER, EVENT_CODE_HEADER, TIMESTAMP_HEADER = SIGNED_HEADERS = (
    "x-tm-app-key",
    "x-tm-event-code",
    "x-tm-timestamp",
)

ORDER_STATUS_CHANGED = "bg_order_status_change_event"
ADDRESS_CHANGED = "bg_trade_logistics_address_changed"
AFTER_SALES_CHANGED = "bg_aftersales_status_change"
CANCELLATION_CHANGED = "bg_cancel_order_status_change"
TEST_EVENT = "bg_open_event_test"
EVENT_CODES = (
    ORDER_STATUS_CHANGED,
    ADDRESS_CHANGED,
    AFTER_SALES_CHANGED,
    CANCELLATION_CHANGED,
    TEST_EVENT,
)
"""The documented events; the last one is what the portal's Test button sends."""

_BLOCK_BYTES = 16
_HEADER_NAMES = re.compile("x-tm-", re.IGNORECASE)
_CODE = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_MILLISECONDS = re.compile(r"[0-9]{10,15}", re.ASCII)


class WebhookRefused(ValueError):
    """A message that is not taken. ``malformed``: it has not the documented form; ``forged``: it
    was not made with this app's secret, or was altered. Tells nothing of what was in it.
    """

    def __init__(self, reason: Literal["malformed", "forged"]) -> None:
        super().__init__(f"The message is {reason}.")
        self.reason = reason


@dataclass(frozen=True)
class Message:
    """A genuine message. ``event_data`` is the decrypted text, and stays out of ``repr``."""

    app_key: str
    event_code: str
    sent_at_ms: int
    event_data: str = field(repr=False)


class Event(Answer, frozen=True, kw_only=True):
    """What the documented events tell; each of them has some of this, and the rest is None.

    The cancel and after-sales events tell milliseconds, the order status event seconds.
    """

    mall_id: TemuId | None = None
    parent_order_sn: Text | None = None
    order_sn: Text | None = None
    order_status: int | None = None
    updated_at_s: int | None = msgspec.field(default=None, name="updateTime")
    updated_at_ms: int | None = msgspec.field(default=None, name="updateAt")
    parent_after_sales_sn: Text | None = None
    parent_after_sales_status: int | None = None
    after_sales_type: int | None = None


class _Body(msgspec.Struct, frozen=True):
    event_data: str = msgspec.field(name="eventData")


_body = msgspec.json.Decoder(_Body)


def open_message(headers: Mapping[str, str], body: bytes, app_key: str, secret: str) -> Message:
    """A request of Temu's, verified and decrypted. Raises WebhookRefused."""
    found = {name.lower(): value for name, value in headers.items()}
    event_data = _event_data(body)
    _check_form(found)
    try:
        plaintext, whole = decrypt(event_data, secret), True
    except ValueError:
        plaintext, whole = "", False
    # The signature is computed for a broken padding too: whoever may try many cipher texts shall
    # not learn from the time taken which of them came out as text.
    genuine = verify(found, plaintext, secret)
    if not (genuine and whole and found[APP_KEY_HEADER] == app_key):
        raise WebhookRefused("forged")
    return Message(app_key, found[EVENT_CODE_HEADER], int(found[TIMESTAMP_HEADER]), plaintext)


def _event_data(body: bytes) -> str:
    try:
        return _body.decode(body).event_data
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    raise WebhookRefused("malformed")


def _check_form(found: Mapping[str, str]) -> None:
    """The signed text has no separators, so a value that holds a header's name is not taken.

    Otherwise ``x-tm-ext-param{}`` moved into the event code would still be signed right.
    """
    values = [found.get(name, "") for name in (*SIGNED_HEADERS, EXT_PARAM_HEADER)]
    well_formed = (
        _CODE.fullmatch(found.get(EVENT_CODE_HEADER, ""))
        and _MILLISECONDS.fullmatch(found.get(TIMESTAMP_HEADER, ""))
        and not any(_HEADER_NAMES.search(value) for value in values)
    )
    if not well_formed:
        raise WebhookRefused("malformed")


def event_of(message: Message) -> Event | None:
    """What a message tells; None when it is no JSON object with the documented types."""
    try:
        return read_item(msgspec.json.decode(message.event_data), Event)
    except (msgspec.MsgspecError, RecursionError):
        return None


def seal_message(
    plaintext: str,
    *,
    app_key: str,
    event_code: str,
    sent_at_ms: int,
    secret: str,
    ext_param: str = "{}",
    sign_ext_param: bool = True,
) -> tuple[dict[str, str], bytes]:
    """Headers and body as Temu sends them: for a simulation, and for tests of a receiver.

    ``sign_ext_param`` chooses between the two documented signatures.
    """
    headers = {
        APP_KEY_HEADER: app_key,
        EVENT_CODE_HEADER: event_code,
        TIMESTAMP_HEADER: str(sent_at_ms),
        EXT_PARAM_HEADER: ext_param,
    }
    with_ext, without = signatures(headers, plaintext, secret)
    body = msgspec.json.encode({"eventData": encrypt(plaintext, secret)})
    signature = with_ext if sign_ext_param else without
    return {**headers, SIGNATURE_HEADER: signature, "Content-Type": "application/json"}, body


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

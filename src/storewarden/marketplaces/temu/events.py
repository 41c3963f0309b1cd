"""Temu's webhooks in the seam's words, and which of them Temu sends for a store.

partner-api.md 7.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from storewarden import clock
from storewarden.marketplaces.base import Access
from storewarden.marketplaces.events import (
    BadEvent,
    EventPermits,
    EventStanding,
    EventTopic,
    MarketEvent,
)
from storewarden.marketplaces.temu.errors import translated
from storewarden.marketplaces.temu.wire import app_and_token, client
from storewarden.vault import Secret
from temu_openapi import Meaning, TemuRefusal, subscriptions, tokens, webhooks

# A case of a buyer (cancellation, refund) changes its order, so it leads to the orders as well.
ORDER_EVENTS = (
    webhooks.ORDER_STATUS_CHANGED,
    webhooks.ADDRESS_CHANGED,
    webhooks.CANCELLATION_CHANGED,
    webhooks.AFTER_SALES_CHANGED,
)
TOPICS = dict.fromkeys(ORDER_EVENTS, EventTopic.ORDERS) | {webhooks.TEST_EVENT: EventTopic.TEST}
PERMITTED = 1
PUSHING_STOPPED = 1
# Temu takes one such call a second; what it refuses as too fast would slow the app's other calls.
PAUSE_S = 1.1 / subscriptions.CALLS_PER_S
LONGEST = 64
NOT_ONE_OF_THE_EVENTS = (subscriptions.NOT_AUTHORISED, subscriptions.NOT_SUBSCRIBED)
_EPOCH = datetime.fromtimestamp(0, UTC)


def read(app_key: str, secret: Secret, headers: Mapping[str, str], body: bytes) -> MarketEvent:
    """A message, verified; of its content no more than ids, status and times."""
    try:
        message = webhooks.open_message(headers, body, app_key, secret.reveal())
    except webhooks.WebhookRefused as no:
        raise BadEvent(no.reason) from None
    sent_at = _at(message.sent_at_ms)
    if sent_at is None:
        raise BadEvent("malformed")
    topic = TOPICS.get(message.event_code, EventTopic.UNKNOWN)
    event = webhooks.event_of(message)
    mark = hashlib.sha256(message.event_data.encode()).hexdigest()
    if event is None:
        return MarketEvent(message.event_code, topic, sent_at, mark=mark)
    changed_ms = event.updated_at_ms if event.updated_at_s is None else event.updated_at_s * 1000
    return MarketEvent(
        code=message.event_code,
        topic=topic,
        sent_at=sent_at,
        mall_id=_text(event.mall_id),
        po=_text(event.parent_order_sn),
        order_sn=_text(event.order_sn),
        case_sn=_text(event.parent_after_sales_sn),
        status=_text(_first(event.order_status, event.parent_after_sales_status)),
        changed_at=_at(changed_ms),
        # What the documented fields say is enough to know one again; else its whole content is.
        mark="" if topic is EventTopic.ORDERS else mark,
    )


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _text(value: str | int | None) -> str:
    """Short and printable, whatever was sent: ids are looked for, never shown as they came."""
    text = "" if value is None else str(value)
    return "".join(letter for letter in text[:LONGEST] if letter.isprintable())


def _at(posix_ms: int | None) -> datetime | None:
    """Milliseconds as a time; None for what is none (and 0 is Temu's null)."""
    if not posix_ms:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=posix_ms)
    except OverflowError:
        return None


def standing(access: Access) -> EventStanding:
    """What the token's info says of events."""
    with translated():
        info = tokens.token_info(client(), *app_and_token(access), shop=access.mall_id)
    subscribed = tuple(dict.fromkeys(info.app_events))
    return EventStanding(
        subscribed=subscribed,
        wanted=tuple(code for code in ORDER_EVENTS if code in subscribed),
        # 1 is taken for "let through". Should it mean the opposite, the events are asked for once
        # a day although they come already, which changes nothing.
        permitted=tuple(one.code for one in info.permits if one.status == PERMITTED),
        stopped=info.app_push_status == PUSHING_STOPPED,
    )


def subscribe(access: Access, codes: Sequence[str]) -> EventPermits:
    """Have events let through. One that Temu does not take for this store spoils the whole call,
    so then each is asked for by itself."""
    said = _permit(access, codes)
    if not said:
        return EventPermits(tuple(codes))
    if len(codes) == 1:
        return EventPermits((), said)
    answers = dict(_each(access, codes))
    through = tuple(code for code, no in answers.items() if not no)
    return EventPermits(through, "; ".join(dict.fromkeys(no for no in answers.values() if no)))


def _each(access: Access, codes: Sequence[str]) -> Iterator[tuple[str, str]]:
    for code in codes:
        yield code, _permit(access, [code])


def _permit(access: Access, codes: Sequence[str]) -> str:
    """What Temu says against it; "" when it took them."""
    clock.sleep(PAUSE_S)
    with translated():
        try:
            credentials = app_and_token(access)
            subscriptions.update(client(), *credentials, codes, shop=access.mall_id)
        except TemuRefusal as no:
            if no.code in NOT_ONE_OF_THE_EVENTS or no.meaning is Meaning.SCOPE_MISSING:
                return f"{no.message} ({no.code})"
            raise
    return ""

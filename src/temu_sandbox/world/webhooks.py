"""Webhooks: who hears of what, and what is still to be sent (partner-api.md 7).

An app has a callback address and subscribed events (set in the portal, here by control). A seller
lets events through with ``bg.tmc.message.update``. Then each change makes one message for each app
that may hear of it; the sender delivers them. Without any callback nothing of this costs anything.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Literal

from temu_openapi import webhooks
from temu_sandbox.clock import WorldClock
from temu_sandbox.world.database import Database
from temu_sandbox.world.directory import Directory
from temu_sandbox.world.ledger import Ledger
from temu_sandbox.world.model import Callback, Grant, MessageState, Order, WebhookMessage
from temu_sandbox.world.packages import events_of
from temu_sandbox.world.refusals import RefusedError

RETRY_GAPS_S = (120, 600, 1800, 3600, 3600, 3600, 43_200, 43_200)
"""After each failed try the next one waits this long; after the last of them it is dropped."""

MOST_CODES = 20
MESSAGE_UPDATE = "bg.tmc.message.update"
_PERMITTED, _CANCELLED = 1, 0
_BY_BUYER = 1
_CANCELLATION_REFUNDED = 5

Outcome = Literal["delivered", "lost", "failed"]
Told = Callable[[Order], Iterator[Mapping[str, Any]]]


class Webhooks:
    """Callbacks, permits and messages.

    Two switches for what is not documented: ``sign_ext_param`` chooses the signature's variant;
    ``restamp`` makes every retry carry its own time instead of the time of the event. Who sends
    holds ``sending``.
    """

    def __init__(
        self, database: Database, clock: WorldClock, directory: Directory, ledger: Ledger
    ) -> None:
        self.sign_ext_param = True
        self.restamp = False
        self.sending = threading.Lock()
        self._withheld: dict[int, frozenset[str]] = {}
        self._database = database
        self._clock = clock
        self._directory = directory
        self._ledger = ledger
        self._callbacks = self._saved_callbacks()

    @property
    def on(self) -> bool:
        """Whether any app has a callback."""
        return bool(self._callbacks)

    def callback(self, app_key: str) -> Callback | None:
        return self._callbacks.get(app_key)

    def set_callback(self, app_key: str, url: str, event_codes: Sequence[str]) -> Callback:
        """The portal's page: address and subscribed events of an app; pushing begins anew."""
        app = self._directory.app(app_key)
        if app.area == "cn":
            raise ValueError("Webhooks exist for apps of the US, EU and Global areas only.")
        self._database.write(
            "INSERT INTO callbacks VALUES (?, ?, ?, 0) ON CONFLICT (app_key) DO UPDATE SET"
            " url = excluded.url, event_codes = excluded.event_codes, stopped = 0",
            (app_key, url, json.dumps(list(dict.fromkeys(event_codes)))),
        )
        self._callbacks = self._saved_callbacks()
        return self._callbacks[app_key]

    def remove_callback(self, app_key: str) -> None:
        self._database.write("DELETE FROM callbacks WHERE app_key = ?", (app_key,))
        self._callbacks = self._saved_callbacks()

    def stop(self, app_key: str, stopped: bool) -> Callback:
        """Stop pushing to an app, as Temu does after callback errors, or start it again."""
        if app_key not in self._callbacks:
            raise KeyError(f"The app {app_key} has no callback; set one first.")
        self._database.write(
            "UPDATE callbacks SET stopped = ? WHERE app_key = ?", (stopped, app_key)
        )
        self._callbacks = self._saved_callbacks()
        return self._callbacks[app_key]

    def update_permits(
        self, grant: Grant, permit: Sequence[str], cancel: Sequence[str], api_type: str
    ) -> None:
        """``bg.tmc.message.update`` for one token, whole or not at all.

        Whether permits outlive their token is not documented; here a new token begins without any.
        """
        self._check_permits(grant, permit, cancel)
        rows = [(grant.id, code, _PERMITTED) for code in permit]
        rows += [(grant.id, code, _CANCELLED) for code in cancel]
        with self._database.writing():
            self._database.write_many("INSERT OR REPLACE INTO event_permits VALUES (?, ?, ?)", rows)
            self._ledger.record(
                "events_permitted",
                mall_id=grant.mall_id,
                subject=f"grant {grant.id}",
                area=grant.area,
                api_type=api_type,
                details={"permit": list(permit), "cancel": list(cancel)},
            )

    def _check_permits(self, grant: Grant, permit: Sequence[str], cancel: Sequence[str]) -> None:
        if len(permit) > MOST_CODES or len(cancel) > MOST_CODES:
            raise RefusedError(110020005)
        if set(permit) & set(cancel):
            raise RefusedError(110020006)
        callback = self._callbacks.get(grant.app_key)
        subscribed = callback.event_codes if callback else ()
        # Which of the two comes first is not documented; the app's own side is checked first.
        if not set(permit) <= set(subscribed):
            raise RefusedError(110020009)
        granted = events_of(grant.packages) - self._withheld.get(grant.id, frozenset())
        if not set(permit) <= granted:
            raise RefusedError(110020008)

    def withhold(self, grant: Grant, event_codes: Sequence[str]) -> None:
        """Events that the seller did not authorize for this token, whatever its packages say.

        Kept in memory only, like the faults.
        """
        self._withheld[grant.id] = frozenset(event_codes)

    def permits(self, grant: Grant) -> list[tuple[str, int]]:
        """What the seller let through (1) or cancelled (0) with this token."""
        rows = self._database.all(
            "SELECT event_code, permits_status FROM event_permits WHERE grant_id = ?", (grant.id,)
        )
        return [tuple(row) for row in rows]

    def status_changed(self, orders: Sequence[Order]) -> None:
        """One message an O-order, with the status it now has."""
        self._announce(webhooks.ORDER_STATUS_CHANGED, orders, _status_data)

    def cancelled(self, order: Order) -> None:
        """The buyer's cancellation went through."""
        self._announce(webhooks.CANCELLATION_CHANGED, [order], _cancellation_data)

    def address_changed(self, order: Order) -> None:
        self._announce(webhooks.ADDRESS_CHANGED, [order], _address_data)

    def test(self, app_key: str) -> int:
        """The portal's Test button; what such an event holds is not documented."""
        if app_key not in self._callbacks:
            raise KeyError(f"The app {app_key} has no callback; set one first.")
        return self._write(webhooks.TEST_EVENT, [app_key], iter([{}]))

    def due(self, limit: int) -> list[WebhookMessage]:
        """Messages to send now, in the order in which they became due."""
        rows = self._database.all(
            "SELECT m.* FROM messages m JOIN callbacks c USING (app_key)"
            " WHERE m.state = 'waiting' AND m.next_at_s <= ? AND NOT c.stopped"
            " ORDER BY m.next_at_s, m.id LIMIT ?",
            (self._clock.now(), limit),
        )
        return [_message(row) for row in rows]

    def messages(
        self, state: str | None = None, after_id: int = 0, limit: int = 100
    ) -> list[WebhookMessage]:
        rows = self._database.all(
            "SELECT * FROM messages WHERE id > ? AND (? IS NULL OR state = ?) ORDER BY id LIMIT ?",
            (after_id, state, state, limit),
        )
        return [_message(row) for row in rows]

    def settle(self, message: WebhookMessage, outcome: Outcome, answer: str) -> WebhookMessage:
        """One more try is over; a failed one is tried again until the gaps are used up."""
        attempts, next_at_s = message.attempts + 1, message.next_at_s
        if outcome != "failed":
            state: MessageState = outcome
        elif attempts > len(RETRY_GAPS_S):
            state = "dropped"
        else:
            state = "waiting"
            next_at_s = self._clock.now() + RETRY_GAPS_S[attempts - 1]
        self._database.write(
            "UPDATE messages SET state = ?, attempts = ?, next_at_s = ?, answer = ? WHERE id = ?",
            (state, attempts, next_at_s, answer, message.id),
        )
        return replace(message, state=state, attempts=attempts, next_at_s=next_at_s, answer=answer)

    def _announce(self, code: str, orders: Sequence[Order], told: Told) -> None:
        if not self._callbacks:
            return
        with self._database.writing():
            for (mall_id, area), some in groupby(orders, key=lambda one: (one.mall_id, one.area)):
                hearers = self._hearers(mall_id, area, code)
                if hearers:
                    self._write(code, hearers, (data for order in some for data in told(order)))

    def _hearers(self, mall_id: int, area: str, code: str) -> list[str]:
        """Apps that subscribed the event and whose living token of this mall lets it through."""
        rows = self._database.all(
            "SELECT g.app_key FROM grants g JOIN event_permits p ON p.grant_id = g.id"
            " WHERE g.mall_id = ? AND g.area = ? AND g.state = 'active' AND g.expires_at_s > ?"
            " AND p.event_code = ? AND p.permits_status = ?",
            (mall_id, area, self._clock.now_s(), code, _PERMITTED),
        )
        return [row[0] for row in rows if self._pushes(row[0], code)]

    def _pushes(self, app_key: str, code: str) -> bool:
        callback = self._callbacks.get(app_key)
        return callback is not None and not callback.stopped and code in callback.event_codes

    def _write(self, code: str, app_keys: Sequence[str], datas: Iterable[Mapping[str, Any]]) -> int:
        now = self._clock.now()
        areas = {key: self._directory.app(key).area for key in app_keys}
        rows = [
            (key, areas[key], code, json.dumps(data, separators=(",", ":")), int(now * 1000), now)
            for data in datas
            for key in app_keys
        ]
        self._database.write_many(
            "INSERT INTO messages (app_key, area, event_code, event_data, made_at_ms, next_at_s)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
        return len(rows)

    def _saved_callbacks(self) -> dict[str, Callback]:
        rows = self._database.all("SELECT * FROM callbacks")
        return {row["app_key"]: _callback(row) for row in rows}


def _status_data(order: Order) -> Iterator[Mapping[str, Any]]:
    for line in order.lines:
        yield {
            "mallId": order.mall_id,
            "parentOrderSn": order.parent_order_sn,
            "orderSn": line.order_sn,
            "orderStatus": line.status,
            "updateTime": order.updated_at_s,
        }


def _cancellation_data(order: Order) -> Iterator[Mapping[str, Any]]:
    yield {
        "mallId": order.mall_id,
        "parentAfterSalesSn": f"PO-AS-{order.region_id}-{order.id}",
        "parentOrderSn": order.parent_order_sn,
        "parentAfterSalesStatus": _CANCELLATION_REFUNDED,
        "updateAt": order.updated_at_s * 1000,
        "applyOperatorRole": _BY_BUYER,
    }


def _address_data(order: Order) -> Iterator[Mapping[str, Any]]:
    yield {"mallId": order.mall_id, "parentOrderSn": order.parent_order_sn}


def _callback(row: sqlite3.Row) -> Callback:
    codes = tuple(json.loads(row["event_codes"]))
    return Callback(row["app_key"], row["url"], codes, bool(row["stopped"]))


def _message(row: sqlite3.Row) -> WebhookMessage:
    return WebhookMessage(**row)

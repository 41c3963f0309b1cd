"""Control of webhooks: the portal's side of an app, sending what is due, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from temu_openapi.webhooks import EVENT_CODES
from temu_sandbox.sender import Sender
from temu_sandbox.webhook_post import is_loopback, over_loopback
from temu_sandbox.world.world import World

Json = dict[str, Any]


class WebhookVerbs:
    """The verbs about webhooks, over one world."""

    _world: World

    def set_callback(
        self, app_key: str, url: str = "", event_codes: Sequence[str] | None = None
    ) -> Json:
        """An app's callback address and subscribed events (all, if left out); no url: none."""
        if not url:
            self._world.webhooks.remove_callback(app_key)
            return {"app_key": app_key, "url": ""}
        if self._world.post is over_loopback and not is_loopback(url):
            raise ValueError(
                "The sandbox calls http addresses of this machine only, like "
                "http://127.0.0.1:8600/hooks/temu/…/."
            )
        codes = EVENT_CODES if event_codes is None else event_codes
        return asdict(self._world.webhooks.set_callback(app_key, url, codes))

    def stop_webhooks(self, app_key: str, stopped: bool = True) -> Json:
        """Stop pushing to an app, as Temu does after callback errors; false starts it again."""
        return asdict(self._world.webhooks.stop(app_key, stopped))

    def withhold_events(self, grant_id: int, event_codes: Sequence[str]) -> Json:
        """Events that the seller did not authorize for a token; an empty list: all are."""
        grant = self._world.authorizations.by_id(grant_id)
        self._world.webhooks.withhold(grant, event_codes)
        return {"grant_id": grant_id, "withheld": list(event_codes)}

    def test_webhook(self, app_key: str) -> Json:
        """The portal's Test button: one bg_open_event_test."""
        return {"made": self._world.webhooks.test(app_key)}

    def set_webhook_style(
        self, sign_ext_param: bool | None = None, restamp: bool | None = None
    ) -> Json:
        """Which documented signature is used; whether a retry carries its own time."""
        room = self._world.webhooks
        room.sign_ext_param = room.sign_ext_param if sign_ext_param is None else sign_ext_param
        room.restamp = room.restamp if restamp is None else restamp
        return {"sign_ext_param": room.sign_ext_param, "restamp": room.restamp}

    def deliver_webhooks(self, limit: int = 1000) -> Json:
        """Send what is due now: how many were delivered, failed (to be sent again), dropped, lost.

        A served sandbox does this by itself.
        """
        return dict(Sender(self._world).send_due(limit))

    def webhooks(self, state: str | None = None, after_id: int = 0, limit: int = 100) -> list[Json]:
        """Messages with what became of them: waiting, delivered, lost, dropped."""
        return [asdict(one) for one in self._world.webhooks.messages(state, after_id, limit)]

    def change_address(
        self, parent_order_sn: str, address: Mapping[str, str] | None = None
    ) -> Json:
        """A buyer's new address is accepted; fields left out stay made up."""
        return asdict(self._world.orders.change_address(parent_order_sn, address or {}))

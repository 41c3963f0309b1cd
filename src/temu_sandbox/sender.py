"""Sending what is due: one message a request, signed and sealed as documented."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence

from temu_openapi.webhooks import seal_message
from temu_sandbox.faults import WEBHOOK_KINDS, Fault
from temu_sandbox.world.model import WebhookMessage
from temu_sandbox.world.webhooks import Outcome
from temu_sandbox.world.world import World

_LOOK_EVERY_S = 0.5
_AT_ONCE = 1000


class Sender:
    """Delivers a world's messages through ``world.post``, with the faults that were ordered."""

    def __init__(self, world: World) -> None:
        self._world = world

    def send_due(self, limit: int = _AT_ONCE) -> Counter[str]:
        """Send what is due once; how many were delivered, failed, dropped or lost."""
        tally: Counter[str] = Counter()
        # The lock keeps two senders of this process from delivering the same message twice.
        with self._world.webhooks.sending:
            for message, faults in self._in_order(self._world.webhooks.due(limit)):
                tally[self._send(message, faults)] += 1
        return tally

    def _in_order(
        self, due: Sequence[WebhookMessage]
    ) -> Iterator[tuple[WebhookMessage, dict[str, Fault]]]:
        """As they became due; those struck by ``late_webhook`` after all others, newest first."""
        struck = [(one, self._striking(one)) for one in due]
        yield from (pair for pair in struck if "late_webhook" not in pair[1])
        yield from (pair for pair in reversed(struck) if "late_webhook" in pair[1])

    def _striking(self, message: WebhookMessage) -> dict[str, Fault]:
        faults = self._world.faults
        return faults.striking(message.area, message.event_code, among=WEBHOOK_KINDS)

    def _send(self, message: WebhookMessage, faults: dict[str, Fault]) -> str:
        if "lost_webhook" in faults:
            return self._settled(message, "lost", "lost by the sandbox on purpose")
        for _again in range(2 if "double_webhook" in faults else 1):
            good, answer = self._deliver(message)
        if "unheard_webhook" in faults:
            good, answer = False, f"{answer}, not heard"
        return self._settled(message, "delivered" if good else "failed", answer)

    def _settled(self, message: WebhookMessage, outcome: Outcome, answer: str) -> str:
        settled = self._world.webhooks.settle(message, outcome, answer)
        return "failed" if settled.state == "waiting" else settled.state

    def _deliver(self, message: WebhookMessage) -> tuple[bool, str]:
        room, app = self._world.webhooks, self._world.directory.app(message.app_key)
        callback = room.callback(message.app_key)
        if callback is None:
            return False, "the app has no callback any more"
        now_ms = int(self._world.clock.now() * 1000)
        headers, body = seal_message(
            message.event_data,
            app_key=app.app_key,
            event_code=message.event_code,
            sent_at_ms=now_ms if room.restamp else message.made_at_ms,
            secret=app.app_secret,
            sign_ext_param=room.sign_ext_param,
        )
        reply = self._world.post(callback.url, headers, body)
        return reply.good, str(reply)


class SenderThread:
    """Sends what is due by itself, as long as a world is served."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="temu-webhooks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        self._thread.join(10)

    def _run(self) -> None:
        sender = Sender(self._world)
        while not self._end.wait(_LOOK_EVERY_S):
            if self._world.webhooks.on:
                sender.send_due()

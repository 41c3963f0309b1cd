"""DingTalk's and WeCom's group robots, with their answers read.

Both answer 200 to a message that they do not take, with the reason inside; Apprise calls that
sent. A reminder that nobody gets must fail, so these two look.
"""

import json
from typing import Any, ClassVar

from apprise.common import NotifyFormat, NotifyType
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

from storewarden import outward

JSON = {"Content-Type": "application/json; charset=utf-8"}
BYTES_A_LETTER = 3


class Robot:
    """Posts a text and takes nothing but `errcode` 0 for an answer."""

    allow: ClassVar[frozenset[str]] = frozenset()
    logger: Any

    def ask(self, url: str, content: str, **more: Any) -> bool:
        said = json.dumps({"msgtype": "text", "text": {"content": content}, **more}).encode()
        try:
            answer = outward.post(url, said, JSON, allow=self.allow)
        except (outward.NoAnswer, outward.NotAllowed) as no:
            self.logger.warning("no answer: %s", no.reason)
            return False
        return self._took_it(answer)

    def _took_it(self, answer: outward.Answer) -> bool:
        if answer.status != 200:
            self.logger.warning("error=%d", answer.status)
            return False
        told = _read(answer.beginning)
        if told.get("errcode") == 0:
            return True
        self.logger.warning("code=%s msg=%s", told.get("errcode"), told.get("errmsg", ""))
        return False


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


class DingTalk(Robot, NotifyDingTalk):
    """A robot of a DingTalk group."""

    def send(
        self,
        body: str,
        title: str = "",
        notify_type: NotifyType = NotifyType.INFO,
        body_format: NotifyFormat | None = None,
        **more: Any,
    ) -> bool:
        url = self.notify_url.format(token=self.token)
        if self.secret:
            timestamp, sign = self.get_signature()  # type: ignore[no-untyped-call]  # Apprise's own
            url = f"{url}&timestamp={timestamp}&sign={sign}"
        called = {"atMobiles": self.targets, "isAtAll": False}
        return self.ask(url, f"{title}\n{body}" if title else body, at=called)


class WeCom(Robot, NotifyWeComBot):
    """A robot of a WeCom group. Its limit counts bytes, of which a Chinese letter has three."""

    body_maxlen = NotifyWeComBot.body_maxlen // BYTES_A_LETTER

    def send(
        self,
        body: str,
        title: str = "",
        notify_type: NotifyType = NotifyType.INFO,
        **more: Any,
    ) -> bool:
        return self.ask(self.api_url, body)


ROBOTS = (DingTalk, WeCom)

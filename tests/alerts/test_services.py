"""What a service takes for sent, and that no secret gets out on the way."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from storewarden.alerts import channels, outcomes
from storewarden.alerts.models import Channel
from storewarden.alerts.robots import DingTalk, Robot, WeCom
from storewarden.alerts.sending import deliver, send_test
from tests.alerts.kit import bare_store, channel, item, json_to, message
from tests.outward.servers import Arrived, Receiver, Reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time")]


class TestRobots:
    """DingTalk and WeCom answer 200 to what they do not take."""

    @pytest.fixture(autouse=True)
    def here(self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        base = f"http://127.0.0.1:{receiver.port}"
        monkeypatch.setattr(DingTalk, "notify_url", f"{base}/robot/send?access_token={{token}}")
        monkeypatch.setattr(WeCom, "notify_url", f"{base}/cgi-bin/webhook/send?key={{key}}")
        monkeypatch.setattr(Robot, "allow", frozenset({"127.0.0.1"}))

    @pytest.mark.parametrize(
        "address", ["dingtalk://SECsandbox1@0123456789abcdef/", "wecombot://abcd-0123-ef"]
    )
    @pytest.mark.parametrize(
        ("answer", "state", "failure"),
        [
            (b'{"errcode":0,"errmsg":"ok"}', "sent", ""),
            (b'{"errcode":310000,"errmsg":"keywords not in content"}', "failed",
             "refused:310000:keywords not in content"),
            (b"<html>all is well</html>", "failed", "refused:None"),
        ],
        ids=["taken", "refused", "garbled"],
    )  # fmt: skip
    def test_only_errcode_0_is_taken_for_sent(
        self, receiver: Receiver, address: str, answer: bytes, state: str, failure: str
    ) -> None:
        receiver.answer = lambda _arrived: Reply(200, body=answer)
        done = send_test(channel(address))
        assert (done.state, done.failure) == (state, failure)

    def test_dingtalk_gets_its_signature_and_the_text(self, receiver: Receiver) -> None:
        receiver.answer = lambda _arrived: Reply(200, body=b'{"errcode":0}')
        send_test(channel("dingtalk://SECsandbox1@0123456789abcdef/"))
        [came] = receiver.arrived
        assert "access_token=0123456789abcdef&timestamp=" in came.path
        assert "&sign=" in came.path
        assert "Storewarden: a test" in came.body.decode()

    def test_wecom_gets_no_more_bytes_at_once_than_it_takes(self, receiver: Receiver) -> None:
        receiver.answer = lambda _arrived: Reply(200, body=b'{"errcode":0}')
        channel("wecombot://abcd-0123-ef", language="zh-hans")
        message(*(item(bare_store(f"店铺{n}" * 12, f"9{n}"), n) for n in range(20)))
        deliver()
        sizes = [_content_bytes(one) for one in receiver.arrived]
        assert len(sizes) > 1
        assert max(sizes) <= 2048


def _content_bytes(arrived: Arrived) -> int:
    return len(json.loads(arrived.body)["text"]["content"].encode())


class TestNothingLeaks:
    TOKEN = "sandboxSecretInThePath0123456789"

    @pytest.fixture
    def everything_logged(self) -> Iterator[io.StringIO]:
        """What a server that logs at debug level writes."""
        root, written = logging.getLogger(), io.StringIO()
        handler, level = logging.StreamHandler(written), root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        yield written
        root.removeHandler(handler)
        root.setLevel(level)

    @pytest.mark.parametrize("reply", [200, 500, 401])
    def test_no_log_of_any_level_has_a_part_of_the_address(
        self, receiver: Receiver, everything_logged: io.StringIO, reply: int
    ) -> None:
        receiver.replies(reply)
        send_test(channel(f"{json_to(receiver)}/{self.TOKEN}?+Authorization={self.TOKEN}"))
        assert self.TOKEN in receiver.arrived[0].path
        logging.getLogger("another").debug("written down")
        assert "written down" in everything_logged.getvalue()
        assert self.TOKEN not in everything_logged.getvalue()

    def test_a_failure_that_repeats_the_address_is_kept_without_it(self) -> None:
        lines = [f"Failed to send: Bad {self.TOKEN} given, error=400."]
        assert outcomes.read(lines, {self.TOKEN}) == "http:400"

    def test_the_database_holds_the_address_sealed(self, receiver: Receiver) -> None:
        made = channel(f"{json_to(receiver)}/{self.TOKEN}")
        row = " ".join(str(value) for value in Channel.objects.values_list().get(pk=made.pk))
        assert self.TOKEN not in row
        assert self.TOKEN in channels.address_of(made).reveal()

"""`storewarden alerts` and `storewarden channels`."""

import json
from collections.abc import Iterator

import pytest

from storewarden import clock
from storewarden.alerts import answering, channels
from storewarden.alerts.models import Alert, Channel
from tests.alerts.kit import Time, alert, bare_store, channel, json_to
from tests.cli.kit import refused, run, told
from tests.outward.servers import Receiver, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time")]
SECRET = "sandboxSecretOfAChannel0123456789"


@pytest.fixture
def time() -> Iterator[Time]:
    moved = Time()
    with clock.running_on(moved):
        yield moved


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


class TestAlerts:
    def test_what_is_open_is_listed_with_its_next_step(self) -> None:
        about = alert(bare_store("Alpha"))
        [one] = told("alerts", "list")["alerts"]
        assert (one["id"], one["store"], one["rings"]) == (about.pk, "Alpha", True)
        assert "works until" in one["what"]
        assert "Reauthorize" in one["next_step"]
        assert "Alpha" in run("alerts", "list").stdout

    def test_one_is_acknowledged_by_its_number(self) -> None:
        about = alert(bare_store("A", "1"))
        alert(bare_store("B", "2"))
        assert told("alerts", "acknowledge", str(about.pk)) == {"acknowledged": 1}
        assert answering.ringing(clock.now()).count() == 1

    def test_those_of_a_store_are_acknowledged_by_its_name(self) -> None:
        alert(bare_store("A", "1"))
        alert(bare_store("B", "2"))
        assert told("alerts", "acknowledge", "--store", "A") == {"acknowledged": 1}

    def test_all_are_acknowledged(self) -> None:
        alert(bare_store("A", "1"))
        alert(bare_store("B", "2"))
        assert told("alerts", "acknowledge", "--all") == {"acknowledged": 2}

    def test_one_is_snoozed(self, time: Time) -> None:
        about = alert(bare_store("Alpha"))
        assert told("alerts", "snooze", str(about.pk), "--for", "three_days") == {"snoozed": 1}
        time.advance(days=3)
        assert answering.ringing(clock.now()).count() == 1

    def test_what_is_no_number_is_wrong_usage(self) -> None:
        for number in ("0", "-1", "x", str(2**70)):
            assert run("alerts", "acknowledge", "--", number).exit_code == 2

    @pytest.mark.parametrize("numbers", [[], ["9999"], [str(2**63 - 1)]])
    def test_an_unknown_number_is_refused(self, numbers: list[str]) -> None:
        assert refused("alerts", "acknowledge", *numbers)["cause"] == "no_such_alert"

    def test_one_that_is_over_is_refused(self) -> None:
        about = alert(bare_store("Alpha"), closed_at=clock.now())
        assert refused("alerts", "acknowledge", str(about.pk))["cause"] == "no_such_alert"
        assert Alert.objects.get().seen_at is None


class TestChannels:
    def test_any_apprise_url_is_read_from_standard_input(self) -> None:
        made = told("channels", "add", "--name", "Group", stdin=f"feishu://{SECRET}\n")
        assert made["channel"]["service"] == "Feishu"
        assert SECRET not in json.dumps(made)
        assert channels.address_of(Channel.objects.get()).reveal() == f"feishu://{SECRET}"

    def test_the_fields_of_a_service_are_read_as_json(self) -> None:
        fields = json.dumps({"token": "123456789:AAsandbox0123456789", "chat": "12345"})
        add = ("channels", "add", "--name", "Me", "--service", "telegram", "--role", "second")
        assert told(*add, "--language", "zh-hans", stdin=fields)["channel"]["role"] == "second"

    @pytest.mark.parametrize(
        ("service", "stdin", "cause"),
        [
            ("any", "", "channel_field_unfit"),
            ("any", "syslog://", "channel_is_local"),
            ("any", "nonsense", "address_unknown"),
            ("any", "x" * 1001, "channel_field_unfit"),
            ("any", b"a" * 10_000_000, "bad_input"),
            ("any", b"\xff\xfe", "bad_input"),
            ("telegram", "tgram://x", "bad_input"),
            ("telegram", "[" * 100_000, "bad_input"),
            ("telegram", '{"token": ["x"], "chat": {"a": 1}}', "channel_field_unfit"),
            ("email", '{"host": "smtp.example.test"}', "channel_field_unfit"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, service: str, stdin: str | bytes, cause: str
    ) -> None:
        add = ("channels", "add", "--name", "Group", "--service", service)
        assert refused(*add, stdin=stdin)["cause"] == cause
        assert not Channel.objects.exists()

    def test_no_option_takes_an_address(self) -> None:
        wrong = run("channels", "add", "--name", "G", "--url", f"feishu://{SECRET}")
        assert wrong.exit_code == 2

    def test_no_output_ever_shows_an_address(self) -> None:
        outputs = [
            run("channels", "add", "--name", "Group", stdin=f"feishu://{SECRET}"),
            run("channels", "list"),
            run("channels", "list", "--json"),
            run("channels", "remove", "Group"),
        ]
        assert all(SECRET not in one.output for one in outputs)
        assert [one.exit_code for one in outputs] == [0, 0, 0, 0]

    def test_a_test_is_sent(self, receiver: Receiver) -> None:
        channel(json_to(receiver))
        assert told("channels", "test", "group") == {"sent": "Group"}
        assert len(receiver.arrived) == 1

    def test_a_test_that_fails_says_why(self) -> None:
        channel("json://127.0.0.1:9/")
        no = refused("channels", "test", "Group")
        assert (no["cause"], no["code"]) == ("test_failed", "unreachable")

    def test_one_is_removed(self) -> None:
        channel("json://127.0.0.1:9/")
        assert told("channels", "remove", "Group") == {"removed": "Group"}
        assert not Channel.objects.exists()

    @pytest.mark.parametrize("name", ["", "nobody", "a\x00b", "'; DROP TABLE x; --"])
    def test_an_unknown_channel_is_refused(self, name: str) -> None:
        assert refused("channels", "remove", name)["cause"] == "no_such_channel"

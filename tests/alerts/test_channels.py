"""Channels: which addresses are taken, what is shown of them, and what the fields become."""

import re

import pytest
from apprise.manager_plugins import NotificationManager
from hypothesis import given
from hypothesis import strategies as some

from storewarden.alerts import channels, outcomes, services
from storewarden.alerts.addresses import SERVICES
from storewarden.alerts.models import Channel
from storewarden.stores.errors import Refusal
from storewarden.vault import Secret
from tests.alerts.kit import ME, channel, message

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
secret = some.text(LETTERS, min_size=12, max_size=40)
FORMS = [
    "tgram://123456789:{0}/-100987654/",
    "dingtalk://SEC{0}@{1}/",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={0}",
    "feishu://{0}",
    "lark://{0}",
    "https://open.larksuite.com/open-apis/bot/v2/hook/{0}",
    "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{0}",
    "https://discord.com/api/webhooks/4174216298/{0}",
    "mailtos://smtp.example.test:465?user=robot@example.test&pass={0}&from=a@example.test"
    "&to=b@example.test&smtp=smtp.example.test&mode=ssl",
    "json://robot:{0}@erp.example.test/hooks/{1}?+X-Key={0}",
    "jsons://erp.example.test/{0}",
    "form://erp.example.test/?secret={0}",
    "ntfys://{0}",
    "ntfys://robot:{0}@push.example.test/{1}",
    "gotifys://push.example.test/{0}",
    "barks://push.example.test/{0}",
    "schan://{0}",
    "pover://{0}@{1}",
    "matrixs://robot:{0}@chat.example.test/#room",
    "rockets://robot:{0}@chat.example.test/#room",
    "apprises://hub.example.test/{0}",
]


def read(address: str) -> services.Service:
    return services.service_of(Secret(address))


class TestWhatIsShown:
    @pytest.mark.parametrize("form", FORMS, ids=lambda form: re.split(r"[:/]+", form)[0])
    @given(one=secret, two=secret)
    def test_no_secret_is_in_the_masked_address(self, form: str, one: str, two: str) -> None:
        address = Secret(form.format(one, two))
        try:
            service = services.service_of(address)
        except Refusal:
            return  # a service that knows the form of its secrets
        shown = services.masked(service, address)
        assert one not in shown
        assert two not in shown

    @pytest.mark.parametrize("form", FORMS, ids=lambda form: re.split(r"[:/]+", form)[0])
    def test_each_form_of_this_table_is_taken(self, form: str) -> None:
        first = "u" + "a1" * 14 + "z" if form.startswith("pover") else "a1b2" * 8
        assert read(form.format(first, "b2c3" * 8))

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("tgram://123456789:AAsandbox0123456789/987654321/", "tgram://1...9/987654321"),
            ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
             "slack://T...2/A...D/T...Q"),
            ("ntfys://mysecrettopic", "ntfy"),
            ("json://erp.example.test/hook-5d41402a", "JSON"),
        ],
    )  # fmt: skip
    def test_enough_is_shown_to_know_it_again_else_the_service_alone(
        self, address: str, shown: str
    ) -> None:
        assert services.masked(read(address), Secret(address)) == shown


class TestWhatIsTaken:
    @pytest.mark.parametrize("scheme", [*sorted(services.LOCAL), "SysLog", "DBUS"])
    def test_what_shows_itself_on_this_machine_alone_is_refused(self, scheme: str) -> None:
        with pytest.raises(Refusal, match="on this machine only") as no:
            read(f"{scheme}://")
        assert no.value.cause == "channel_is_local"

    def test_every_service_without_a_receiver_in_its_address_is_known_to_be_local(self) -> None:
        plain = {
            scheme
            for plugin in NotificationManager().plugins()
            if any(form == "{schema}://" for form in plugin.templates)
            for kind in (plugin.protocol, plugin.secure_protocol)
            for scheme in ([kind] if isinstance(kind, str) else kind or ())
        }
        assert plain == services.LOCAL

    @pytest.mark.parametrize(
        "address",
        [
            "fcm://project/device?keyfile=/etc/passwd",
            "vapid://a@example.test/b@example.test?keyfile=/etc/passwd",
            "vapid://a@example.test/b@example.test?subfile=/etc/passwd",
            "mailto://a:b@example.test?pgp=encrypt&pgppub=/etc/passwd",
            "mailto://a:b@example.test?PGPPRV=/etc/passwd",
            "https://discord.com/api/webhooks/4174216298/abcdefgh?template=/etc/passwd",
            "tgram://123456789:AAsandbox0123456789/987654321/?template=file:///etc/passwd",
        ],
    )
    def test_an_address_that_reads_a_file_is_refused(self, address: str) -> None:
        with pytest.raises(Refusal) as no:
            read(address)
        assert no.value.cause == "channel_reads_a_file"

    def test_every_argument_that_names_a_file_is_refused(self) -> None:
        files = {
            (kind if isinstance(kind, str) else sorted(kind)[0], name)
            for plugin in NotificationManager().plugins()
            for name, about in plugin.template_args.items()
            if re.search(r"(Template|Key) Path|KeyFile|Subscripion File", str(about.get("name")))
            for kind in [plugin.secure_protocol or plugin.protocol]
        }
        unknown = {
            (scheme, name)
            for scheme, name in files
            if name not in services.FILES
            and not (name == "template" and scheme in services.TEMPLATE_IS_A_FILE)
        }
        assert files
        assert unknown == set()

    @pytest.mark.parametrize(
        "text",
        ["", "   ", "hello", "https://example.test/", "foo://bar", "json://", "://", "tgram://x",
         "a" * 2001, "json://a\x00b/", "json://a\u202eb/", "json://\n", "'; DROP TABLE x; --",
         "<script>alert(1)</script>", "🙂", "json://[::1", "x" * 10_000_000],
        ids=lambda text: repr(text[:12]),
    )  # fmt: skip
    def test_what_is_no_address_is_refused_in_a_sentence(self, text: str) -> None:
        with pytest.raises(Refusal) as no:
            read(text)
        assert no.value.cause in ("address_unfit", "address_unknown")
        assert no.value.next_step

    def test_a_service_whose_package_is_not_here_says_so(self) -> None:
        with pytest.raises(Refusal, match="needs a package"):
            read("mqtt://broker.example.test/topic")


def filled(service: str, **fields: str) -> str:
    form = SERVICES[service](fields)
    assert form.is_valid(), form.errors
    return form.address().reveal()


class TestTheFields:
    @pytest.mark.parametrize(
        ("service", "fields", "name"),
        [
            ("telegram", {"token": "123456789:AAsandbox-_0123456789", "chat": "-100987654"},
             "Telegram"),
            ("dingtalk", {"token": "0123abcd", "secret": "SEC0123abcd"}, "DingTalk"),
            ("dingtalk", {"token": "https://oapi.dingtalk.com/robot/send?access_token=0123abcd"},
             "DingTalk"),
            ("wecom", {"token": "0123-abcd"}, "WeCom Bot"),
            ("wecom", {"token": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123-abcd"},
             "WeCom Bot"),
            ("feishu", {"token": "https://open.feishu.cn/open-apis/bot/v2/hook/0123-abcd"},
             "Feishu"),
            ("lark", {"token": "https://open.larksuite.com/open-apis/bot/v2/hook/0123-abcd"},
             "Lark (Feishu)"),
            ("slack", {"url": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazk"
                              "cOXrIdevi7FQ"}, "Slack"),
            ("discord", {"url": "https://discord.com/api/webhooks/4174216298/abcdefgh"},
             "Discord"),
            ("email", {"host": "smtp.example.test", "security": "ssl", "user": "robot",
                       "password": "a&b=c/ü#%", "sender": "a@example.test",
                       "to": "b@example.test"}, "E-Mail"),
            ("any", {"url": "ntfys://topic-of-mine"}, "ntfy"),
        ],
    )  # fmt: skip
    def test_a_service_is_made_of_them(
        self, service: str, fields: dict[str, str], name: str
    ) -> None:
        assert services.name_of(read(filled(service, **fields))) == name

    def test_a_password_of_any_signs_arrives_whole(self) -> None:
        odd = "a&b=c/ü#% +?@:"
        mail = {"host": "smtp.example.test", "security": "starttls", "user": "r@example.test",
                "password": odd, "sender": "a@example.test", "to": "b@example.test"}  # fmt: skip
        service = read(filled("email", **mail))
        assert (service.user, service.password) == ("r@example.test", odd)
        assert (service.port, service.secure_mode) == (587, "starttls")

    @pytest.mark.parametrize(
        ("service", "fields", "wrong"),
        [
            ("telegram", {"token": "", "chat": ""}, "token"),
            ("telegram", {"token": "1:a", "chat": "my group"}, "chat"),
            ("slack", {"url": "https://evil.example.test/services/a/b/c"}, "url"),
            ("slack", {"url": "http://[::1"}, "url"),
            ("discord", {"url": "https://discord.com.evil.test/api/webhooks/1/2"}, "url"),
            ("email", {"host": "smtp.example.test/x"}, "host"),
            ("email", {"port": "99999"}, "port"),
            ("email", {"security": "none"}, "security"),
            ("email", {"sender": "me"}, "sender"),
            ("email", {"to": "a@example.test,nobody"}, "to"),
            ("email", {"to": ",".join(f"a{n}@example.test" for n in range(30))}, "to"),
            ("email", {"user": "robot"}, "password"),
            ("any", {"url": "json://a\u202eb"}, "url"),
            ("any", {"url": "a" * 100_000}, "url"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(
        self, service: str, fields: dict[str, str], wrong: str
    ) -> None:
        assert wrong in SERVICES[service](fields).errors


@pytest.mark.django_db
class TestDeeds:
    def test_an_address_is_sealed_to_its_row(self) -> None:
        made = channel("json://127.0.0.1:9/very-secret-path")
        assert "very-secret-path" not in made.url_sealed
        assert channels.address_of(made).reveal() == "json://127.0.0.1:9/very-secret-path"

    @pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\u202eb", "a\x00b"])
    def test_an_unfit_name_is_refused(self, name: str) -> None:
        with pytest.raises(Refusal) as no:
            channel("json://127.0.0.1:9/", name)
        assert no.value.cause == "channel_name_unfit"

    def test_names_are_unique_whatever_their_case(self) -> None:
        channel("json://127.0.0.1:9/", "Group")
        with pytest.raises(Refusal) as no:
            channel("json://127.0.0.1:9/", "GROUP")
        assert no.value.cause == "channel_name_taken"
        assert Channel.objects.count() == 1

    def test_a_refused_address_leaves_the_old_one_in_place(self) -> None:
        made = channel("json://127.0.0.1:9/old")
        with pytest.raises(Refusal):
            channels.replace_address(made, Secret("syslog://"))
        assert channels.address_of(Channel.objects.get()).reveal().endswith("/old")

    def test_a_new_address_begins_without_the_failures_of_the_old_one(self) -> None:
        made = channel("json://127.0.0.1:9/old")
        Channel.objects.update(failing_since=made.made_at, failure="timeout")
        made.refresh_from_db()
        channels.replace_address(made, Secret("ntfys://another-topic"))
        kept = Channel.objects.get()
        assert (kept.service, kept.failing_since, kept.failure) == ("ntfy", None, "")

    @pytest.mark.parametrize(("language", "role"), [("tlh", "first"), ("en", "third")])
    def test_an_unknown_language_or_person_is_refused(self, language: str, role: str) -> None:
        with pytest.raises(Refusal):
            channels.add("A", Secret("json://127.0.0.1:9/"), language, role, ME)

    def test_switched_off_it_gets_no_new_message(self) -> None:
        made = channel("json://127.0.0.1:9/")
        channels.switch(made, on=False)
        assert message().deliveries.count() == 0


class TestWhatFailuresSay:
    @pytest.mark.parametrize(
        ("lines", "code"),
        [
            (["Failed to send Telegram notification to 9: Bad Request: chat not found, error=400."],
             "http:400:Bad Request: chat not found"),
            (["Failed to send JSON POST notification: Internal Server Error., error=500."],
             "http:500:Internal Server Error."),
            (["Failed to send X notification: error=503."], "http:503"),
            (["Feishu rejected our notification: code=9499 msg=Bad Request"],
             "refused:9499:Bad Request"),
            (["Socket Exception: (535, b'5.7.8 wrong key')"], "smtp:535:5.7.8 wrong key"),
            (["SMTP recipient a@example.test was refused: 550 b'no such user'"],
             "smtp:550:no such user"),
            (["A Connection error occurred.", "Socket Exception: HTTPSConnectionPool(host='x', "
              "port=443): Read timed out. (read timeout=10)"], "timeout"),
            (["Socket Exception: [SSL: CERTIFICATE_VERIFY_FAILED]"], "certificate"),
            (["Something else"], "refused"),
            ([], "refused"),
        ],
    )  # fmt: skip
    def test_a_code_is_read_from_the_lines(self, lines: list[str], code: str) -> None:
        assert outcomes.read(lines, set()) == code

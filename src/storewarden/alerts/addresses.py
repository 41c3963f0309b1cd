"""The services that sellers use, and what each needs: a few fields that become one address."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from storewarden.vault import Secret

LONGEST = 1000
MOST_RECEIVERS = 20
QUIET = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
HOST_NAME = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


class Text(forms.CharField):
    """A short text without invisible characters."""

    def __init__(self, label: Any, *, hint: Any = "", **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs=QUIET))
        super().__init__(label=label, help_text=hint, max_length=LONGEST, **more)
        self.widget.is_required = False  # said by us, in words
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text.isprintable():
            raise ValidationError(_("This has invisible characters in it. Type it instead."))
        return text


class Hidden(Text):
    """A secret: it is not shown while it is typed, nor ever again."""

    def __init__(self, label: Any, **more: Any) -> None:
        widget = forms.PasswordInput(render_value=False, attrs={**QUIET, "class": "mono"})
        super().__init__(label, widget=widget, **more)


class Address(forms.Form):
    """The fields of one service. `key` names it in addresses and commands."""

    key: ClassVar[str]
    label: ClassVar[Promise | str]
    about: ClassVar[Promise | str] = ""

    def address(self) -> Secret:
        """The address that Apprise understands."""
        raise NotImplementedError


class AnyAddress(Address):
    """Whatever Apprise understands, which is more than a hundred services."""

    key, label = "any", gettext_lazy("Any Apprise URL")
    about = gettext_lazy(
        "More than a hundred services, such as ntfy, Gotify, Bark, Pushover, Matrix or Teams. "
        "Their addresses are described under https://appriseit.com/services/."
    )
    url = Hidden(gettext_lazy("Apprise URL"), hint=gettext_lazy("As ntfys://…, or a webhook."))

    def address(self) -> Secret:
        return Secret(self.cleaned_data["url"])


class Email(Address):
    key, label = "email", gettext_lazy("E-mail")
    about = gettext_lazy(
        "Through the mail server of your provider. Many providers want an app password here "
        "instead of the password of the mailbox."
    )
    PORTS: ClassVar[Mapping[str, int]] = {"ssl": 465, "starttls": 587, "insecure": 25}
    host = Text(gettext_lazy("Mail server (SMTP)"), hint=gettext_lazy("As smtp.example.com."))
    security = forms.ChoiceField(
        label=gettext_lazy("Security"),
        choices=[
            ("ssl", gettext_lazy("SSL/TLS (port 465)")),
            ("starttls", gettext_lazy("STARTTLS (port 587)")),
            ("insecure", gettext_lazy("None (port 25, for a server of your own network)")),
        ],
    )
    port = forms.IntegerField(
        label=gettext_lazy("Port"),
        required=False,
        min_value=1,
        max_value=65535,
        help_text=gettext_lazy("Empty: the usual one."),
    )
    user = Text(gettext_lazy("User"), required=False)
    password = Hidden(gettext_lazy("Password"), required=False)
    sender = Text(gettext_lazy("From"), hint=gettext_lazy("An e-mail address."))
    to = Text(gettext_lazy("To"), hint=gettext_lazy("E-mail addresses, separated by commas."))

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"])
        if not HOST_NAME.fullmatch(host):
            raise ValidationError(_("This is no name of a server. Write it like smtp.example.com."))
        return host

    def clean_sender(self) -> str:
        return _email(self.cleaned_data["sender"])

    def clean_to(self) -> list[str]:
        found = [one for one in re.split(r"[\s,;，；]+", self.cleaned_data["to"]) if one]
        if len(found) > MOST_RECEIVERS:
            raise ValidationError(_("At most 20 addresses fit into one channel."))
        return [_email(one) for one in found]

    def clean(self) -> None:
        if bool(self.cleaned_data.get("user")) != bool(self.cleaned_data.get("password")):
            self.add_error("password", _("User and password belong together: fill in both."))

    def address(self) -> Secret:
        told = self.cleaned_data
        port = told["port"] or self.PORTS[told["security"]]
        asked = {"smtp": told["host"], "from": told["sender"], "to": ",".join(told["to"])}
        asked |= {"mode": told["security"], "format": "text"}
        if told["user"]:
            asked |= {"user": told["user"], "pass": told["password"]}
        scheme = "mailto" if told["security"] == "insecure" else "mailtos"
        return Secret(f"{scheme}://{told['host']}:{port}?{urlencode(asked, quote_via=quote)}")


class Telegram(Address):
    key, label = "telegram", gettext_lazy("Telegram")
    about = gettext_lazy(
        "Talk to @BotFather to make a bot, then write to your bot, or add it to a group. "
        "@userinfobot tells the chat id."
    )
    token = Hidden(gettext_lazy("Bot token"), hint=gettext_lazy("As 123456789:AA…"))
    chat = Text(gettext_lazy("Chat id"), hint=gettext_lazy("Digits; of a group with a minus."))

    def clean_chat(self) -> str:
        chat = str(self.cleaned_data["chat"])
        if not re.fullmatch(r"-?\d{1,16}|@\w{1,64}", chat):
            raise ValidationError(_("This is no chat id: it is digits, or a name with @."))
        return chat

    def address(self) -> Secret:
        told = self.cleaned_data
        return Secret(f"tgram://{quote(told['token'], safe=':')}/{quote(told['chat'], safe='@')}/")


class DingTalk(Address):
    key, label = "dingtalk", gettext_lazy("DingTalk")
    about = gettext_lazy(
        "A custom robot of a group: Group settings › Robots. Secure it by signature, or by the "
        "keyword Storewarden."
    )
    token = Hidden(
        gettext_lazy("Webhook, or its access_token"),
        hint=gettext_lazy("As https://oapi.dingtalk.com/robot/send?access_token=…"),
    )
    secret = Hidden(
        gettext_lazy("Secret of the signature"),
        hint=gettext_lazy("Begins with SEC. Empty: secured by keyword or address."),
        required=False,
    )

    def address(self) -> Secret:
        token, secret = asked_in(self.cleaned_data["token"], "access_token"), ""
        if self.cleaned_data["secret"]:
            secret = f"{quote(self.cleaned_data['secret'], safe='')}@"
        return Secret(f"dingtalk://{secret}{quote(token, safe='')}/")


class WeCom(Address):
    key, label = "wecom", gettext_lazy("WeCom")
    about = gettext_lazy("A group robot: the group's menu › Add group robot.")
    token = Hidden(
        gettext_lazy("Webhook, or its key"),
        hint=gettext_lazy("As https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"),
    )

    def address(self) -> Secret:
        return Secret(f"wecombot://{quote(asked_in(self.cleaned_data['token'], 'key'), safe='')}")


class Feishu(Address):
    key, label = "feishu", gettext_lazy("Feishu")
    about = gettext_lazy(
        "A custom bot of a group: Group settings › Bots. Secure it by the keyword Storewarden or "
        "by address; its signature is not supported."
    )
    token = Hidden(
        gettext_lazy("Webhook, or the token at its end"),
        hint=gettext_lazy("As https://open.feishu.cn/open-apis/bot/v2/hook/…"),
    )

    def address(self) -> Secret:
        return Secret(f"feishu://{quote(end_of(self.cleaned_data['token']), safe='')}")


class Lark(Address):
    key, label = "lark", gettext_lazy("Lark")
    about = gettext_lazy(
        "A custom bot of a group: Group settings › Bots. Secure it by the keyword Storewarden or "
        "by address; its signature is not supported."
    )
    token = Hidden(
        gettext_lazy("Webhook, or the token at its end"),
        hint=gettext_lazy("As https://open.larksuite.com/open-apis/bot/v2/hook/…"),
    )

    def address(self) -> Secret:
        return Secret(f"lark://{quote(end_of(self.cleaned_data['token']), safe='')}")


class Slack(Address):
    key, label = "slack", gettext_lazy("Slack")
    about = gettext_lazy("An incoming webhook: api.slack.com/apps › your app › Incoming Webhooks.")
    url = Hidden(
        gettext_lazy("Webhook"), hint=gettext_lazy("As https://hooks.slack.com/services/…")
    )

    def clean_url(self) -> str:
        return webhook(self.cleaned_data["url"], "hooks.slack.com", "hooks.slack-gov.com")

    def address(self) -> Secret:
        return Secret(self.cleaned_data["url"])


class Discord(Address):
    key, label = "discord", gettext_lazy("Discord")
    about = gettext_lazy("A webhook of a channel: Edit channel › Integrations › Webhooks.")
    url = Hidden(
        gettext_lazy("Webhook"), hint=gettext_lazy("As https://discord.com/api/webhooks/…")
    )

    def clean_url(self) -> str:
        return webhook(self.cleaned_data["url"], "discord.com", "discordapp.com")

    def address(self) -> Secret:
        return Secret(self.cleaned_data["url"])


SERVICES: dict[str, type[Address]] = {
    one.key: one
    for one in (
        Email, Telegram, DingTalk, WeCom, Feishu, Lark, Slack, Discord, AnyAddress,
    )
}  # fmt: skip


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValidationError(_("“%(text)s” is no e-mail address.") % {"text": text[:80]}) from None
    return text


def asked_in(text: str, name: str) -> str:
    """A value out of a pasted webhook's query; what is no webhook is the value itself."""
    if "://" not in text:
        return text
    try:
        return parse_qs(urlsplit(text).query).get(name, [""])[0]
    except ValueError:
        return ""


def end_of(text: str) -> str:
    """The last part of a pasted webhook's path; what is no webhook is the value itself."""
    return text.partition("?")[0].rstrip("/").rpartition("/")[2]


def webhook(text: str, *hosts: str) -> str:
    """A webhook of one of these hosts."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or parts.hostname not in hosts:
        raise ValidationError(
            _("This is no webhook of this service. It begins with https://%(host)s/.")
            % {"host": hosts[0]}
        )
    return text

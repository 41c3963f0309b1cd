"""A browser as small as the demo needs: pages, links, forms, cookies; nothing runs in it.

The one place beside temu_openapi.transport that opens connections, and only to the
sandbox's pages on this machine: a seller's clicks are no call of the open API.
"""

import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

TIMEOUT_S = 30
Pair = tuple[str, str]


@dataclass
class Form:
    """Where it goes, what is in it, and its buttons and tick boxes by test id."""

    action: str
    fields: list[Pair] = field(default_factory=list)
    boxes: dict[str, Pair] = field(default_factory=dict)
    buttons: dict[str, Pair] = field(default_factory=dict)


class Page(HTMLParser):
    """What can be read and clicked on a page, by `data-testid`."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url = url
        self.links: dict[str, str] = {}
        self.forms: list[Form] = []
        self.texts: dict[str, str] = {}
        self._reading: list[tuple[str, str]] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("data-testid", "")
        if tag == "a" and name:
            self.links[name] = told.get("href", "")
        elif tag == "form":
            self.forms.append(Form(told.get("action") or self.url))
            self._inside = True
        elif tag in ("input", "button") and self._inside:
            self._control(tag, name, told)
        if name and tag != "input":
            self._reading.append((tag, name))

    def _control(self, tag: str, name: str, told: dict[str, str]) -> None:
        form, pair = self.forms[-1], (told.get("name", ""), told.get("value", ""))
        if tag == "button":
            form.buttons[name] = pair
        elif told.get("type") == "checkbox":
            form.boxes[name] = pair
        elif pair[0]:
            form.fields.append(pair)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if self._reading and self._reading[-1][0] == tag:
            self._reading.pop()

    def handle_data(self, data: str) -> None:
        if self._reading:
            name = self._reading[-1][1]
            self.texts[name] = self.texts.get(name, "") + data


class NotOnThePage(LookupError):
    """What was to be clicked or read is not on the page."""


class Browser:
    """One person's browser."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        no_proxy = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(cookies, no_proxy)
        self.page = Page("", "")
        self._ticked: set[str] = set()

    def open(self, url: str, form: list[Pair] | None = None) -> None:
        """Go to a page; with a form, send it. Raises OSError when there is no good answer."""
        body = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(url, data=body)
        with self._opener.open(request, timeout=TIMEOUT_S) as answer:
            self.page = Page(answer.geturl(), answer.read().decode())
        self._ticked = set()

    def tick(self, *names: str) -> None:
        """Tick boxes of the form that is sent next."""
        self._ticked.update(names)

    def click(self, name: str) -> None:
        """Follow the link or press the button that is, or begins with, this test id."""
        for link, target in self.page.links.items():
            if link.startswith(name):
                self.open(urllib.parse.urljoin(self.page.url, target))
                return
        for form in self.page.forms:
            for button, pair in form.buttons.items():
                if button.startswith(name):
                    self._send(form, pair)
                    return
        raise NotOnThePage(f"There is no “{name}” to click on {self.page.url}.")

    def _send(self, form: Form, button: Pair) -> None:
        ticked = [pair for name, pair in form.boxes.items() if name in self._ticked]
        pairs = [*form.fields, *ticked, *([button] if button[0] else [])]
        self.open(urllib.parse.urljoin(self.page.url, form.action), pairs)

    def read(self, name: str) -> str:
        """The text of what has this test id."""
        if name not in self.page.texts:
            raise NotOnThePage(f"There is no “{name}” to read on {self.page.url}.")
        return self.page.texts[name].strip()

"""Addresses that must not be reached: refused, and nothing connects."""

import socket
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from storewarden import outward
from tests.outward.servers import Door, Reply, door, receiving

NAME = "hooks.example.test"
LOOPBACK = [
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "0", "0.0.0.0", "0x7f000001", "0x7f.0.0.1",
    "0x7F.0x0.0x0.0x1", "2130706433", "0177.0.0.1", "0177.0.0.01", "017700000001", "127.0.0.0x1",
    "127.000.000.001", "127.0.0.1.", "127.00000000.0.1", "localhost", "LOCALHOST", "localhost.",
    "LocalHost", "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "%31%32%37.0.0.1",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0000::ffff:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::1]",
    "[2001:0:7f00:1::1]", "[2001::1]", "[::ffff:0:127.0.0.1]", "[::1%lo]", "[::1%25lo]",
    "user@127.0.0.1", "user:word@127.0.0.1", f"{NAME}@127.0.0.1", f"{NAME}:443@127.0.0.1",
    f"127.0.0.1\\@{NAME}", f"127.0.0.1%5C@{NAME}", "127.0.0.1\t", "127.0.0.1\n", "127.0.0.1 ",
    "127.0.0.1\x00", "\u202e127.0.0.1", "127.0.0.1\u200b", "[::1", "::1", "[127.0.0.1]",
]  # fmt: skip
PRIVATE = [
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255",
    "100.64.0.1", "100.127.255.254", "169.254.169.254", "169.254.0.1", "0.1.2.3", "192.0.0.1",
    "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "127.0.0.1",
    "fe80::1", "fe80::1%eth0", "febf::1", "fc00::1", "fd12:3456:789a::1", "fec0::1", "ff02::1",
    "ff0e::1", "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::8.8.8.8",
    "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:a00:1::1", "2002:808:808::1",
    "3fff::1", "5f00::1", "4000::1",
]  # fmt: skip
SHAPES = {
    "no scheme": "127.0.0.1:{port}/", "no scheme but slashes": "//127.0.0.1:{port}/",
    "file": "file:///etc/passwd", "ftp": "ftp://127.0.0.1:{port}/", "unix": "unix:///run/x.sock",
    "gopher": "gopher://127.0.0.1:{port}/_POST", "data": "data:text/plain,x",
    "script": "javascript:alert(1)", "empty": "", "blank": "   ", "no host": "https:///hook",
    "nothing behind": "https://", "port zero": "https://127.0.0.1:0/",
    "port too high": "https://127.0.0.1:65536/", "port no number": "https://127.0.0.1:http/",
    "negative port": "https://127.0.0.1:-1/",
    "10 MB": "https://127.0.0.1:{port}/" + "a" * 10_000_000,
    "SQL": "'; DROP TABLE x; --", "HTML": "<script>alert(1)</script>", "only dots": "https://.../",
    "label of 64": "https://" + "a" * 64 + ".test/", "blank inside": "https://a b.test/",
    "brace": "https://{{7*7}}.test/", "emoji scheme": "💥://127.0.0.1/",
}  # fmt: skip
REFUSALS = {
    "bad_url", "scheme", "https_required", "user_info", "bad_host", "odd_address",
    "private_address",
}  # fmt: skip


@pytest.fixture
def counting() -> Iterator[Door]:
    """A door on this machine that nobody may knock at."""
    with door() as made:
        yield made


def refused(url: str, **more: Any) -> str:
    with pytest.raises(outward.NotAllowed) as no:
        outward.post(url, b"{}", {}, limits=outward.Limits(1, 2), **more)
    assert no.value.reason in REFUSALS
    assert str(no.value) == no.value.reason
    return no.value.reason


@pytest.mark.parametrize("host", LOOPBACK, ids=ascii)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_no_spelling_of_this_machine_is_reached(counting: Door, scheme: str, host: str) -> None:
    refused(f"{scheme}://{host}:{counting.port}/hook")
    assert counting.accepted == 0


@pytest.mark.parametrize("url", SHAPES.values(), ids=SHAPES)
def test_what_is_no_address_of_the_web_is_refused(counting: Door, url: str) -> None:
    refused(url.replace("{port}", str(counting.port)))
    assert counting.accepted == 0


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused_before_anybody_is_asked(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(outward.NotAllowed):
        outward.target_of(f"https://{host}/hook")


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_such_an_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(socket, "create_connection", no_connection)
    url = f"https://{NAME}/hook"
    assert refused(url, resolve=lambda _host, _port: [address]) == "private_address"


def no_connection(*arguments: object, **_more: object) -> socket.socket:
    raise AssertionError(f"Connected to {arguments}")


@pytest.mark.parametrize("mixture", [["8.8.8.8", "127.0.0.1"], ["::1", "2606:4700::1"]])
def test_one_bad_address_among_good_ones_refuses_all(
    monkeypatch: pytest.MonkeyPatch, mixture: list[str]
) -> None:
    monkeypatch.setattr(socket, "create_connection", no_connection)
    url = f"https://{NAME}/hook"
    assert refused(url, resolve=lambda _host, _port: mixture) == "private_address"


class Rebinding:
    """A name server that shows a public address first and this machine's from then on."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return ["8.8.8.8"] if self.asked == 1 else ["127.0.0.1"]


def test_a_name_is_asked_for_once_and_the_answer_that_was_judged_is_connected_to(
    counting: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled = []

    def note(address: tuple[str, int], *_more: object, **_named: object) -> socket.socket:
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", note)
    rebinding = Rebinding()
    url = f"https://{NAME}:{counting.port}/hook"
    with pytest.raises(outward.NoAnswer):
        outward.post(url, b"{}", {}, resolve=rebinding)
    assert (rebinding.asked, dialled) == (1, [("8.8.8.8", counting.port)])


def test_a_name_that_changed_its_mind_is_refused_at_the_next_call(
    counting: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebinding = Rebinding()
    rebinding(NAME, 443)
    url = f"https://{NAME}:{counting.port}/hook"
    assert refused(url, resolve=rebinding) == "private_address"
    assert counting.accepted == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_this_machine_is_not_followed(counting: Door, status: int) -> None:
    with receiving() as receiver:
        elsewhere = {"Location": f"http://127.0.0.1:{counting.port}/inside"}
        receiver.answer = lambda _arrived: Reply(status, elsewhere)
        answer = outward.post(receiver.url, b"{}", {}, allow=frozenset({"127.0.0.1"}))
    assert answer.status == status
    assert (counting.accepted, len(receiver.arrived)) == (0, 1)


NEVER = [
    "0.0.0.0", "169.254.169.254", "224.0.0.1", "255.255.255.255", "[::]", "[fe80::1]", "[ff02::1]",
    "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]",
]  # fmt: skip


@pytest.mark.parametrize("host", NEVER)
def test_some_addresses_are_refused_even_where_the_host_is_allowed(
    counting: Door, host: str
) -> None:
    url = f"http://{host}:{counting.port}/hook"
    assert refused(url, allow=frozenset({outward.host_of(url)})) == "private_address"
    assert counting.accepted == 0


def test_an_allowed_host_opens_no_other_one(counting: Door) -> None:
    refused(f"https://127.0.0.1:{counting.port}/", allow=frozenset({"localhost", "127.0.0.2"}))
    assert counting.accepted == 0

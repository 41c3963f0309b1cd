"""A call to an allowed address: what is sent, what is heard, how long it may take."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from storewarden import clock, outward
from tests.outward.servers import Receiver, Reply, door, receiving

HERE = frozenset({"127.0.0.1", "localhost", "hooks.example.test"})
BRIEF = outward.Limits(connect_s=0.4, total_s=0.6)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def call(url: str, limits: outward.Limits = outward.LIMITS) -> outward.Answer:
    return outward.post(url, b'{"a":1}', {"X-Test": "yes"}, allow=HERE, limits=limits)


def silence(url: str, limits: outward.Limits = outward.LIMITS) -> str:
    with pytest.raises(outward.NoAnswer) as why:
        call(url, limits)
    return why.value.reason


def test_the_body_and_the_headers_arrive_as_given(receiver: Receiver) -> None:
    call(receiver.url + "/a b?x=ä&y=%20".replace(" ", "%20"))
    (arrived,) = receiver.arrived
    assert arrived.body == b'{"a":1}'
    assert arrived.path == "/hook/a%20b?x=%C3%A4&y=%20"
    assert arrived.headers["x-test"] == "yes"
    assert arrived.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert arrived.headers["user-agent"].startswith("Storewarden/")


def test_the_answer_is_told_with_its_headers_in_lower_case(receiver: Receiver) -> None:
    receiver.answer = lambda _arrived: Reply(503, {"Retry-After": "7"}, b"busy")
    answer = call(receiver.url)
    assert (answer.status, answer.headers["retry-after"]) == (503, "7")
    assert answer.beginning == b"busy"
    assert "busy" not in repr(answer)


def test_of_ten_megabytes_only_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.answer = lambda _arrived: Reply(200, {}, b"x" * 10_000_000)
    assert call(receiver.url).beginning == b"x" * 4096


def test_an_allowed_name_may_lie_on_this_machine(receiver: Receiver) -> None:
    url = f"http://Hooks.Example.Test:{receiver.port}/hook"
    answer = outward.post(url, b"", {}, allow=HERE, resolve=lambda _h, _p: ["127.0.0.1"])
    assert answer.status == 200
    assert receiver.arrived[0].headers["host"] == f"hooks.example.test:{receiver.port}"


def test_the_next_address_of_a_host_is_tried_when_one_does_not_answer(receiver: Receiver) -> None:
    url = f"http://hooks.example.test:{receiver.port}/hook"
    two = ["127.0.0.2", "127.0.0.1"]
    assert outward.post(url, b"", {}, allow=HERE, resolve=lambda _h, _p: two).status == 200


def test_the_proxies_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with door() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert call(receiver.url).status == 200
        assert proxy.accepted == 0


HONEST = ["localhost", "a.b-c.test", "xn--fiq228c.test", "中文.test", "8.8.8.8", "[2606:4700::11]"]


@pytest.mark.parametrize("host", HONEST)
def test_an_honest_address_is_let_through(host: str) -> None:
    target = outward.target_of(f"https://{host}:8443/hook?a=1#part", HERE)
    assert (target.port, target.path) == (8443, "/hook?a=1")
    assert target.host.isascii()
    assert target.url.startswith("https://")


NO_HOSTS = ["a..b", "-a.test", "a-.test", "[2606:4700::1%25eth0]", "a,b", "*", "a" * 64 + ".test"]


@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(outward.NotAllowed, match="bad_host"):
        outward.target_of(f"https://{host}/")


@pytest.mark.parametrize("letter", list(' "<>\\^`{|}\t\n\x00\u202e\u200b\ud800'), ids=ascii)
def test_what_two_readers_read_in_two_ways_is_refused(letter: str) -> None:
    with pytest.raises(outward.NotAllowed, match="bad_url"):
        outward.target_of(f"https://erp.example.test/a{letter}b")


def test_plain_http_is_for_allowed_hosts_alone() -> None:
    with pytest.raises(outward.NotAllowed, match="https_required"):
        outward.target_of("http://erp.example.test/hook")
    assert outward.target_of("http://localhost/hook", HERE).port == 80


def test_nobody_at_home_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert silence(f"http://127.0.0.1:{port}/") == "connection"


def test_an_unknown_name_is_no_answer() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(outward.NoAnswer, match="no_such_host"):
        outward.post("https://nowhere.example.test/", b"", {}, resolve=unknown)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "garbled"),
        (b"HTTP/1.1 2", "garbled"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", "garbled"),
        (b"", "garbled"),
    ],
)
def test_what_is_no_http_is_no_answer(said: bytes, reason: str) -> None:
    def speak(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)

    with door(speak) as garbling:
        assert silence(f"http://127.0.0.1:{garbling.port}/") == reason


def test_an_answer_that_breaks_off_after_its_status_has_been_heard() -> None:
    def cut(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")

    def half(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nhalf")

    with door(cut) as first, door(half) as second:
        assert call(f"http://127.0.0.1:{first.port}/").status == 204
        assert call(f"http://127.0.0.1:{second.port}/").beginning == b"half"


def took_s(url: str, limits: outward.Limits, **more: object) -> float:
    machine = clock.SystemSource()
    began = machine.monotonic_s()
    with pytest.raises(outward.NoAnswer, match="timeout"):
        outward.post(url, b"{}", {}, allow=HERE, limits=limits, **more)  # type: ignore[arg-type]
    return machine.monotonic_s() - began


def test_a_receiver_that_says_nothing_is_given_up_in_time() -> None:
    free = threading.Event()
    with door(lambda _connection: bool(free.wait(5)) and None) as hanging:
        assert took_s(f"http://127.0.0.1:{hanging.port}/", BRIEF) < 2
        free.set()


def test_drops_do_not_add_up_beyond_the_whole_time() -> None:
    free = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not free.wait(0.05):
            connection.sendall(b"a")

    with door(drip) as dripping:
        assert took_s(f"http://127.0.0.1:{dripping.port}/", BRIEF) < 2
        free.set()


def test_a_connection_that_is_not_taken_up_is_given_up_in_time() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        where = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:  # fills the queue of the door, so that the next one hangs
            one.setblocking(False)
            one.connect_ex(where)
        limits = outward.Limits(connect_s=0.3, total_s=30)
        assert took_s(f"http://127.0.0.1:{where[1]}/", limits) < 2
        for one in waiting:
            one.close()


def test_a_name_server_that_hangs_is_given_up_in_time() -> None:
    free = threading.Event()

    def hang(_host: str, _port: int) -> list[str]:
        free.wait(5)
        return ["127.0.0.1"]

    assert took_s("https://hooks.example.test/", BRIEF, resolve=hang) < 2
    free.set()


def certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A self-signed certificate for these names, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [
        x509.IPAddress(ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names
    ]
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{names[0]}.pem", folder / f"{names[0]}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return paths


class SecureDoor:
    """What a door of TLS does, and which name it was asked for."""

    def __init__(self, paths: tuple[Path, Path]) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*paths)
        self.context.sni_callback = self._note
        self.names: list[str | None] = []

    def _note(self, _socket: object, name: str | None, _context: object) -> None:
        self.names.append(name)

    def __call__(self, connection: socket.socket) -> None:
        with self.context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SecureDoor]:
    """A door with a certificate of hooks.example.test, which this machine trusts."""
    paths = certificate(tmp_path, "hooks.example.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    outward._certificates.cache_clear()
    yield SecureDoor(paths)
    outward._certificates.cache_clear()


def to_this_machine(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def secure_call(host: str, port: int) -> outward.Answer:
    allow = HERE | {host}
    url = f"https://{host}:{port}/hook"
    return outward.post(url, b"", {}, allow=allow, resolve=to_this_machine)


def test_the_certificate_is_asked_for_by_name_and_verified(trusting: SecureDoor) -> None:
    with door(trusting) as secure:
        assert secure_call("hooks.example.test", secure.port).status == 200
    assert trusting.names == ["hooks.example.test"]


@pytest.mark.parametrize("host", ["other.example.test", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(trusting: SecureDoor, host: str) -> None:
    with door(trusting) as secure, pytest.raises(outward.NoAnswer, match="tls"):
        secure_call(host, secure.port)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    stranger = SecureDoor(certificate(tmp_path, "hooks.example.test"))
    with door(stranger) as secure, pytest.raises(outward.NoAnswer, match="tls"):
        secure_call("hooks.example.test", secure.port)


def test_a_door_without_tls_is_told_so(receiver: Receiver) -> None:
    with pytest.raises(outward.NoAnswer, match="tls"):
        secure_call("localhost", receiver.port)

"""The web server: it takes no port that is taken, and cuts no answer short."""

import http.client
import socket
import threading

import pytest

from storewarden.cli import serving
from storewarden.stores.errors import Refusal


def test_a_port_in_use_is_refused_with_what_to_do() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(Refusal) as refusal,
    ):
        serving.listen("127.0.0.1", other.getsockname()[1])
    assert refusal.value.cause == "port_in_use"
    assert "--port" in refusal.value.next_step


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.1", "a\x00b", "x" * 300])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(Refusal) as refusal:
        serving.listen(host, 0)
    assert refusal.value.cause == "cannot_listen"


MANY = 40_000_000
"""Bytes: more than fits into the buffers between us, so the loop has to go on for them."""


class SlowPage:
    """A WSGI application whose answer waits until the test lets it go."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _environ: object, start_response: object) -> list[bytes]:
        self.begun.set()
        assert self.go_on.wait(20)
        start_response("200 OK", [("Content-Length", str(MANY))])  # type: ignore[operator]  # WSGI's
        return [b"x" * MANY]


def test_an_answer_that_was_begun_is_finished_when_the_server_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = SlowPage()
    monkeypatch.setattr(serving, "WSGIHandler", lambda: page)
    bound = serving.listen("127.0.0.1", 0)
    port = bound.getsockname()[1]
    web = serving.WebServer(bound, threads=2, behind_proxy=False)
    running = threading.Thread(target=web.run)
    running.start()
    reader = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    reader.request("GET", "/")
    assert page.begun.wait(20)
    web.ask_to_stop()
    page.go_on.set()
    assert len(reader.getresponse().read()) == MANY
    running.join(20)
    assert not running.is_alive()
    reader.close()


def test_a_stopped_server_takes_no_new_visitors() -> None:
    bound = serving.listen("127.0.0.1", 0)
    port = bound.getsockname()[1]
    web = serving.WebServer(bound, threads=1, behind_proxy=False)
    web.ask_to_stop()
    web.run()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)

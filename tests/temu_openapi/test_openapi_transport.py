"""The door to the network: what comes back, what does not, and whether it was sent."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from openapi_kit import ScriptedTemu, lost, page

from temu_openapi import transport as door
from temu_openapi.transport import Transport, WireFailure


class Answers(BaseHTTPRequestHandler):
    """A small HTTP/1.1 server whose behaviour the path chooses."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, self.path.strip("/"))(body)

    def echo(self, body):
        self.answer(200, body)

    def port(self, body):
        self.answer(200, str(self.client_address[1]).encode())

    def redirect(self, body):
        self.answer(302, b"", Location="/echo")

    def drop(self, body):
        self.close_connection = True

    def half(self, body):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b'{"success"')
        self.close_connection = True

    def silent(self, body):
        self.server.woken.wait(10)
        self.close_connection = True

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def server():
    http = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    http.woken = threading.Event()
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.woken.set()
        http.shutdown()
        thread.join()
        http.server_close()


def post(url, *, timeout_s=5.0):
    with Transport.over_network() as transport:
        return transport.post(url, b'{"a":1}', timeout_s)


def failure(url, **kwargs):
    with pytest.raises(WireFailure) as caught:
        post(url, **kwargs)
    return caught.value.reason, caught.value.sent


def test_the_bytes_given_are_the_bytes_that_arrive():
    with server() as base:
        answer = post(f"{base}/echo")
    assert (answer.status, answer.body) == (200, b'{"a":1}')


def test_a_connection_is_used_again():
    with server() as base, Transport.over_network() as transport:
        ports = {transport.post(f"{base}/port", b"{}", 5).body for _ in range(3)}
    assert len(ports) == 1


def test_a_redirect_is_not_followed():
    with server() as base:
        assert post(f"{base}/redirect").status == 302


def test_a_dropped_connection_may_have_been_sent():
    with server() as base:
        assert failure(f"{base}/drop") == ("connection", True)


def test_half_an_answer_may_have_been_sent():
    with server() as base:
        assert failure(f"{base}/half") == ("connection", True)


def test_silence_is_a_timeout_that_may_have_been_sent():
    with server() as base:
        assert failure(f"{base}/silent", timeout_s=0.05) == ("timeout", True)


def test_a_refused_connection_was_not_sent():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert failure(f"http://127.0.0.1:{port}/") == ("connection", False)


def test_an_application_in_this_process_is_asked_without_sockets():
    temu = ScriptedTemu([page(200, b"hello")])
    answer = Transport.over_wsgi(temu).post("http://temu.test/us", b"{}", 1)
    assert (answer.status, answer.body, temu.paths) == (200, b"hello", ["/us"])


def test_an_application_that_drops_the_connection_reads_as_sent():
    with pytest.raises(WireFailure) as caught:
        Transport.over_wsgi(ScriptedTemu([lost()])).post("http://temu.test/", b"{}", 1)
    assert (caught.value.reason, caught.value.sent) == ("connection", True)


def test_an_answer_beyond_the_limit_is_garbled(monkeypatch):
    monkeypatch.setattr(door, "MAX_ANSWER_BYTES", 10)
    with pytest.raises(WireFailure) as caught:
        Transport.over_wsgi(ScriptedTemu([page(200, b"x" * 11)])).post("http://t.test/", b"{}", 1)
    assert caught.value.reason == "garbled"


def test_an_answer_that_drips_is_cut_at_the_whole_time_limit():
    clock = iter([0.0, 0.5, 9.0])
    dripping = Transport.over_wsgi(_drip, clock=_Ticks(clock))
    with pytest.raises(WireFailure) as caught:
        dripping.post("http://t.test/", b"{}", 5)
    assert caught.value.reason == "timeout"


def test_the_body_of_an_answer_stays_out_of_its_repr():
    answer = Transport.over_wsgi(ScriptedTemu([page(200, b"private")])).post(
        "http://t.test/", b"", 1
    )
    assert "private" not in repr(answer)


def _drip(environ, start_response):
    start_response("200 OK", [])
    return [b"a", b"b"]


class _Ticks:
    def __init__(self, ticks):
        self._ticks = ticks

    def monotonic_s(self):
        return next(self._ticks)

    def now_s(self):
        return 0.0

    def sleep(self, seconds):
        raise AssertionError("a transport does not sleep")

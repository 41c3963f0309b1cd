"""What the library's tests share: a clock that jumps and a Temu that follows a script."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from temu_openapi import App, Area, Client, Gateways, LocalPacer, Token, Transport

NOW_S = 1_760_000_000.0
SECRET = "test-secret-0123456789"
TOKEN_VALUE = "testtoken00000000000000000000000000000000000000000000000"
CN_APP = App(Area.CN, "test-app-cn", SECRET)
US_APP = App(Area.US, "test-app-us", SECRET)
CN_TOKEN = Token(TOKEN_VALUE, Area.CN)
US_TOKEN = Token(TOKEN_VALUE, Area.US)
GATEWAYS = Gateways({area: f"http://temu.test/{area.value}" for area in Area})

NOTES = Path(__file__).parents[3] / "shared" / "temu"


def note(name: str) -> dict[str, Any]:
    """A file of the protocol notes; skips the test where they are not."""
    path = NOTES / name
    if not path.exists():
        pytest.skip(f"The protocol notes ({name}) are not beside this repository.")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


class JumpingClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self, now_s: float = NOW_S) -> None:
        self.passed_s = 0.0
        self.slept_s: list[float] = []
        self._start_s = now_s

    def now_s(self) -> float:
        return self._start_s + self.passed_s

    def monotonic_s(self) -> float:
        return self.passed_s

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.passed_s += seconds


@dataclass(frozen=True)
class Reply:
    """One answer of the scripted Temu: a body, or what breaks instead of it."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    breaks: Exception | None = None


def success(result: object) -> Reply:
    return _json({"success": True, "errorCode": 1000000, "errorMsg": "", "result": result})


def refusal(code: int, message: str = "", date_s: float | None = None) -> Reply:
    headers = {} if date_s is None else {"Date": formatdate(date_s, usegmt=True)}
    said = {"success": False, "requestId": "us-1", "errorCode": code, "errorMsg": message}
    return _json(said | {"result": None}, headers)


def lost() -> Reply:
    return Reply(breaks=ConnectionResetError("dropped"))


def hung() -> Reply:
    return Reply(breaks=TimeoutError("hung"))


def page(status: int, body: bytes = b"<html>Bad Gateway</html>") -> Reply:
    return Reply(body, status)


def _json(value: object, headers: dict[str, str] | None = None) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode(), headers=headers or {})


class ScriptedTemu:
    """A WSGI application that gives these replies in turn and keeps what it was asked."""

    def __init__(self, replies: Iterable[Reply]) -> None:
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        self._replies = list(replies)

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        self.paths.append(environ["PATH_INFO"])
        reply = self._replies.pop(0)
        if reply.breaks is not None:
            raise reply.breaks
        start_response(f"{reply.status} X", list(reply.headers.items()))
        return [reply.body]


@dataclass(frozen=True)
class Rig:
    """A client before a scripted Temu."""

    client: Client
    temu: ScriptedTemu
    clock: JumpingClock
    pacer: LocalPacer

    @property
    def asked(self) -> int:
        return len(self.temu.bodies)


def rig(
    *replies: Reply,
    attempts: int = 3,
    urgent: bool = False,
    on_call: Callable[[Area, str, str, float], object] | None = None,
) -> Rig:
    """A client whose Temu answers with these replies, without sockets and without waiting."""
    temu, clock = ScriptedTemu(replies), JumpingClock()
    pacer = LocalPacer(clock)
    transport = Transport.over_wsgi(temu, clock=clock)
    client = Client(
        transport, GATEWAYS, clock, pacer, attempts=attempts, urgent=urgent, on_call=on_call
    )
    return Rig(client, temu, clock, pacer)

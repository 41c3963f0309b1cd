"""One call to Temu: pace, sign, send, read, and repeat only what may be repeated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import msgspec

from temu_openapi.areas import APP_AREA, ApiType, Area, Gateways, api_type_of, area_of
from temu_openapi.clock import Clock
from temu_openapi.errors import Meaning, Reason, TemuError, TemuRefusal, TemuUnreachable, classify
from temu_openapi.pacing import Pacer
from temu_openapi.signing import signed_body
from temu_openapi.transport import Transport, WireAnswer, WireFailure
from temu_openapi.wire import Envelope, envelope_of, read_result

T = TypeVar("T")
OnCall = Callable[[Area, str, str, float], object]
"""Told after each try: area, API type, outcome (``ok``, a Meaning or a Reason) and seconds."""

ATTEMPTS = 3
TOO_MANY_REQUESTS = 429

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0
_SAME_SKEW_S = 2.0
_MESSAGE_LENGTH = 500
# Shorter ones are no real secrets, and hiding them would only garble the sentence.
_LEAST_SECRET = 8
_TOO_MANY = Envelope(success=False, errorCode=TOO_MANY_REQUESTS, errorMsg="HTTP 429")
_PASSING = frozenset({Meaning.TEMU_UNWELL, Meaning.THROTTLED, Meaning.STILL_COMPUTING})


@dataclass(frozen=True)
class App:
    """A developer app of one area (CN stands for CN and PA). The secret stays out of ``repr``."""

    area: Area
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """An access token and the area it was issued in. The value stays out of ``repr``."""

    value: str = field(repr=False)
    area: Area


@dataclass(frozen=True)
class _Call:
    app: App
    token: Token
    kind: ApiType
    area: Area
    params: Mapping[str, Any] = field(repr=False)
    shop: str | None
    repeatable: bool


@dataclass(frozen=True)
class _Heard:
    result: object = field(repr=False)
    seconds: float


class Client:
    """Calls Temu. Threads may share one client.

    ``attempts`` counts all tries of one call. ``urgent`` marks a person's client: its calls start
    before those that wait in the background. ``on_call`` is told of every try; it must not raise.
    """

    def __init__(
        self,
        transport: Transport,
        gateways: Gateways,
        clock: Clock,
        pacer: Pacer,
        *,
        attempts: int = ATTEMPTS,
        urgent: bool = False,
        on_call: OnCall | None = None,
    ) -> None:
        if attempts < 1:
            raise ValueError("A call needs at least one attempt.")
        self._transport = transport
        self._gateways = gateways
        self._clock = clock
        self._pacer = pacer
        self._attempts = attempts
        self._urgent = urgent
        self._on_call = on_call
        self._skew_s: float | None = None

    @property
    def clock_skew_s(self) -> float | None:
        """How far Temu's clock is ahead of this machine's (negative: behind), once refused for it.

        None until Temu refused a timestamp. The skew is then added to every timestamp sent.
        """
        return self._skew_s

    def call(
        self,
        app: App,
        token: Token,
        api_type: str,
        params: Mapping[str, Any],
        *,
        result: type[T],
        shop: str | None = None,
        repeatable: bool | None = None,
    ) -> T:
        """Make one call and read its result as ``result``.

        ``shop`` names the store for fair pacing. ``repeatable`` overrides what API_TYPES says about
        repeating the call after a lost answer. Raises TemuRefusal, TemuUnreachable, and ValueError
        for a request that cannot be made (unknown type, app of another area, unsignable value).
        """
        call = _call(app, token, api_type, params, shop, repeatable)
        heard = self._repeated(call)
        try:
            read = read_result(heard.result, result)
        except (msgspec.ValidationError, RecursionError) as why:
            detail = str(why)
        else:
            self._tell(call, "ok", heard.seconds)
            return read
        self._tell(call, "unexpected", heard.seconds)
        raise _unreachable(call, "unexpected", may_have_happened=True, detail=detail)

    def _tell(self, call: _Call, outcome: str, seconds: float) -> None:
        if self._on_call is not None:
            self._on_call(call.area, call.kind.name, outcome, seconds)

    def _repeated(self, call: _Call) -> _Heard:
        in_doubt = False
        attempt = 1
        while True:
            try:
                return self._once(call)
            except TemuError as error:
                in_doubt = in_doubt or error.may_have_happened
                error.may_have_happened = in_doubt
                if attempt >= self._attempts or not _may_repeat(call, error):
                    raise
            self._clock.sleep(min(_FIRST_PAUSE_S * 2 ** (attempt - 1), _LONGEST_PAUSE_S))
            attempt += 1

    def _once(self, call: _Call) -> _Heard:
        """One try, and a second at once when the first taught us Temu's time."""
        used_s = self._skew_s or 0.0
        try:
            return self._attempt(call, used_s)
        except TemuRefusal as refusal:
            measured_s = refusal.clock_skew_s
            if measured_s is None or abs(measured_s - used_s) < _SAME_SKEW_S:
                raise
        self._skew_s = measured_s
        return self._attempt(call, measured_s)

    def _attempt(self, call: _Call, skew_s: float) -> _Heard:
        self._pacer.acquire(
            call.app.key,
            shop=call.shop,
            shop_limited=call.kind.shop_limited,
            urgent=self._urgent,
        )
        body = signed_body(_all_params(call, self._clock.now_s() + skew_s), call.app.secret)
        began_s = self._clock.monotonic_s()
        try:
            result = self._sent(call, body)
        except (TemuRefusal, TemuUnreachable) as error:
            self._tell(call, _outcome(error), self._clock.monotonic_s() - began_s)
            raise
        return _Heard(result, self._clock.monotonic_s() - began_s)

    def _sent(self, call: _Call, body: bytes) -> object:
        try:
            answer = self._transport.post(self._gateways.url(call.area), body, call.kind.timeout_s)
        except WireFailure as why:
            failure = _unreachable(call, why.reason, may_have_happened=why.sent)
        else:
            return self._read(call, answer)
        raise failure

    def _read(self, call: _Call, answer: WireAnswer) -> object:
        envelope = envelope_of(answer.body)
        if envelope is not None and envelope.succeeded:
            return envelope.result
        if envelope is None and answer.status != TOO_MANY_REQUESTS:
            reason: Reason = "garbled" if answer.status < 300 else "http"
            raise _unreachable(call, reason, may_have_happened=True, status=answer.status)
        refusal = self._refusal(call, answer, envelope or _TOO_MANY)
        if refusal.meaning is Meaning.THROTTLED:
            self._pacer.refused(call.app.key)
        raise refusal

    def _refusal(self, call: _Call, answer: WireAnswer, envelope: Envelope) -> TemuRefusal:
        message = _without_secrets(call, envelope.message)
        meaning = classify(call.area, envelope.code, message)
        off = meaning is Meaning.CLOCK_OFF
        return TemuRefusal(
            meaning,
            envelope.code,
            message,
            area=call.area,
            api_type=call.kind.name,
            request_id=envelope.requestId,
            clock_skew_s=_skew_s(answer, self._clock.now_s()) if off else None,
            may_have_happened=meaning is Meaning.TEMU_UNWELL,
        )


def _call(
    app: App,
    token: Token,
    api_type: str,
    params: Mapping[str, Any],
    shop: str | None,
    repeatable: bool | None,
) -> _Call:
    kind = api_type_of(api_type)
    area = area_of(api_type, token.area)
    if APP_AREA[app.area] is not APP_AREA[token.area]:
        raise ValueError(
            f"The app is of area {app.area} and the token of area {token.area}; "
            "a token works only with an app of its own area."
        )
    may_repeat = kind.idempotent if repeatable is None else repeatable
    return _Call(app, token, kind, area, params, shop, may_repeat)


def _all_params(call: _Call, now_s: float) -> dict[str, Any]:
    common = {
        "type": call.kind.name,
        "app_key": call.app.key,
        "access_token": call.token.value,
        "timestamp": str(int(now_s)),
        "data_type": "JSON",
        "version": "V1",
    }
    return {**call.params, **common}


def _outcome(error: TemuRefusal | TemuUnreachable) -> str:
    return error.meaning.value if isinstance(error, TemuRefusal) else error.reason


def _may_repeat(call: _Call, error: TemuError) -> bool:
    if isinstance(error, TemuRefusal):
        # A throttled call was turned away at the door, so even a write may knock again.
        nothing_happened = error.meaning is Meaning.THROTTLED and not error.may_have_happened
        return nothing_happened or (call.repeatable and error.meaning in _PASSING)
    return call.repeatable or not error.may_have_happened


def _unreachable(
    call: _Call,
    reason: Reason,
    *,
    may_have_happened: bool,
    status: int | None = None,
    detail: str = "",
) -> TemuUnreachable:
    return TemuUnreachable(
        reason,
        area=call.area,
        api_type=call.kind.name,
        may_have_happened=may_have_happened,
        status=status,
        detail=detail,
    )


def _without_secrets(call: _Call, message: str) -> str:
    for secret in (call.token.value, call.app.secret):
        if len(secret) >= _LEAST_SECRET:
            message = message.replace(secret, "[hidden]")
    return message[:_MESSAGE_LENGTH]


def _skew_s(answer: WireAnswer, now_s: float) -> float | None:
    try:
        return parsedate_to_datetime(answer.headers["date"]).timestamp() - now_s
    except (KeyError, ValueError):
        return None

"""Who watches the client is told of every try: where, what, what came of it, how long."""

from contextlib import suppress

import pytest
from openapi_kit import (
    CN_APP,
    CN_TOKEN,
    GATEWAYS,
    NOW_S,
    TOKEN_VALUE,
    US_APP,
    US_TOKEN,
    JumpingClock,
    Reply,
    hung,
    lost,
    page,
    refusal,
    rig,
    success,
)

from temu_openapi import Area, Client, LocalPacer, TemuError, Transport

READ = "bg.order.list.v2.get"


class Watcher:
    """Keeps what it is told."""

    def __init__(self):
        self.told = []

    def __call__(self, *said):
        self.told.append(said)

    @property
    def outcomes(self):
        return [outcome for _area, _type, outcome, _seconds in self.told]


def outcomes_of(*replies, attempts=1, result=object):
    watcher = Watcher()
    it = rig(*replies, attempts=attempts, on_call=watcher)
    with suppress(TemuError):
        it.client.call(US_APP, US_TOKEN, READ, {}, result=result)
    assert len(watcher.told) == it.asked
    return watcher.outcomes


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (success({}), "ok"),
        (refusal(3000034), "token_expired_or_replaced"),
        (refusal(4000004), "throttled"),
        (hung(), "timeout"),
        (lost(), "connection"),
        (Reply(b"{"), "garbled"),
        (page(502), "http"),
    ],
)
def test_each_outcome_has_its_word(reply, outcome):
    assert outcomes_of(reply) == [outcome]


def test_a_success_of_another_shape_is_told_once_and_not_as_ok():
    assert outcomes_of(success("text"), result=int) == ["unexpected"]


def test_every_try_is_told():
    assert outcomes_of(lost(), refusal(4000004), success({}), attempts=3) == [
        "connection",
        "throttled",
        "ok",
    ]


def test_the_second_try_with_the_right_time_is_told_too():
    late = refusal(3000012, date_s=NOW_S + 400)
    assert outcomes_of(late, success({})) == ["clock_off", "ok"]


def test_the_area_is_that_of_the_gateway_that_was_asked():
    watcher = Watcher()
    it = rig(success({}), on_call=watcher)
    it.client.call(CN_APP, CN_TOKEN, "bg.glo.goods.list.get", {}, result=object)
    assert [(area, name) for area, name, _what, _s in watcher.told] == [
        (Area.PA, "bg.glo.goods.list.get")
    ]


def test_the_seconds_are_those_of_the_call_without_the_wait_for_a_turn():
    watcher, clock = Watcher(), JumpingClock()

    def slow(environ, start_response):
        clock.passed_s += 2.5
        start_response("200 X", [])
        return [success({}).body]

    transport = Transport.over_wsgi(slow, clock=clock)
    client = Client(transport, GATEWAYS, clock, LocalPacer(clock, rate_per_s=0.1), on_call=watcher)
    for _ in range(3):
        client.call(US_APP, US_TOKEN, READ, {}, result=object)
    assert [seconds for *_rest, seconds in watcher.told] == [2.5, 2.5, 2.5]


def test_nothing_that_was_sent_is_told():
    watcher = Watcher()
    rig(success({}), on_call=watcher).client.call(
        US_APP, US_TOKEN, READ, {"buyer": "somebody"}, result=object
    )
    assert TOKEN_VALUE not in repr(watcher.told)
    assert "somebody" not in repr(watcher.told)


def test_a_call_that_cannot_be_made_is_not_told():
    watcher = Watcher()
    it = rig(on_call=watcher)
    with pytest.raises(ValueError, match="its own area"):
        it.client.call(CN_APP, US_TOKEN, READ, {}, result=object)
    assert watcher.told == []

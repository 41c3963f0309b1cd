"""An app key's pace: never over, fair, quick for a person, and learnt from refusals."""

import threading

import pytest
from openapi_kit import JumpingClock

from temu_openapi.pacing import LocalPacer

KEY = "test-app"


class Crowd:
    """Callers in virtual time: each waits in line, and time jumps to the next possible start.

    The pacer's sleepers are played by turns: while one sleeps, the others get to ask.
    """

    def __init__(self, rate_per_s=20.0, shop_rate_per_s=2.0):
        self.clock = _SharedClock()
        self.pacer = LocalPacer(self.clock, rate_per_s, shop_rate_per_s)
        self.starts = []
        self._threads = []
        self._lock = threading.Lock()

    def call(self, name, **how):
        thread = threading.Thread(target=self._run, args=(name, how), daemon=True)
        self.clock.enter()
        thread.start()
        self._threads.append(thread)
        self.clock.settle()

    def run(self):
        self.clock.play()
        for thread in self._threads:
            thread.join(10)
        return self.starts

    def _run(self, name, how):
        try:
            self.pacer.acquire(KEY, **how)
            with self._lock:
                self.starts.append((round(self.clock.monotonic_s(), 3), name))
        finally:
            self.clock.leave()


class _SharedClock:
    """Time that jumps to the earliest sleeper when every thread sleeps."""

    def __init__(self):
        self._now_s = 0.0
        self._changed = threading.Condition()
        self._alive = 0
        self._sleeping = {}
        self._playing = False

    def now_s(self):
        return self._now_s

    def monotonic_s(self):
        return self._now_s

    def enter(self):
        with self._changed:
            self._alive += 1

    def leave(self):
        with self._changed:
            self._alive -= 1
            self._step()

    def settle(self):
        with self._changed:
            self._changed.wait_for(lambda: len(self._sleeping) == self._alive, 10)

    def play(self):
        with self._changed:
            self._playing = True
            self._step()

    def sleep(self, seconds):
        me = threading.get_ident()
        with self._changed:
            self._sleeping[me] = self._now_s + seconds
            self._step()
            self._changed.wait_for(lambda: me not in self._sleeping, 10)

    def _step(self):
        if self._playing and self._sleeping and len(self._sleeping) == self._alive:
            first = min(self._sleeping, key=self._sleeping.__getitem__)
            self._now_s = max(self._now_s, self._sleeping.pop(first))
        self._changed.notify_all()


def drain(pacer):
    for _ in range(18):
        pacer.acquire(KEY)


def test_a_burst_starts_at_once_and_then_the_rate_is_kept():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    for _ in range(100):
        pacer.acquire(KEY)
    assert clock.passed_s == pytest.approx((100 - 18) / 20, rel=1e-3)


def test_the_pull_of_a_hundred_pages_stays_near_the_floor():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    for _ in range(100):
        pacer.acquire(KEY)
    assert clock.passed_s <= 1.1 * (100 - 20) / 20


def test_each_app_key_has_its_own_pace():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    drain(pacer)
    pacer.acquire("another-app")
    assert clock.passed_s == 0


def test_a_limited_shop_starts_two_calls_a_second():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    for _ in range(5):
        pacer.acquire(KEY, shop="1", shop_limited=True)
    assert clock.passed_s == pytest.approx(2.0)


def test_a_shops_limit_does_not_hold_its_other_calls():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    pacer.acquire(KEY, shop="1", shop_limited=True)
    pacer.acquire(KEY, shop="1")
    assert clock.passed_s == 0


def test_a_shop_at_its_limit_does_not_hold_the_other_shops():
    crowd = Crowd()
    crowd.pacer.acquire(KEY, shop="1", shop_limited=True)
    crowd.call("limited", shop="1", shop_limited=True)
    crowd.call("free", shop="2", shop_limited=True)
    assert crowd.run() == [(0.0, "free"), (0.5, "limited")]


def test_a_persons_call_starts_within_two_slots_before_all_that_wait():
    crowd = Crowd()
    drain(crowd.pacer)
    for number in range(10):
        crowd.call(f"background {number}", shop="1")
    crowd.call("person", urgent=True)
    started_s, first = crowd.run()[0]
    assert first == "person"
    assert started_s <= 2 / 20 + 1e-6


def test_shops_take_turns_however_many_calls_one_has_waiting():
    crowd = Crowd()
    drain(crowd.pacer)
    for number in range(5):
        crowd.call(f"big {number}", shop="big")
    crowd.call("small", shop="small")
    assert [name for _, name in crowd.run()][:2] == ["big 0", "small"]


def test_callers_of_one_shop_start_in_the_order_they_came():
    crowd = Crowd()
    drain(crowd.pacer)
    for number in range(6):
        crowd.call(number, shop="1")
    assert [name for _, name in crowd.run()] == list(range(6))


def test_a_crowd_of_threads_never_starts_faster_than_the_rate():
    crowd = Crowd()
    for number in range(60):
        crowd.call(number, shop=str(number % 7))
    starts = [at_s for at_s, _ in crowd.run()]
    assert starts == sorted(starts)
    for at_s in starts:
        assert sum(at_s <= other < at_s + 1 - 1e-6 for other in starts) <= 18 + 20


def test_a_crowd_of_threads_wastes_no_slot():
    crowd = Crowd()
    for number in range(58):
        crowd.call(number, shop=str(number % 7))
    assert crowd.run()[-1][0] <= (58 - 18) / 20 + 0.05


def test_a_refusal_halves_the_rate_and_empties_the_bucket():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    pacer.refused(KEY)
    assert pacer.rate_per_s(KEY) == pytest.approx(10)
    pacer.acquire(KEY)
    assert clock.passed_s == pytest.approx(0.1, rel=0.02)


def test_refusals_within_a_second_are_one_lesson():
    pacer = LocalPacer(JumpingClock())
    for _ in range(5):
        pacer.refused(KEY)
    assert pacer.rate_per_s(KEY) == pytest.approx(10)


def test_the_rate_creeps_back_by_a_twentieth_a_second():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    pacer.refused(KEY)
    clock.sleep(4)
    assert pacer.rate_per_s(KEY) == pytest.approx(14)
    clock.sleep(60)
    assert pacer.rate_per_s(KEY) == 20


def test_refusal_after_refusal_leaves_a_slow_rate_and_no_standstill():
    clock = JumpingClock()
    pacer = LocalPacer(clock)
    for _ in range(30):
        pacer.refused(KEY)
        clock.sleep(1)
    assert pacer.rate_per_s(KEY) >= 1


def test_a_caller_that_gives_up_holds_nobody():
    pacer = LocalPacer(_GivesUp())
    drain(pacer)
    with pytest.raises(KeyboardInterrupt):
        pacer.acquire(KEY, shop="1")
    pacer.acquire(KEY, shop="1")


@pytest.mark.parametrize("rates", [(0, 2), (20, -1)])
def test_a_pace_is_above_zero(rates):
    with pytest.raises(ValueError, match="above zero"):
        LocalPacer(JumpingClock(), *rates)


class _GivesUp(JumpingClock):
    """The first sleeper is interrupted."""

    def sleep(self, seconds):
        interrupted = not self.slept_s
        super().sleep(seconds)
        if interrupted:
            raise KeyboardInterrupt

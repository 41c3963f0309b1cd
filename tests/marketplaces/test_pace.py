"""One app key, one pace, over all processes of a machine."""

from pathlib import Path

from storewarden.marketplaces.temu.pace import SharedPacer


class Time:
    def __init__(self) -> None:
        self.at = 1_000.0

    def now_s(self) -> float:
        return self.at

    monotonic_s = now_s

    def sleep(self, seconds: float) -> None:
        self.at += seconds


def calls_in(pacers: list[SharedPacer], time: Time, number: int) -> float:
    began = time.at
    for turn in range(number):
        pacers[turn % len(pacers)].acquire("key")
    return time.at - began


def test_one_process_keeps_to_the_rate_after_a_seconds_burst(tmp_path: Path) -> None:
    time = Time()
    took = calls_in([SharedPacer(time, tmp_path, 20)], time, 120)
    assert 4.9 <= took <= 5.2


def test_two_processes_together_keep_to_the_same_rate(tmp_path: Path) -> None:
    time = Time()
    both = [SharedPacer(time, tmp_path, 20), SharedPacer(time, tmp_path, 20)]
    assert 4.9 <= calls_in(both, time, 120) <= 5.2


def test_two_app_keys_do_not_wait_for_each_other(tmp_path: Path) -> None:
    time = Time()
    pacer = SharedPacer(time, tmp_path, 20)
    for turn in range(40):
        pacer.acquire(f"key{turn % 2}")
    assert time.at - 1_000 < 0.2


def test_a_clock_that_was_set_back_does_not_stop_the_calls(tmp_path: Path) -> None:
    time = Time()
    calls_in([SharedPacer(time, tmp_path, 20)], time, 5)
    time.at -= 86_400
    assert calls_in([SharedPacer(time, tmp_path, 20)], time, 5) < 6

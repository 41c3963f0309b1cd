"""The engine: jobs are run, survive a kill, and one process holds one executor."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from storewarden.engine import runtime

PROGRAM = """
import os, sys, time
from pathlib import Path
data = Path(sys.argv[1])
os.environ["STOREWARDEN_DATA"] = str(data)
os.environ["DJANGO_SETTINGS_MODULE"] = "storewarden.settings"
import django
django.setup()
from storewarden import engine
from storewarden.engine import jobs as room
room._jobs.clear()
marks = data / "marks"

@engine.job("test.slow")
def slow(name):
    with marks.open("a") as out:
        out.write(f"began {name}\\n")
    time.sleep(float(sys.argv[3]))
    with marks.open("a") as out:
        out.write(f"ended {name}\\n")

@engine.job("test.tick", every_s=1)
def tick():
    with (data / "ticks").open("a") as out:
        out.write("tick\\n")

engine.start(data, os.environ.get("DATABASE_URL", ""), "test-" + data.name)
if sys.argv[2] == "ask":
    for n in range(6):
        engine.submit("test.slow", f"job{n}", key=str(n))
print("ready", flush=True)
time.sleep(float(sys.argv[4]))
engine.stop()
"""


def start(data: Path, deed: str, slow_s: float, run_s: float) -> subprocess.Popen[str]:
    program = data / "program.py"
    program.write_text(textwrap.dedent(PROGRAM))
    return subprocess.Popen(
        [sys.executable, str(program), str(data), deed, str(slow_s), str(run_s)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def marks(data: Path) -> list[str]:
    file = data / "marks"
    return file.read_text().splitlines() if file.exists() else []


def wait_for(what: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_jobs_killed_in_flight_are_finished_after_a_restart(tmp_path: Path) -> None:
    first = start(tmp_path, "ask", 30, 60)
    wait_for(lambda: len([m for m in marks(tmp_path) if m.startswith("began")]) >= 3)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert not [m for m in marks(tmp_path) if m.startswith("ended")]
    second = start(tmp_path, "wait", 0, 60)
    wait_for(lambda: {m for m in marks(tmp_path) if m.startswith("ended")} >= {
        f"ended job{n}" for n in range(6)
    })  # fmt: skip
    second.kill()
    second.wait()


def test_a_look_comes_by_itself_and_a_second_process_is_refused(tmp_path: Path) -> None:
    first = start(tmp_path, "wait", 0, 60)
    wait_for((tmp_path / "ticks").exists)
    with pytest.raises(runtime.EngineBusy):
        runtime._take_lock(tmp_path / f"engine-test-{tmp_path.name}.lock", "test")
    first.kill()
    first.wait()


@pytest.mark.parametrize(
    ("seconds", "line"),
    [(5, "*/5 * * * * *"), (15, "*/15 * * * * *"), (60, "0 */1 * * * *"), (3600, "0 0 * * * *")],
)
def test_an_interval_becomes_a_cron_line(seconds: int, line: str) -> None:
    assert runtime.cron(seconds) == line


@pytest.mark.parametrize("seconds", [7, 45, 61, 2520])
def test_an_interval_that_divides_nothing_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="divides"):
        runtime.cron(seconds)

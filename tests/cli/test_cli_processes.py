"""The real program, in processes of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PROGRAM = (sys.executable, "-c", "from storewarden.cli import main; main()")
IN_TIME_S = 60


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    kept.pop("STOREWARDEN_PORT", None)
    return kept | {"STOREWARDEN_DATA": str(tmp_path / "data")}


def program(
    env: dict[str, str], *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], env=env, input=stdin, capture_output=True, text=True,
        timeout=IN_TIME_S, check=False,
    )  # fmt: skip


class Server:
    """`storewarden serve` in a process of its own."""

    def __init__(self, env: dict[str, str], *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0", "--json", *arguments],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.told = self._first_json()

    def _first_json(self) -> dict[str, object]:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.rstrip() == "}":
                told: dict[str, object] = json.loads("".join(lines))
                return told
        raise AssertionError(f"It ended: {self.process.communicate()[1]}")

    def get(self, path: str) -> int:
        address = urlsplit(str(self.told["serving"]))
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def stop(self, kind: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(kind)
        _out, err = self.process.communicate(timeout=IN_TIME_S)
        return self.process.returncode, err


@pytest.fixture
def server(env: dict[str, str]) -> Iterator[Server]:
    made = Server(env)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_server_prepares_the_database_answers_and_ends_well(
    server: Server, kind: signal.Signals
) -> None:
    assert server.told["migrated"]
    assert (server.get("/livez"), server.get("/readyz"), server.get("/")) == (200, 200, 302)
    code, err = server.stop(kind)
    assert code == 0
    assert "Traceback" not in err


@pytest.mark.slow
def test_a_second_server_on_the_same_folder_is_refused_in_a_sentence(
    server: Server, env: dict[str, str]
) -> None:
    done = program(env, "serve", "--port", "0", "--json")
    assert (done.returncode, json.loads(done.stdout)["refused"]["cause"]) == (1, "engine_busy")


@pytest.mark.slow
def test_commands_run_beside_a_server(server: Server, env: dict[str, str]) -> None:
    added = ("apps", "add", "--area", "us", "--key", "test-key", "--secret-stdin")
    assert program(env, *added, stdin="test-secret-0123456789").returncode == 0
    assert "test-key" in program(env, "apps", "list").stdout


@pytest.mark.slow
def test_a_worker_runs_the_jobs_of_a_server_without_engine(env: dict[str, str]) -> None:
    pages = Server(env, "--no-engine")
    worker = subprocess.Popen(
        [*PROGRAM, "worker"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout is not None
        assert "The jobs run" in worker.stdout.readline()
        done = program(env, "worker", "--name", "second", "--json")
        assert json.loads(done.stdout)["refused"]["cause"] == "engine_busy"
        worker.terminate()
        assert "Traceback" not in worker.communicate(timeout=IN_TIME_S)[1]
        assert worker.returncode == 0
    finally:
        worker.kill()
        assert pages.stop(signal.SIGTERM)[0] == 0


def test_a_port_in_use_is_a_sentence(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = program(env, "serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "cause"),
    [
        ("STOREWARDEN_PORT", "abc", "bad_setting"),
        ("STOREWARDEN_LANGUAGE", "klingon", "bad_setting"),
        ("STOREWARDEN_KEYS", "1:short", "key_problem"),
        ("STOREWARDEN_DATA", "/proc/nowhere", "machine"),
        ("DATABASE_URL", "nonsense://user:secretpassword@host/x", "cannot_start"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_sentence(
    env: dict[str, str], name: str, value: str, cause: str
) -> None:
    done = program(env | {name: value}, "stores", "list", "--json")
    assert (done.returncode, json.loads(done.stdout)["refused"]["cause"]) == (1, cause)
    assert "Traceback" not in done.stderr
    assert "secretpassword" not in done.stdout + done.stderr


def test_a_database_that_is_not_prepared_says_what_to_run(env: dict[str, str]) -> None:
    done = program(env, "stores", "list")
    assert done.returncode == 1
    assert "storewarden migrate" in done.stderr


def test_help_needs_no_data_folder_and_no_django(env: dict[str, str]) -> None:
    done = program(env, "--help")
    assert done.returncode == 0
    assert "stores" in done.stdout
    assert not Path(env["STOREWARDEN_DATA"]).exists()
    loaded = "from storewarden.cli import main; import sys; assert 'django.conf' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", loaded], env=env, check=False).returncode == 0


def test_a_reader_that_has_gone_is_no_traceback(env: dict[str, str]) -> None:
    with subprocess.Popen(
        [*PROGRAM, "--help"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()

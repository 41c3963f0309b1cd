"""`storewarden demo`, the whole of it, in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

PROGRAM = (sys.executable, "-c", "from storewarden.cli import main; main()", "demo")
IN_TIME_S = 170


@pytest.fixture
def env() -> dict[str, str]:
    unset = ("STOREWARDEN_PORT", "TEMU_SANDBOX_PORT")
    return {name: value for name, value in os.environ.items() if name not in unset}


@pytest.mark.slow
def test_every_step_is_verified(env: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "--once", "--json", "--data", str(tmp_path / "demo")],
        env=env, capture_output=True, text=True, timeout=IN_TIME_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["verified"]
    assert len(told["steps"]) == 12
    assert all(step["verified"] for step in told["steps"])
    assert done.stderr == ""
    assert_no_token(tmp_path / "demo", told["sign_in"]["password"])


def assert_no_token(folder: Path, password: str) -> None:
    """Neither the log nor the product's files have the password or a secret in clear."""
    for file in (folder / "storewarden").rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert password.encode() not in held, file
            assert b"sandbox-secret-" not in held, file


@pytest.mark.slow
def test_it_serves_until_it_is_stopped(env: dict[str, str], tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "--port", "0", "--sandbox-port", "0", "--data", str(tmp_path / "demo")],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        address = next(line.split()[1] for line in lines if line.startswith("Open "))
        with urllib.request.urlopen(f"{address}accounts/login/", timeout=20) as page:
            assert page.status == 200
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=60)[0]
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, "".join(lines) + rest
    assert "Traceback" not in rest


def test_a_sandbox_port_in_use_is_a_sentence(env: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [*PROGRAM, "--once", "--sandbox-port", port, "--data", str(tmp_path / "demo")],
            env=env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} for the sandbox is in use" in done.stderr
    assert "Traceback" not in done.stderr

"""Line 1 of the targets: 10,000 orders pulled, 80 ms round trip, 20 calls a second.

Floor: (calls - burst) / rate, with calls = orders / 100 and a burst of one
second's calls. Ours pulls and keeps the orders durably; the peer only reads.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import ground
from bench.sandbox_process import SPACING_S

HERE = Path(__file__).parent
PAGE = 100
# The sandbox's bucket of one second's calls is full again before the next run.
REST_S = 1.5


@dataclass(frozen=True)
class Setting:
    orders: int = 10_000
    late_ms: int = 80
    rate_per_s: float = 20
    runs: int = 5
    budget_s: float = 105

    @property
    def calls(self) -> int:
        return -(-self.orders // PAGE)

    @property
    def floor_s(self) -> float:
        """No run can be shorter: the pace, and one round trip of the last call."""
        return max(0.0, (self.calls - self.rate_per_s) / self.rate_per_s)


@dataclass(frozen=True)
class Measured:
    """Seconds of each run, and the calls that ours made in its last."""

    floor_s: float
    ours_s: list[float]
    ours_cpu_s: list[float]
    peer_s: list[float]
    calls: int

    def told(self) -> dict[str, object]:
        ours, peer = median(self.ours_s), median(self.peer_s)
        return {
            "line": "pull",
            "runs": len(self.ours_s),
            "floor_s": self.floor_s,
            "ours_s": ours,
            "ours_runs_s": self.ours_s,
            "ours_cpu_s": median(self.ours_cpu_s),
            "peer_s": peer,
            "peer_runs_s": self.peer_s,
            "calls": self.calls,
            "ours_to_floor": ours / self.floor_s,
            "peer_to_floor": peer / self.floor_s,
            "target_to_floor": 1.1,
        }


class Sandbox:
    """The sandbox's process, and the questions to it."""

    def __init__(self, setting: Setting) -> None:
        command = [
            sys.executable, "-m", "bench.sandbox_process", "--orders", str(setting.orders),
            "--late-ms", str(setting.late_ms), "--rate-per-s", str(setting.rate_per_s),
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command, cwd=HERE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ready = self._answer()

    def calls(self) -> int:
        """Order pages asked for since the last question."""
        assert self._process.stdin is not None
        self._process.stdin.write("calls\n")
        self._process.stdin.flush()
        return int(self._answer()["calls"])

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)

    def _answer(self) -> dict[str, str]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The sandbox's process ended; its error stands above.")
        return dict(json.loads(line))


def measure(setting: Setting) -> Measured:
    """Interleaved runs of ours and of the peer against one sandbox."""
    sandbox = Sandbox(setting)
    try:
        with ground.folder() as data:
            return _runs(setting, sandbox, Path(data))
    finally:
        sandbox.close()


def _runs(setting: Setting, sandbox: Sandbox, data: Path) -> Measured:
    ready = sandbox.ready
    ground.use(data, ready["base_url"] + "/us")
    since_days = (setting.orders * SPACING_S + 3600) / 86_400
    credential = ground.store_with_order_token(
        int(ready["mall_id"]), ready["app_key"], ready["app_secret"], ready["token"], since_days
    )
    ours, peer_s, calls = [], [], 0
    began_s = time.monotonic()
    for run in range(setting.runs):
        spent_s = time.monotonic() - began_s
        if run and spent_s * (run + 1) / run > setting.budget_s:
            break  # another run would take longer than is left
        time.sleep(REST_S)
        sandbox.calls()
        ours.append(_ours(setting, credential))
        calls = sandbox.calls()
        time.sleep(REST_S)
        peer_s.append(_peer(setting, ready, since_days))
    ours_s, cpu_s = [one[0] for one in ours], [one[1] for one in ours]
    return Measured(setting.floor_s, ours_s, cpu_s, peer_s, calls)


def _ours(setting: Setting, credential: object) -> tuple[float, float]:
    """Seconds by the clock and of this process's CPU."""
    from storewarden.orders.actions import pull_orders
    from storewarden.orders.models import Order

    ground.forget_orders()
    began_s, cpu_s = time.monotonic(), time.process_time()
    pull_orders(credential)  # type: ignore[arg-type]  # Credential, imported after set-up
    took_s, cpu_s = time.monotonic() - began_s, time.process_time() - cpu_s
    if Order.objects.count() != setting.orders:
        raise SystemExit(f"Ours kept {Order.objects.count()} of {setting.orders} orders.")
    return took_s, cpu_s


def _peer(setting: Setting, ready: dict[str, str], since_days: float) -> float:
    asked = {
        "base_url": ready["base_url"] + "/us",
        "app_key": ready["app_key"],
        "app_secret": ready["app_secret"],
        "token": ready["token"],
        "since_s": int(time.time() - since_days * 86_400),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.peer"], cwd=HERE.parent, input=json.dumps(asked),
        text=True, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"The peer failed: {done.stderr.strip()[-300:]}")
    told = json.loads(done.stdout)
    if told["orders"] != setting.orders:
        raise SystemExit(f"The peer read {told['orders']} of {setting.orders} orders.")
    return float(told["seconds"])

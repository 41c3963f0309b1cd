"""`make bench`: each line of the targets beside its limit, measured in the same run."""

import argparse
import json
import multiprocessing
import os
import platform
from collections.abc import Callable
from pathlib import Path
from sys import path as import_path

HERE = Path(__file__).parent
Told = dict[str, object]
LEAST_ORDERS = 3000


def _pull(orders: int, runs: int, results: "multiprocessing.SimpleQueue[Told]") -> None:
    from bench import pull

    results.put(pull.measure(pull.Setting(orders=orders, runs=runs)).told())


def _record(orders: int, runs: int, results: "multiprocessing.SimpleQueue[Told]") -> None:
    from bench import record

    results.put(record.measure(orders, runs).told())


def _watch(orders: int, runs: int, results: "multiprocessing.SimpleQueue[Told]") -> None:
    from bench import watch

    results.put(watch.measure().told())


LINES: dict[str, Callable[..., None]] = {"pull": _pull, "record": _record, "watch": _watch}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="figures as JSON, nothing else")
    asked.add_argument("--only", choices=LINES, action="append", help="one line alone")
    asked.add_argument("--orders", type=int, default=10_000, help="how many orders")
    asked.add_argument("--runs", type=int, default=5, help="runs of each, as time allows")
    given = asked.parse_args()
    if given.orders < LEAST_ORDERS or given.runs < 1:
        asked.error(f"--orders must be {LEAST_ORDERS:,} or more, since a burst of calls is free")
    machine = _machine()
    told = [_apart(LINES[name], given.orders, given.runs) for name in given.only or LINES]
    if given.json:
        print(json.dumps({"machine": machine, "lines": told}, indent=2))
        return
    print(f"{machine}, {given.orders:,} orders\n")
    for line in told:
        print(_TABLES[str(line["line"])](line))


def _apart(work: Callable[..., None], orders: int, runs: int) -> Told:
    """A line runs in a process of its own: Django is set up once a process."""
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    process = context.Process(target=work, args=(orders, runs, results))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"A line of the bench failed (exit {process.exitcode}); see above.")
    return dict(results.get())


def _machine() -> str:
    """What it ran on, and how busy that was: above one job a core the seconds mean little."""
    load = f"load {os.getloadavg()[0]:.1f}"
    return (
        f"{os.cpu_count()} cores, {load}, {platform.system()}, Python {platform.python_version()}"
    )


def _pull_table(line: Told) -> str:
    return _table(
        f"Pull, 80 ms round trip, 20 calls a second; median of {line['runs']}",
        [
            ("floor: (calls - burst) / rate", f"{line['floor_s']:.2f} s", "1.00"),
            (f"ours, {line['calls']} calls, kept durably", f"{line['ours_s']:.2f} s",
             f"{line['ours_to_floor']:.2f} (target 1.10; {line['ours_cpu_s']:.1f} s of CPU)"),
            ("temu-api, a loop, nothing kept", f"{line['peer_s']:.2f} s",
             f"{line['peer_to_floor']:.2f}"),
        ],
    )  # fmt: skip


def _record_table(line: Told) -> str:
    return _table(
        f"Record, durable, from the answer's bytes to the rows; median of {line['runs']}",
        [
            ("limit: the same rows, SQLite alone", f"{line['raw_sqlite_per_s']:,.0f} orders/s",
             "1.00"),
            ("limit: fsync", f"{line['fsyncs_per_s']:,.0f} a second",
             f"pages to fsyncs {line['pages_per_s_to_fsyncs']:.3f}"),
            ("ours, new orders (target 2,500)", f"{line['ours_per_s']:,.0f} orders/s",
             f"{line['ours_to_raw']:.2f} ({line['ours_per_cpu_s']:,.0f} a second of CPU)"),
            ("ours, unchanged again", f"{line['again_per_s']:,.0f} orders/s",
             f"{line['writes_again']} writes (target 0)"),
        ],
    )  # fmt: skip


def _watch_table(line: Told) -> str:
    return _table(
        f"Watch, {line['stores']} stores, {line['tokens']} tokens, {line['minutes']} minutes",
        [
            ("limit: one core, busy all the time", f"{int(str(line['minutes'])) * 60} s", "1.00"),
            (f"ours, {line['probes']} probes, {line['pulls']} pulls",
             f"{line['cpu_s'] - line['sandbox_s']:.1f} s of CPU",
             f"{line['ours_to_a_core']:.2f} (target {line['target']})"),
            ("memory at its highest, sandbox included", f"{line['memory_mb']:.0f} MB",
             "(target 300 MB)"),
        ],
    )  # fmt: skip


_TABLES: dict[str, Callable[[Told], str]] = {
    "pull": _pull_table,
    "record": _record_table,
    "watch": _watch_table,
}


def _table(title: str, rows: list[tuple[str, str, str]]) -> str:
    body = "\n".join(f"  {name:<40}{figure:>18}   {ratio}" for name, figure, ratio in rows)
    return f"{title}\n  {'':<40}{'':>18}   ratio to the limit\n{body}\n"


if __name__ == "__main__":
    import_path.insert(0, str(HERE.parent))
    main()

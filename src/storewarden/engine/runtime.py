"""DBOS, started and stopped. Nothing else in the product imports it.

What was measured and why it is used this way stands in
docs/decisions/0003-dbos-behind-one-module.md.
"""

import fcntl
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, ScheduleInput, SetWorkflowID

from storewarden import __version__, chance, clock
from storewarden.engine.jobs import Job, job, known_jobs, run_once

QUEUE = "storewarden-looks"
POLL_S = 0.5
WORKERS = 8
FORGET_AT_ONCE = 20_000
log = structlog.get_logger(__name__)
_lock: IO[str] | None = None
_asked: dict[str, Callable[..., Any]] = {}
_beat_s: float | None = None


class EngineBusy(Exception):
    """Another process already runs the engine on this data folder."""


def start(data: Path, database_url: str = "", executor: str = "server") -> None:
    """Start the engine in this process.

    One executor id is held by one process (a second one would run its jobs
    again), so a lock file in the data folder guards it. Raises EngineBusy.
    """
    _take_lock(data / f"engine-{executor}.lock", executor)
    _beat()
    DBOS(config=_config(data, database_url, executor))
    known = known_jobs().values()
    for one in known:
        _asked[one.name] = _workflow(one)
    looks = [(one, _look(one)) for one in known if one.every_s]
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=WORKERS, polling_interval_sec=POLL_S)
    DBOS.apply_schedules([_schedule(one, look) for one, look in looks])
    log.info("engine.started", executor=executor, jobs=len(known))


def stop() -> None:
    """Finish what is in flight (up to 10 s) and stop."""
    global _beat_s, _lock
    DBOS.destroy(workflow_completion_timeout_sec=10, destroy_registry=True)
    _asked.clear()
    _beat_s = None
    if _lock is not None:
        _lock.close()
        _lock = None


def silent_for_s() -> float | None:
    """Seconds since the engine of this process last took up or ended a job; None: it has none."""
    return None if _beat_s is None else max(0.0, clock.monotonic_s() - _beat_s)


def _beat() -> None:
    global _beat_s
    _beat_s = clock.monotonic_s()


def submit(name: str, *args: str, key: str | None = None) -> None:
    """Ask for a job now. With a key it runs once for that key.

    In a process without the engine this does nothing: the next look of the
    process that has it finds the work, since work is derived from rows.
    """
    if name not in _asked:
        return
    if key is None:
        DBOS.enqueue_workflow(QUEUE, _asked[name], *args)
        return
    with SetWorkflowID(f"{name}:{key}"):
        DBOS.enqueue_workflow(QUEUE, _asked[name], *args)


def _take_lock(path: Path, executor: str) -> None:
    global _lock
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise EngineBusy(
            f"Another Storewarden process already runs the engine ({executor}) on {path.parent}. "
            "Stop it first, or give this worker another name with --name."
        ) from None
    _lock = handle


def _config(data: Path, database_url: str, executor: str) -> DBOSConfig:
    config = DBOSConfig(
        name="storewarden",
        executor_id=executor,
        application_version=__version__,
        log_level="WARNING",
        enable_otlp=False,
        scheduler_polling_interval_sec=5.0,
        max_executor_threads=32,
    )
    if database_url:
        config["system_database_url"] = database_url.replace("postgres://", "postgresql://", 1)
    else:
        path = data / "engine.sqlite3"
        config["system_database_url"] = f"sqlite:///{path}"
        config["system_database_engine"] = _sqlite(path)
    return config


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}", connect_args={"timeout": 20, "check_same_thread": False}
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    if sqlite3.sqlite_version_info < (3, 42):
        # DBOS asks for unixepoch('subsec') by Python's version, not SQLite's.
        connection.create_function("unixepoch", -1, _unixepoch)


def _unixepoch(*arguments: str) -> float:
    if arguments and arguments[0] not in ("now", "subsec"):
        return datetime.fromisoformat(arguments[0]).timestamp()
    return clock.SystemSource().now_s()


def _workflow(one: Job) -> Callable[..., Any]:
    def asked(*args: str) -> None:
        _run(one, *args)

    return DBOS.workflow(name=f"ask:{one.name}")(asked)


def _look(one: Job) -> Callable[[datetime, Any], None]:
    def look(_scheduled_at: datetime, _context: Any) -> None:
        _run(one)

    return DBOS.workflow(name=f"look:{one.name}")(look)


def _run(one: Job, *args: str) -> None:
    began = clock.monotonic_s()
    _beat()
    with structlog.contextvars.bound_contextvars(job=one.name, run=chance.letters(8)):
        run_once(one.name, *args)
        took_ms = round((clock.monotonic_s() - began) * 1000)
        log.debug("job.done", took_ms=took_ms)
    _beat()


def _schedule(one: Job, look: Callable[[datetime, Any], None]) -> ScheduleInput:
    return ScheduleInput(
        schedule_name=one.name,
        workflow_fn=look,
        schedule=cron(one.every_s),
        context=None,
        queue_name=QUEUE,
    )


def cron(every_s: int) -> str:
    """A cron line with seconds for an interval that divides a minute or an hour."""
    if every_s < 60 and 60 % every_s == 0:
        return f"*/{every_s} * * * * *" if every_s > 1 else "* * * * * *"
    minutes, rest = divmod(every_s, 60)
    if rest == 0 and minutes and 60 % minutes == 0:
        return f"0 */{minutes} * * * *" if minutes < 60 else "0 0 * * * *"
    raise ValueError(f"{every_s} s divides neither a minute nor an hour.")


@job("engine.forget_finished", every_s=3600)
def forget_finished() -> int:
    """Delete the engine's finished runs older than a day; DBOS keeps them for ever."""
    before = clock.now() - timedelta(days=1)
    done = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        end_time=before.isoformat(),
        limit=FORGET_AT_ONCE,
        load_input=False,
        load_output=False,
    )
    DBOS.delete_workflows([one.workflow_id for one in done])
    return len(done)

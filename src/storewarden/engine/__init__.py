"""Jobs: what runs by itself, on DBOS, behind this one package.

An area registers a job with `@engine.job(name, every_s=…)` in its `jobs.py`;
`serve` and `worker` call `start`. A job derives its work from rows and the
time, holds no secret in its arguments, and may run twice.
"""

from storewarden.engine.jobs import Job, job, known_jobs, run_once
from storewarden.engine.runtime import EngineBusy, silent_for_s, start, stop, submit

__all__ = [
    "EngineBusy",
    "Job",
    "job",
    "known_jobs",
    "run_once",
    "silent_for_s",
    "start",
    "stop",
    "submit",
]

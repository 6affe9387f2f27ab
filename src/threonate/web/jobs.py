"""Long questions: each in a process of its own, with progress, time left and a way to stop it."""

from __future__ import annotations

import multiprocessing
import secrets
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from threonate.web.asking import refuse
from threonate.web.job_models import JobKind, JobRecord, JobsAnswer
from threonate.web.models import Failure

AT_ONCE = 1
MOST_WAITING = 16
MOST_KEPT = 24
LARGEST_RESULT = 40_000_000
OVER = frozenset({"done", "failed", "cancelled"})
TELL_EVERY_S = 0.2
WAIT_FOR_END_S = 0.5


@dataclass
class Job:
    """One long question and how far it is."""

    id: str
    kind: JobKind
    title: str
    work: tuple[Any, ...]
    state: str = "queued"
    done: int = 0
    total: int = 0
    begun: float = 0.0
    first: tuple[float, int] = (0.0, 0)
    result: bytes = b""
    error: Failure | None = None
    process: Any = None
    changed: threading.Condition = field(default_factory=threading.Condition)

    def record(self) -> JobRecord:
        """How it is told."""
        with self.changed:
            left = self._left_s()
            return JobRecord.model_validate(
                {
                    "id": self.id,
                    "kind": self.kind,
                    "title": self.title,
                    "state": self.state,
                    "done": self.done,
                    "total": self.total,
                    "left_s": left,
                    "result": f"jobs/{self.id}/result" if self.state == "done" else None,
                    "error": self.error,
                }
            )

    def _left_s(self) -> float | None:
        """Time left by the pace since the first progress, which does not count the start of the process [s]."""
        if self.state != "running" or not self.done:
            return None
        since, before = self.first if self.first[1] < self.done else (self.begun, 0)
        return round((time.monotonic() - since) * (self.total - self.done) / (self.done - before), 1)

    def move(self, **changes: Any) -> None:
        """Change and tell who waits; what is over stays as it is."""
        with self.changed:
            if self.state not in OVER:
                for name, value in changes.items():
                    setattr(self, name, value)
                self.changed.notify_all()


class Jobs:
    """The jobs of one page; they outlive a reload, and the oldest finished ones are forgotten."""

    def __init__(self, work: Callable[..., None]) -> None:
        self._work = work
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(AT_ONCE)
        names = multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("forkserver" if "forkserver" in names else "spawn")
        if "forkserver" in names:
            self._context.set_forkserver_preload([work.__module__])

    def warm(self) -> None:
        """Start the process that jobs are forked from, which has everything loaded."""
        if self._context.get_start_method() == "forkserver":
            from multiprocessing import forkserver

            forkserver.ensure_running()

    def start(self, kind: JobKind, title: str, total: int, work: tuple[Any, ...]) -> JobRecord:
        """Queue a question.

        Raises    Refused when too many wait
        """
        job = Job(secrets.token_hex(8), kind, title, work, total=total)
        with self._lock:
            waiting = sum(one.state not in OVER for one in self._jobs.values())
            if waiting >= MOST_WAITING:
                raise refuse(503, "busy", f"{waiting} jobs wait already. Cancel one, or ask again later.")
            self._jobs[job.id] = job
            over = [name for name, one in self._jobs.items() if one.state in OVER]
            for name in over[: max(0, len(self._jobs) - MOST_KEPT)]:
                del self._jobs[name]
        threading.Thread(target=self._run, args=(job,), name=f"job {job.id}", daemon=True).start()
        return job.record()

    def find(self, name: str) -> Job:
        """A job by id.

        Raises    Refused when it is not known, or no longer
        """
        with self._lock:
            job = self._jobs.get(name)
        if job is None:
            raise refuse(404, "not_found", "There is no such job, or it was forgotten. Start it again.")
        return job

    def all(self) -> JobsAnswer:
        """Every job, the latest first."""
        with self._lock:
            listed = list(self._jobs.values())
        return JobsAnswer(jobs=[job.record() for job in reversed(listed)])

    def cancel(self, name: str) -> JobRecord:
        """Stop a job; one that is over stays as it is."""
        job = self.find(name)
        process = job.process
        job.move(state="cancelled")
        if process is not None and process.is_alive():
            process.kill()
        return job.record()

    def stop(self) -> None:
        """End everything that runs."""
        with self._lock:
            listed = list(self._jobs)
        for name in listed:
            self.cancel(name)

    def _run(self, job: Job) -> None:
        with self._free:
            if job.state in OVER:
                return
            near, far = self._context.Pipe(duplex=False)
            process = self._context.Process(target=self._work, args=(far, *job.work), daemon=True)  # type: ignore[attr-defined]
            process.start()
            job.process = process
            job.begun = time.monotonic()
            job.move(state="running")
            far.close()
            if job.state in OVER:
                process.kill()
            _listen(job, near)
            job.process.join(WAIT_FOR_END_S)


def _listen(job: Job, near: Connection) -> None:
    """Take what the process tells until it ends."""
    while True:
        try:
            kind, told = near.recv()
        except (EOFError, OSError):
            message = "The run ended without an answer; perhaps there was too little memory. Ask for fewer subjects."
            job.move(state="failed", error=Failure(kind="failed", message=message, problems=[]))
            return
        if kind == "progress":
            first = (time.monotonic(), told[0]) if not job.done else job.first
            job.move(done=told[0], total=told[1], first=first)
        elif kind == "done":
            if len(told) > LARGEST_RESULT:
                message = "The answer is too large to keep. Ask for fewer subjects or days."
                job.move(state="failed", error=Failure(kind="too_large", message=message, problems=[]))
            else:
                job.move(result=told, done=job.total, state="done")
            return
        else:
            job.move(state="failed", error=Failure.model_validate(told))
            return


def quiet_child() -> None:
    """A job says nothing on the terminal and leaves Ctrl-C to its parent."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()

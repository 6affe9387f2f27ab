"""The seam: many subjects in, courses and a status per subject out."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from enum import Enum
from functools import lru_cache, partial
from threading import Lock

import numpy as np

from threonate.engine.compiled import CompiledNetwork, ModelText
from threonate.engine.roadrunner import Accuracy, solve_subjects
from threonate.engine.trajectories import Array, SubjectInputs, SubjectStatus, Trajectories
from threonate.engine.workers import works_alone
from threonate.errors import EngineError, nearest
from threonate.schedule import EventTable

Progress = Callable[[int], None]
Job = tuple[SubjectInputs, EventTable]
Solved = tuple[Array, list[SubjectStatus]]
_CHUNK = 4
_WORTH_A_POOL = 8
_ONE_AT_A_TIME = Lock()  # a loaded model serves one thread


class Tolerance(Enum):
    """Named accuracy policies: relative and absolute local error."""

    FAST = Accuracy(1e-4, 1e-7)
    DEFAULT = Accuracy(1e-5, 1e-8)
    TIGHT = Accuracy(1e-7, 1e-10)
    REFERENCE = Accuracy(1e-9, 1e-12)


def solve_cohort(
    compiled: CompiledNetwork,
    parameters: SubjectInputs,
    events: EventTable,
    times_h: Array,
    *,
    tolerance: Tolerance = Tolerance.DEFAULT,
    progress: Progress | None = None,
) -> Trajectories:
    """Courses of every subject.

    parameters   individual values and start states
    events       jumps; a value recorded at the time of an event is the one just before it
    times_h      (time,) increasing; the first is the start of the run
    progress     called with the number of subjects finished since the last call
    Returns      Trajectories (subject, time, observable) with a status per subject; a failure is never an exception
    Raises       EngineError when names, shapes or times do not fit the network
    """
    _check(compiled, parameters, events, times_h)
    n = len(parameters)
    chunks = [np.arange(i, min(i + _CHUNK, n)) for i in range(0, n, _CHUNK)]
    jobs = [(_rows(parameters, chunk), _events_of(events, chunk)) for chunk in chunks]
    values = np.full((n, len(times_h), len(compiled.observables)), np.nan)
    status: list[SubjectStatus] = [SubjectStatus(False, "not run")] * n
    work = partial(_solve_job, compiled.text, np.asarray(times_h, dtype=np.float64), tolerance.value)
    for index, (course, judged) in _run_jobs(work, jobs, n):
        values[chunks[index]] = course
        for subject, verdict in zip(chunks[index], judged, strict=True):
            status[int(subject)] = verdict
        if progress is not None:
            progress(len(chunks[index]))
    return Trajectories(np.asarray(times_h), compiled.observables, values, tuple(status))


def _solve_job(text: ModelText, times_h: Array, accuracy: Accuracy, job: Job) -> Solved:
    inputs, events = job
    return solve_subjects(text, inputs, events, times_h, accuracy)


def _run_jobs(work: Callable[[Job], Solved], jobs: Sequence[Job], n: int) -> Iterator[tuple[int, Solved]]:
    workers = _workers()
    if workers == 1 or n < _WORTH_A_POOL:
        for index, job in enumerate(jobs):
            with _ONE_AT_A_TIME:
                solved = work(job)
            yield index, solved
        return
    futures = {_pool(workers).submit(work, job): index for index, job in enumerate(jobs)}
    for future in as_completed(futures):
        yield futures[future], future.result()


def _workers() -> int:
    if works_alone() or "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1))


@lru_cache(maxsize=1)
def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork"))


def _rows(inputs: SubjectInputs, chunk: np.ndarray) -> SubjectInputs:
    return SubjectInputs(inputs.symbols, inputs.values[chunk], inputs.states, inputs.start[chunk])


def _events_of(events: EventTable, chunk: np.ndarray) -> EventTable:
    low, high = np.searchsorted(events.subject, [chunk[0], chunk[-1] + 1])
    rows = slice(int(low), int(high))
    return EventTable(
        events.subject[rows] - chunk[0],
        events.times_h[rows],
        events.target[rows],
        events.operation[rows],
        events.value[rows],
        events.targets,
    )


def _check(compiled: CompiledNetwork, inputs: SubjectInputs, events: EventTable, times_h: Array) -> None:
    network = compiled.network
    settable = {*network.parameters, *network.states}
    for name in (*inputs.symbols, *inputs.states, *events.targets):
        if name not in settable:
            raise EngineError(f"'{name}' cannot be set in this network. {nearest(name, settable)}")
    if inputs.states != network.states:
        raise EngineError("start must give every state of the network, in its order.")
    if len(times_h) < 2 or not np.all(np.diff(times_h) > 0.0):
        raise EngineError("times_h must hold at least two increasing times.")
    _check_events(events, len(inputs))


def _check_events(events: EventTable, subjects: int) -> None:
    if not len(events):
        return
    if (np.diff(events.subject) < 0).any():
        raise EngineError("events must be sorted by subject, then time.")
    if events.subject[0] < 0 or events.subject[-1] >= subjects:
        raise EngineError(f"events name subject {events.subject[-1]}; there are {subjects}, counted from 0.")
    if not np.isfinite(events.times_h).all():
        raise EngineError("events must have finite times.")

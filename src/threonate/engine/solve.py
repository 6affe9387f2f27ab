"""The seam: many subjects in, courses and a status per subject out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from threonate.engine.checks import check_inputs
from threonate.engine.compiled import CompiledNetwork
from threonate.engine.native import solve_native
from threonate.engine.tolerance import Tolerance
from threonate.engine.trajectories import Array, SubjectInputs, SubjectStatus, Trajectories
from threonate.engine.workers import works_alone
from threonate.schedule import EventTable

Progress = Callable[[int], None]
_BATCH = 512


def solve_cohort(
    compiled: CompiledNetwork,
    parameters: SubjectInputs,
    events: EventTable,
    times_h: Array,
    *,
    tolerance: Tolerance = Tolerance.DEFAULT,
    progress: Progress | None = None,
) -> Trajectories:
    """Courses of every subject, bit for bit the same for any number of threads and any company of subjects.

    parameters   individual values and start states
    events       jumps; a value recorded at the time of an event is the one just before it
    times_h      (time,) increasing; the first is the start of the run
    progress     called with the number of subjects finished since the last call
    Returns      Trajectories (subject, time, observable) with a status per subject; a failure is never an exception
    Raises       EngineError when names, shapes or times do not fit the network
    """
    check_inputs(compiled, parameters, events, times_h)
    threads = 1 if works_alone() else None
    courses, status = [], list[SubjectStatus]()
    for begin in range(0, len(parameters), _BATCH):
        chunk = np.arange(begin, min(begin + _BATCH, len(parameters)))
        mine = parameters.of(chunk)
        part = solve_native(compiled, mine, events.of(chunk), times_h, tolerance=tolerance, threads=threads)
        courses.append(part.values)
        status += part.status
        if progress is not None:
            progress(len(chunk))
    values = np.concatenate(courses) if courses else np.empty((0, len(times_h), len(compiled.observables)))
    return Trajectories(np.asarray(times_h), compiled.observables, values, tuple(status))

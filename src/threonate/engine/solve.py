"""The seam: many subjects in, courses and a status per subject out."""

from __future__ import annotations

from threonate.engine.compiled import CompiledNetwork
from threonate.engine.native import Progress, native_solver, solve_with
from threonate.engine.tolerance import Tolerance
from threonate.engine.trajectories import Array, SubjectInputs, Trajectories
from threonate.engine.workers import works_alone
from threonate.schedule import EventTable


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
    solver = native_solver(compiled.network.sbml, compiled.observables, compiled.method)
    question, threads = (parameters, events, times_h), 1 if works_alone() else None
    return solve_with(solver, compiled, question, tolerance=tolerance, threads=threads, progress=progress)

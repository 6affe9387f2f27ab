"""Solve a network for many subjects with generated code: lanes of subjects, one machine word wide each."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from threonate.engine.checks import check_inputs
from threonate.engine.compiled import CompiledNetwork
from threonate.engine.kernels.begin import begin_parameters
from threonate.engine.kernels.driver import (
    ADD_PARAMETER,
    ADD_STATE,
    ENDLESS_EVENTS,
    FINISHED,
    NOT_FINITE,
    RIVAL_EVENTS,
    RUNNING,
    SET_PARAMETER,
    SET_STATE,
    STEP_LIMIT,
    STEP_TOO_SMALL,
)
from threonate.engine.kernels.lanes import CLASSES, Subjects
from threonate.engine.kernels.launch import launch
from threonate.engine.kernels.methods import method_named
from threonate.engine.kernels.object_code import this_machine
from threonate.engine.kernels.prepared import Solver, kept_solver
from threonate.engine.stiffness import STIFF_METHOD
from threonate.engine.tolerance import Bounds, Tolerance, bounds_of
from threonate.engine.trajectories import Array, SubjectInputs, SubjectStatus, Trajectories, unsound_value
from threonate.engine.unsupported import UnsupportedModel
from threonate.engine.workers import processors
from threonate.schedule import ADD, EventTable

if TYPE_CHECKING:
    from threonate.engine.codegen import Program
    from threonate.engine.lower import LoweredModel

_LARGEST_STEP_COUNT = 2_000_000
_FEW = 64
"""So many are solved by the calling thread, which hears of no interruption meanwhile."""
_TOLD_EVERY_S = 0.1
_BELOW = 65_521
_FINE = SubjectStatus(True)
_SENTENCES = {
    STEP_LIMIT: "The step limit was reached; the model is too stiff or oscillates too fast for this tolerance.",
    NOT_FINITE: "The model gives values that are not finite; a parameter is out of any sensible range.",
    ENDLESS_EVENTS: "Events of the model trigger each other without end.",
    RIVAL_EVENTS: "Two events of one priority happen together and set the same thing to different values.",
    STEP_TOO_SMALL: "The step became too small to move time; the solution may have a singularity.",
}


Question = tuple[SubjectInputs, EventTable, Array]
Progress = Callable[[int], None]
DEFAULT_METHOD = STIFF_METHOD


def solve_native(
    compiled: CompiledNetwork,
    inputs: SubjectInputs,
    events: EventTable,
    times_h: Array,
    *,
    tolerance: Tolerance | Bounds = Tolerance.DEFAULT,
    threads: int | None = None,
) -> Trajectories:
    """Courses of every subject, bit for bit the same for any order of subjects and any number of threads.

    inputs       individual values and start states
    events       jumps; a value recorded at the time of an event is the one just before it
    times_h      (time,) increasing; the first is the start of the run
    threads      None for one per available core
    Returns      Trajectories (subject, time, observable) with a status per subject; a failure is never an exception
    Raises       EngineError when names, shapes or times do not fit; UnsupportedModel for what is not solved
    """
    solver = native_solver(compiled.network.sbml, compiled.observables, compiled.method)
    return solve_with(solver, compiled, (inputs, events, times_h), tolerance=tolerance, threads=threads)


def solve_with(
    solver: Solver,
    compiled: CompiledNetwork,
    question: Question,
    *,
    tolerance: Tolerance | Bounds = Tolerance.DEFAULT,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Trajectories:
    """The same with a solver of one's choice, see `native_solver`; question is (inputs, events, times_h).

    progress    called with the number of subjects finished since the last call
    """
    inputs, events, times_h = question
    times = np.ascontiguousarray(times_h, dtype=np.float64)
    check_inputs(compiled, inputs, events, times)
    subjects = _subjects(solver, compiled, (inputs, events, times))
    run_subjects(solver, subjects, bounds_of(tolerance), threads, progress, True)
    status = _judge(subjects, inputs, events)
    return Trajectories(times, compiled.observables, subjects.values.transpose(0, 2, 1), status)


@lru_cache(maxsize=16)
def native_solver(
    sbml: str, observables: tuple[str, ...], method: str = DEFAULT_METHOD, lanes: int | None = None
) -> Solver:
    """Machine code of a model; made once per process, and once per machine where a cache can be kept.

    method    a module of `engine/kernels`
    lanes     subjects side by side; None for as many as this machine's registers hold
    Raises    UnsupportedModel for a model that is not solved
    """
    width = this_machine().lanes if lanes is None else lanes
    question = (sbml, *observables, "", method, str(width))
    tableau = method_named(method)

    def make() -> Solver:
        from threonate.engine.kernels.solver import make_solver

        return make_solver(*_lowered(sbml, observables), tableau, width)

    return kept_solver(question, make, lambda: _lowered(sbml, observables))


@lru_cache(maxsize=4)
def _lowered(sbml: str, observables: tuple[str, ...]) -> tuple[LoweredModel, Program]:
    """Formulas and routines; what they need is loaded here, for a kept solver does without."""
    from threonate.engine.codegen import build_program
    from threonate.engine.lower import lower_sbml

    model = lower_sbml(sbml)
    return model, build_program(model, observables)


def run_subjects(
    solver: Solver,
    subjects: Subjects,
    bounds: Bounds,
    threads: int | None,
    progress: Progress | None = None,
    finite: bool = False,
) -> None:
    """Fill values, status and counts of all subjects; every thread takes the next one when a lane is free.

    finite    a subject with a recorded value that is not finite has failed
    """
    count = len(subjects.status)
    workers = min(processors() if threads is None else max(1, threads), -(-count // solver.lanes))
    work = partial(_work, solver, bounds, subjects)
    if workers <= 1 and count <= _FEW:
        work()
        _settle(subjects, finite, slice(None))
        if progress is not None and count:
            progress(count)
        return
    with ThreadPoolExecutor(workers) as pool:
        try:
            _follow([pool.submit(work) for _ in range(workers)], subjects.status, progress)
        finally:
            subjects.taken[0] = count  # after an interruption nobody else is begun
        rows = (slice(begin, begin + _FEW) for begin in range(0, count, _FEW))
        list(pool.map(partial(_settle, subjects, finite), rows))


def _work(solver: Solver, bounds: Bounds, subjects: Subjects) -> None:
    """What one thread does: it fills its lanes with subjects until nobody is left."""
    lanes = solver.make_lanes()
    lanes.tol[0], lanes.tol[1], lanes.tol[2] = bounds.relative, bounds.absolute, _LARGEST_STEP_COUNT
    launch(solver.code, subjects, solver.watched, lanes, bounds.smallest_scale)


def _settle(subjects: Subjects, finite: bool, rows: slice) -> None:
    """Those of some rows who were solved to the end but recorded what is not a number have failed."""
    if finite:
        sound = np.isfinite(subjects.values[rows]).all(axis=(1, 2))
        status = subjects.status[rows]
        status[(status == FINISHED) & ~sound] = NOT_FINITE


def _follow(at_work: Sequence[Future[None]], status: NDArray[np.int64], progress: Progress | None) -> None:
    """Wait for all threads, and tell meanwhile how many subjects were finished."""
    told, waiting = 0, set(at_work)
    while waiting:
        _, waiting = wait(waiting, timeout=None if progress is None else _TOLD_EVERY_S)
        finished = int(np.count_nonzero(status != RUNNING))
        if progress is not None and finished > told:
            progress(finished - told)
            told = finished
    for one in at_work:
        one.result()


def _subjects(solver: Solver, compiled: CompiledNetwork, question: tuple[SubjectInputs, EventTable, Array]) -> Subjects:
    inputs, events, times = question
    parameters, start = _vectors(solver, compiled, inputs)
    inside = _inside(events, times)
    kind, index = _targets(solver, inside.targets)
    what = 2 * inside.target + (inside.operation != ADD)
    count = len(inputs)
    return Subjects(
        parameters=parameters,
        start=start,
        first=np.searchsorted(inside.subject, np.arange(count + 1)),
        event_time=np.ascontiguousarray(inside.times_h, dtype=np.float64),
        event_kind=kind.ravel()[what],
        event_index=index[inside.target],
        event_value=np.ascontiguousarray(inside.value, dtype=np.float64),
        event_class=_classes(inside, what),
        times=times,
        values=np.empty((count, len(compiled.observables), len(times))),
        status=np.full(count, RUNNING, dtype=np.int64),
        counts=np.zeros((count, 2), dtype=np.int64),
        taken=np.zeros(1, dtype=np.int64),
    )


def _vectors(solver: Solver, compiled: CompiledNetwork, inputs: SubjectInputs) -> tuple[Array, Array]:
    """Parameters and start states of every subject in the order of the generated code."""
    model, network = solver.plan, compiled.network
    values = [network.parameters.get(name, default) for name, default in zip(*_defaults(solver), strict=True)]
    parameters = np.tile(np.asarray(values, dtype=np.float64), (len(inputs), 1))
    for column, name in enumerate(inputs.symbols):
        if name not in model.parameters:
            raise UnsupportedModel("Setting a state as if it were a parameter", name)
        parameters[:, model.parameters.index(name)] = inputs.values[:, column]
    start = np.zeros((len(inputs), len(model.states)))
    for column, name in enumerate(inputs.states):
        if name in network.rated and name in network.concentrations:
            raise UnsupportedModel("A rate rule for a species read as a concentration", name)
        if name in model.states:
            start[:, model.states.index(name)] = inputs.start[:, column]
        elif name in model.parameters:
            parameters[:, model.parameters.index(name)] = inputs.start[:, column]
    _derive(solver, parameters, {*inputs.symbols, *inputs.states})
    return parameters, start


def _derive(solver: Solver, parameters: Array, given: set[str]) -> None:
    """Start values by formula, and amounts of species that nothing changes; a value that is given counts instead."""
    places = [i for i in solver.plan.derived if solver.plan.parameters[i] not in given]
    if places:
        parameters[:, places] = begin_parameters(solver, parameters)[:, places]


def _defaults(solver: Solver) -> tuple[Sequence[str], Sequence[float]]:
    return solver.plan.parameters, solver.plan.defaults


def _targets(solver: Solver, names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Kind (target, ADD or SET) and index (target,) of what events act on."""
    model = solver.plan
    kinds, indices = [], []
    for name in names:
        if name in model.states:
            kinds.append((ADD_STATE, SET_STATE))
            indices.append(model.states.index(name))
        elif name in model.parameters:
            kinds.append((ADD_PARAMETER, SET_PARAMETER))
            indices.append(model.parameters.index(name))
        else:
            raise UnsupportedModel("An event on something that a rule gives", name)
    return np.array(kinds, dtype=np.int64).reshape(-1, 2), np.array(indices, dtype=np.int64)


def _inside(events: EventTable, times: Array) -> EventTable:
    """The events from the first time to before the last."""
    inside = (events.times_h >= times[0]) & (events.times_h < times[-1])
    return events if inside.all() else events.rows(inside)


def _classes(events: EventTable, what: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for what happens at one time, the same for every subject and every order of names.

    what    (event,) twice the target, and one more where it is set
    """
    if not len(events):
        return np.empty(0, dtype=np.int64)
    codes = [[zlib.crc32(f"{name} {operation}".encode()) for operation in (0, 1)] for name in events.targets]
    one = (np.array(codes, dtype=np.int64).ravel() % _BELOW)[what]
    new = np.empty(len(events), dtype=np.bool_)
    new[0] = True
    np.not_equal(events.times_h[1:], events.times_h[:-1], out=new[1:])
    new[1:] |= events.subject[1:] != events.subject[:-1]
    first = np.flatnonzero(new)
    return np.repeat(np.add.reduceat(one, first) % CLASSES, np.diff(first, append=len(events)))


def _judge(subjects: Subjects, inputs: SubjectInputs, events: EventTable) -> tuple[SubjectStatus, ...]:
    """A status per subject; the values of a failed one are NaN."""
    found = [_FINE] * len(subjects.status)
    for row in np.flatnonzero(subjects.status != FINISHED).tolist():
        subjects.values[row] = np.nan
        mine = np.flatnonzero(events.subject == row)
        sentence = unsound_value(inputs, row, events, mine)
        found[row] = SubjectStatus(False, sentence or sentence_of(int(subjects.status[row])))
    return tuple(found)


def sentence_of(code: int) -> str:
    """What the driver's code of a failure means."""
    return _SENTENCES.get(code, _SENTENCES[NOT_FINITE])

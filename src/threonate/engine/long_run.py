"""Years of a constant regimen without stepping through every period.

Around a period that was solved, the map from one period to the next is nearly linear. A window of many periods is
extrapolated with its Jacobian; the true map in the middle of the window bends the extrapolation, the true map at its
end checks it. A window whose check fails is halved; where not even a short one passes, periods are stepped plainly.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.engine.codegen.python_emitter import load_values
from threonate.engine.compiled import CompiledNetwork
from threonate.engine.period_map import PeriodMap, Search, perturbed, state_sizes
from threonate.engine.regimen_period import Repetition, check_clock, find_repetition
from threonate.engine.start_values import derived_parameters
from threonate.engine.steady import Equations, broyden, equations_of, split_inputs
from threonate.engine.tolerance import Bounds
from threonate.engine.trajectories import Array, SubjectInputs, SubjectStatus, course_of
from threonate.errors import EngineError
from threonate.schedule import EventTable

_FIRST_WINDOW, _LEAST_WINDOW = 8, 4
_SLOPE_SHARE = 1e-3
_BOUNDS = Bounds(1e-5, 1e-8)
_EASY = 8.0
_EARLY_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LongRun:
    """How a long run is done.

    period_h         length of a period [h]
    periods          how many
    settle           periods at the start that are stepped plainly; from then on the regimen must repeat
    accuracy         promised error of every state at the end of every period, as a share of the largest size that the
                     state has had (at least 1e-6 of its unit), on top of what the solver's own steps leave
    largest_window   periods extrapolated at once
    bounds           local error of a step
    """

    period_h: float
    periods: int
    settle: int = 7
    accuracy: float = 1e-4
    largest_window: int = 128
    bounds: Bounds = _BOUNDS

    def __post_init__(self) -> None:
        if not (self.period_h > 0.0 and np.isfinite(self.period_h)):
            raise EngineError(f"period_h is {self.period_h}; it must be a time above 0.")
        if not 1 <= self.settle < self.periods:
            raise EngineError(f"settle is {self.settle}; it must be from 1 to below periods ({self.periods}).")
        if not self.accuracy > 0.0:
            raise EngineError(f"accuracy is {self.accuracy}; it must be above 0.")


@dataclass(frozen=True, slots=True)
class LongCourse:
    """Time courses at the ends of the periods.

    times_h      (period + 1,) bounds of the periods, from the start [h]
    observables  ids of the last axis
    values       (subject, period + 1, observable), just before what happens at that time; NaN for a failed subject
    error        (subject,) largest error estimated for any state at any period, as a share of its size
    mapped       (subject,) periods that were solved, of `periods` in all
    status       one per subject
    """

    times_h: Array
    observables: tuple[str, ...]
    values: Array
    error: Array
    mapped: NDArray[np.int64]
    status: tuple[SubjectStatus, ...]

    def of(self, observable: str) -> Array:
        """(subject, period + 1) course of one observable.

        Raises    EngineError for a name that was not recorded
        """
        return course_of(observable, self.observables, self.values)


def solve_long(compiled: CompiledNetwork, inputs: SubjectInputs, events: EventTable, run: LongRun) -> LongCourse:
    """Courses over many periods of a constant regimen, for every subject.

    inputs     values and start states
    events     everything that happens, on the clock of the run from 0 on; after `run.settle` periods it must repeat
    Returns    LongCourse
    Raises     NotPeriodic when regimen or model do not repeat; EngineError when names, shapes or times do not fit

    >>> import antimony
    >>> import numpy as np
    >>> from threonate.engine import SubjectInputs, compile_network
    >>> from threonate.physiology import read_sbml
    >>> from threonate.schedule import NO_EVENTS
    >>> _ = antimony.loadString("model m(); x = 0; x' = 1 - 0.001 * x; end")
    >>> compiled = compile_network(read_sbml(antimony.getSBMLString("m")), ("x",))
    >>> people = SubjectInputs((), np.empty((1, 0)), ("x",), np.zeros((1, 1)))
    >>> course = solve_long(compiled, people, NO_EVENTS, LongRun(period_h=24.0, periods=730))
    >>> course.values[0, [0, 365], 0].round(2).tolist()          # 1000 (1 - exp(-t / 1000 h))
    [0.0, 999.84]
    >>> bool(course.mapped[0] < 60)
    True
    """
    grid = np.arange(run.periods + 1) * np.float64(run.period_h)
    equations = equations_of(compiled.network.sbml)
    inputs = _begun(equations, compiled, inputs)
    repetition = find_repetition(compiled.network, inputs, events, grid, run.settle)
    check_clock(
        equations, split_inputs(equations.model, compiled.network, inputs), float(grid[run.settle]), run.period_h
    )
    period = PeriodMap(
        compiled,
        repetition.values[-1],
        repetition.period,
        run.period_h,
        bounds=run.bounds,
        start_h=float(grid[run.settle]),
    )
    opening = period.plain(inputs, repetition.first, grid[: run.settle + 1])
    walks = [_Walk(period, rows, run) for rows in opening]
    period.run([walk.run() for walk in walks])
    status = tuple(walk.status() for walk in walks)
    return LongCourse(
        grid,
        compiled.observables,
        _observed(equations, compiled, (repetition, np.array([walk.course for walk in walks])), grid),
        np.array([walk.worst for walk in walks]),
        np.array([walk.mapped for walk in walks], dtype=np.int64),
        status,
    )


class _Walk:
    """One subject's way through the periods, window after window."""

    def __init__(self, period: PeriodMap, opening: Array, run: LongRun) -> None:
        self.rule, self.columns = run, period.memory
        self.course = np.full((run.periods + 1, opening.shape[1]), np.nan)
        self.course[: len(opening)] = opening
        self.at = run.settle
        self.sizes = state_sizes(np.abs(opening).max(axis=0))
        self.error = np.zeros(opening.shape[1])
        self.worst, self.mapped, self.window = 0.0, run.settle, _FIRST_WINDOW

    @property
    def state(self) -> Array:
        return np.asarray(self.course[self.at])

    def status(self) -> SubjectStatus:
        if np.isfinite(self.course).all():
            return SubjectStatus(True)
        self.course[:] = np.nan
        return SubjectStatus(False, f"Period {self.at + 1} could not be solved.")

    def run(self) -> Search:
        rows, moved = perturbed(self.state, self.columns, self.sizes, _SLOPE_SHARE)
        gains = yield from self._gains(np.concatenate([self.state[None, :], rows]))
        gain = gains[0]
        slope = (gains[1:] - gain).T / moved
        while self.at < self.rule.periods and np.isfinite(gain).all():
            length = min(self.window, self.rule.periods - self.at)
            if length < _LEAST_WINDOW:
                gain, slope = yield from self._plain(gain, slope)
            else:
                gain, slope = yield from self._extrapolated(gain, slope, length)

    def _gains(self, states: Array) -> Generator[Array, Array, Array]:
        """What a period adds to each of these states."""
        self.mapped += len(states)
        after = yield states
        return after - states

    def _plain(self, gain: Array, slope: Array) -> Generator[Array, Array, tuple[Array, Array]]:
        """A few periods, one by one; the slope learns from them."""
        for _ in range(min(_LEAST_WINDOW, self.rule.periods - self.at)):
            before = self.state
            self._take(before + gain, self.error + slope @ self.error[self.columns])
            if self.at == self.rule.periods:
                break
            fresh = (yield from self._gains(self.state[None, :]))[0]
            if not np.isfinite(fresh).all():
                return fresh, slope
            slope = self._learnt(slope, self.state - before, fresh - gain)
            gain = fresh
        self.window = _LEAST_WINDOW
        return gain, slope

    def _extrapolated(self, gain: Array, slope: Array, length: int) -> Generator[Array, Array, tuple[Array, Array]]:
        """A window; when its check fails it is tried shorter next time."""
        anchor = self.state
        straight = _Path(anchor, gain, slope, self)
        middle = straight.states(length // 2)[-1]
        true_middle = (yield from self._gains(middle[None, :]))[0]
        bent = straight.through(middle, true_middle)
        states = bent.states(length)
        true_end = (yield from self._gains(states[-1][None, :]))[0]
        errors = bent.errors(self.error, true_end - bent.gain(states[-1]), length)
        share = float((errors / self.sizes).max()) if np.isfinite(true_end).all() else np.inf
        allowed = self._allowed(self.at + length)
        if not share <= allowed:
            self.window = length // 2
            return gain, slope
        for state, error in zip(states[1:], errors[1:], strict=True):
            self._take(state, error)
        if share < allowed / _EASY:
            self.window = min(2 * length, self.rule.largest_window)
        return true_end, self._learnt(slope, states[-1] - middle, true_end - true_middle)

    def _allowed(self, at: int) -> float:
        """The error that may have gathered by a period: half of the promise early, all of it at the end."""
        done = (at - self.rule.settle) / (self.rule.periods - self.rule.settle)
        return self.rule.accuracy * (_EARLY_SHARE + (1.0 - _EARLY_SHARE) * done)

    def _take(self, state: Array, error: Array) -> None:
        self.at += 1
        self.course[self.at] = state
        self.sizes = np.maximum(self.sizes, np.abs(state))
        self.error = np.abs(error)
        self.worst = max(self.worst, float((self.error / self.sizes).max()))

    def _learnt(self, slope: Array, move: Array, change: Array) -> Array:
        if not np.isfinite(change).all() or not np.abs(move[self.columns]).max() > 0.0:
            return slope
        return broyden(slope, move[self.columns], change, self.sizes[self.columns])


class _Path:
    """Extrapolation from an anchor: what a period adds is linear in the state, with a bend along one direction."""

    def __init__(self, anchor: Array, gain: Array, slope: Array, walk: _Walk) -> None:
        self.anchor, self.start, self.slope, self.walk = anchor, gain, slope, walk
        self.bend, self.direction = np.zeros_like(anchor), np.zeros(len(walk.columns))

    def through(self, middle: Array, true_gain: Array) -> _Path:
        """The same, with the true gain in the middle."""
        bent = _Path(self.anchor, self.start, self.slope, self.walk)
        bent.bend = true_gain - self.gain(middle)
        scaled = (middle - self.anchor)[self.walk.columns] / self.walk.sizes[self.walk.columns]
        length = float(scaled @ scaled)
        if length > 0.0:
            bent.direction = scaled / length / self.walk.sizes[self.walk.columns]
        return bent

    def progress(self, state: Array) -> float:
        """How far along the way to the middle, which is 1."""
        return float(self.direction @ (state - self.anchor)[self.walk.columns])

    def gain(self, state: Array) -> Array:
        moved = (state - self.anchor)[self.walk.columns]
        return np.asarray(self.start + self.slope @ moved + self.bend * self.progress(state) ** 2)

    def states(self, length: int) -> Array:
        """(length + 1, state) from the anchor on."""
        found = [self.anchor]
        for _ in range(length):
            found.append(found[-1] + self.gain(found[-1]))
        return np.array(found)

    def errors(self, error: Array, defect: Array, length: int) -> Array:
        """(length + 1, state) what becomes of an error at the anchor and of a gain off by `defect` at the end."""
        found = np.zeros((length + 1, len(defect), 2))
        found[0, :, 0] = error
        for place in range(length):
            found[place + 1] = found[place] + self.slope @ found[place, self.walk.columns]
            found[place + 1, :, 1] += defect * (place / length)
        return np.asarray(np.abs(found).sum(axis=2))


def _begun(equations: Equations, compiled: CompiledNetwork, inputs: SubjectInputs) -> SubjectInputs:
    """With a column for every parameter that a formula gives at the start: it does not follow what events change."""
    model, given = equations.model, {*inputs.symbols, *inputs.states}
    places = [i for i in derived_parameters(model, given) if model.parameters[i] in compiled.network.parameters]
    if not places:
        return inputs
    parameters, _ = split_inputs(model, compiled.network, inputs)
    names = tuple(model.parameters[i] for i in places)
    values = np.concatenate([inputs.values, parameters[:, places]], axis=1)
    return SubjectInputs((*inputs.symbols, *names), values, inputs.states, inputs.start)


def _observed(equations: Equations, compiled: CompiledNetwork, found: tuple[Repetition, Array], grid: Array) -> Array:
    """(subject, time, observable) from the states at the bounds of the periods."""
    repetition, course = found
    model = equations.model
    observe = load_values(model.graph, [model.symbols[name] for name in compiled.observables])
    values = np.full((*course.shape[:2], len(compiled.observables)), np.nan)
    for place, time in enumerate(grid):
        now = repetition.values[min(place, len(repetition.values) - 1)]
        held = SubjectInputs(now.symbols, now.values, now.states, course[:, place])
        parameters, states = split_inputs(model, compiled.network, held)
        values[:, place] = observe(states.T, parameters.T, float(time)).T
    return values

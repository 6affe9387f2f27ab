"""The slow and obvious solver: one subject, plain Python formulas, SciPy steps, the full meaning of SBML events.

It is what the fast kernels are checked against, and it solves the models with state events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import LSODA, DenseOutput, OdeSolver

from threonate.engine.codegen.python_emitter import load_values
from threonate.engine.lower import LoweredModel, ModelEvent, UnsupportedModel
from threonate.errors import EngineError

Array = NDArray[np.float64]
_SAMPLES_PER_STEP = 12
_LARGEST_STEP_SHARE = 0.01
_BISECTIONS = 60
_MOST_EVENTS_AT_ONCE = 10_000
_SAME_TIME = 1e-11


@dataclass(frozen=True, slots=True)
class ReferenceAccuracy:
    """Local error bounds."""

    relative: float = 1e-9
    absolute: float = 1e-12


@dataclass(slots=True)
class Moment:
    """Where a run stands: time, states, parameters; the only thing here that changes."""

    time: float
    states: Array
    parameters: Array

    def copy(self) -> Moment:
        return Moment(self.time, self.states.copy(), self.parameters.copy())


@dataclass(frozen=True, slots=True)
class Pending:
    """A triggered event that waits for its delay; `values` are set where they are taken at the trigger."""

    event: int
    due: float
    values: Array | None


@dataclass(slots=True)
class Watch:
    """Truth of every trigger, and what is waiting."""

    truth: NDArray[np.bool_]
    waiting: list[Pending] = field(default_factory=list)


class ReferenceModel:
    """A lowered model as Python functions."""

    def __init__(self, model: LoweredModel, observed: Sequence[int]) -> None:
        self.model = model
        self.observed = tuple(observed)
        events = model.events
        self.rhs = self._function(model.derivatives)
        self.observe = self._function(self.observed)
        self.triggers = self._function(tuple(event.trigger for event in events))
        self.delays = self._function(tuple(self._or_zero(event.delay) for event in events))
        self.priorities = self._function(tuple(self._or_zero(event.priority) for event in events))
        self.volumes = self._function(tuple(model.volumes.values()))
        self.diluted = self._function(tuple(model.diluted.values()))
        self.assignments = [self._function(tuple(event.assignments.values())) for event in events]

    def start(self) -> Moment:
        """States and parameters at time zero, initial assignments included."""
        given = np.array(self.model.defaults)
        make = self._function((*self.model.start_parameters, *self.model.start_states))
        values = make(Moment(0.0, np.zeros(len(self.model.states)), given))
        count = len(self.model.parameters)
        return Moment(0.0, values[count:], values[:count])

    def _or_zero(self, node: int | None) -> int:
        return self.model.graph.constant(0.0) if node is None else node

    def _function(self, nodes: Sequence[int]) -> Callable[[Moment], Array]:
        values = load_values(self.model.graph, nodes)
        return lambda moment: values(moment.states, moment.parameters, moment.time)


def solve_reference(
    model: LoweredModel, observed: Sequence[int], times: Array, accuracy: ReferenceAccuracy | None = None
) -> Array:
    """Values of nodes of the model's graph at increasing times, events included.

    times     (time,) from 0 on; a value at the time of an event is the one after it
    Returns   (time, observed)
    Raises    UnsupportedModel where the model does not say what happens; EngineError when the steps fail
    """
    return _Run(ReferenceModel(model, observed), accuracy or ReferenceAccuracy()).solve(times)


class _Run:
    """One solve."""

    def __init__(self, model: ReferenceModel, accuracy: ReferenceAccuracy) -> None:
        self.model = model
        self.events = model.model.events
        self.accuracy = accuracy
        self.now = model.start()
        self.watch = Watch(np.array([event.initial_value for event in self.events], dtype=np.bool_))

    def solve(self, times: Array) -> Array:
        out = np.full((len(times), len(self.model.observed)), np.nan)
        self.settle()
        done = 0
        while done < len(times):
            while done < len(times) and times[done] <= self.now.time + _SAME_TIME:
                out[done] = self.model.observe(self.now)
                done += 1
            if done < len(times):
                done = self._advance(times, done, out)
        return out

    def _advance(self, times: Array, done: int, out: Array) -> int:
        """Step to the next event or to the end, filling outputs strictly before it."""
        end = float(times[-1])
        due = min((waiting.due for waiting in self.watch.waiting), default=np.inf)
        goal = min(end, due)
        for left, right, course in self._steps(goal):
            event_at = self._first_change(left, right, course)
            reach = right if event_at is None else event_at
            while done < len(times) and times[done] < reach - _SAME_TIME:
                out[done] = self.model.observe(self._at(course, float(times[done])))
                done += 1
            if event_at is not None:
                self.now = self._at(course, event_at)
                self.settle()
                return done
        self.now.time = goal
        self.settle()
        return done

    def _steps(self, goal: float) -> Iterator[tuple[float, float, DenseOutput | None]]:
        """Accepted steps up to a goal; `self.now` is at the end of each."""
        if len(self.now.states) == 0 or goal <= self.now.time:
            yield from self._still_steps(goal)
            return
        solver = self._solver(goal)
        while solver.status == "running":
            left = float(solver.t)
            message = solver.step()
            if message is not None:
                raise EngineError(f"The reference steps stop at time {left:g}: {message}")
            self.now = Moment(float(solver.t), np.array(solver.y), self.now.parameters)
            yield left, float(solver.t), solver.dense_output()

    def _still_steps(self, goal: float) -> Iterator[tuple[float, float, None]]:
        """Time passes and no state moves."""
        marks = np.linspace(self.now.time, goal, round(1.0 / _LARGEST_STEP_SHARE) + 1)
        for left, right in pairwise(map(float, marks)):
            self.now = Moment(right, self.now.states, self.now.parameters)
            yield left, right, None

    def _solver(self, goal: float) -> OdeSolver:
        parameters = self.now.parameters

        def derivative(time: float, states: Array) -> Array:
            return self.model.rhs(Moment(time, states, parameters))

        span = goal - self.now.time
        largest = span * _LARGEST_STEP_SHARE if self.events else span
        return LSODA(
            derivative, self.now.time, self.now.states, goal, max_step=max(largest, _SAME_TIME),
            rtol=self.accuracy.relative, atol=self.accuracy.absolute,
        )  # fmt: skip

    def _at(self, course: DenseOutput | None, time: float) -> Moment:
        states = self.now.states if course is None else np.asarray(course(time))
        return Moment(time, states.copy(), self.now.parameters)

    def _truth(self, moment: Moment) -> NDArray[np.bool_]:
        return np.asarray(self.model.triggers(moment) != 0.0)

    def _first_change(self, left: float, right: float, course: DenseOutput | None) -> float | None:
        """The first time in a step at which a trigger changes, from just after it."""
        if not self.events:
            return None
        before = left
        for after in np.linspace(left, right, _SAMPLES_PER_STEP + 1)[1:]:
            if (self._truth(self._at(course, float(after))) != self.watch.truth).any():
                return self._bisected(before, float(after), course)
            before = float(after)
        return None

    def _bisected(self, before: float, after: float, course: DenseOutput | None) -> float:
        for _ in range(_BISECTIONS):
            middle = (before + after) / 2.0
            if not before < middle < after:
                break
            changed = (self._truth(self._at(course, middle)) != self.watch.truth).any()
            before, after = (before, middle) if changed else (middle, after)
        return after

    def settle(self) -> None:
        """Everything that happens at this moment: triggers, then events that are due, until nothing is left."""
        self._notice()
        for _ in range(_MOST_EVENTS_AT_ONCE):
            ready = [p for p in self.watch.waiting if p.due <= self.now.time + _SAME_TIME]
            if not ready:
                return
            chosen = self._next(ready)
            self.watch.waiting.remove(chosen)
            self._execute(chosen, self.now)
            self._notice()
        raise UnsupportedModel("Events that trigger each other without end", self.events[chosen.event].id)

    def _notice(self) -> None:
        """Compare triggers with what they were; start what has become true, drop what may be dropped."""
        truth = self._truth(self.now)
        risen = np.flatnonzero(truth & ~self.watch.truth)
        self.watch.waiting = [p for p in self.watch.waiting if truth[p.event] or self.events[p.event].persistent]
        self.watch.truth = truth
        delays = self.model.delays(self.now) if len(risen) else np.empty(0)
        for event in map(int, risen):
            if not delays[event] >= 0.0:
                raise UnsupportedModel("An event with a negative or undefined delay", self.events[event].id)
            kept = self.model.assignments[event](self.now) if self.events[event].at_trigger else None
            self.watch.waiting.append(Pending(event, self.now.time + float(delays[event]), kept))

    def _next(self, ready: list[Pending]) -> Pending:
        """The event to execute: the highest priority; where that leaves a choice, the choice must not matter."""
        if len(ready) == 1:
            return ready[0]
        priorities = self.model.priorities(self.now)
        ranked = [p for p in ready if self.events[p.event].priority is not None]
        if ranked and len(ranked) == len(ready):
            best = max(priorities[p.event] for p in ranked)
            ready = [p for p in ranked if priorities[p.event] == best]
        if len(ready) > 1:
            self._refuse_ambiguous(ready)
        return ready[0]

    def _refuse_ambiguous(self, ready: list[Pending]) -> None:
        forward, backward = self.now.copy(), self.now.copy()
        for pending in ready:
            self._execute(pending, forward)
        for pending in reversed(ready):
            self._execute(pending, backward)
        same = np.array_equal(forward.states, backward.states, equal_nan=True)
        same = same and np.array_equal(forward.parameters, backward.parameters, equal_nan=True)
        triggers = [self._truth(self._after(pending)) for pending in ready]
        if not same or any((truth != self.watch.truth).any() for truth in triggers):
            raise UnsupportedModel("Simultaneous events whose order matters and is not given", self.events[0].id)

    def _after(self, pending: Pending) -> Moment:
        moment = self.now.copy()
        self._execute(pending, moment)
        return moment

    def _execute(self, pending: Pending, moment: Moment) -> None:
        event = self.events[pending.event]
        values = self.model.assignments[pending.event](moment) if pending.values is None else pending.values
        self._assign(event, values, moment)

    def _assign(self, event: ModelEvent, values: Array, moment: Moment) -> None:
        """All assignments count in the volumes before the event; a changed volume then leaves every amount."""
        model = self.model.model
        before = self.model.diluted(moment)
        factors = dict(zip(model.volumes, self.model.volumes(moment), strict=True))
        for name, value in zip(event.assignments, values, strict=True):
            kept = value * factors.get(name, 1.0)
            if name in model.states:
                moment.states[model.states.index(name)] = kept
            elif name in model.parameters:
                moment.parameters[model.parameters.index(name)] = kept
            else:
                raise UnsupportedModel(f"An event that sets '{name}'", event.id)
        for name, old, new in zip(model.diluted, before, self.model.diluted(moment), strict=True):
            if old != new:
                moment.states[model.states.index(name)] *= old / new

"""What one period of a regimen makes of the states: the map whose fixed point is a periodic steady state."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from threonate.engine.compiled import CompiledNetwork
from threonate.engine.kernels.methods import method_named
from threonate.engine.kernels.prepared import Solver
from threonate.engine.kernels.solver import compile_solver
from threonate.engine.lower import LoweredModel, UnsupportedModel, differentiate, lower_sbml
from threonate.engine.native import Question, solve_with
from threonate.engine.tolerance import Bounds
from threonate.engine.trajectories import Array, SubjectInputs, Trajectories
from threonate.engine.workers import works_alone
from threonate.errors import EngineError
from threonate.schedule import EventTable

Index = NDArray[np.int64]
Search = Generator[Array, Array, None]
"""One subject's search: asks for states (row, state) to be mapped and is sent what becomes of them."""

_SMALLEST_SIZE = 1e-6


class PeriodMap:
    """States at the end of a period from those at its start, for any rows of subjects at once.

    compiled   the network
    inputs     (subject, ...) values; the start states are only the first guess of whoever asks
    events     what happens in one period, on a clock that begins at the start of the period
    period_h   length of a period [h]
    bounds     local error of a step; a derivative by differences needs it small
    start_h    clock of the model at the start of the period [h]
    memory     (column,) states on which anything depends; the others only add up what flows into them
    mapped     how many periods were solved so far, one for each row
    """

    def __init__(
        self,
        compiled: CompiledNetwork,
        inputs: SubjectInputs,
        events: EventTable,
        period_h: float,
        *,
        bounds: Bounds,
        start_h: float = 0.0,
    ) -> None:
        if not period_h > 0.0 or not np.isfinite(period_h):
            raise EngineError(f"period_h is {period_h}; it must be a time above 0.")
        if len(events) and (events.times_h.min() < 0.0 or events.times_h.max() >= period_h):
            raise EngineError(f"events of one period must lie from 0 to below {period_h:g} h.")
        self.compiled = CompiledNetwork(compiled.network, compiled.network.states, compiled.method)
        self.inputs, self.events, self.bounds = inputs, events, bounds
        self.times = np.array([start_h, start_h + period_h])
        self.solver = _state_solver(compiled.network.sbml, compiled.network.states, compiled.method)
        felt = felt_states(self.solver.model)
        self.memory = np.array([i for i, name in enumerate(inputs.states) if name in felt], dtype=np.int64)
        self.mapped = 0

    def __call__(self, subjects: Index, states: Array) -> Array:
        """(row, state) after a period; NaN where a row could not be solved.

        subjects   (row,) whose values and events apply
        states     (row, state) at the start of the period, in the order of the network
        """
        if not len(subjects):
            return np.empty((0, len(self.inputs.states)))
        rows = SubjectInputs(
            self.inputs.symbols, self.inputs.values[subjects], self.inputs.states, np.ascontiguousarray(states)
        )
        question = (rows, self.events.of(subjects).moved(float(self.times[0])), self.times)
        course = self._solve(question)
        self.mapped += len(subjects)
        return np.array(course.values[:, -1, :])

    def plain(self, inputs: SubjectInputs, events: EventTable, times_h: Array) -> Array:
        """(subject, time, state) of a run that is not one of the periods."""
        return self._solve((inputs, events, times_h)).values

    def _solve(self, question: Question) -> Trajectories:
        threads = 1 if works_alone() else None
        return solve_with(self.solver, self.compiled, question, tolerance=self.bounds, threads=threads)

    def run(self, searches: Sequence[Search]) -> None:
        """Drive one search per subject to its end; what all of them ask for is mapped at once and fills the lanes."""
        asked = {
            subject: request for subject, search in enumerate(searches) if (request := next(search, None)) is not None
        }
        while asked:
            owners = np.concatenate([np.full(len(rows), subject) for subject, rows in asked.items()])
            found = self(owners.astype(np.int64), np.concatenate(list(asked.values())))
            begin, following = 0, {}
            for subject, rows in asked.items():
                request = _sent(searches[subject], found[begin : begin + len(rows)])
                begin += len(rows)
                if request is not None:
                    following[subject] = request
            asked = following


def _sent(search: Search, answer: Array) -> Array | None:
    try:
        return search.send(answer)
    except StopIteration:
        return None


def state_sizes(states: Array) -> Array:
    """Size that a change of each state is compared with: its own, and never below a millionth."""
    return np.maximum(np.abs(states), _SMALLEST_SIZE)


def perturbed(state: Array, columns: Index, sizes: Array, share: float) -> tuple[Array, Array]:
    """Rows (column, state) of which each moves one of the states by a share of its size, and by how much (column,)."""
    rows = np.tile(state, (len(columns), 1))
    places = np.arange(len(columns))
    rows[places, columns] += share * sizes[columns]
    return rows, rows[places, columns] - state[columns]


def felt_states(model: LoweredModel) -> frozenset[str]:
    """States on which the derivative of any state depends."""
    rows = differentiate(model.graph, model.derivatives, model.state_leaves)
    return frozenset(model.states[column] for row in rows for column in row)


@lru_cache(maxsize=16)
def _state_solver(sbml: str, states: tuple[str, ...], method: str) -> Solver:
    """A solver that records these states as they are kept: a species as an amount."""
    model = lower_sbml(sbml)
    if model.events:
        raise UnsupportedModel("A state event", model.events[0].id)
    kept = {name: model.graph.leaf("p", i) for i, name in enumerate(model.parameters)}
    kept |= {name: model.graph.leaf("y", i) for i, name in enumerate(model.states)}
    return compile_solver(replace(model, symbols=kept), states, method_named(method))

"""Steady states by Newton's method, never by simulating years.

A steady state of the equations makes every derivative zero; a periodic one is what a period of the regimen gives back
unchanged. States on which nothing depends, such as what has left the system, only add up: they are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from threonate.engine.codegen.python_emitter import load_values
from threonate.engine.compiled import CompiledNetwork
from threonate.engine.lower import LoweredModel, differentiate, lower_sbml
from threonate.engine.period_map import Index, PeriodMap, Search, felt_states, perturbed, state_sizes
from threonate.engine.start_values import with_derived
from threonate.engine.tolerance import Bounds
from threonate.engine.trajectories import Array, SubjectInputs, SubjectStatus
from threonate.errors import EngineError
from threonate.physiology import Network
from threonate.schedule import EventTable

PERIODIC_BOUNDS = Bounds(1e-9, 1e-12)
_STEPS = 200
_LONGEST = 1e12
_GROWTH, _SHRINK = 10.0, 4.0
_WORSE = 3.0
_STILL = 1e-7
_SETTLE, _PERIODIC_STEPS, _JACOBIANS = 3, 30, 3
_SLOW, _PATIENCE = 0.3, 3
_FIRST_DAMPING, _LEAST_DAMPING, _LARGEST_DAMPING = 0.1, 1e-3, 1e4
_SLOPE_SHARE = 1e-5
_CUTOFF = 1e-9
_CONSERVED = 1e-9


@dataclass(frozen=True, slots=True)
class SteadyStates:
    """What was found for every subject.

    states   (subject, state) in the order of the network; NaN for a subject without a steady state
    change   (subject,) what is left: of an equation as a share of its largest term, of a period as a share of the state
    steps    (subject,) Newton steps taken
    mapped   periods solved for all subjects together; 0 where no period is involved
    status   one per subject; a failure carries a sentence
    """

    states: Array
    change: Array
    steps: NDArray[np.int64]
    mapped: int
    status: tuple[SubjectStatus, ...]

    @property
    def ok(self) -> NDArray[np.bool_]:
        """(subject,) whether a steady state was found."""
        return np.array([status.ok for status in self.status], dtype=np.bool_)


# ---- steady states of the equations


def solve_steady(
    compiled: CompiledNetwork, inputs: SubjectInputs, *, time_h: float = 0.0, accuracy: float = 1e-9
) -> SteadyStates:
    """States at which no derivative is left, for every subject, near where each one starts.

    Newton steps that begin as short implicit steps in time and lengthen as the derivatives vanish, so that a subject
    reaches the steady state he would settle at. Sums that the reactions conserve keep their value.

    inputs     values and start states; what nothing changes stays as it starts
    time_h     the clock at which the equations are taken
    accuracy   largest derivative left, as a share of the largest term in its own linearisation
    Returns    SteadyStates
    Raises     EngineError when names do not fit

    >>> import antimony
    >>> import numpy as np
    >>> from threonate.engine import SubjectInputs, compile_network
    >>> from threonate.physiology import read_sbml
    >>> _ = antimony.loadString("model m(); x = 0; k = 1; x' = 6 - k * x; end")
    >>> compiled = compile_network(read_sbml(antimony.getSBMLString("m")), ("x",))
    >>> people = SubjectInputs(("k",), np.array([[2.0], [3.0]]), ("x",), np.zeros((2, 1)))
    >>> solve_steady(compiled, people).states[:, 0].round(6).tolist()
    [3.0, 2.0]
    """
    equations = equations_of(compiled.network.sbml)
    parameters, start = split_inputs(equations.model, compiled.network, inputs)
    columns = equations.memory
    sums = conserved_sums(compiled.network, tuple(equations.model.states[i] for i in columns))
    states, change = np.full_like(inputs.start, np.nan), np.full(len(inputs), np.inf)
    steps, status = np.zeros(len(inputs), dtype=np.int64), list[SubjectStatus]()
    place = [inputs.states.index(name) for name in equations.model.states]
    for subject in range(len(inputs)):
        root = _Root(equations.at(parameters[subject], start[subject], time_h), columns, sums)
        root.search(accuracy)
        change[subject], steps[subject] = root.change, root.steps
        found = root.change <= accuracy
        if found:
            states[subject] = inputs.start[subject]
            states[subject, place] = root.state
        status.append(SubjectStatus(True) if found else SubjectStatus(False, root.sentence(equations.model.states)))
    return SteadyStates(states, change, steps, 0, tuple(status))


Derivatives = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class Equations:
    """Derivatives of the states and their Jacobian as plain functions.

    memory    columns of the states on which something depends
    evaluate  y, p, t -> (state,) and (state, state)
    """

    model: LoweredModel
    memory: Index
    evaluate: Callable[[Array, Array, float], tuple[Array, Array]]

    def at(self, parameters: Array, start: Array, time_h: float) -> tuple[Array, Derivatives]:
        """Start states, and the derivatives of one subject as a function of the states alone."""
        return start, lambda state: self.evaluate(state, parameters, time_h)


@lru_cache(maxsize=16)
def equations_of(sbml: str) -> Equations:
    """The equations of an SBML text as plain functions; made once per process.

    Raises    UnsupportedModel for a model that is not solved
    """
    model = lower_sbml(sbml)
    size = len(model.states)
    rows = differentiate(model.graph, model.derivatives, model.state_leaves)
    entries = [(i, j, node) for i, row in enumerate(rows) for j, node in row.items()]
    values = load_values(model.graph, [*model.derivatives, *(node for _, _, node in entries)])
    where = (np.array([i for i, _, _ in entries], dtype=np.int64), np.array([j for _, j, _ in entries], dtype=np.int64))

    def evaluate(y: Array, p: Array, t: float) -> tuple[Array, Array]:
        out, jacobian = values(y, p, t), np.zeros((size, size))
        jacobian[where] = out[size:]
        return out[:size], jacobian

    felt = felt_states(model)
    memory = np.array([i for i, name in enumerate(model.states) if name in felt], dtype=np.int64)
    return Equations(model, memory, evaluate)


def split_inputs(model: LoweredModel, network: Network, inputs: SubjectInputs) -> tuple[Array, Array]:
    """Parameters (subject, parameter) and start states (subject, state) in the order of the lowered model.

    Raises    EngineError for a symbol that is no parameter, or start states that are not those of the network
    """
    if inputs.states != network.states:
        raise EngineError("start must give every state of the network, in its order.")
    values = [network.parameters.get(n, d) for n, d in zip(model.parameters, model.defaults, strict=True)]
    parameters = np.tile(np.asarray(values, dtype=np.float64), (len(inputs), 1))
    start = np.zeros((len(inputs), len(model.states)))
    columns = [*zip(inputs.symbols, inputs.values.T, strict=True), *zip(inputs.states, inputs.start.T, strict=True)]
    for name, column in columns:
        if name in model.states and name in inputs.states:
            start[:, model.states.index(name)] = column
        elif name in model.parameters:
            parameters[:, model.parameters.index(name)] = column
        else:
            raise EngineError(f"'{name}' is given by a rule of the model and cannot be set.")
    return with_derived(model, parameters, {*inputs.symbols, *inputs.states}), start


def conserved_sums(network: Network, states: tuple[str, ...]) -> Array:
    """(sum, state) orthonormal sums of these states that no reaction changes; a state with a rate rule is in none."""
    reactions = [[reaction.change.get(name, 0.0) for name in states] for reaction in network.reactions]
    rated = [[float(name == other) for name in states] for other in states if other in network.rated]
    changes = np.array([*reactions, *rated], dtype=np.float64).reshape(-1, len(states))
    _, sizes, right = np.linalg.svd(changes, full_matrices=True)
    rank = int((sizes > _CONSERVED * max(1.0, sizes.max(initial=0.0))).sum())
    return np.asarray(right[rank:])


class _Root:
    """The search of one subject for the zero of his equations."""

    def __init__(self, problem: tuple[Array, Derivatives], columns: Index, sums: Array) -> None:
        start, self.derivatives = problem
        self.state, self.columns, self.sums = start.copy(), columns, sums
        self.steps, self.change, self.left = 0, np.inf, np.zeros(0)

    def search(self, accuracy: float) -> None:
        rates, jacobian = self._look(self.state)
        sizes = state_sizes(self.state[self.columns])
        length = 1.0 / max(float(np.max(np.abs(rates) / sizes, initial=0.0)), 1e-6)
        while self.steps < _STEPS and np.isfinite(rates).all() and np.isfinite(jacobian).all():
            self.left = _shares(rates, jacobian, sizes)
            self.change = float(self.left.max(initial=0.0))
            move = self._move(rates, jacobian, sizes, length)
            if self.change <= accuracy and np.max(np.abs(move) / sizes, initial=0.0) <= _STILL:
                return
            self.steps += 1
            trial = self.state.copy()
            trial[self.columns] += move
            new_rates, new_jacobian = self._look(trial)
            before, after = float(np.linalg.norm(rates / sizes)), float(np.linalg.norm(new_rates / sizes))
            if not (after <= _WORSE * before and np.isfinite(new_jacobian).all()):
                length /= _SHRINK
                continue
            length = min(length * max(2.0, min(_GROWTH, before / max(after, 1e-300))), _LONGEST)
            self.state, rates, jacobian = trial, new_rates, new_jacobian
            sizes = state_sizes(self.state[self.columns])
        self.change = np.inf

    def _look(self, state: Array) -> tuple[Array, Array]:
        rates, jacobian = self.derivatives(state)
        return rates[self.columns], jacobian[np.ix_(self.columns, self.columns)]

    def _move(self, rates: Array, jacobian: Array, sizes: Array, length: float) -> Array:
        """Solution of (I/length - J) move = rates on scaled states, without any change of a conserved sum."""
        matrix = jacobian * sizes / sizes[:, None]
        kept = keeping(self.sums * sizes)
        pace = max(float(np.abs(matrix).max(initial=0.0)), 1e-12)
        free = np.eye(len(sizes)) - kept
        system = np.eye(len(sizes)) / length - free @ matrix + pace * kept
        return np.asarray(np.linalg.solve(system, free @ (rates / sizes)) * sizes)

    def sentence(self, names: tuple[str, ...]) -> str:
        if not len(self.left) or not np.isfinite(self.left).all():
            return "No steady state was looked for: the derivatives at the start are not finite."
        worst = names[self.columns[int(np.argmax(self.left))]]
        return f"No steady state was found in {self.steps} Newton steps: '{worst}' does not come to rest."


def _shares(rates: Array, jacobian: Array, sizes: Array) -> Array:
    """Derivatives as a share of the largest term of their linearisation."""
    terms = np.max(np.abs(jacobian) * sizes, axis=1, initial=0.0)
    return np.asarray(np.abs(rates) / np.maximum(terms, 1e-300))


def keeping(sums: Array) -> Array:
    """Projection on the directions that change one of these sums."""
    if not len(sums):
        return np.zeros((sums.shape[1], sums.shape[1]))
    basis, _ = np.linalg.qr(sums.T)
    return np.asarray(basis @ basis.T)


def broyden(slope: Array, move: Array, change: Array, sizes: Array) -> Array:
    """The slope corrected so that this move makes this change, and otherwise as little as possible in scaled states."""
    weight = move / sizes**2
    return np.asarray(slope + np.outer(change - slope @ move, weight) / float(weight @ move))


# ---- periodic steady states


def solve_periodic(
    compiled: CompiledNetwork,
    inputs: SubjectInputs,
    events: EventTable,
    period_h: float,
    *,
    accuracy: float = 1e-8,
    bounds: Bounds = PERIODIC_BOUNDS,
) -> SteadyStates:
    """States that a period of the regimen gives back unchanged, for every subject, near where each one starts.

    A few plain periods, then Newton's method on the period map: its Jacobian by differences, whose perturbed copies of
    the subjects fill the lanes, afterwards corrected by what every step teaches (Broyden).

    inputs     values and start states
    events     what happens in one period, from 0 to below period_h; SET values must hold again at its end
    period_h   length of the period [h]
    accuracy   largest change over one more period, as a share of each state
    bounds     local error of the solver's steps, well below `accuracy`
    Returns    SteadyStates; `mapped` counts periods solved
    Raises     EngineError when names, shapes or times do not fit
    """
    period = PeriodMap(compiled, inputs, events, period_h, bounds=bounds)
    sums = conserved_sums(compiled.network, tuple(inputs.states[i] for i in period.memory))
    searches = [_Orbit(period, inputs.start[subject], sums, accuracy) for subject in range(len(inputs))]
    period.run([search.run() for search in searches])
    status = tuple(search.status(inputs.states) for search in searches)
    states = np.array(
        [s.state if ok.ok else np.full_like(s.state, np.nan) for s, ok in zip(searches, status, strict=True)]
    )
    return SteadyStates(
        states.reshape(inputs.start.shape),
        np.array([search.change for search in searches]),
        np.array([search.steps for search in searches], dtype=np.int64),
        period.mapped,
        status,
    )


class _Orbit:
    """The search of one subject for his fixed point."""

    def __init__(self, period: PeriodMap, start: Array, sums: Array, accuracy: float) -> None:
        self.state, self.columns, self.sums, self.accuracy = start.copy(), period.memory, sums, accuracy
        self.steps, self.change, self.left = 0, np.inf, np.zeros(0)

    def run(self) -> Search:
        for _ in range(_SETTLE):
            after = (yield self.state[None, :])[0]
            if not np.isfinite(after).all():
                return
            self.state = self._with(after[self.columns])
        gain = self._gain((yield self.state[None, :])[0])
        for _ in range(_JACOBIANS):
            if self.change <= self.accuracy or not np.isfinite(gain).all():
                return
            sizes = state_sizes(self.state[self.columns])
            rows, moved = perturbed(self.state, self.columns, state_sizes(self.state), _SLOPE_SHARE)
            mapped = (yield rows)[:, self.columns]
            slope = (mapped - self.state[self.columns] - gain).T / moved
            gain = yield from self._steps(gain, slope, sizes)

    def _steps(self, gain: Array, slope: Array, sizes: Array) -> Generator[Array, Array, Array]:
        """Newton steps with a slope that learns; ends when it is there or no longer gets on."""
        damping, slow = 0.0, 0
        for _ in range(_PERIODIC_STEPS):
            if self.change <= self.accuracy or damping > _LARGEST_DAMPING or slow > _PATIENCE:
                break
            move = self._move(gain, slope, sizes, damping)
            trial = self.state.copy()
            trial[self.columns] += move
            self.steps += 1
            before, kept = self.change, (self.state, self.change, self.left)
            self.state = trial
            fresh = self._gain((yield trial[None, :])[0])
            if not self.change <= before:
                self.state, self.change, self.left = kept
                damping = max(_FIRST_DAMPING, _SHRINK * damping)
                if not np.isfinite(fresh).all():
                    continue
            learnt = fresh + move - gain
            slope = broyden(slope, move, learnt, sizes)
            if self.state is trial:
                damping = damping / _GROWTH if damping > _LEAST_DAMPING else 0.0
                gain = fresh
            slow += self.change > _SLOW * before
        return gain

    def _gain(self, after: Array) -> Array:
        """What a period adds to the states that matter."""
        gain = after[self.columns] - self.state[self.columns]
        self.left = np.abs(gain) / state_sizes(self.state[self.columns])
        self.change = float(self.left.max(initial=0.0)) if np.isfinite(self.left).all() else np.inf
        return np.asarray(gain)

    def _move(self, gain: Array, slope: Array, sizes: Array, damping: float) -> Array:
        matrix = slope * sizes / sizes[:, None]
        kept = keeping(self.sums * sizes)
        free = np.eye(len(sizes)) - kept
        system = (1.0 + damping) * np.eye(len(sizes)) - free @ matrix @ free
        move, *_ = np.linalg.lstsq(system, free @ (gain / sizes), rcond=_CUTOFF)
        return np.asarray(move * sizes)

    def _with(self, values: Array) -> Array:
        state = self.state.copy()
        state[self.columns] = values
        return state

    def status(self, names: tuple[str, ...]) -> SubjectStatus:
        if self.change <= self.accuracy:
            return SubjectStatus(True)
        if not len(self.left) or not np.isfinite(self.left).all():
            return SubjectStatus(False, "No periodic state was found: a period could not be solved.")
        worst = int(np.argmax(self.left))
        name = names[self.columns[worst]]
        return SubjectStatus(
            False,
            f"No periodic state was found in {self.steps} Newton steps: one more period changes '{name}' by "
            f"{self.left[worst]:.1e} of its size.",
        )

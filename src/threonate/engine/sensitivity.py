"""Forward sensitivities: how every observable changes with chosen parameters and start values, along with its course.

The states y and their derivatives s_j by each direction j are one system, s_j' = J s_j + df/dp_j, generated from the
same graph: exact second derivatives keep the method at its full order, and one factorisation per step serves all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from types import MappingProxyType

import numpy as np

from threonate.engine.checks import check_inputs
from threonate.engine.codegen import build_program
from threonate.engine.compiled import CompiledNetwork
from threonate.engine.kernels.methods import method_named
from threonate.engine.kernels.object_code import this_machine
from threonate.engine.kernels.prepared import Solver
from threonate.engine.kernels.solver import make_solver
from threonate.engine.lower import LoweredModel, UnsupportedModel, differentiate, lower_sbml
from threonate.engine.lower.twin_factor import factorise_twins
from threonate.engine.native import DEFAULT_METHOD, solve_with
from threonate.engine.start_values import derived_parameters
from threonate.engine.tolerance import Bounds, Tolerance, bounds_of
from threonate.engine.trajectories import Array, SubjectInputs, SubjectStatus
from threonate.engine.workers import works_alone
from threonate.errors import EngineError, nearest
from threonate.schedule import ADD, EventTable


@dataclass(frozen=True, slots=True)
class Directions:
    """What to differentiate by, and what else moves along with it.

    names    parameters, or states for their start values
    start    (subject, state, direction) derivatives of the start states; None when they depend on no direction,
             apart from the start values named
    events   (event, direction) derivatives of the values of events; None when they depend on no direction
    """

    names: tuple[str, ...]
    start: Array | None = None
    events: Array | None = None


@dataclass(frozen=True, slots=True)
class Sensitivities:
    """Time courses of a cohort with their derivatives.

    times_h      (time,) clock of the run [h]
    observables  ids of the third axis
    directions   parameters, or states for their start values: ids of the fourth axis
    values       (subject, time, observable); NaN for a failed subject
    slopes       (subject, time, observable, direction), unit of the observable per unit of the parameter
    status       one per subject
    """

    times_h: Array
    observables: tuple[str, ...]
    directions: tuple[str, ...]
    values: Array
    slopes: Array
    status: tuple[SubjectStatus, ...]

    def of(self, observable: str, direction: str) -> Array:
        """(subject, time) derivative of one observable by one parameter.

        Raises    EngineError for a name that is not there
        """
        for name, names in ((observable, self.observables), (direction, self.directions)):
            if name not in names:
                raise EngineError(f"'{name}' was not asked for. {nearest(name, names)}")
        return self.slopes[:, :, self.observables.index(observable), self.directions.index(direction)]


def solve_sensitivities(
    compiled: CompiledNetwork,
    inputs: SubjectInputs,
    events: EventTable,
    times_h: Array,
    parameters: Sequence[str] | Directions,
    *,
    tolerance: Tolerance | Bounds = Tolerance.DEFAULT,
) -> Sensitivities:
    """Courses of every subject and their derivatives by parameters and start values.

    A jump that adds to a state leaves the derivatives as they are; one that sets a state or a parameter ends their
    dependence on what was before. Times of events do not depend on anything. Where a formula has a kink, the derivative
    is that of the side on which the course is.

    inputs       individual values and start states
    events       jumps; a value recorded at the time of an event is the one just before it
    times_h      (time,) increasing; the first is the start of the run
    parameters   names of parameters, or of states for their start values; Directions when start states or events
                 depend on them too
    tolerance    local error of a step, of the states and of the derivatives alike
    Returns      Sensitivities (subject, time, observable, direction)
    Raises       EngineError for a name that cannot be varied, or when shapes or times do not fit

    >>> import antimony
    >>> import numpy as np
    >>> from threonate.engine import SubjectInputs, compile_network
    >>> from threonate.physiology import read_sbml
    >>> from threonate.schedule import NO_EVENTS
    >>> _ = antimony.loadString("model m(); x = 8; k = 1; x' = -k * x; end")
    >>> compiled = compile_network(read_sbml(antimony.getSBMLString("m")), ("x",))
    >>> people = SubjectInputs(("k",), np.array([[0.5]]), ("x",), np.array([[8.0]]))
    >>> found = solve_sensitivities(compiled, people, NO_EVENTS, np.array([0.0, 2.0]), ("k", "x"))
    >>> found.of("x", "k").round(3).tolist()          # -t x, by hand
    [[0.0, -5.886]]
    >>> found.slopes.shape
    (1, 2, 1, 2)
    """
    directions = parameters if isinstance(parameters, Directions) else Directions(tuple(parameters))
    check_inputs(compiled, inputs, events, np.asarray(times_h, dtype=np.float64))
    _check(compiled, inputs, events, directions)
    twin = twin_solver(
        compiled.network.sbml, compiled.observables, directions.names, _seeds(inputs, events, directions)
    )
    _check_start_formulas(twin.solver.model, inputs, directions.names)
    question = _Question(twin, compiled, directions, _scales(compiled, inputs, directions.names))
    bounds = bounds_of(tolerance)
    course = solve_with(
        twin.solver,
        question.compiled,
        (question.inputs(inputs), question.events(events), np.asarray(times_h, dtype=np.float64)),
        tolerance=replace(bounds, relative=bounds.relative * twin.share, absolute=bounds.absolute * twin.share),
        threads=1 if works_alone() else None,
    )
    count, wide = len(compiled.observables), len(directions.names)
    slopes = course.values[:, :, count:].reshape(len(inputs), len(course.times_h), count, wide)
    return Sensitivities(
        course.times_h,
        compiled.observables,
        directions.names,
        np.ascontiguousarray(course.values[:, :, :count]),
        slopes / question.scales[:, None, None, :],
        course.status,
    )


# ---- the system of states and derivatives


@dataclass(frozen=True, slots=True)
class TwinSolver:
    """A model with its derivatives, compiled.

    twins      one per direction: state -> name of its derivative; a state that cannot depend on it has none
    live       one per direction: parameter that scales the direct dependence, "" for a start value
    recorded   observables, then their derivatives, direction by direction within each
    """

    solver: Solver
    twins: tuple[dict[str, str], ...]
    live: tuple[str, ...]
    recorded: tuple[str, ...]

    @property
    def share(self) -> float:
        """Root of the share of plain states: as strict with them as if they were alone in the mean error."""
        plain = len(self.solver.model.states) - sum(len(twins) for twins in self.twins)
        return float(np.sqrt(plain / max(1, len(self.solver.model.states))))


Seeds = tuple[tuple[str, ...], ...]


@lru_cache(maxsize=8)
def twin_solver(sbml: str, observables: tuple[str, ...], names: tuple[str, ...], seeds: Seeds) -> TwinSolver:
    """Machine code of a model with its derivatives; made once per process and kept on disk like any other.

    seeds   one per direction: states that depend on it through their start values or through events
    """
    model = lower_sbml(sbml)
    if model.events:
        raise UnsupportedModel("A state event", model.events[0].id)
    twins = _reached(model, names, seeds)
    live = tuple(f"{name}|live" if name in model.parameters else "" for name in names)
    whole, recorded = _with_twins(model, observables, (names, twins, live))
    rows = [{whole.states.index(t): model.states.index(s) for s, t in by_state.items()} for by_state in twins]
    program = build_program(whole, recorded, partial(factorise_twins, twins=rows))
    method, lanes = method_named(DEFAULT_METHOD), this_machine().lanes
    return TwinSolver(make_solver(whole, program, method, lanes), twins, live, recorded)


def _reached(model: LoweredModel, names: Sequence[str], seeds: Seeds) -> tuple[dict[str, str], ...]:
    """For each direction the states that it can move, and how their derivatives are called."""
    rows = differentiate(model.graph, model.derivatives, model.state_leaves)
    direct = differentiate(model.graph, model.derivatives, model.parameter_leaves)
    found = []
    for name, seed in zip(names, seeds, strict=True):
        reached = {model.states.index(state) for state in seed if state in model.states}
        if name in model.parameters:
            column = model.parameters.index(name)
            reached |= {i for i, row in enumerate(direct) if column in row}
        while True:
            more = {i for i, row in enumerate(rows) if not reached.isdisjoint(row)} - reached
            if not more:
                break
            reached |= more
        found.append({state: f"{state}|{name}" for i, state in enumerate(model.states) if i in reached})
    return tuple(found)


Naming = tuple[Sequence[str], Sequence[dict[str, str]], Sequence[str]]


def _with_twins(
    model: LoweredModel, observables: Sequence[str], naming: Naming
) -> tuple[LoweredModel, tuple[str, ...]]:
    """The model with derivatives as further states, and what it records."""
    graph = model.graph
    names, twins, live = naming
    states = (*model.states, *(twin for by_state in twins for twin in by_state.values()))
    parameters = (*model.parameters, *(name for name in live if name))
    leaves = {name: graph.leaf("y", i) for i, name in enumerate(states)}
    levers = {name: graph.leaf("p", i) for i, name in enumerate(parameters)}
    observed = [model.symbols[name] for name in observables]
    roots = (*model.derivatives, *observed)
    by_state = differentiate(graph, roots, model.state_leaves)
    by_parameter = differentiate(graph, roots, model.parameter_leaves)

    def along(root: int, direction: int) -> int:
        terms = [
            graph.mul(node, leaves[twins[direction][model.states[i]]])
            for i, node in by_state[root].items()
            if model.states[i] in twins[direction]
        ]
        if live[direction]:
            direct = by_parameter[root].get(model.parameters.index(names[direction]))
            terms += [] if direct is None else [graph.mul(direct, levers[live[direction]])]
        return graph.total(terms)

    moved = [along(model.states.index(s), j) for j, by in enumerate(twins) for s in by]
    slopes = {
        f"{name}|{j}|": along(len(model.states) + place, j)
        for place, name in enumerate(observables)
        for j in range(len(names))
    }
    zeros = (graph.constant(0.0),) * len(moved)
    extra = parameters[len(model.parameters) :]
    whole = replace(
        model,
        states=states,
        parameters=parameters,
        defaults=(*model.defaults, *(1.0 for _ in extra)),
        derivatives=(*model.derivatives, *moved),
        symbols=MappingProxyType({**model.symbols, **slopes}),
        start_states=(*model.start_states, *zeros),
        start_parameters=(*model.start_parameters, *(levers[name] for name in extra)),
    )
    return whole, (*observables, *slopes)


# ---- the question in terms of that system


def _check(compiled: CompiledNetwork, inputs: SubjectInputs, events: EventTable, directions: Directions) -> None:
    settable = {*compiled.network.parameters, *compiled.network.states}
    for name in directions.names:
        if name not in settable:
            raise EngineError(
                f"'{name}' cannot be varied: it is neither a parameter nor a state. {nearest(name, settable)}"
            )
    if not directions.names or len(set(directions.names)) != len(directions.names):
        raise EngineError("parameters must name at least one parameter or state, each once.")
    wanted = (*inputs.start.shape, len(directions.names))
    if directions.start is not None and directions.start.shape != wanted:
        raise EngineError(f"start has shape {directions.start.shape}; (subject, state, direction) is {wanted}.")
    if directions.events is not None and directions.events.shape != (len(events), len(directions.names)):
        raise EngineError(
            f"events has shape {directions.events.shape}; (event, direction) is {(len(events), len(directions.names))}."
        )
    _check_event_slopes(compiled, events, directions)


def _check_event_slopes(compiled: CompiledNetwork, events: EventTable, directions: Directions) -> None:
    """An event may move a parameter along that parameter's own direction only."""
    if directions.events is None:
        return
    for place, target in enumerate(events.targets):
        if target in compiled.network.states:
            continue
        for j, name in enumerate(directions.names):
            if name != target and (directions.events[events.target == place, j] != 0.0).any():
                raise EngineError(
                    f"The value of an event on parameter '{target}' depends on '{name}'; only events on states may. "
                    f"Vary '{target}' itself and use the chain rule."
                )


def _check_start_formulas(model: LoweredModel, inputs: SubjectInputs, names: Sequence[str]) -> None:
    """A parameter that is made of another at the start would move with it; that part is not solved."""
    for place in derived_parameters(model, {*inputs.symbols, *inputs.states}):
        needed = set(model.graph.ordered([model.start_parameters[place]]))
        for name in names:
            if name in model.parameters and model.graph.leaf("p", model.parameters.index(name)) in needed:
                raise EngineError(
                    f"'{model.parameters[place]}' is made of '{name}' by a formula of the model, so that varying "
                    f"'{name}' moves both. Give '{model.parameters[place]}' among the symbols, vary both, and use the "
                    "chain rule."
                )


def _seeds(inputs: SubjectInputs, events: EventTable, directions: Directions) -> Seeds:
    """States that depend on each direction through their start values or through events."""
    found = []
    for j, name in enumerate(directions.names):
        states = {name} & set(inputs.states)
        if directions.start is not None:
            states |= {s for i, s in enumerate(inputs.states) if (directions.start[:, i, j] != 0.0).any()}
        if directions.events is not None:
            moved = np.unique(events.target[directions.events[:, j] != 0.0])
            states |= {events.targets[place] for place in moved}
        found.append(tuple(sorted(states)))
    return tuple(found)


def _scales(compiled: CompiledNetwork, inputs: SubjectInputs, names: Sequence[str]) -> Array:
    """(subject, direction) size of each parameter: derivatives are solved per relative change."""
    columns = []
    for name in names:
        if name in inputs.symbols:
            columns.append(inputs.values[:, inputs.symbols.index(name)])
        elif name in inputs.states:
            columns.append(inputs.start[:, inputs.states.index(name)])
        else:
            columns.append(np.full(len(inputs), compiled.network.parameters[name]))
    sizes = np.abs(np.stack(columns, axis=1))
    return np.where(np.isfinite(sizes) & (sizes > 0.0), sizes, 1.0)


class _Question:
    """Inputs and events of the plain question, with what the derivatives start from and jump by."""

    def __init__(self, twin: TwinSolver, compiled: CompiledNetwork, directions: Directions, scales: Array) -> None:
        self.twin, self.directions, self.scales = twin, directions, scales
        network = compiled.network
        names = tuple(name for by_state in twin.twins for name in by_state.values())
        live = {name: 1.0 for name in twin.live if name}
        self.compiled = CompiledNetwork(
            replace(
                network, rated=(*network.rated, *names), parameters=MappingProxyType({**network.parameters, **live})
            ),
            twin.recorded,
        )

    def inputs(self, plain: SubjectInputs) -> SubjectInputs:
        """Values and start states of the whole system."""
        live = [(name, j) for j, name in enumerate(self.twin.live) if name]
        values = [plain.values, *(self.scales[:, j : j + 1] for _, j in live)]
        start = [plain.start]
        for j, by_state in enumerate(self.twin.twins):
            for state in by_state:
                slope = np.full(len(plain), float(state == self.directions.names[j]))
                if self.directions.start is not None:
                    slope = slope + self.directions.start[:, plain.states.index(state), j]
                start.append((slope * self.scales[:, j])[:, None])
        symbols = (*plain.symbols, *(name for name, _ in live))
        return SubjectInputs(
            symbols, np.concatenate(values, axis=1), self.compiled.network.states, np.concatenate(start, axis=1)
        )

    def events(self, plain: EventTable) -> EventTable:
        """Every jump, followed by what it does to the derivatives."""
        targets, rows = list(plain.targets), [np.arange(len(plain))]
        target, operation, value = [plain.target], [plain.operation], [plain.value]
        for place, name in enumerate(plain.targets):
            for j, moved in self._moved(name):
                mine = np.flatnonzero(plain.target == place)
                slope = np.zeros(len(mine))
                if self.directions.events is not None:
                    slope = self.directions.events[mine, j] * self.scales[plain.subject[mine], j]
                acts = (plain.operation[mine] != ADD) | (slope != 0.0)
                targets.append(moved)
                rows.append(mine[acts])
                target.append(np.full(int(acts.sum()), len(targets) - 1))
                operation.append(plain.operation[mine[acts]])
                value.append(slope[acts])
        source = np.concatenate(rows)
        order = np.argsort(source, kind="stable")
        source = source[order]
        return EventTable(
            plain.subject[source],
            plain.times_h[source],
            np.concatenate(target)[order],
            np.concatenate(operation)[order],
            np.concatenate(value)[order],
            tuple(targets),
        )

    def _moved(self, target: str) -> list[tuple[int, str]]:
        """Directions, and what stands for the derivative of an event's target along them."""
        found = []
        for j, (by_state, live) in enumerate(zip(self.twin.twins, self.twin.live, strict=True)):
            if target in by_state:
                found.append((j, by_state[target]))
            elif live and target == self.directions.names[j]:
                found.append((j, live))
        return found

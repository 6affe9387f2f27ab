"""A model as a handful of straight-line routines; the emitters write the same routines in different languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from threonate.engine.codegen.state_events import WatchedEvent, time_marks, watched_events
from threonate.engine.lower import Factors, Graph, Level, LoweredModel, differentiate, factorise
from threonate.engine.lower.graph import CONSTANT_OP, LEAVES, TRUTH

HOISTED = "q"
_SLOW = frozenset({"exp", "log", "sin", "cos", "atan", "pow", "sqrt", "recip"})


@dataclass(frozen=True, slots=True)
class Output:
    """Values that a routine writes: nodes into consecutive places of the array `name`."""

    name: str
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Routine:
    """One straight-line function.

    inputs    arrays that it reads, named as the leaves are, or `q` for values hoisted out of it
    outputs   arrays that it writes
    hoisted   node -> index in `q`; such a node is read instead of computed
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]
    hoisted: dict[int, int]


@dataclass(frozen=True, slots=True)
class Program:
    """The routines of one model.

    prologue      p -> q            values that only depend on parameters
    rhs           y, q, t -> f      time derivatives of the states
    matrix        y, q, t, g -> w, r    factors of g I - J, and the derivatives by time of the rows `timed`
    substitute    w, b, x -> x      solution of (g I - J) x = b + what x holds before
    observables   y, q, t -> o      what is recorded
    triggers      y, q, t -> z      conditions of the model's events, then their comparisons of time, 1 where true
    assignments   y, q, t -> v      values of what they set, event by event
    start         p, t -> a, s      start values of the parameters and of the states
    sizes         length of every array
    felt          so many states come first that derivatives read; they read none of the others
    timed         states whose derivative depends on time explicitly
    watched       the model's events, in the order in which they happen
    """

    graph: Graph
    routines: tuple[Routine, ...]
    sizes: dict[str, int]
    timed: tuple[int, ...]
    fill_in: int
    felt: int
    watched: tuple[WatchedEvent, ...] = ()

    def routine(self, name: str) -> Routine:
        return next(routine for routine in self.routines if routine.name == name)


Factorisation = Callable[[Graph, Mapping[tuple[int, int], int], int], Factors]


def build_program(model: LoweredModel, observables: Sequence[str], factorisation: Factorisation = factorise) -> Program:
    """The routines of a model that records these ids, as formulas mean them.

    factorisation   how g I - J is solved, for a model whose Jacobian has a structure of its own
    """
    graph, size = model.graph, len(model.states)
    rows = differentiate(graph, model.derivatives, model.state_leaves)
    jacobian = {(i, j): node for i, row in enumerate(rows) for j, node in row.items()}
    factors = factorisation(graph, jacobian, size)
    by_time = differentiate(graph, model.derivatives, {graph.leaf("t"): 0})
    timed = tuple(i for i, row in enumerate(by_time) if row)
    drift = tuple(by_time[i][0] for i in timed)
    recorded = tuple(model.symbols[name] for name in observables)
    watched = watched_events(model)
    conditions = (*(event.trigger for event in watched), *time_marks(model))
    truths = tuple(graph.select(condition, graph.constant(1.0), graph.constant(0.0)) for condition in conditions)
    assigned = tuple(assignment.node for event in watched for assignment in event.assignments)
    hoisted = _hoisted(graph, (*model.derivatives, *factors.values, *drift, *recorded, *truths, *assigned))
    prologue = Routine("prologue", ("p",), (Output(HOISTED, tuple(hoisted)),), {})
    running = (
        Routine("rhs", ("y", HOISTED, "t"), (Output("f", model.derivatives),), hoisted),
        Routine("matrix", ("y", HOISTED, "t", "g"), (Output("w", factors.values), Output("r", drift)), hoisted),
        Routine("substitute", ("w", "b"), (Output("x", factors.solution),), {}),
        Routine("observables", ("y", HOISTED, "t"), (Output("o", recorded),), hoisted),
        Routine("triggers", ("y", HOISTED, "t"), (Output("z", truths),), hoisted),
        Routine("assignments", ("y", HOISTED, "t"), (Output("v", assigned),), hoisted),
    )
    start = Routine("start", ("p", "t"), (Output("a", model.start_parameters), Output("s", model.start_states)), {})
    routines = (prologue, *running, start)
    sizes = {"p": len(model.parameters), "y": size, "b": size, "t": 1, "g": 1}
    sizes |= {output.name: len(output.nodes) for routine in routines for output in routine.outputs}
    return Program(graph, routines, sizes, timed, factors.fill_in, _felt(model), watched)


def _felt(model: LoweredModel) -> int:
    """One more than the last state that a derivative reads, be it in a condition only."""
    graph = model.graph
    read = (graph.nodes[node] for node in graph.ordered(model.derivatives))
    return 1 + max((int(node.value) for node in read if node.op == "y"), default=-1)


def statements(graph: Graph, routine: Routine) -> Iterable[tuple[int, list[tuple[str, int]]]]:
    """Nodes in the order of computation, each with the places (array, index) it is written to at once.

    What has to wait for few slow functions comes first, so that slow ones that do not need each other run together.
    """
    places: dict[int, list[tuple[str, int]]] = {}
    for output in routine.outputs:
        for index, node in enumerate(output.nodes):
            places.setdefault(node, []).append((output.name, index))
    roots = [node for output in routine.outputs for node in output.nodes]
    ordered = graph.ordered(roots, stop=lambda node: node in routine.hoisted)
    waits: dict[int, int] = {}
    for node in ordered:
        computed = node not in routine.hoisted
        waits[node] = max((waits[arg] for arg in graph.nodes[node].args if computed), default=0)
        waits[node] += computed and graph.nodes[node].op in _SLOW
    for node in sorted(ordered, key=lambda node: waits[node]):
        yield node, places.get(node, [])


def _hoisted(graph: Graph, roots: Sequence[int]) -> dict[int, int]:
    """Values that only depend on parameters and are needed by something that depends on the state."""

    def free(node: int) -> bool:
        return graph.levels[node] < Level.STATE and graph.nodes[node].op not in TRUTH

    found: dict[int, int] = {}
    for node in graph.ordered(roots, stop=free):
        if free(node) and graph.nodes[node].op != CONSTANT_OP:
            found.setdefault(node, len(found))
    return found


def is_input(op: str) -> bool:
    """Whether an operation is an input of the generated code."""
    return op in LEAVES

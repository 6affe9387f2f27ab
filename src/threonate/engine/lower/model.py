"""An SBML text as formulas in one graph: derivatives, readable values, start values, events."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from threonate.engine.lower.declared import Declared, read_declared
from threonate.engine.lower.document import read_document
from threonate.engine.lower.events import ModelEvent, read_events
from threonate.engine.lower.formula import lower_formula
from threonate.engine.lower.graph import Graph
from threonate.engine.lower.scope import Scope


@dataclass(frozen=True, slots=True)
class LoweredModel:
    """One model, ready for code generation.

    states               ids in the order of the state vector, those last that no derivative reads; species that
                         reactions change as amounts
    parameters           ids in the order of the parameter vector; species that nothing changes as amounts
    defaults             values of the parameters as written; NaN where none is
    derivatives          (state,) nodes of the time derivatives
    symbols              id -> node, as formulas mean the id
    amounts              species id -> node of its amount
    volumes              species kept as an amount but read as a concentration -> node of its compartment
    diluted              species kept as a concentration -> node of its compartment
    start_states         (state,) nodes of the start values, from the parameters as written
    start_parameters     (parameter,) the same for the parameters, initial assignments included
    events               what happens when a condition becomes true
    """

    graph: Graph
    states: tuple[str, ...]
    parameters: tuple[str, ...]
    defaults: tuple[float, ...]
    derivatives: tuple[int, ...]
    symbols: Mapping[str, int]
    amounts: Mapping[str, int]
    volumes: Mapping[str, int]
    diluted: Mapping[str, int]
    start_states: tuple[int, ...]
    start_parameters: tuple[int, ...]
    events: tuple[ModelEvent, ...]

    @property
    def state_leaves(self) -> dict[int, int]:
        """Input node -> index, for differentiation by the states."""
        return {self.graph.leaf("y", i): i for i in range(len(self.states))}

    @property
    def parameter_leaves(self) -> dict[int, int]:
        """Input node -> index, for differentiation by the parameters."""
        return {self.graph.leaf("p", i): i for i in range(len(self.parameters))}


def lower_sbml(text: str) -> LoweredModel:
    """The formulas of an SBML text, Level 1 to Level 3 Version 2.

    Raises    EngineError when libsbml cannot read it; UnsupportedModel naming a construct that is not solved
    """
    document = read_document(text)
    declared = read_declared(document.getModel())
    graph = Graph()
    running = Scope(graph, declared, _Running(graph, declared))
    start = _Start(graph, declared)
    whole = LoweredModel(
        graph=graph,
        states=declared.states,
        parameters=declared.settable,
        defaults=tuple(declared.constants.get(name, math.nan) for name in declared.settable),
        derivatives=tuple(_derivative(running, name) for name in declared.states),
        symbols=MappingProxyType({name: running.symbol(name) for name in _readable(declared)}),
        amounts=MappingProxyType({name: running.amount(name) for name in declared.species}),
        volumes=MappingProxyType(_compartments(running, rated=False)),
        diluted=MappingProxyType(_compartments(running, rated=True)),
        start_states=tuple(start.state(name) for name in declared.states),
        start_parameters=tuple(start.settable(name) for name in declared.settable),
        events=read_events(document.getModel(), running),
    )
    return _felt_first(whole)


def _felt_first(model: LoweredModel) -> LoweredModel:
    """The same with the states last that no derivative reads: amounts that only gather, integrals."""
    graph = model.graph
    felt = {int(graph.value(node)) for node in graph.ordered(model.derivatives) if graph.nodes[node].op == "y"}
    order = sorted(range(len(model.states)), key=lambda i: (i not in felt, i))
    places = [order.index(i) for i in range(len(order))]
    graph.renumber("y", places)
    return replace(
        model,
        states=tuple(model.states[i] for i in order),
        derivatives=tuple(model.derivatives[i] for i in order),
        start_states=tuple(model.start_states[i] for i in order),
    )


def _compartments(running: Scope, *, rated: bool) -> dict[str, int]:
    """Compartments of the species that formulas read as concentrations; those with a rate rule are kept so too."""
    declared = running.declared
    return {
        species.id: running.symbol(species.compartment)
        for species in declared.species.values()
        if species.concentration and (species.id in declared.rated) is rated and species.id not in declared.assigned
    }


def _readable(declared: Declared) -> tuple[str, ...]:
    laws = [name for name, r in declared.reactions.items() if r.isSetKineticLaw() and r.getKineticLaw().isSetMath()]
    return (*declared.constants, *declared.species, *laws)


def _derivative(scope: Scope, name: str) -> int:
    if name in scope.declared.rated:
        return scope.rate_of(name)
    return scope.flow(name)


class _Running:
    """Kept values while the model runs: inputs of the generated code."""

    def __init__(self, graph: Graph, declared: Declared) -> None:
        self.graph = graph
        self.states = {name: i for i, name in enumerate(declared.states)}
        self.parameters = {name: i for i, name in enumerate(declared.settable)}

    def state(self, name: str) -> int:
        return self.graph.leaf("y", self.states[name])

    def settable(self, name: str) -> int:
        return self.graph.leaf("p", self.parameters[name])


class _Start:
    """Kept values at the start: initial assignments, then what is written."""

    def __init__(self, graph: Graph, declared: Declared) -> None:
        self.graph = graph
        self.declared = declared
        self.parameters = {name: i for i, name in enumerate(declared.settable)}
        self.scope = Scope(graph, declared, self)
        self._assigned: dict[str, int] = {}

    def state(self, name: str) -> int:
        if name in self.declared.initial:
            return self._as_kept(name, self._initial(name))
        if name in self.declared.species:
            return self._species(name)
        return self.graph.constant(self.declared.constants[name])

    def settable(self, name: str) -> int:
        if name in self.declared.initial or name in self.declared.species:
            return self.state(name)
        return self.graph.leaf("p", self.parameters[name])

    def _initial(self, name: str) -> int:
        if name not in self._assigned:
            self._assigned[name] = self.scope.once("initial", name, self._lowered)
        return self._assigned[name]

    def _lowered(self, name: str) -> int:
        return lower_formula(self.declared.initial[name], self.scope, name)

    def _as_kept(self, name: str, value: int) -> int:
        """An initial assignment gives a concentration; a species that reactions change is kept as an amount."""
        species = self.declared.species.get(name)
        if species is None or not species.concentration or name in self.declared.rated:
            return value
        return self.graph.mul(value, self.scope.symbol(species.compartment))

    def _species(self, name: str) -> int:
        species = self.declared.species[name]
        value = self.graph.constant(species.initial)
        kept_as_concentration = species.concentration and name in self.declared.rated
        if species.initial_is_amount and kept_as_concentration:
            return self.graph.div(value, self.scope.symbol(species.compartment))
        if not species.initial_is_amount and not kept_as_concentration:
            return self.graph.mul(value, self.scope.symbol(species.compartment))
        return value

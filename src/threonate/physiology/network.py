"""Read an SBML text into a frozen network: what changes, what is set, what can be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import libsbml
import numpy as np
from numpy.typing import NDArray

from threonate.errors import ModelError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reaction:
    """Stoichiometry of one reaction: species id -> net coefficient."""

    id: str
    change: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Network:
    """One SBML model, ready to be compiled.

    states       ids that change by themselves: species as amounts, then variables with a rate rule
    parameters   ids that can be set before a run, with their values (compartments included)
    readable     ids that can be observed
    initial      start values given by formulas, id -> libsbml L3 formula
    rules        values given by formulas at all times, id -> libsbml L3 formula
    events       state events, id -> ids that they set
    """

    sbml: str
    species: tuple[str, ...]
    rated: tuple[str, ...]
    parameters: Mapping[str, float]
    readable: frozenset[str]
    start: Mapping[str, float]
    initial: Mapping[str, str]
    concentrations: Mapping[str, str]
    reactions: tuple[Reaction, ...]
    units: Mapping[str, str]
    hash: str
    rules: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def states(self) -> tuple[str, ...]:
        return (*self.species, *self.rated)


def read_sbml(text: str) -> Network:
    """A network from SBML text.

    Raises    ModelError when libsbml finds an error, or the model holds what this package does not compose
    """
    document = libsbml.readSBMLFromString(text)
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) or document.getModel() is None:
        raise ModelError(f"Not valid SBML: {document.getErrorLog().toString().strip()}")
    model = document.getModel()
    if model.getNumConstraints() or model.getNumFunctionDefinitions():
        raise ModelError("Constraints and function definitions are not part of a composed body.")
    all_species = [model.getSpecies(i) for i in range(model.getNumSpecies())]
    rated = tuple(rule.getVariable() for rule in _rules(model) if rule.isRate())
    return Network(
        sbml=text,
        species=tuple(s.getId() for s in all_species if not s.getBoundaryCondition() and s.getId() not in rated),
        rated=rated,
        parameters=MappingProxyType(_parameters(model, rated)),
        readable=frozenset(_readable(model)),
        start=MappingProxyType(_start(model, rated)),
        initial=MappingProxyType(_initial(model)),
        concentrations=MappingProxyType(
            {s.getId(): s.getCompartment() for s in all_species if not s.getHasOnlySubstanceUnits()}
        ),
        reactions=tuple(_reaction(model.getReaction(i)) for i in range(model.getNumReactions())),
        units=MappingProxyType(_units(model)),
        hash=hashlib.sha256(text.encode()).hexdigest(),
        rules=MappingProxyType(
            {
                rule.getVariable(): libsbml.formulaToL3String(rule.getMath())
                for rule in _rules(model)
                if rule.isAssignment()
            }
        ),
        events=MappingProxyType(_events(model)),
    )


def start_states(network: Network, symbols: tuple[str, ...], values: Array) -> Array:
    """State of every subject before anything happens.

    symbols   ids of the columns of `values`
    values    (subject, symbol) individual parameters
    Returns   (subject, state) in the order of `network.states`; species as amounts
    """
    scope = _Scope(network, {symbol: values[:, j] for j, symbol in enumerate(symbols)}, len(values))
    columns = []
    for state in network.states:
        column = scope.of(state)
        kept = state in network.concentrations and state not in network.rated
        columns.append(column * scope.of(network.concentrations[state]) if kept else column)
    return np.stack(columns, axis=1)


class _Scope:
    """What a name means before anything happens, one value per subject; formulas are followed."""

    def __init__(self, network: Network, given: Mapping[str, Array], size: int) -> None:
        self.network = network
        self.size = size
        self.known: dict[str, Array] = dict(given)
        self.open: set[str] = set()

    def of(self, name: str) -> Array:
        if name not in self.known:
            self.known[name] = np.broadcast_to(self._found(name), (self.size,))
        return self.known[name]

    def _found(self, name: str) -> Array:
        network = self.network
        formula = network.initial.get(name) or network.rules.get(name)
        if formula is None:
            return np.full(self.size, network.parameters.get(name, network.start.get(name, 0.0)))
        if name in self.open:
            raise ModelError(f"The start value of '{name}' depends on itself.")
        self.open.add(name)
        value = _evaluate(formula, self)
        self.open.discard(name)
        return value


def _rules(model: libsbml.Model) -> list[libsbml.Rule]:
    return [model.getRule(i) for i in range(model.getNumRules())]


def _parameters(model: libsbml.Model, rated: tuple[str, ...]) -> dict[str, float]:
    ruled = {rule.getVariable() for rule in _rules(model)} | set(rated)
    found = {c.getId(): c.getSize() for c in (model.getCompartment(i) for i in range(model.getNumCompartments()))}
    for i in range(model.getNumParameters()):
        parameter = model.getParameter(i)
        if parameter.getId() not in ruled:
            found[parameter.getId()] = parameter.getValue()
    return found


def _readable(model: libsbml.Model) -> list[str]:
    species = [model.getSpecies(i).getId() for i in range(model.getNumSpecies())]
    parameters = [model.getParameter(i).getId() for i in range(model.getNumParameters())]
    return [*species, *parameters, *(model.getReaction(i).getId() for i in range(model.getNumReactions()))]


def _start(model: libsbml.Model, rated: tuple[str, ...]) -> dict[str, float]:
    found: dict[str, float] = {}
    for i in range(model.getNumSpecies()):
        species = model.getSpecies(i)
        amount = species.getInitialAmount() if species.isSetInitialAmount() else species.getInitialConcentration()
        found[species.getId()] = float(amount) if np.isfinite(amount) else 0.0
    for name in rated:
        parameter, compartment = model.getParameter(name), model.getCompartment(name)
        if parameter is not None:
            found[name] = float(parameter.getValue())
        elif compartment is not None:
            found[name] = float(compartment.getSize())
    return found


def _events(model: libsbml.Model) -> dict[str, tuple[str, ...]]:
    events = [model.getEvent(i) for i in range(model.getNumEvents())]
    return {
        event.getId() or f"event_{i}": tuple(
            event.getEventAssignment(j).getVariable() for j in range(event.getNumEventAssignments())
        )
        for i, event in enumerate(events)
    }


def _initial(model: libsbml.Model) -> dict[str, str]:
    assignments = (model.getInitialAssignment(i) for i in range(model.getNumInitialAssignments()))
    return {a.getSymbol(): libsbml.formulaToL3String(a.getMath()) for a in assignments}


def _reaction(reaction: libsbml.Reaction) -> Reaction:
    change: dict[str, float] = {}
    for sign, side in ((-1.0, reaction.getListOfReactants()), (1.0, reaction.getListOfProducts())):
        for reference in side:
            species = reference.getSpecies()
            change[species] = change.get(species, 0.0) + sign * reference.getStoichiometry()
    return Reaction(reaction.getId(), MappingProxyType(change))


def _units(model: libsbml.Model) -> dict[str, str]:
    species = (model.getSpecies(i) for i in range(model.getNumSpecies()))
    parameters = (model.getParameter(i) for i in range(model.getNumParameters()))
    return {s.getId(): s.getSubstanceUnits() for s in species} | {p.getId(): p.getUnits() for p in parameters}


def _largest(*values: Array) -> Array:
    return np.asarray(np.max(np.stack(np.broadcast_arrays(*values)), axis=0))


def _smallest(*values: Array) -> Array:
    return np.asarray(np.min(np.stack(np.broadcast_arrays(*values)), axis=0))


def _piecewise(*parts: Array) -> Array:
    """value, condition, value, condition, ..., otherwise."""
    chosen = parts[-1] if len(parts) % 2 else np.asarray(np.nan)
    for value, condition in reversed(list(zip(parts[0:-1:2], parts[1::2], strict=False))):
        chosen = np.where(condition != 0.0, value, chosen)
    return np.asarray(chosen)


_OPERATIONS: Mapping[int, Callable[..., Array]] = MappingProxyType(
    {
        libsbml.AST_PLUS: lambda *x: np.sum(np.stack(np.broadcast_arrays(*x)), axis=0),
        libsbml.AST_TIMES: lambda *x: np.prod(np.stack(np.broadcast_arrays(*x)), axis=0),
        libsbml.AST_MINUS: lambda *x: -x[0] if len(x) == 1 else x[0] - x[1],
        libsbml.AST_DIVIDE: lambda a, b: a / b,
        libsbml.AST_POWER: lambda a, b: a**b,
        libsbml.AST_FUNCTION_POWER: lambda a, b: a**b,
        libsbml.AST_FUNCTION_EXP: np.exp,
        libsbml.AST_FUNCTION_LN: np.log,
        libsbml.AST_FUNCTION_ROOT: lambda *x: np.sqrt(x[-1]),
        libsbml.AST_FUNCTION_ABS: np.abs,
        libsbml.AST_FUNCTION_COS: np.cos,
        libsbml.AST_FUNCTION_SIN: np.sin,
        libsbml.AST_FUNCTION_TAN: np.tan,
        libsbml.AST_FUNCTION_TANH: np.tanh,
        libsbml.AST_FUNCTION_MAX: _largest,
        libsbml.AST_FUNCTION_MIN: _smallest,
        libsbml.AST_FUNCTION_PIECEWISE: _piecewise,
        libsbml.AST_RELATIONAL_LT: lambda a, b: (a < b).astype(np.float64),
        libsbml.AST_RELATIONAL_LEQ: lambda a, b: (a <= b).astype(np.float64),
        libsbml.AST_RELATIONAL_GT: lambda a, b: (a > b).astype(np.float64),
        libsbml.AST_RELATIONAL_GEQ: lambda a, b: (a >= b).astype(np.float64),
    }
)


def _evaluate(formula: str, scope: _Scope) -> Array:
    return np.asarray(_value(libsbml.parseL3Formula(formula), scope), dtype=np.float64)


def _value(node: libsbml.ASTNode, scope: _Scope) -> Array:
    if node.getType() == libsbml.AST_CONSTANT_PI:
        return np.asarray(np.pi)
    if node.isNumber():
        return np.asarray(node.getValue(), dtype=np.float64)
    if node.getType() == libsbml.AST_NAME_TIME:
        return np.asarray(0.0)
    if node.isName():
        return scope.of(node.getName())
    operation = _OPERATIONS.get(node.getType())
    if operation is None:
        text = libsbml.formulaToL3String(node)
        raise ModelError(f"A start value uses '{text}', which is not known there. Write it with other functions.")
    return operation(*(_value(node.getChild(i), scope) for i in range(node.getNumChildren())))

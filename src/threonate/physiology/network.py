"""Read an SBML text into a frozen network: what changes, what is set, what can be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    if model.getNumEvents() or model.getNumConstraints() or model.getNumFunctionDefinitions():
        raise ModelError("Events, constraints and function definitions are not part of a composed body.")
    all_species = [model.getSpecies(i) for i in range(model.getNumSpecies())]
    rated = tuple(rule.getVariable() for rule in _rules(model) if rule.isRate())
    return Network(
        sbml=text,
        species=tuple(s.getId() for s in all_species if not s.getBoundaryCondition()),
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
    )


def start_states(network: Network, symbols: tuple[str, ...], values: Array) -> Array:
    """State of every subject before anything happens.

    symbols   ids of the columns of `values`
    values    (subject, symbol) individual parameters
    Returns   (subject, state) in the order of `network.states`; species as amounts
    """
    scope: dict[str, Array] = {name: np.full(len(values), value) for name, value in network.parameters.items()}
    scope.update({symbol: values[:, j] for j, symbol in enumerate(symbols)})
    columns = []
    for state in network.states:
        if state in network.initial:
            column = _evaluate(network.initial[state], scope)
        else:
            column = np.full(len(values), network.start.get(state, 0.0))
        columns.append(column * scope[network.concentrations[state]] if state in network.concentrations else column)
    return np.stack(columns, axis=1)


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
    found.update({name: float(model.getParameter(name).getValue()) for name in rated})
    return found


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


_OPERATIONS: Mapping[int, Callable[..., Array]] = MappingProxyType(
    {
        libsbml.AST_PLUS: lambda *x: np.sum(np.stack(np.broadcast_arrays(*x)), axis=0),
        libsbml.AST_TIMES: lambda *x: np.prod(np.stack(np.broadcast_arrays(*x)), axis=0),
        libsbml.AST_MINUS: lambda *x: -x[0] if len(x) == 1 else x[0] - x[1],
        libsbml.AST_DIVIDE: lambda a, b: a / b,
        libsbml.AST_POWER: lambda a, b: a**b,
        libsbml.AST_FUNCTION_POWER: lambda a, b: a**b,
    }
)


def _evaluate(formula: str, scope: Mapping[str, Array]) -> Array:
    return _value(libsbml.parseL3Formula(formula), scope)


def _value(node: libsbml.ASTNode, scope: Mapping[str, Array]) -> Array:
    if node.isNumber():
        return np.asarray(node.getValue(), dtype=np.float64)
    if node.isName():
        return scope[node.getName()]
    operation = _OPERATIONS.get(node.getType())
    if operation is None:
        raise ModelError(f"A start value uses '{libsbml.formulaToL3String(node)}'; only + - * / ^ are allowed there.")
    return operation(*(_value(node.getChild(i), scope) for i in range(node.getNumChildren())))

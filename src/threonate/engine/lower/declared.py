"""What an SBML model declares: which ids are states, which are parameters, and how a species is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import libsbml

from threonate.engine.lower.document import compartments, parameters, reactions, references, rules, species_of
from threonate.engine.unsupported import UnsupportedModel


@dataclass(frozen=True, slots=True)
class DeclaredSpecies:
    """How a species is read and what changes it.

    concentration   its id means amount / compartment size in formulas
    in_reactions    reactions change its amount
    """

    id: str
    compartment: str
    concentration: bool
    in_reactions: bool
    initial: float
    initial_is_amount: bool
    conversion: str


@dataclass(frozen=True, slots=True)
class Declared:
    """The tables of a model, by id.

    assigned     assignment rules
    rated        rate rules
    initial      initial assignments
    constants    values of parameters, compartments and species references as written; NaN where none is
    species      in the order of the file
    reactions    kinetic laws
    """

    model: libsbml.Model
    assigned: Mapping[str, libsbml.ASTNode]
    rated: Mapping[str, libsbml.ASTNode]
    initial: Mapping[str, libsbml.ASTNode]
    constants: Mapping[str, float]
    species: Mapping[str, DeclaredSpecies]
    reactions: Mapping[str, libsbml.Reaction]

    @property
    def states(self) -> tuple[str, ...]:
        """Species that reactions change, then everything with a rate rule."""
        moved = [s.id for s in self.species.values() if s.in_reactions]
        return (*moved, *(name for name in self.rated if name not in moved))

    @property
    def settable(self) -> tuple[str, ...]:
        """Ids that keep their value unless something outside sets them."""
        ruled = {*self.assigned, *self.rated}
        held = [s.id for s in self.species.values() if not s.in_reactions]
        return tuple(name for name in (*self.constants, *held) if name not in ruled)


def read_declared(model: libsbml.Model) -> Declared:
    """The tables of a Level 3 model.

    Raises    UnsupportedModel for an id whose meaning depends on what is not solved
    """
    assigned = {rule.getVariable(): rule.getMath() for rule in rules(model) if rule.isAssignment()}
    rated = {rule.getVariable(): rule.getMath() for rule in rules(model) if rule.isRate()}
    initial = {}
    for i in range(model.getNumInitialAssignments()):
        assignment = model.getInitialAssignment(i)
        if assignment.getMath() is not None:
            initial[assignment.getSymbol()] = assignment.getMath()
    kinetic = {reaction.getId(): reaction for reaction in reactions(model)}
    assigned = {name: math_node for name, math_node in assigned.items() if math_node is not None}
    rated = {name: math_node for name, math_node in rated.items() if math_node is not None}
    species = {s.getId(): _species(model, s, {*assigned, *rated}) for s in species_of(model)}
    return Declared(model, assigned, rated, initial, _constants(model), species, kinetic)


def _constants(model: libsbml.Model) -> dict[str, float]:
    found = {c.getId(): float(c.getSize()) if c.isSetSize() else math.nan for c in compartments(model)}
    found |= {p.getId(): float(p.getValue()) if p.isSetValue() else math.nan for p in parameters(model)}
    for reaction in reactions(model):
        for _, reference in references(reaction):
            if reference.getId():
                found[reference.getId()] = stoichiometry_of(reference)
    return found


def stoichiometry_of(reference: libsbml.SpeciesReference) -> float:
    """The number written at a species reference; NaN where none is."""
    return float(reference.getStoichiometry()) if reference.isSetStoichiometry() else math.nan


def _species(model: libsbml.Model, species: libsbml.Species, ruled: set[str]) -> DeclaredSpecies:
    compartment = model.getCompartment(species.getCompartment())
    if compartment is None:
        raise UnsupportedModel("A species without a compartment", species.getId())
    pointlike = compartment.isSetSpatialDimensions() and compartment.getSpatialDimensionsAsDouble() == 0.0
    no_size = pointlike and not compartment.isSetSize()
    conversion = species.getConversionFactor() or model.getConversionFactor()
    fixed = species.getBoundaryCondition() or species.getConstant() or species.getId() in ruled
    value, is_amount = _initial_value(species)
    return DeclaredSpecies(
        id=species.getId(),
        compartment=compartment.getId(),
        concentration=not (species.getHasOnlySubstanceUnits() or no_size),
        in_reactions=not fixed,
        initial=value,
        initial_is_amount=is_amount or no_size,
        conversion=conversion,
    )


def _initial_value(species: libsbml.Species) -> tuple[float, bool]:
    if species.isSetInitialAmount():
        return float(species.getInitialAmount()), True
    if species.isSetInitialConcentration():
        return float(species.getInitialConcentration()), False
    return math.nan, True

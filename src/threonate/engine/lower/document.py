"""SBML text to one plain Level 3 model: libsbml's own converters first, then a refusal for what is left over."""

from __future__ import annotations

from collections.abc import Iterator

import libsbml

from threonate.engine.unsupported import UnsupportedModel
from threonate.errors import EngineError

_PACKAGES_READ = frozenset({"l3v2extendedmath"})
_PACKAGES_WITHOUT_MATH = frozenset({"layout", "render", "groups"})
_CONVERSIONS = ("expandFunctionDefinitions", "promoteLocalParameters")


def read_document(text: str) -> libsbml.SBMLDocument:
    """A document whose model is Level 3, without function definitions and local parameters.

    Raises    EngineError when libsbml cannot read the text; UnsupportedModel for what is not solved
    """
    document = libsbml.readSBMLFromString(text)
    if document.getModel() is None:
        raise EngineError(f"Not SBML: {document.getErrorLog().toString().strip()}")
    _flatten(document)
    _refuse_packages(document)
    _refuse_constructs(document.getModel())
    _to_level_3(document)
    for name in _CONVERSIONS:
        options = libsbml.ConversionProperties()
        options.addOption(name, True)
        if document.convert(options) != libsbml.LIBSBML_OPERATION_SUCCESS:
            raise UnsupportedModel(f"A model that libsbml cannot convert ({name})", document.getModel().getId())
    _refuse_rules(document.getModel())
    return document


def _to_level_3(document: libsbml.SBMLDocument) -> None:
    if document.getLevel() == 3 and document.getVersion() == 2:
        return
    options = libsbml.ConversionProperties(libsbml.SBMLNamespaces(3, 2))
    options.addOption("setLevelAndVersion", True)
    options.addOption("strict", False)
    if document.convert(options) != libsbml.LIBSBML_OPERATION_SUCCESS or document.getLevel() != 3:
        raise UnsupportedModel("A model that libsbml cannot convert to Level 3", document.getModel().getId())


def _flatten(document: libsbml.SBMLDocument) -> None:
    """Submodels become one model."""
    if not any(document.getPlugin(i).getPackageName() == "comp" for i in range(document.getNumPlugins())):
        return
    options = libsbml.ConversionProperties()
    options.addOption("flatten comp", True)
    options.addOption("performValidation", False)
    if document.convert(options) != libsbml.LIBSBML_OPERATION_SUCCESS or document.getModel() is None:
        raise UnsupportedModel("A composed model that libsbml cannot flatten")


def _refuse_packages(document: libsbml.SBMLDocument) -> None:
    for i in range(document.getNumPlugins()):
        name = document.getPlugin(i).getPackageName()
        if name in _PACKAGES_READ | _PACKAGES_WITHOUT_MATH:
            continue
        if document.isSetPackageRequired(name) and document.getPackageRequired(name):
            raise UnsupportedModel(f"The required SBML package '{name}'")
    for i in range(document.getNumUnknownPackages()):
        if document.getUnknownPackageURI(i):
            raise UnsupportedModel(f"The SBML package '{document.getUnknownPackagePrefix(i)}'")


def _refuse_constructs(model: libsbml.Model) -> None:
    for reaction in reactions(model):
        if reaction.isSetFast() and reaction.getFast():
            raise UnsupportedModel("A fast reaction", reaction.getId())
    for i in range(model.getNumConstraints()):
        if model.getConstraint(i).getMath() is not None:
            raise UnsupportedModel("A constraint", model.getConstraint(i).getMetaId())


def _refuse_rules(model: libsbml.Model) -> None:
    for rule in rules(model):
        if rule.isAlgebraic():
            raise UnsupportedModel("An algebraic rule", rule.getMetaId() or rule.getIdAttribute())
    if model.getNumFunctionDefinitions() and _uses_function(model):
        raise UnsupportedModel("A function definition that cannot be expanded", model.getFunctionDefinition(0).getId())


def _uses_function(model: libsbml.Model) -> bool:
    maths = [rule.getMath() for rule in rules(model)]
    maths += [reaction.getKineticLaw().getMath() for reaction in reactions(model) if reaction.isSetKineticLaw()]
    return any(_has_function(node) for node in maths if node is not None)


def _has_function(node: libsbml.ASTNode) -> bool:
    if node.getType() == libsbml.AST_FUNCTION:
        return True
    return any(_has_function(node.getChild(i)) for i in range(node.getNumChildren()))


def rules(model: libsbml.Model) -> Iterator[libsbml.Rule]:
    """Assignment, rate and algebraic rules."""
    return (model.getRule(i) for i in range(model.getNumRules()))


def reactions(model: libsbml.Model) -> Iterator[libsbml.Reaction]:
    """Reactions in the order of the file."""
    return (model.getReaction(i) for i in range(model.getNumReactions()))


def species_of(model: libsbml.Model) -> Iterator[libsbml.Species]:
    """Species in the order of the file."""
    return (model.getSpecies(i) for i in range(model.getNumSpecies()))


def compartments(model: libsbml.Model) -> Iterator[libsbml.Compartment]:
    """Compartments in the order of the file."""
    return (model.getCompartment(i) for i in range(model.getNumCompartments()))


def parameters(model: libsbml.Model) -> Iterator[libsbml.Parameter]:
    """Global parameters in the order of the file."""
    return (model.getParameter(i) for i in range(model.getNumParameters()))


def references(reaction: libsbml.Reaction) -> Iterator[tuple[float, libsbml.SpeciesReference]]:
    """Reactants with -1 and products with +1."""
    for i in range(reaction.getNumReactants()):
        yield -1.0, reaction.getReactant(i)
    for i in range(reaction.getNumProducts()):
        yield 1.0, reaction.getProduct(i)

"""Compose organ texts to one SBML model.

Antimony flattens the modules; afterwards the composer gives every symbol its value and its unit, so that the SBML text
stands on its own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import antimony
import libsbml

from threonate.errors import ModelError, nearest
from threonate.evidence import Catalogue, Module, Species, with_responses

COPY_PREFIX = "solid"
_ONE_AT_A_TIME = threading.Lock()
"""Antimony keeps what it has read in one place for the whole process."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One module in its place: its name in the model and what its ports are tied to."""

    name: str
    module: Module
    arguments: tuple[str, ...]


def assemble_body(
    catalogue: Catalogue,
    *,
    solids: int = 1,
    organs: Sequence[str] | None = None,
    species: Species = "human",
    integrals: Sequence[str] = (),
    responses: Sequence[str] = (),
) -> str:
    """SBML Level 3 text of the body, with typical values of the catalogue.

    A port that nothing composed writes stands at the value of its row, and can be set like any parameter.

    solids      copies of the module for undissolved salt, one per poorly soluble compound of a run
    organs      folder names to compose, responses included; when None all organs and chosen responses, of a rat only
                the organs with rows of its own and the responses that are about it
    species     whose parameter rows are used; human rows fill what a rat row does not replace
    integrals   SBML ids whose time integral the model should carry as `integral_<id>`, for exact daily means
    responses   responses to compose as well, with what they need; those the catalogue has chosen when empty
    Raises      ModelError when the texts do not compose; CatalogueError for a response that is not on the shelf

    >>> from threonate.evidence import read_catalogue
    >>> text = assemble_body(read_catalogue())
    >>> "kidney_excretion" in text
    True
    """
    catalogue = with_responses(catalogue, responses) if responses else catalogue
    chosen = _chosen_modules(catalogue, organs, species)
    instances = [instance for module in chosen for instance in _instances(module, solids)]
    text = "\n".join([*(module.text for module in chosen), _top_level(catalogue.ports, instances, chosen)])
    document = _flatten(text, chosen)
    _finish(document.getModel(), instances, catalogue, species)
    for name in integrals:
        _add_integral(document.getModel(), name)
    return str(libsbml.writeSBMLToString(document))


def _chosen_modules(catalogue: Catalogue, organs: Sequence[str] | None, species: Species) -> list[Module]:
    names = _modules_of(catalogue, species) if organs is None else list(organs)
    unknown = [name for name in names if name not in catalogue.modules]
    if unknown:
        raise ModelError(f"No organ called '{unknown[0]}'. {nearest(unknown[0], catalogue.modules)}")
    return [catalogue.modules[name] for name in names]


def _modules_of(catalogue: Catalogue, species: Species) -> list[str]:
    """What can be composed of a species without putting one body into another."""
    if species == "human":
        return list(catalogue.modules)
    own = {parameter.organ for (_, s), parameter in catalogue.parameters.items() if s == species}
    about = {name for name, response in catalogue.responses.items() if species in response.about.species}
    return [name for name in catalogue.modules if name in (about if name in catalogue.responses else own)]


def _instances(module: Module, solids: int) -> list[Instance]:
    if not module.copies:
        return [Instance(module.organ, module, module.ports)]
    summed = summed_ports(module)
    return [
        Instance(
            f"{COPY_PREFIX}_{k}", module, tuple(f"{port}_{k}" if port in summed else port for port in module.ports)
        )
        for k in range(1, solids + 1)
    ]


def summed_ports(module: Module) -> frozenset[str]:
    """Ports that a copied module writes itself; the body adds the copies up."""
    written = {match[1] for match in re.finditer(r"^\s*(\w+)\s*:=", module.text, re.MULTILINE)}
    return frozenset(port for port in module.ports if port in written)


def _top_level(ports: str, instances: Sequence[Instance], modules: Sequence[Module]) -> str:
    lines = ["model body()", ports]
    for module in modules:
        if module.copies:
            lines += _sums(module, [instance for instance in instances if instance.module is module], ports)
    lines += [f"  {i.name}: {i.module.name}({', '.join(i.arguments)});" for i in instances]
    return "\n".join([*lines, "end", ""])


def _sums(module: Module, copies: Sequence[Instance], ports: str) -> list[str]:
    lines = []
    for port in summed_ports(module):
        unit = re.search(rf"\b{port}\s+has\s+(\w+)", ports)
        parts = [f"{port}_{k}" for k in range(1, len(copies) + 1)]
        lines += [f"  var {part}; {part} has {unit[1] if unit else 'fraction'};" for part in parts]
        lines.append(f"  {port} := {' + '.join(parts)};" if parts else f"  {port} = 0;")
    return lines


def _flatten(text: str, modules: Sequence[Module]) -> libsbml.SBMLDocument:
    with _ONE_AT_A_TIME:
        if not _loads(text):
            raise ModelError(f"The organ texts do not compose. {_culprit(modules)}")
        sbml = antimony.getSBMLString("body")
    document = libsbml.readSBMLFromString(sbml)
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR):
        raise ModelError(f"The composed body is not valid SBML: {document.getErrorLog().toString()}")
    return document


def _loads(text: str) -> bool:
    antimony.clearPreviousLoads()
    antimony.freeAll()
    return int(antimony.loadAntimonyString(text)) >= 0


def _culprit(modules: Sequence[Module]) -> str:
    """File, line and reason of the first text that Antimony cannot read on its own; else its own words."""
    whole = str(antimony.getLastError()).strip()
    for module in modules:
        if not _loads(module.text):
            reason = str(antimony.getLastError()).strip()
            found = re.search(r"line (\d+):\s*(.*)", reason)
            return f"{module.file}, line {found[1]}: {found[2]}" if found else f"{module.file}: {reason}"
    return whole


def _finish(model: libsbml.Model, instances: Sequence[Instance], catalogue: Catalogue, species: Species) -> None:
    prefixes = tuple(f"{instance.name}_" for instance in instances)
    _merge_units(model, prefixes)
    values = typical_values(catalogue, species)
    for instance in instances:
        for symbol in instance.module.symbols:
            _set_value(model, f"{instance.name}_{symbol}", values[f"{instance.module.organ}.{symbol}"])
    written = {port for instance in instances for port in instance.module.written}
    for key, value in values.items():
        organ, symbol = key.split(".", 1)
        if organ == "port" and symbol not in written:
            _set_value(model, symbol, value)
    plasma = model.getSpecies("Mg_plasma")
    if plasma is not None and not plasma.isSetInitialConcentration():
        plasma.setInitialConcentration(values["port.Mg_plasma_reference"])
    _silence_open_ports(model, catalogue.ports)
    _mark_literals(model)


def _silence_open_ports(model: libsbml.Model, ports: str) -> None:
    """A port without a row that nothing composed writes stands at zero; whoever composes a part drives it."""
    for i in range(model.getNumParameters()):
        parameter = model.getParameter(i)
        name = parameter.getId()
        ruled = model.getRuleByVariable(name) or model.getInitialAssignmentBySymbol(name)
        if parameter.isSetValue() or ruled is not None:
            continue
        if not re.search(rf"^\s*(?:var|const)\s+{re.escape(name)}\b", ports, re.MULTILINE):
            raise ModelError(f"'{name}' has no value: no row, no formula and no port is called so. Correct the name.")
        parameter.setValue(0.0)


def typical_values(catalogue: Catalogue, species: Species = "human") -> Mapping[str, float]:
    """Typical value of every symbol, by `organ.symbol`; rows of another species only where they exist."""
    values = {p.id: p.value for (_, s), p in catalogue.parameters.items() if s == "human"}
    values.update({p.id: p.value for (_, s), p in catalogue.parameters.items() if s == species})
    return values


def _add_integral(model: libsbml.Model, name: str) -> None:
    counter = model.createParameter()
    counter.setId(f"integral_{name}")
    counter.setConstant(False)
    counter.setValue(0.0)
    rule = model.createRateRule()
    rule.setVariable(counter.getId())
    rule.setMath(libsbml.parseL3Formula(name))


def _set_value(model: libsbml.Model, sbml_id: str, value: float) -> None:
    element = model.getElementBySId(sbml_id)
    if isinstance(element, libsbml.Compartment):
        element.setSize(value)
    elif isinstance(element, libsbml.Parameter):
        element.setValue(value)


def _merge_units(model: libsbml.Model, prefixes: tuple[str, ...]) -> None:
    """Undo Antimony's habit of naming a module's units `organ_unit`: one definition, one name."""
    known = {model.getUnitDefinition(i).getId() for i in range(model.getNumUnitDefinitions())}
    own = {unit for unit in known if not unit.startswith(prefixes)}
    for element in _with_units(model):
        for prefix in prefixes:
            bare = element.getUnits().removeprefix(prefix)
            if bare != element.getUnits() and bare in own:
                element.setUnits(bare)
                break
    for unit in known - own:
        model.removeUnitDefinition(unit)


def _with_units(model: libsbml.Model) -> list[libsbml.Parameter | libsbml.Species]:
    parameters = [model.getParameter(i) for i in range(model.getNumParameters())]
    species = [model.getSpecies(i) for i in range(model.getNumSpecies())]
    return [element for element in [*parameters, *species] if element.isSetUnits()]


def _mark_literals(model: libsbml.Model) -> None:
    """Structural numbers in formulas (2, 15) carry no unit; saying so lets libsbml check the rest."""
    for i in range(model.getNumReactions()):
        law = model.getReaction(i).getKineticLaw()
        if law is not None:
            _mark(law)
    for i in range(model.getNumRules()):
        _mark(model.getRule(i))
    for i in range(model.getNumInitialAssignments()):
        _mark(model.getInitialAssignment(i))
    for i in range(model.getNumEvents()):
        event = model.getEvent(i)
        parts = [event.getTrigger(), event.getDelay(), event.getPriority()]
        parts += [event.getEventAssignment(j) for j in range(event.getNumEventAssignments())]
        for part in parts:
            if part is not None:
                _mark(part)


def _mark(owner: libsbml.SBase) -> None:
    math = owner.getMath().deepCopy()
    _mark_node(math)
    owner.setMath(math)


def _mark_node(node: libsbml.ASTNode) -> None:
    if node.isNumber() and node.getValue() != 0:  # nothing is nothing in every unit
        node.setUnits("dimensionless")
    for i in range(node.getNumChildren()):
        _mark_node(node.getChild(i))

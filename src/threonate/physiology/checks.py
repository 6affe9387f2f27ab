"""What physics forbids: matter that appears or vanishes, and units that do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libsbml

from threonate.evidence import Catalogue, Problem
from threonate.physiology.assemble import COPY_PREFIX
from threonate.physiology.network import Network, Reaction

MOIETIES = ("Mg", "threonate")
_TOLERANCE = 1e-12
_UNIT_RULES = range(10501, 10600)
_FORMULA = r"(?:^|;)\s*NAME(?:\s*:|'?\s*=)"
_RATE = r"(?:^|;)\s*NAME'\s*="
_PINNED = r"\$\s*NAME\b"
_ELEMENT = re.compile(r"(?:id|variable|symbol) '(\w+)'")


def check_conservation(network: Network, catalogue: Catalogue | None = None) -> list[Problem]:
    """Reactions that make or lose magnesium or threonate, and species that they never use up.

    A species belongs to the moiety that its name begins with (after the organ). With the catalogue given, each problem
    names the organ text and the line.

    >>> from threonate.evidence import read_catalogue
    >>> from threonate.physiology import assemble_body, read_sbml
    >>> check_conservation(read_sbml(assemble_body(read_catalogue())))
    []
    """
    fixed = [*_fixed_problems(network, catalogue), *_event_problems(network, catalogue)]
    return fixed + [problem for reaction in network.reactions for problem in _reaction_problems(reaction, catalogue)]


def moiety(species: str) -> str:
    """The conserved part that a species carries, or an empty text.

    >>> moiety("kidney_Mg_urine")
    'Mg'
    """
    found = re.search(rf"(?:^|_)({'|'.join(MOIETIES)})_", species)
    return found[1] if found else ""


def _fixed_problems(network: Network, catalogue: Catalogue | None) -> Iterator[Problem]:
    """Species of a moiety that reactions use but that never change: matter from nowhere."""
    used = {species for reaction in network.reactions for species in reaction.change if moiety(species)}
    for species in sorted(used - set(network.species)):
        file, line = _place(species, catalogue, _PINNED)
        reason = f"species '{species}' is held fixed, so reactions draw on it without end."
        yield Problem(file, line, reason, "Take the $ away, so that the species changes.")


def _event_problems(network: Network, catalogue: Catalogue | None) -> Iterator[Problem]:
    """Events that set a species of a moiety make or lose matter."""
    for event, targets in network.events.items():
        for target in targets:
            if moiety(target) and target in network.species:
                file, line = _place(event, catalogue, _FORMULA)
                yield Problem(file, line, f"event '{event}' sets species '{target}'.", "Move it by a reaction instead.")


def _reaction_problems(reaction: Reaction, catalogue: Catalogue | None) -> Iterator[Problem]:
    for name in MOIETIES:
        change = sum(coefficient for species, coefficient in reaction.change.items() if moiety(species) == name)
        if abs(change) > _TOLERANCE:
            file, line = _place(reaction.id, catalogue, _FORMULA)
            verb = "makes" if change > 0 else "loses"
            reason = f"reaction '{reaction.id}' {verb} {abs(change):g} {name} each time."
            yield Problem(file, line, reason, "Give every reactant a product that carries the same moiety.")


def _place(element: str, catalogue: Catalogue | None, pattern: str) -> tuple[str, int]:
    """The organ text and line that make an element of the network; `pattern` holds NAME for its name there."""
    for module in catalogue.modules.values() if catalogue else ():
        prefix = rf"{COPY_PREFIX}_\d+_" if module.copies else f"{module.organ}_"
        name = re.sub(f"^{prefix}", "", element)
        if name == element and element not in module.ports:
            continue
        wanted = re.compile(pattern.replace("NAME", re.escape(name)))
        for number, text in enumerate(module.text.splitlines(), start=1):
            if wanted.search(text.split("//", 1)[0]):
                return module.file, number
    return "body", 1


def check_units(network: Network, catalogue: Catalogue | None = None) -> list[Problem]:
    """Formulas whose units do not fit, as libsbml finds them; one problem per formula.

    With the catalogue given, each problem names the organ text and the line.
    """
    document = libsbml.readSBMLFromString(network.sbml)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistency()
    found: dict[str, Problem] = {}
    for i in range(document.getNumErrors()):
        error = document.getError(i)
        if error.getErrorId() in _UNIT_RULES:
            reason = " ".join(error.getMessage().split())
            named = _ELEMENT.search(reason)
            pattern = _RATE if "<rateRule>" in reason else _FORMULA
            file, line = _place(named[1], catalogue, pattern) if named and catalogue else ("body", error.getLine())
            problem = Problem(file, line, f"units do not fit: {reason}", "Correct the formula or a unit.")
            found[named[1] if named else str(i)] = problem
    return list(found.values())

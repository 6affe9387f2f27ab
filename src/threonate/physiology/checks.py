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


def check_conservation(network: Network, catalogue: Catalogue | None = None) -> list[Problem]:
    """Reactions that make or lose magnesium or threonate.

    A species belongs to the moiety that its name begins with (after the organ). With the catalogue given, each problem
    names the organ text and the line.

    >>> from threonate.evidence import read_catalogue
    >>> from threonate.physiology import assemble_body, read_sbml
    >>> check_conservation(read_sbml(assemble_body(read_catalogue())))
    []
    """
    return [problem for reaction in network.reactions for problem in _reaction_problems(reaction, catalogue)]


def moiety(species: str) -> str:
    """The conserved part that a species carries, or an empty text.

    >>> moiety("kidney_Mg_urine")
    'Mg'
    """
    found = re.search(rf"(?:^|_)({'|'.join(MOIETIES)})_", species)
    return found[1] if found else ""


def _reaction_problems(reaction: Reaction, catalogue: Catalogue | None) -> Iterator[Problem]:
    for name in MOIETIES:
        change = sum(coefficient for species, coefficient in reaction.change.items() if moiety(species) == name)
        if abs(change) > _TOLERANCE:
            file, line = _place(reaction.id, catalogue)
            verb = "makes" if change > 0 else "loses"
            reason = f"reaction '{reaction.id}' {verb} {abs(change):g} {name} each time."
            yield Problem(file, line, reason, "Give every reactant a product that carries the same moiety.")


def _place(reaction: str, catalogue: Catalogue | None) -> tuple[str, int]:
    for module in catalogue.modules.values() if catalogue else ():
        for number, text in enumerate(module.text.splitlines(), start=1):
            declared = re.match(r"^\s*(\w+)\s*:\s*[^=]", text)
            prefix = rf"{COPY_PREFIX}_\d+" if module.copies else module.organ
            if declared and re.fullmatch(f"{prefix}_{declared[1]}", reaction):
                return f"organs/{module.organ}/{module.organ}.ant", number
    return "body", 1


def check_units(network: Network) -> list[Problem]:
    """Formulas whose units do not fit, as libsbml finds them."""
    document = libsbml.readSBMLFromString(network.sbml)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistency()
    problems = []
    for i in range(document.getNumErrors()):
        error = document.getError(i)
        if error.getErrorId() in _UNIT_RULES:
            reason = " ".join(error.getMessage().split())
            problems.append(Problem("body", error.getLine(), reason, "Correct the formula or a unit."))
    return problems

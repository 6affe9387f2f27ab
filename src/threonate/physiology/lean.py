"""Smaller texts that say the same: without what nobody reads, and two variants of a body in one.

Two variants that differ in a switch share everything that the switch does not reach. A text with twins holds the rest
twice, so that one solve answers for both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libsbml

from threonate.errors import ModelError

TWIN = "_twin"
"""Ends the ids of what the second variant has for itself."""


def without_unread(text: str, read: Collection[str]) -> str:
    """The model without the variables that neither change what is read nor anything that moves matter.

    text      SBML
    read      ids that will be observed
    Raises    ModelError when the text is not SBML
    """
    document = _document(text)
    model = document.getModel()
    rules, starts = _rules(model), _starts(model)
    needed = {*read, *(name for math in _moving(model) for name in names_in(math)), *(starts.keys() - rules.keys())}
    todo = list(needed)
    while todo:
        name = todo.pop()
        new = {other for kind in (rules, starts) if name in kind for other in names_in(kind[name].getMath())} - needed
        needed |= new
        todo += new
    for name in [name for name in rules if name not in needed and model.getParameter(name) is not None]:
        model.removeRuleByVariable(name)
        model.removeInitialAssignment(name)
        model.removeParameter(name)
    return str(libsbml.writeSBMLToString(document))


def with_twins(text: str, switches: Collection[str]) -> tuple[str, frozenset[str]]:
    """The model with a second variant of everything that the switches reach, which has switches of its own.

    text       SBML
    switches   ids of parameters in which the variants differ
    Returns    SBML, and the ids of what is there twice; the second of each ends in TWIN
    Raises     ModelError when a switch is not in the text, or reaches something that moves matter or an event
    """
    document = _document(text)
    model = document.getModel()
    rules, starts = _rules(model), _starts(model)
    twice = _reached(set(switches), rules, starts)
    for name in sorted(twice):
        parameter = model.getParameter(name)
        if parameter is None or any(name in names_in(math) for math in _moving(model)):
            raise ModelError(f"'{name}' cannot be there twice: it moves matter, or is no parameter. Run the variants.")
    for name in sorted(twice):
        copied = model.getParameter(name).clone()
        copied.setId(name + TWIN)
        model.addParameter(copied)
        for kind, add in ((rules, model.addRule), (starts, model.addInitialAssignment)):
            if name in kind:
                add(_renamed(kind[name], twice))
    return str(libsbml.writeSBMLToString(document)), frozenset(twice)


def names_in(math: libsbml.ASTNode | None) -> Iterator[str]:
    """Every id that a formula names."""
    if math is None:
        return
    if math.isName():
        yield str(math.getName())
    for i in range(math.getNumChildren()):
        yield from names_in(math.getChild(i))


def _document(text: str) -> libsbml.SBMLDocument:
    document = libsbml.readSBMLFromString(text)
    if document.getModel() is None:
        raise ModelError("The text holds no SBML model. Give SBML Level 3.")
    return document


def _rules(model: libsbml.Model) -> dict[str, libsbml.Rule]:
    return {rule.getVariable(): rule for rule in (model.getRule(i) for i in range(model.getNumRules()))}


def _starts(model: libsbml.Model) -> dict[str, libsbml.InitialAssignment]:
    found = (model.getInitialAssignment(i) for i in range(model.getNumInitialAssignments()))
    return {one.getSymbol(): one for one in found}


def _moving(model: libsbml.Model) -> Iterator[libsbml.ASTNode]:
    """Formulas of reactions and events."""
    for i in range(model.getNumReactions()):
        if model.getReaction(i).getKineticLaw() is not None:
            yield model.getReaction(i).getKineticLaw().getMath()
    for i in range(model.getNumEvents()):
        event = model.getEvent(i)
        for part in (event.getTrigger(), event.getDelay(), event.getPriority()):
            if part is not None:
                yield part.getMath()
        for j in range(event.getNumEventAssignments()):
            yield libsbml.parseL3Formula(event.getEventAssignment(j).getVariable())
            yield event.getEventAssignment(j).getMath()


def _reached(found: set[str], rules: dict[str, libsbml.Rule], starts: dict[str, libsbml.InitialAssignment]) -> set[str]:
    """The names, and everything whose formula names one of them."""
    read = [(name, frozenset(names_in(one.getMath()))) for kind in (rules, starts) for name, one in kind.items()]
    grown = True
    while grown:
        new = {name for name, reads in read if name not in found and reads & found}
        found, grown = found | new, bool(new)
    return found


def _renamed(one: libsbml.SBase, twice: Collection[str]) -> libsbml.SBase:
    copied = one.clone()
    for name in twice:
        copied.renameSIdRefs(name, name + TWIN)
    return copied

"""The meaning of ids: while the model runs, and at its start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from threonate.engine.lower.declared import Declared, DeclaredSpecies, stoichiometry_of
from threonate.engine.lower.document import references
from threonate.engine.lower.formula import lower_formula
from threonate.engine.lower.graph import Graph
from threonate.engine.unsupported import UnsupportedModel


class Held(Protocol):
    """Where the value of an id that no rule gives comes from."""

    def state(self, name: str) -> int:
        """A state as it is kept: species that reactions change as amounts."""
        ...

    def settable(self, name: str) -> int:
        """A parameter, a compartment, or a species that nothing changes, as it is kept."""
        ...


class Scope:
    """Ids as SBML formulas mean them; every node is built once, on first use."""

    def __init__(self, graph: Graph, declared: Declared, held: Held) -> None:
        self.graph = graph
        self.declared = declared
        self.held = held
        self._states = {name: None for name in declared.states}
        self._settable = {name: None for name in declared.settable}
        self._found: dict[tuple[str, str], int] = {}
        self._busy: set[tuple[str, str]] = set()

    def time(self) -> int:
        """Time of the model."""
        return self.graph.leaf("t")

    def symbol(self, name: str) -> int:
        """An id in a formula; a species read as concentration is one."""
        return self.once("symbol", name, self._symbol)

    def amount(self, name: str) -> int:
        """Amount of a species, or the value of anything else."""
        return self.once("amount", name, self._amount)

    def rate_of(self, name: str) -> int:
        """Time derivative of an id."""
        return self.once("rate", name, self._rate)

    def flow(self, name: str) -> int:
        """Net change of the amount of a species by reactions."""
        return self.once("flow", name, self._flow)

    def once(self, what: str, name: str, build: Callable[[str], int]) -> int:
        key = (what, name)
        if key not in self._found:
            if key in self._busy:
                raise UnsupportedModel("A value that depends on itself", name)
            self._busy.add(key)
            self._found[key] = build(name)
            self._busy.discard(key)
        return self._found[key]

    def _symbol(self, name: str) -> int:
        declared = self.declared
        if name in declared.assigned:
            return lower_formula(declared.assigned[name], self, name)
        if name in declared.reactions:
            return self._law(name)
        if name in declared.species and self._kept_as_amount(declared.species[name]):
            species = declared.species[name]
            amount = self.amount(name)
            return self.graph.div(amount, self.symbol(species.compartment)) if species.concentration else amount
        return self._kept(name)

    def _law(self, name: str) -> int:
        law = self.declared.reactions[name].getKineticLaw()
        if law is None or law.getMath() is None:
            raise UnsupportedModel("A reaction without a kinetic law", name)
        return lower_formula(law.getMath(), self, name)

    def _kept(self, name: str) -> int:
        if name in self._states:
            return self.held.state(name)
        if name in self._settable:
            return self.held.settable(name)
        raise UnsupportedModel(f"The unknown id '{name}'")

    def _kept_as_amount(self, species: DeclaredSpecies) -> bool:
        return species.id not in self.declared.rated

    def _amount(self, name: str) -> int:
        species = self.declared.species.get(name)
        if species is None:
            return self.symbol(name)
        if name in self.declared.assigned or not self._kept_as_amount(species):
            value = self.symbol(name)
            return self.graph.mul(value, self.symbol(species.compartment)) if species.concentration else value
        return self._kept(name)

    def _flow(self, name: str) -> int:
        species = self.declared.species[name]
        total = self.graph.constant(0.0)
        for reaction_id, reaction in self.declared.reactions.items():
            for sign, reference in references(reaction):
                if reference.getSpecies() == name:
                    share = self.graph.product([self._stoichiometry(reaction_id, reference), self.symbol(reaction_id)])
                    total = self.graph.add(total, self.graph.mul(self.graph.constant(sign), share))
        if species.conversion:
            return self.graph.mul(self.symbol(species.conversion), total)
        return total

    def _stoichiometry(self, reaction: str, reference: object) -> int:
        name = reference.getId()  # type: ignore[attr-defined]
        if name:
            return self.symbol(name)
        value = stoichiometry_of(reference)
        if value != value:
            raise UnsupportedModel("A stoichiometry without a value", reaction)
        return self.graph.constant(value)

    def _rate(self, name: str) -> int:
        declared = self.declared
        if name in declared.rated:
            return lower_formula(declared.rated[name], self, name)
        if name in declared.assigned or name in declared.reactions:
            raise UnsupportedModel("rateOf of an id with an assignment rule", name)
        species = declared.species.get(name)
        if species is None:
            return self.graph.constant(0.0)
        flow = self.flow(name) if species.in_reactions else self.graph.constant(0.0)
        if not species.concentration:
            return flow
        diluted = self.graph.mul(self.symbol(name), self.rate_of(species.compartment))
        return self.graph.div(self.graph.sub(flow, diluted), self.symbol(species.compartment))

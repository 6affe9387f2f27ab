"""A network prepared for the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threonate.errors import EngineError, nearest

if TYPE_CHECKING:  # reading a network takes libsbml, solving one does not
    from threonate.physiology import Network


@dataclass(frozen=True, slots=True)
class ModelText:
    """SBML, its hash, what to record, which of those are species read as concentrations, and default values."""

    sbml: str
    hash: str
    observables: tuple[str, ...]
    concentrations: tuple[bool, ...]
    defaults: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class CompiledNetwork:
    """A network and the observables to record. The solver behind it is loaded where it runs."""

    network: Network
    observables: tuple[str, ...]

    @property
    def hash(self) -> str:
        return self.network.hash

    @property
    def text(self) -> ModelText:
        """What a worker needs to load the model."""
        concentrations = tuple(name in self.network.concentrations for name in self.observables)
        defaults = tuple(self.network.parameters.items())
        return ModelText(self.network.sbml, self.network.hash, self.observables, concentrations, defaults)


def compile_network(network: Network, observables: Sequence[str]) -> CompiledNetwork:
    """Prepare a network to be solved.

    observables   SBML ids to record: states, variables, reaction rates
    Raises        EngineError for an id the network does not have
    """
    for name in observables:
        if name not in network.readable:
            raise EngineError(f"'{name}' is not in the network. {nearest(name, network.readable)}")
    return CompiledNetwork(network, tuple(observables))

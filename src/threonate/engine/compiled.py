"""A network prepared for the solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threonate.engine.stiffness import STIFF_METHOD, suited_method
from threonate.errors import EngineError, nearest

if TYPE_CHECKING:  # reading a network takes libsbml, solving one does not
    from threonate.physiology import Network


@dataclass(frozen=True, slots=True)
class CompiledNetwork:
    """A network, the observables to record, and the method. The solver behind it is loaded where it runs."""

    network: Network
    observables: tuple[str, ...]
    method: str = STIFF_METHOD

    @property
    def hash(self) -> str:
        return self.network.hash


def compile_network(
    network: Network, observables: Sequence[str], *, longest_step: float | None = None
) -> CompiledNetwork:
    """Prepare a network to be solved.

    observables    SBML ids to record: states, variables, reaction rates
    longest_step   how long steps may usefully become, in the unit of time; an explicit method is chosen where the
                   network allows such steps. None for the method that solves stiff networks too
    Raises        EngineError for an id the network does not have
    """
    for name in observables:
        if name not in network.readable:
            raise EngineError(f"'{name}' is not in the network. {nearest(name, network.readable)}")
    method = STIFF_METHOD if longest_step is None else suited_method(network.sbml, longest_step)
    return CompiledNetwork(network, tuple(observables), method)

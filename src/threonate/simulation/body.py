"""The body as a solver sees it: networks, observables, and inputs per subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from threonate.endpoints import measured_ids, recorded_ids, sbml_id
from threonate.engine import CompiledNetwork, SubjectInputs, compile_network
from threonate.errors import ModelError
from threonate.evidence import Catalogue, Place, Species
from threonate.keyed import Keyed
from threonate.physiology import Network, assemble_body, check_conservation, check_units, read_sbml
from threonate.physiology.network import Array, start_states
from threonate.population import IndividualTable

LONGEST_STEP_H = 0.5
"""Meals and doses are a few hours apart; between them the solver's steps are seldom longer than this."""

COURSE_COLUMNS: Mapping[str, str] = {
    "Mg_plasma": "Mg_plasma",
    "Mg_plasma_ionised": "plasma_Mg_ionised",
    "Mg_csf_relative": "csf_Mg_csf",
    "Mg_brain_ecf_relative": "csf_Mg_ecf",
    "threonate_plasma": "threonate_plasma",
    "Mg_urine_cumulative": "kidney_Mg_urine",
}
"""Columns of a recorded course and the SBML ids behind them."""


@dataclass(frozen=True, slots=True)
class Body:
    """One compiled body.

    solids   ids of the poorly soluble compounds that have a copy of the undissolved chain, in order
    """

    catalogue: Catalogue
    compiled: CompiledNetwork
    solids: tuple[str, ...]

    @property
    def network(self) -> Network:
        return self.compiled.network

    def place_ids(self, place: Place) -> tuple[str, ...]:
        """SBML species of a place in this body; every copy of a solid counts."""
        found = []
        for name in place.species:
            organ, _, symbol = name.rpartition(".")
            if organ in self.catalogue.modules and self.catalogue.modules[organ].copies:
                found += [f"solid_{k}_{symbol}" for k in range(1, len(self.solids) + 1)]
            else:
                found.append(sbml_id(name))
        return tuple(found)


def build_body(catalogue: Catalogue, solids: Sequence[str] = (), species: Species = "human") -> Body:
    """Compose, check and compile the body for a run with these poorly soluble compounds.

    Raises    ModelError when matter is made or lost, or units do not fit
    """
    decides = (catalogue.hash, catalogue.chosen, tuple(catalogue.endpoints))
    network = _checked_network(Keyed(decides, catalogue), len(solids), species)
    states = [state for state in network.states if not _is_response_state(state, catalogue)]
    readable = [*COURSE_COLUMNS.values(), *recorded_ids(catalogue.endpoints.values()), *states]
    compiled = compile_network(network, tuple(dict.fromkeys(readable)), longest_step=LONGEST_STEP_H)
    return Body(catalogue, compiled, tuple(solids))


def _is_response_state(state: str, catalogue: Catalogue) -> bool:
    """States of responses are not recorded; their endpoints are."""
    return bool(catalogue.chosen) and state.startswith(tuple(f"{name}_" for name in catalogue.chosen))


@lru_cache(maxsize=16)
def _checked_network(keyed: Keyed[Catalogue], solids: int, species: Species) -> Network:
    catalogue = keyed.thing
    integrals = [name for e in catalogue.endpoints.values() if e.kind == "mean" for name in measured_ids(e)]
    whole = tuple(dict.fromkeys(integrals))
    text = assemble_body(catalogue, solids=solids, species=species, integrals=whole)
    network = read_sbml(text)
    problems = check_conservation(network, catalogue) + check_units(network, catalogue)
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise ModelError(f"The composed body is not sound:\n{listed}")
    return network


def subject_inputs(body: Body, table: IndividualTable, extra: Mapping[str, Array] | None = None) -> SubjectInputs:
    """Parameters and start states of every subject.

    table    values by organ.symbol
    extra    values by SBML id, such as the dissolution rates of each solid
    """
    columns = {sbml_id(name.removeprefix("port.")): value for name, value in table.values.items()}
    columns.update(extra or {})
    known = {name: value for name, value in columns.items() if name in body.network.parameters}
    symbols = tuple(known)
    values = np.stack([np.asarray(known[name], dtype=np.float64) for name in symbols], axis=1)
    plasma = table.values["port.Mg_plasma_reference"] * table.values["port.V_plasma"]
    start = start_states(body.network, symbols, values)
    start[:, body.network.states.index("Mg_plasma")] = plasma
    return SubjectInputs(symbols, values, body.network.states, start)


def start_from(inputs: SubjectInputs, states: Mapping[str, Array]) -> SubjectInputs:
    """The same subjects with these start states; integrals count from the start and keep their zero.

    states    state id -> (subject,) value, species as amounts; ids that the body does not have are passed over
    """
    start = inputs.start.copy()
    for name, value in states.items():
        if name in inputs.states and not name.startswith("integral_"):
            start[:, inputs.states.index(name)] = value
    return SubjectInputs(inputs.symbols, inputs.values, inputs.states, start)

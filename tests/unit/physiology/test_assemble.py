"""Organ texts become one network whose numbers are those of the tables."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from threonate.engine import SubjectInputs, compile_network, solve_cohort
from threonate.errors import ModelError
from threonate.evidence import read_catalogue
from threonate.physiology import assemble_body, check_conservation, check_units, read_sbml
from threonate.physiology.assemble import summed_ports, typical_values
from threonate.physiology.checks import moiety
from threonate.physiology.network import start_states
from threonate.schedule import NO_EVENTS

CATALOGUE = read_catalogue()
BODY = read_sbml(assemble_body(CATALOGUE, solids=2, integrals=["Mg_plasma", "kidney_FE"]))


def test_every_number_of_the_tables_stands_in_the_network() -> None:
    written = {port for module in CATALOGUE.modules.values() for port in module.written}
    for parameter in CATALOGUE.parameters.values():
        if parameter.species != "human" or parameter.organ == "gut_solid":
            continue
        if parameter.organ == "port" and parameter.symbol in written:
            continue
        name = parameter.symbol if parameter.organ == "port" else f"{parameter.organ}_{parameter.symbol}"
        assert BODY.parameters[name] == parameter.value, name


def test_every_number_keeps_its_unit() -> None:
    for parameter in CATALOGUE.parameters.values():
        name = parameter.symbol if parameter.organ == "port" else f"{parameter.organ}_{parameter.symbol}"
        if name in BODY.units and parameter.organ != "gut_solid":
            assert BODY.units[name] in {parameter.unit, "dimensionless"}, name


def test_a_rat_is_made_of_what_has_rows_of_its_own_and_of_no_human_organ() -> None:
    rat = read_sbml(assemble_body(CATALOGUE, species="rat")).parameters
    own = {p.id: p.value for (_, species), p in CATALOGUE.parameters.items() if species == "rat"}

    assert own
    assert {name: rat[name.replace(".", "_")] for name in own} == own
    assert rat["csf_k"] == typical_values(CATALOGUE)["csf.k"]
    assert "gut_Vm" not in rat


def test_responses_of_a_rat_come_along_and_those_of_people_do_not() -> None:
    network = read_sbml(assemble_body(CATALOGUE, species="rat", responses=["synapse", "cognition"]))

    assert {"nmda_N", "synapse_D"} <= network.readable
    assert not [name for name in network.readable if name.startswith(("cognition_", "kidney_"))]


@pytest.mark.parametrize("solids", [0, 1, 2, 4])
def test_each_poorly_soluble_salt_has_its_own_chain(solids: int) -> None:
    network = read_sbml(assemble_body(CATALOGUE, solids=solids))
    chains = {name.split("_Mg")[0] for name in network.species if name.startswith("solid_")}

    assert chains == {f"solid_{k}" for k in range(1, solids + 1)}
    assert check_conservation(network) == []
    assert check_units(network) == []


def test_the_acid_demand_of_all_chains_is_added_up() -> None:
    assert summed_ports(CATALOGUE.modules["gut_solid"]) == {"acid_demand"}

    compiled = compile_network(BODY, ("acid_demand", "gut_J_H", "acid_limit"))
    symbols = tuple(f"solid_{k}_{name}" for k in (1, 2) for name in ("k_s", "k_i", "base"))
    row = np.array([[2.0, 0.0, 1.0, 3.0, 0.0, 1.0]])
    start = start_states(BODY, symbols, row)
    for k, amount in ((1, 5.0), (2, 7.0)):
        start[0, BODY.states.index(f"solid_{k}_Mg_solid_0")] = amount
    course = solve_cohort(compiled, SubjectInputs(symbols, row, BODY.states, start), NO_EVENTS, np.array([0.0, 1.0]))

    demand = 2.0 * 5.0 + 3.0 * 7.0
    assert course.of("acid_demand")[0, 0] == pytest.approx(demand)
    assert course.of("acid_limit")[0, 0] == pytest.approx(1.0 / (1.0 + 2.0 * demand / 24.2))


def test_integrals_are_states_that_start_at_nothing() -> None:
    start = start_states(BODY, (), np.empty((2, 0)))

    assert {"integral_Mg_plasma", "integral_kidney_FE"} <= set(BODY.rated)
    assert start[:, BODY.states.index("integral_Mg_plasma")].tolist() == [0.0, 0.0]


def test_an_organ_can_be_composed_alone() -> None:
    kidney = read_sbml(assemble_body(CATALOGUE, organs=["kidney"]))

    assert "kidney_excretion" in kidney.readable
    assert not any(name.startswith(("gut_", "bone_")) for name in kidney.readable)


def test_composing_twice_gives_the_same_text() -> None:
    assert assemble_body(CATALOGUE, solids=2) == assemble_body(CATALOGUE, solids=2)
    assert BODY.hash == read_sbml(assemble_body(CATALOGUE, solids=2, integrals=["Mg_plasma", "kidney_FE"])).hash


def test_start_states_follow_the_subject() -> None:
    """Pools that begin at a formula are computed for every subject; a level in plasma is an amount."""
    symbols = ("V_plasma", "Mg_plasma_reference", "plasma_V_2", "bone_B_0")
    values = np.array([[22.0, 0.85, 14.0, 200.0], [30.0, 0.7, 10.0, 250.0]])
    start = start_states(BODY, symbols, values)
    found = {name: start[:, BODY.states.index(name)] for name in ("Mg_plasma", "plasma_Mg_fast", "bone_Mg_surface")}

    assert_allclose(found["Mg_plasma"], [0.85 * 22.0, 0.85 * 30.0])
    assert_allclose(found["plasma_Mg_fast"], [14.0 * 0.85, 10.0 * 0.7])
    assert_allclose(found["bone_Mg_surface"], [200.0, 250.0])


@pytest.mark.parametrize(
    ("species", "carried"),
    [
        ("Mg_plasma", "Mg"),
        ("kidney_Mg_urine", "Mg"),
        ("solid_1_Mg_solid_0", "Mg"),
        ("threonate_gut", "threonate"),
        ("l_threonate_threonate_body", "threonate"),
        ("kidney_urine", ""),
        ("csf_MgSO4", ""),
    ],
)
def test_a_species_carries_what_its_name_begins_with(species: str, carried: str) -> None:
    assert moiety(species) == carried


def test_an_unknown_organ_is_refused() -> None:
    with pytest.raises(ModelError, match="No organ called 'spleen'"):
        assemble_body(CATALOGUE, organs=["spleen"])


@pytest.mark.parametrize("text", ["", "no xml", "<sbml/>"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        read_sbml(text)

"""A broken mass balance or unit in an organ text is found in the composed body, and named with file and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.library.damage import copied_shelf, problems_of, swap
from threonate.errors import ModelError
from threonate.evidence import Catalogue, Problem, read_catalogue
from threonate.physiology import assemble_body, check_conservation, check_units, read_sbml
from threonate.simulation.body import build_body

CATALOGUE = read_catalogue()

BALANCES = [
    pytest.param(
        ("gut", "transit_1:  Mg_segment_1 => Mg_segment_2", "transit_1:  Mg_segment_1 => "),
        "transit_1:", "loses 1 Mg", id="product dropped",
    ),
    pytest.param(
        ("gut", "emptying:   Mg_stomach   => Mg_segment_1", "emptying:   => Mg_segment_1"),
        "emptying:", "makes 1 Mg", id="reactant dropped",
    ),
    pytest.param(
        ("kidney", "excretion: Mg_plasma => Mg_urine", "excretion: Mg_plasma => 2 Mg_urine"),
        "excretion:", "makes 1 Mg", id="coefficient doubled",
    ),
    pytest.param(
        ("bone", "exchange: Mg_plasma -> Mg_surface", "exchange: 2 Mg_plasma -> Mg_surface"),
        "exchange:", "loses 1 Mg", id="reversible exchange",
    ),
    pytest.param(
        ("gut_solid", "dissolve_1: Mg_solid_1 => Mg_segment_1", "dissolve_1: Mg_solid_1 => 2 Mg_segment_1"),
        "dissolve_1:", "makes 1 Mg", id="copied module",
    ),
    pytest.param(
        ("l_threonate", "absorption:  threonate_gut => threonate_body", "absorption:  threonate_gut => "),
        "absorption:", "loses 1 threonate", id="threonate",
    ),
    pytest.param(
        ("plasma", "infusion: Mg_bag => Mg_plasma", "infusion: $Mg_bag => Mg_plasma"),
        "infusion:", "never runs out|without end", id="bag that never empties",
    ),
]  # fmt: skip
UNITS = [
    ("kidney", "k_dial * (Mg_plasma", "k_dial * Mg_plasma * (Mg_plasma", "dialysis:"),
    ("gut", "phi * f_col * k_a * Mg_colon", "phi * f_col * Mg_colon", "uptake_colon:"),
    ("csf", "- A_salt) / tau_A", "- A_salt)", "A_salt' ="),
    ("gut", "T_SI := t_transit", "T_SI := t_transit * t_transit", "T_SI :="),
    ("plasma", "Mg_fast = V_2 * Mg_plasma_reference", "Mg_fast = Mg_plasma_reference", "Mg_fast ="),
]


def broken(organ: str, old: str, new: str) -> Catalogue:
    """The catalogue with one piece of one organ text replaced."""
    module = CATALOGUE.modules[organ]
    assert old in module.text
    changed = replace(module, text=module.text.replace(old, new, 1))
    return replace(CATALOGUE, modules={**CATALOGUE.modules, organ: changed}, hash=f"broken {organ} {new}")


def line_text(catalogue: Catalogue, organ: str, problem: Problem) -> str:
    return catalogue.modules[organ].text.splitlines()[problem.line - 1]


def test_the_shipped_body_is_sound_with_any_number_of_solids() -> None:
    for solids in (0, 1, 3):
        network = read_sbml(assemble_body(CATALOGUE, solids=solids))

        assert check_conservation(network, CATALOGUE) == []
        assert check_units(network, CATALOGUE) == []


@pytest.mark.parametrize(("edit", "at", "says"), BALANCES)
def test_broken_balance_is_found(edit: tuple[str, str, str], at: str, says: str) -> None:
    catalogue = broken(*edit)

    [problem] = check_conservation(read_sbml(assemble_body(catalogue)), catalogue)
    assert problem.file == f"organs/{edit[0]}/{edit[0]}.ant"
    assert at in line_text(catalogue, edit[0], problem)
    assert any(piece in problem.reason for piece in says.split("|"))
    assert problem.remedy


def test_every_copy_of_a_broken_module_is_reported() -> None:
    catalogue = broken("gut_solid", "emptying:   Mg_solid_0 => Mg_solid_1", "emptying:   Mg_solid_0 => ")

    problems = check_conservation(read_sbml(assemble_body(catalogue, solids=2)), catalogue)
    assert {problem.line for problem in problems} == {problems[0].line}
    assert ["solid_1" in problems[0].reason, "solid_2" in problems[1].reason] == [True, True]


def test_without_a_catalogue_the_reaction_is_still_named() -> None:
    catalogue = broken("kidney", "excretion: Mg_plasma => Mg_urine", "excretion: Mg_plasma => ")

    [problem] = check_conservation(read_sbml(assemble_body(catalogue)))
    assert "kidney_excretion" in problem.reason


@pytest.mark.parametrize(("organ", "old", "new", "at"), UNITS)
def test_wrong_unit_in_a_formula_is_found(organ: str, old: str, new: str, at: str) -> None:
    catalogue = broken(organ, old, new)

    [problem] = check_units(read_sbml(assemble_body(catalogue)), catalogue)
    assert problem.file == f"organs/{organ}/{organ}.ant"
    assert at in line_text(catalogue, organ, problem)
    assert "unit" in problem.reason


@pytest.mark.parametrize("edit", [BALANCES[0].values[0], UNITS[0][:3]], ids=["balance", "unit"])
def test_nothing_is_simulated_with_a_broken_body(edit: tuple[str, str, str]) -> None:
    with pytest.raises(ModelError, match=rf"organs/{edit[0]}/{edit[0]}\.ant, line \d+"):
        build_body(broken(*edit))


def test_text_that_is_no_antimony_is_named_with_its_line() -> None:
    with pytest.raises(ModelError, match=r"organs/bone/bone\.ant, line 13"):
        assemble_body(broken("bone", "PS * (Mg_plasma", "PS * ((Mg_plasma"))


def test_a_value_that_nobody_gives_is_no_zero() -> None:
    """The reader of the shelf finds such a slip first; the composer does not trust that."""
    with pytest.raises(ModelError, match="kidney_k_dail"):
        assemble_body(broken("kidney", "k_dial * (Mg_plasma", "k_dail * (Mg_plasma"))


def test_a_broken_balance_is_no_problem_of_the_reader(tmp_path: Path) -> None:
    """Structure is checked where it is composed; names, numbers and sources where they are read."""
    root = copied_shelf(tmp_path)
    swap("organs/gut/gut.ant", "transit_1:  Mg_segment_1 => Mg_segment_2", "transit_1:  Mg_segment_1 => ")(root)

    assert problems_of(root) == ()
    catalogue = read_catalogue(root)
    [problem] = check_conservation(read_sbml(assemble_body(catalogue)), catalogue)
    assert (problem.file, problem.line) == ("organs/gut/gut.ant", 53)

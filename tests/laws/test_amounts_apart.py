"""A mass of salt is never a mass of magnesium, from the question to what arrives in the stomach."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from threonate.errors import ThreonateError
from threonate.evidence import Compound, read_catalogue
from threonate.regimen import CompoundMass, ElementalMass, Product, Regimen
from threonate.schedule import ADD
from threonate.simulation import Scenario, check_names, daily_dose, read_scenario
from threonate.simulation.findings import Levels, exposure_of
from threonate.simulation.plan import plan_arm
from threonate.simulation.run import draw
from threonate.units import MAGNESIUM_MG_PER_MMOL

CATALOGUE = read_catalogue()
SALTS = [compound for compound in CATALOGUE.compounds.values() if compound.id != "diet"]
TWO_GRAMS = 2000.0
AS_MAGNESIUM = TWO_GRAMS / MAGNESIUM_MG_PER_MMOL


def swallowed_mmol(scenario: Scenario) -> float:
    """Magnesium that reaches the stomach on the first day of the regimen, dissolved or not, food apart."""
    named = check_names(scenario, CATALOGUE)
    plan = plan_arm(named, draw(named, CATALOGUE), CATALOGUE, "apart")
    events = plan.events
    start = -plan.grid.first_day * 24.0
    carries = np.array(["Mg_s" in target for target in events.targets])
    rows = (events.operation == ADD) & carries[events.target] & (events.times_h >= start)
    food = 285.0 / MAGNESIUM_MG_PER_MMOL
    return float(events.value[rows & (events.times_h < start + 24.0)].sum()) - food


def one_day(**fields: object) -> Scenario:
    return Scenario.model_validate({"days": 1, "run_in_days": 1, "subjects": 1, "dietary_mg": 285.0, **fields})


@pytest.mark.parametrize("compound", SALTS, ids=lambda compound: compound.id)
def test_two_grams_of_a_salt_hold_what_label_or_formula_say(compound: Compound) -> None:
    by_label = compound.label_mg_per_g
    by_formula = 1000.0 * compound.magnesium_atoms * MAGNESIUM_MG_PER_MMOL / compound.molar_mass
    expected = TWO_GRAMS / 1000.0 * (by_formula if by_label is None else by_label) / MAGNESIUM_MG_PER_MMOL
    found = swallowed_mmol(one_day(compound=compound.id, compound_mg=TWO_GRAMS))

    assert found == pytest.approx(expected, rel=1e-9)
    assert found < 0.75 * AS_MAGNESIUM


@pytest.mark.parametrize("compound", SALTS, ids=lambda compound: compound.id)
def test_magnesium_is_magnesium_in_any_salt(compound: Compound) -> None:
    found = swallowed_mmol(one_day(compound=compound.id, elemental_mg=TWO_GRAMS))

    assert found == pytest.approx(AS_MAGNESIUM, rel=1e-9)


WAYS = {
    "nothing said": {},
    "compound_mg": {"compound_mg": TWO_GRAMS},
    "a synonym": {"compound": "Magtein", "compound_mg": TWO_GRAMS},
    "six portions": {"compound_mg": TWO_GRAMS, "doses_per_day": 6},
    "with meals": {"compound_mg": TWO_GRAMS, "meals": "with", "doses_per_day": 3},
    "hours named": {"compound_mg": TWO_GRAMS, "dose_times_h": (8.0, 20.0)},
    "as text": {"compound_mg": "2000"},
    "beside an infusion": {"compound_mg": TWO_GRAMS, "compound": "l_threonate", "iv_mgso4_g": 1.0},
}


@pytest.mark.parametrize("fields", WAYS.values(), ids=WAYS)
def test_two_grams_of_l_threonate_are_144_mg_however_they_are_asked_for(fields: dict[str, object]) -> None:
    scenario = check_names(one_day(**fields), CATALOGUE)
    _, dose = daily_dose(scenario, CATALOGUE)

    assert swallowed_mmol(scenario) * MAGNESIUM_MG_PER_MMOL == pytest.approx(144.0)
    assert dose.used == ElementalMass(144.0)
    assert exposure_of(scenario, CATALOGUE, Levels()).supplement_mg_per_day == pytest.approx(144.0)
    assert exposure_of(scenario, CATALOGUE, Levels()).compound_mg_per_day == pytest.approx(TWO_GRAMS)


REFUSED = {
    "both masses": {"compound_mg": TWO_GRAMS, "elemental_mg": TWO_GRAMS},
    "a label of pure magnesium": {"compound_mg": TWO_GRAMS, "label_mg_per_g": 1000.0},
    "a label of three times the formula": {"compound_mg": TWO_GRAMS, "label_mg_per_g": 250.0},
    "a mass of nothing in particular": {"mg": TWO_GRAMS},
    "a dose of no compound": {"compound": "none", "elemental_mg": TWO_GRAMS},
    "food as a supplement": {"compound": "diet", "compound_mg": TWO_GRAMS},
    "a unit in the number": {"compound_mg": "2000 mg"},
    "grams of oxide by mistake for milligrams": {"compound": "oxide", "compound_mg": 50_000.0},
}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED)
def test_what_could_confuse_them_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises((ThreonateError, ValidationError)):
        swallowed_mmol(one_day(**fields))
    with pytest.raises(ThreonateError):
        swallowed_mmol(read_scenario({"days": 1, "run_in_days": 1, "subjects": 1, **fields}))


def test_changing_the_way_of_saying_replaces_the_other() -> None:
    """A file says one thing and the command line another: never both."""
    scenario = read_scenario({"compound_mg": TWO_GRAMS}, {"elemental_mg": 144.0})

    assert (scenario.compound_mg, scenario.elemental_mg) == (None, 144.0)


def test_a_regimen_takes_no_magnesium_for_a_salt() -> None:
    product = Product(CATALOGUE.compounds["l_threonate"])
    for wrong in (ElementalMass(TWO_GRAMS), TWO_GRAMS, ElementalMass(TWO_GRAMS).millimole):
        with pytest.raises(TypeError):
            Regimen(product, wrong, (9.0,), (7.0,), days=1)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            product.elemental(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        product.compound_mass(CompoundMass(TWO_GRAMS))  # type: ignore[arg-type]

"""The baseline search: everybody who can be in balance is, stays there, and nobody is counted who cannot."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, simulate
from threonate.simulation.run import baseline_of, draw, draw_people

CATALOGUE = read_catalogue()


def baseline(**fields):
    scenario = Scenario(compound="none", days=7, hypothesis="null", seed=5, **fields)
    return baseline_of(scenario, draw(scenario, CATALOGUE), CATALOGUE)


@pytest.mark.parametrize("weight", [5.0, 20.0, 30.0])
def test_light_people_on_much_food_have_a_steady_state(weight: float) -> None:
    found = baseline(subjects=100, weight_kg=weight, dietary_mg=1000.0)

    assert found.ok.all()


@pytest.mark.parametrize("serum", [0.4, 0.6, 1.5])
def test_a_threshold_is_found_for_unusual_levels(serum: float) -> None:
    assert baseline(subjects=60, serum_mmol_per_l=serum).ok.all()


def test_who_loses_more_than_he_eats_at_any_level_has_none() -> None:
    """Ten milligrams a day are less than what some people lose in sweat and gut juice whatever their level."""
    found = baseline(subjects=60, dietary_mg=10.0)
    level = found.table.values["port.Mg_plasma_reference"]

    assert not found.ok.all()
    assert (level[~found.ok] < 0.3).all()


def test_the_level_of_the_balance_is_the_mean_level_of_the_day() -> None:
    """Also in light people, in whom meals swing the level most; and eight weeks later it is still the same."""
    scenario = Scenario(
        compound="none",
        days=56,
        run_in_days=7,
        hypothesis="null",
        seed=5,
        subjects=20,
        weight_kg=20.0,
        dietary_mg=1000.0,
    )
    result = simulate(scenario, CATALOGUE)
    rows = result.arms[0].daily.filter(pl.col("endpoint") == "Mg_plasma").sort("subject", "day")
    daily = rows["value"].to_numpy().reshape(20, -1)
    level = np.asarray(result.subjects["Mg_plasma_baseline"])[:, None]

    np.testing.assert_allclose(daily, daily[:, :1] + np.zeros_like(daily), atol=5e-4)
    np.testing.assert_allclose(daily, level + np.zeros_like(daily), atol=2e-3)


@pytest.mark.parametrize("serum", [None, 0.72])
def test_a_baseline_is_the_subject_s_own_to_the_last_digit(serum: float | None) -> None:
    scenario = Scenario(compound="none", days=7, hypothesis="null", seed=5, subjects=21, serum_mmol_per_l=serum)
    together = draw_people(scenario, CATALOGUE).baseline

    for subject in (0, 7, 20):
        alone = draw_people(scenario, CATALOGUE, range(subject, subject + 1)).baseline
        for name, column in together.states.items():
            np.testing.assert_array_equal(alone.states[name][0], column[subject])
        for name, column in together.table.values.items():
            np.testing.assert_array_equal(alone.table.values[name][0], column[subject])

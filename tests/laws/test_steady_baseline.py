"""Everybody starts where his diet keeps him, and chance is in its place."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose
from polars.testing import assert_frame_equal

from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, SimulationResult, simulate
from threonate.simulation.arms import Cast, solve_arm
from threonate.simulation.body import build_body
from threonate.simulation.plan import plan_arm, poorly_soluble
from threonate.simulation.result import Arm
from threonate.simulation.run import baseline_of, draw

CATALOGUE = read_catalogue()
EIGHT_WEEKS = 56
PEOPLE = {
    "healthy adults": {"subjects": 20},
    "little food": {"subjects": 6, "dietary_mg": 80.0},
    "sick kidneys": {"subjects": 6, "egfr": 12.0},
    "dialysed": {"subjects": 6, "egfr": 5.0, "conditions": ("haemodialysis",)},
    "pregnant": {"subjects": 6, "conditions": ("pregnancy",)},
    "low serum": {"subjects": 6, "serum_mmol_per_l": 0.72},
    "daily rhythm": {"subjects": 6, "circadian_amplitude": 0.05},
    "typical adult": {"subjects": 1},
}


@lru_cache(maxsize=32)
def untreated(name: str) -> SimulationResult:
    """Eight weeks and a week of nothing but food."""
    scenario = Scenario(compound="none", days=EIGHT_WEEKS, run_in_days=7, hypothesis="null", seed=5, **PEOPLE[name])
    return simulate(scenario, CATALOGUE)


def daily(arm: Arm, endpoint: str) -> np.ndarray:
    """(subject, day) values of an endpoint."""
    rows = arm.daily.filter(pl.col("endpoint") == endpoint).sort("subject", "day")
    return rows["value"].to_numpy().reshape(rows["subject"].n_unique(), -1)


@pytest.mark.parametrize("name", PEOPLE)
def test_without_a_supplement_nothing_changes(name: str) -> None:
    [arm] = untreated(name).arms
    plasma, urine = daily(arm, "Mg_plasma"), daily(arm, "Mg_urine_24h")

    assert arm.status["ok"].all(), arm.status
    assert_allclose(plasma, plasma[:, :1] + np.zeros_like(plasma), atol=2e-3)
    assert_allclose(urine, urine[:, :1] + np.zeros_like(urine), rtol=1e-2)
    assert_allclose(daily(arm, "Mg_csf_relative"), 1.0, atol=2e-3)


@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_comes_of_no_supplement(name: str) -> None:
    balance = untreated(name).arms[0].balance
    places = balance.filter(pl.col("place") != "swallowed").group_by("subject").agg(pl.col("mmol").abs().max())

    assert (balance.filter(pl.col("place") == "swallowed")["mmol"] == 0.0).all()
    assert places["mmol"].max() < 0.5  # of some 650 mmol eaten in eight weeks


@pytest.mark.parametrize("serum", [0.70, 0.85, 0.95])
def test_a_measured_level_is_met(serum: float) -> None:
    scenario = Scenario(compound="none", days=7, subjects=16, seed=3, serum_mmol_per_l=serum, hypothesis="null")
    result = simulate(scenario, CATALOGUE)

    assert result.arms[0].status["ok"].all()
    assert_allclose(daily(result.arms[0], "Mg_plasma"), serum, atol=2e-3)
    assert result.subjects["Mg_plasma_baseline"].to_list() == [serum] * 16


def test_pregnancy_keeps_the_usual_level_and_moves_the_threshold() -> None:
    usual = Scenario(compound="none", days=3, subjects=8, seed=5, hypothesis="null")
    with_child = usual.model_copy(update={"conditions": ("pregnancy",)})
    before, after = (simulate(scenario, CATALOGUE).arms[0] for scenario in (usual, with_child))

    assert_allclose(daily(after, "Mg_plasma"), daily(before, "Mg_plasma"), atol=2e-3)


SHORT = {"days": 3, "run_in_days": 1, "hypothesis": "both", "seed": 9}
COURSES = [
    pytest.param({"compound": "l_threonate", "compound_mg": 2000.0}, id="soluble"),
    pytest.param({"compound": "oxide", "elemental_mg": 300.0, "missed_dose_share": 0.3}, id="base, doses missed"),
    pytest.param({"compound": "citrate", "elemental_mg": 300.0, "serum_mmol_per_l": 0.8}, id="measured level"),
]


def frames(result: SimulationResult) -> list[pl.DataFrame]:
    return [frame for arm in result.arms for frame in (arm.daily, arm.course, arm.balance, arm.status)]


@pytest.mark.parametrize("dose", COURSES)
def test_same_seed_same_result_bit_for_bit(dose: dict[str, object]) -> None:
    first, second = (simulate(Scenario(subjects=4, **SHORT, **dose), CATALOGUE) for _ in range(2))

    for one, other in zip(frames(first), frames(second), strict=True):
        assert_frame_equal(one, other, check_exact=True)
    assert first.provenance == second.provenance


def test_another_seed_is_another_cohort() -> None:
    first, second = (simulate(Scenario(subjects=3, **{**SHORT, "seed": seed}), CATALOGUE) for seed in (0, 1))

    assert not np.allclose(daily(first.arms[0], "Mg_plasma"), daily(second.arms[0], "Mg_plasma"), atol=1e-3)


@pytest.mark.parametrize("dose", COURSES)
def test_first_subjects_do_not_change_when_there_are_more(dose: dict[str, object]) -> None:
    few, many = (simulate(Scenario(subjects=n, **SHORT, **dose), CATALOGUE) for n in (3, 11))

    for one, other in zip(frames(few), frames(many), strict=True):
        assert_frame_equal(one, other.filter(pl.col("subject") < 3), check_exact=True, check_row_order=False)


def solved(scenario: Scenario) -> list[Arm]:
    """Both hypotheses solved apart, without the short cut that skips what cannot differ."""
    cohort = draw(scenario, CATALOGUE)
    cast = Cast(cohort, baseline_of(scenario, cohort, CATALOGUE), scenario.transfer_probability)
    plan = plan_arm(scenario, cohort, CATALOGUE, "apart")
    body = build_body(CATALOGUE, poorly_soluble(plan.compound))
    return [solve_arm(cast, body, plan, hypothesis) for hypothesis in ("null", "threonate")]


@pytest.mark.parametrize("compound", ["citrate", "oxide", "none"])
def test_null_is_threonate_where_there_is_no_threonate(compound: str) -> None:
    dose = {} if compound == "none" else {"elemental_mg": 300.0}
    null, threonate = solved(Scenario(compound=compound, days=21, subjects=3, seed=2, **dose))

    assert_frame_equal(null.daily, threonate.daily, check_exact=True)
    assert_frame_equal(null.course, threonate.course, check_exact=True)


def test_null_and_threonate_share_the_body_and_differ_in_the_brain() -> None:
    null, threonate = solved(Scenario(days=21, subjects=3, seed=2))

    for endpoint in CATALOGUE.endpoints.values():
        one, other = daily(null, endpoint.id), daily(threonate, endpoint.id)
        if endpoint.brain:
            assert (other[:, -1] > one[:, -1] + 1e-4).all(), endpoint.id
        else:
            assert_allclose(other, one, rtol=1e-4, atol=1e-5, err_msg=endpoint.id)


def test_a_transfer_that_never_happens_is_null() -> None:
    null, threonate = solved(Scenario(days=21, subjects=3, seed=2, transfer_probability=0.0))

    assert_frame_equal(null.daily, threonate.daily, check_exact=True)

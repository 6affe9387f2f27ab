"""The native engine against libroadrunner on the whole body: random subjects, an 84-day regimen, every observable."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from tests.oracle.solve import solve_oracle
from threonate.endpoints import recorded_ids
from threonate.engine import SubjectInputs, Tolerance, Trajectories, compile_network, solve_cohort
from threonate.evidence import read_catalogue
from threonate.schedule import EventTable
from threonate.simulation import Scenario
from threonate.simulation.arms import Cast, hypothesis_values, recording_times, solid_rates
from threonate.simulation.body import COURSE_COLUMNS, build_body, subject_inputs
from threonate.simulation.plan import plan_arm, poorly_soluble
from threonate.simulation.run import baseline_of, draw

SUBJECTS = 12
Question = tuple[object, SubjectInputs, EventTable, np.ndarray]


@lru_cache(maxsize=4)
def question(compound: str) -> Question:
    """One arm, ready to be solved by anybody; only what a person reads is recorded."""
    catalogue = read_catalogue()
    scenario = Scenario(compound=compound, subjects=SUBJECTS, seed=11)
    cohort = draw(scenario, catalogue)
    cast = Cast(cohort, baseline_of(scenario, cohort, catalogue), 1.0)
    plan = plan_arm(scenario, cohort, catalogue, compound)
    body = build_body(catalogue, poorly_soluble(plan.compound))
    readable = tuple(dict.fromkeys([*COURSE_COLUMNS.values(), *recorded_ids(catalogue.endpoints.values())]))
    table = cast.baseline.table.with_values(hypothesis_values(cohort, body, "threonate", 1.0))
    inputs = subject_inputs(body, table, solid_rates(body, cohort))
    return compile_network(body.network, readable), inputs, plan.events, recording_times(plan.grid)


@lru_cache(maxsize=4)
def truth(compound: str) -> Trajectories:
    return solve_oracle(*question(compound))  # type: ignore[arg-type]


@pytest.mark.parametrize("compound", ["l_threonate", "oxide"])
@pytest.mark.parametrize(("tolerance", "largest"), [(Tolerance.DEFAULT, 1e-5), (Tolerance.REFERENCE, 1e-7)])
def test_every_observable_agrees(compound: str, tolerance: Tolerance, largest: float) -> None:
    """Relative to the largest value of the observable in this subject, so that zeros are compared too."""
    ours = solve_cohort(*question(compound), tolerance=tolerance)  # type: ignore[arg-type]
    theirs = truth(compound)

    assert ours.ok.all()
    assert theirs.ok.all()
    scale = np.abs(theirs.values).max(axis=1, keepdims=True) + 1e-12
    error = (np.abs(ours.values - theirs.values) / scale).max(axis=(0, 1))
    worst = int(error.argmax())
    assert error[worst] <= largest, f"{ours.observables[worst]}: {error[worst]:.1e}"

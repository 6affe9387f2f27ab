"""A body that records less is solved as a full run solves it."""

from __future__ import annotations

import numpy as np
import pytest

from threonate.evidence import read_catalogue
from threonate.simulation import Scenario
from threonate.simulation.body import build_body
from threonate.simulation.fate import fate_body
from threonate.simulation.glance import SHOWN, glance_body
from threonate.simulation.run import draw_people, settle, solve_people

CATALOGUE = read_catalogue()


@pytest.mark.parametrize("make", [glance_body, fate_body])
@pytest.mark.parametrize("solids", [(), ("oxide",)])
def test_by_the_same_method(make, solids):
    whole, few = build_body(CATALOGUE, solids), make(CATALOGUE, solids)

    assert few.compiled.method == whole.compiled.method
    assert set(few.compiled.observables) < set(whole.compiled.observables)


def test_a_quick_answer_holds_the_numbers_of_the_full_run():
    """It carries less, so that its steps differ, but by no more than the promise of the tolerance."""
    scenario = Scenario(subjects=3, days=5, run_in_days=2)
    question, people = settle([scenario], CATALOGUE), draw_people(scenario, CATALOGUE)
    whole, few = (solve_people(question, people, CATALOGUE, build=build) for build in (build_body, glance_body))

    for full, quick in zip(whole.arms, few.arms, strict=True):
        expected = full.daily.filter(full.daily["endpoint"].is_in(SHOWN))
        assert quick.daily.drop("value").equals(expected.drop("value"))
        np.testing.assert_allclose(quick.daily["value"], expected["value"], rtol=1e-5)

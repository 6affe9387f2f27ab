"""The peak of an infusion lies at its end, between the marks of the recording grid."""

from __future__ import annotations

import pytest

from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, simulate


def test_the_level_at_the_end_of_an_infusion_is_recorded() -> None:
    scenario = Scenario(iv_mgso4_g=4, iv_minutes=20, days=1, run_in_days=1, subjects=1, hypothesis="null")
    course = simulate(scenario, read_catalogue()).arms[0].course
    peak = course.sort("Mg_plasma")[-1]

    assert peak["time_h"][0] == pytest.approx(8.0 + 1.0 / 3.0)
    assert peak["Mg_plasma"][0] == pytest.approx(1.53, abs=0.03)

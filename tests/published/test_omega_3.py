"""Omega-3: a null with its interval, and no way for magnesium to enter."""

from __future__ import annotations

import pytest

from tests.published.many import solve_many
from tests.responses import shelf_with

YEAR = 8766.0


def change(**columns: float) -> float:
    found = solve_many("omega_3", columns, [0.0, 1e-3], "cognition_change", ports={"treatment_time": YEAR})
    return float(found["cognition_change"][0, 0])


def test_null_by_default_and_the_published_slope_when_asked() -> None:
    assert change(taken=1.0) == 0.0
    assert change(taken=1.0, effect_on=1.0) == pytest.approx(-0.01)
    assert change(taken=0.0, effect_on=1.0) == 0.0


def test_no_interaction_with_magnesium() -> None:
    response = shelf_with("omega_3").responses["omega_3"]

    assert response.module.ports == ("treatment_time",)
    assert response.links["omega_3_with_magnesium"].grade == "U"
    assert not response.links["omega_3_with_magnesium"].switch


def test_spread_is_the_published_interval() -> None:
    row = shelf_with("omega_3").responses["omega_3"].parameters["omega_3.slope", "human"]

    assert 2 * 1.96 * row.uncertainty_sd == pytest.approx(0.003 + 0.02, abs=0.0005)

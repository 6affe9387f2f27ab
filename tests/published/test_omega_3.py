"""Omega-3: a null with its interval, and no way for magnesium to enter."""

from __future__ import annotations

import pytest

from tests.published.responses.omega_3 import ROWS, change
from tests.responses import shelf_with


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


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_the_trial(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

"""Migraine: a placebo course and an uncertain part of magnesium that crosses zero."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from tests.published.many import solve_many
from tests.published.responses.migraine import ROWS, fall
from tests.responses import shelf_with


def test_the_magnesium_part_is_an_eighth_at_exposure_one() -> None:
    assert fall(1.0) - fall(0.0) == pytest.approx(-13.0, abs=0.01)


def test_its_band_crosses_zero() -> None:
    row = shelf_with("migraine").responses["migraine"].parameters["migraine.dM", "human"]
    low, high = norm.ppf([0.05, 0.95], row.value, row.uncertainty_sd)

    assert (low, high) == pytest.approx((-0.38, 0.12), abs=0.006)
    assert row.distribution == "normal"


def test_attacks_never_fall_below_zero() -> None:
    assert fall(1.5, dM=-0.9) == -100.0


def test_days_are_attacks_times_their_length() -> None:
    columns = {"M_0": 4.0, "days_per_attack": 2.5}
    found = solve_many("migraine", columns, [0.0, 1e-3], "days", "attacks", ports={"occupancy": 1.0})

    np.testing.assert_allclose(found["days"], 2.5 * found["attacks"])


def test_off_is_placebo() -> None:
    ports = {"occupancy": 1.0, "treatment_time": np.linspace(0.0, 2016.0, 5)}
    found = solve_many("migraine", {"magnesium_on": 0.0}, [0.0, 1e-3], "attacks", "attacks_untreated", ports=ports)

    np.testing.assert_array_equal(found["attacks"], found["attacks_untreated"])


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

"""Blood pressure: a gated fall over twelve weeks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.published.many import solve_many
from tests.published.responses.blood_pressure import ROWS, TWELVE_WEEKS, change
from threonate.evidence import read_catalogue


def gate(level: float) -> float:
    return 1.0 / (1.0 + math.exp((level - 0.75) / 0.03))


@pytest.mark.parametrize(("level", "fall"), [(0.80, -0.45), (0.85, -0.10)])
def test_replete_people_hardly_fall(level: float, fall: float) -> None:
    assert change("SBP", gate(level)) == pytest.approx(fall, abs=0.006)


def test_the_fall_takes_twelve_weeks() -> None:
    course = [change("SBP", 1.0, weeks / 12.0 * TWELVE_WEEKS) for weeks in (0, 6, 12, 24)]

    assert course == pytest.approx([0.0, -1.405, -2.81, -2.81])


def test_placebo_course_is_that_of_the_user() -> None:
    ports = {"treatment_time": TWELVE_WEEKS, "occupancy": 0.0, "status_gate": 1.0}
    found = solve_many("blood_pressure", {"SBP_0": 140.0, "placebo_SBP": -4.0}, [0.0, 1.0], "SBP", ports=ports)

    assert found["SBP"][0, 0] == pytest.approx(136.0)


def test_without_the_switch_it_is_the_untreated_course() -> None:
    ports = {"occupancy": 1.5, "status_gate": 1.0, "treatment_time": TWELVE_WEEKS}
    names = ("SBP", "SBP_untreated", "DBP", "DBP_untreated")
    found = solve_many("blood_pressure", {"magnesium_on": 0.0, "placebo_SBP": -3.0}, [0.0, 1.0], *names, ports=ports)

    np.testing.assert_array_equal(found["SBP"], found["SBP_untreated"])
    np.testing.assert_array_equal(found["DBP"], found["DBP_untreated"])


@pytest.mark.parametrize(("symbol", "low", "high"), [("dSBP", -4.32, -1.29), ("dDBP", -3.23, -0.88)])
def test_prior_is_the_published_interval(symbol: str, low: float, high: float) -> None:
    row = read_catalogue().responses["blood_pressure"].parameters[f"blood_pressure.{symbol}", "human"]

    found = (row.value - 1.96 * row.uncertainty_sd, row.value + 1.96 * row.uncertainty_sd)
    assert found == pytest.approx((low, high), abs=0.02)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

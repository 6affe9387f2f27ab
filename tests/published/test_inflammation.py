"""C-reactive protein: the two gates, the null of interleukin-6, and a miss that stays."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many
from tests.published.responses.inflammation import ROWS, change
from tests.responses import shelf_with

MONTH = 30 * 24.0


@pytest.mark.parametrize(("level", "fall"), [(1, 0.0), (2, -0.07), (3, -0.42), (4, -0.99), (5, -1.37), (8, -2.24)])
def test_only_a_raised_level_falls(level: float, fall: float) -> None:
    assert change(level) == pytest.approx(fall, abs=0.0055)


@pytest.mark.parametrize(("level", "fall"), [(1, -0.24), (2, -0.48), (3, -0.77)])
def test_low_magnesium_opens_the_gate(level: float, fall: float) -> None:
    assert change(level, gate=0.84) == pytest.approx(fall, abs=0.0055)


def test_production_and_clearance_set_the_pace() -> None:
    """Half of the change comes in 19 h."""
    ports = {"occupancy": 1.0, "status_gate": 1.0}
    course = solve_many("inflammation", {"CRP_0": 4.0}, [0.0, 19.0, MONTH], "CRP", ports=ports)["CRP"][0]

    assert (course[1] - course[0]) / (course[2] - course[0]) == pytest.approx(0.5, abs=1e-4)


def test_without_the_switch_it_is_the_untreated_course() -> None:
    columns = {"CRP_0": [1.0, 5.0], "magnesium_on": 0.0}
    found = solve_many(
        "inflammation", columns, [0.0, 10.0, MONTH], "CRP", "CRP_untreated", "IL6_change",
        ports={"occupancy": 1.5, "status_gate": 1.0},
    )  # fmt: skip

    np.testing.assert_array_equal(found["CRP"], found["CRP_untreated"])
    assert np.all(found["IL6_change"] == 0.0)


def test_interleukin_6_shows_the_published_interval_when_asked() -> None:
    row = shelf_with("inflammation").responses["inflammation"].parameters["inflammation.IL6_shift", "human"]

    assert (row.value - 1.96 * row.uncertainty_sd, row.value + 1.96 * row.uncertainty_sd) == pytest.approx(
        (-3.52, 3.26), abs=0.06
    )


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

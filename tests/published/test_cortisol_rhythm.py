"""The rhythm of cortisol: period, mean and range, and what less drive does to them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from tests.published.many import solve_many

SETTLED_H, WINDOW_H, STEP_H = 1000.0, 2000.0, 0.05
TIMES = np.arange(0.0, SETTLED_H + WINDOW_H, STEP_H)


@cache
def rhythm(depression: float = 0.0, drive: float = 1.0) -> tuple[float, float, float, float]:
    """Period [h], and mean, least and greatest cortisol over whole periods."""
    columns = {"depression": depression, "drive_on": 1.0, "d_k": 1.0 - drive}
    ports = {"occupancy": 1.0, "status_gate": 1.0}
    cortisol = solve_many("cortisol_rhythm", columns, TIMES, "cortisol", ports=ports)["cortisol"][0]
    late = TIMES >= SETTLED_H
    course = CubicSpline(TIMES[late], cortisol[late])
    turns = course.derivative().roots(extrapolate=False)
    peaks = turns[course(turns, 2) < 0.0]
    period = float(np.diff(peaks).mean())
    mean = float(course.integrate(peaks[0], peaks[-1]) / (peaks[-1] - peaks[0]))
    return period, mean, float(cortisol[late].min()), float(cortisol[late].max())


def test_health() -> None:
    period, mean, least, greatest = rhythm()

    assert period == pytest.approx(24.08, abs=0.006)
    assert mean == pytest.approx(11.9, abs=0.06)
    assert (least, greatest) == pytest.approx((1.70, 22.67), abs=0.01)


def test_major_depression() -> None:
    """Printed 24.35 h, found 24.344."""
    period, mean, _, _ = rhythm(depression=1.0)

    assert period == pytest.approx(24.35, abs=0.01)
    assert mean == pytest.approx(13.52, abs=0.01)


@pytest.mark.parametrize(
    ("drive", "change", "period"), [(0.98, -1.16, 24.00), (0.95, -2.93, 23.87), (0.90, -5.94, 23.66)]
)
def test_less_drive(drive: float, change: float, period: float) -> None:
    assert 100.0 * (rhythm(drive=drive)[1] / rhythm()[1] - 1.0) == pytest.approx(change, abs=0.02)
    assert rhythm(drive=drive)[0] == pytest.approx(period, abs=0.006)


def test_without_the_switch_it_is_the_untreated_course() -> None:
    ports = {"occupancy": 1.5, "status_gate": 1.0}
    found = solve_many(
        "cortisol_rhythm", {"drive_on": 0.0}, TIMES[::200], "cortisol", "cortisol_untreated", ports=ports
    )

    np.testing.assert_allclose(found["cortisol"], found["cortisol_untreated"], rtol=1e-9)

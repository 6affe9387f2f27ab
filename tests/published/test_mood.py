"""Scores of mood: a placebo course, one prior or the other, a gate."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many
from tests.published.responses.mood import ROWS, effect, gate, score

MANY_WEEKS = 100.0


@pytest.mark.parametrize(("level", "size"), [(0.65, -0.58), (0.70, -0.50), (0.75, -0.30), (0.80, -0.10), (0.85, -0.02)])
def test_gated_default(level: float, size: float) -> None:
    assert effect("BDI", MANY_WEEKS, level) / 8.4 == pytest.approx(size, abs=0.006)


@pytest.mark.parametrize(("level", "size"), [(0.70, -0.62), (0.80, -0.12), (0.85, -0.03)])
def test_anchored_at_the_trial_it_stays_a_null_in_the_replete(level: float, size: float) -> None:
    anchored = -0.62 / gate(0.70)

    assert effect("BDI", MANY_WEEKS, level, dS_gated=anchored) / 8.4 == pytest.approx(size, abs=0.006)


@pytest.mark.parametrize("level", [0.65, 0.75, 0.85])
def test_the_other_prior_takes_the_place_of_the_gated_one(level: float) -> None:
    assert effect("PHQ", MANY_WEEKS, level, ungated_on=1.0) / 5.0 == pytest.approx(-0.2)


def test_placebo_course() -> None:
    """30 % in the end, at half a week's rate."""
    assert score("PHQ", 2)[1] == pytest.approx(-12.0 * 0.3 * (1.0 - np.exp(-1.0)))
    assert score("PHQ", MANY_WEEKS)[1] == pytest.approx(-3.6)


def test_effect_comes_at_half_a_weeks_rate() -> None:
    assert effect("BDI", 2, 0.70) / effect("BDI", MANY_WEEKS, 0.70) == pytest.approx(1.0 - np.exp(-1.0))


def test_harm_keeps_its_sign() -> None:
    assert effect("BDI", 8, 0.65, dS_gated=0.2) > 0.0


def test_without_switches_it_is_the_untreated_course() -> None:
    ports = {"occupancy": 1.5, "status_gate": 1.0, "cofactor": 0.5, "treatment_time": 1000.0}
    names = ("PHQ", "GAD", "DASS", "BDI")
    off = {"magnesium_on": 0.0, "anxiety_on": 0.0, "threonate_on": 0.0, "ungated_on": 0.0}
    untreated = [f"{name}_untreated" for name in names]
    found = solve_many("mood", off, [0.0, 1.0], *names, *untreated, ports=ports)

    for name in names:
        np.testing.assert_array_equal(found[name], found[f"{name}_untreated"])


def test_anxiety_of_magnesium_threonate_is_null_unless_asked() -> None:
    assert effect("GAD", 8, 0.65, threonate=1.0) == 0.0
    assert effect("DASS", 8, 0.65, threonate=1.0) == 0.0
    assert effect("GAD", 8, 0.65, threonate=1.0, carry_over_on=1.0) == pytest.approx(effect("GAD", 8, 0.65))
    assert effect("GAD", 8, 0.65, threonate=1.0, threonate_on=1.0, dS_threonate=0.19) > 0.0


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

"""Vitamin D: rises at 12 weeks, the flaw in the years after, and two arrows that are off."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many
from tests.published.responses.vitamin_d import ROWS, WEEK, rise
from tests.responses import compose_response

YEAR_WEEKS = 8766.0 / WEEK


def test_baseline() -> None:
    found = solve_many("vitamin_d", {}, [0.0, 52 * WEEK], "Z", "C", ports={"occupancy": 0.0})

    assert found["Z"][0] == pytest.approx(39.2, abs=0.05)
    assert found["C"][0] == pytest.approx(3.75, rel=1e-8)


@pytest.mark.parametrize(
    ("share", "rises"), [(1.0, (20.6, 36.9, 53.5)), (0.5, (11.7, 24.2, 44.0)), (0.207, (5.2, 12.0, 28.0))]
)
def test_rise_at_12_weeks(share: float, rises: tuple[float, float, float]) -> None:
    assert [rise(units, F=share) for units in (400, 1000, 3000)] == pytest.approx(rises, abs=0.06)


@pytest.mark.parametrize(("weeks", "nmol"), [(12.0, 12.0), (YEAR_WEEKS, 15.3), (3 * YEAR_WEEKS, 20.9)])
def test_the_flaw_of_the_years(weeks: float, nmol: float) -> None:
    assert rise(1000, weeks) == pytest.approx(nmol, abs=0.06)


def test_body_mass_shifts_the_own_level_and_the_user_scales_the_response() -> None:
    columns = {"bmi_shift": [0.0, -8.0, -19.8]}
    found = solve_many("vitamin_d", columns, [0.0, 52 * WEEK], "Z", ports={"occupancy": 0.0})["Z"]

    assert found[:, 0] - found[0, 0] == pytest.approx([0.0, -8.0, -19.8])
    np.testing.assert_allclose(found[:, 1], found[:, 0], rtol=1e-7)
    assert rise(1000, bmi_factor=0.5) == pytest.approx(rise(500), rel=1e-6)


def own(level: float) -> float:
    """D3 at which production keeps this level of 25-hydroxyvitamin D [nmol/L]."""
    share = level * 0.0153 / 1.62
    return 6.39 * share / (1.0 - share)


def test_magnesium_turns_its_sign_at_75() -> None:
    """Switched on, at exposure 1: up where the level is low, nothing at 75, down above."""
    columns = {"C_0": [own(level) for level in (30.0, 75.0, 100.0)], "magnesium_on": 1.0}
    found = solve_many("vitamin_d", columns, [0.0, 12 * WEEK], "Z", ports={"occupancy": 1.0})["Z"]
    low, turn, high = found[:, 1] - found[:, 0]

    assert low > 0.5
    assert turn == pytest.approx(0.0, abs=1e-5)
    assert high < -0.5


def test_size_of_magnesium_at_rest() -> None:
    """Clearance times (1 + 0.15 (Z - 75)/75) keeps production."""
    columns = {"C_0": own(30.0), "magnesium_on": 1.0, "V25": 0.5}
    z = solve_many("vitamin_d", columns, [0.0, 52 * WEEK], "Z", ports={"occupancy": 1.0})["Z"][0, 1]

    assert z * (1.0 + 0.15 * (z - 75.0) / 75.0) == pytest.approx(30.0, rel=1e-4)


def test_off_is_the_untreated_course() -> None:
    found = solve_many("vitamin_d", {"D3": 1000.0}, [0.0, 12 * WEEK], "Z", "Z_untreated", ports={"occupancy": 1.0})

    np.testing.assert_allclose(found["Z"], found["Z_untreated"], rtol=1e-9)


@pytest.mark.parametrize(("level", "gain"), [(10.0, 2.954), (40.0, 2.0), (75.0, 1.0249)])
def test_gain_of_absorption_by_repletion(level: float, gain: float) -> None:
    """Threefold in deficiency, 1.0 to 1.1 in the replete."""
    found = solve_many("vitamin_d", {"C_0": own(level)}, [0.0, 1e-3], "gain", ports={"occupancy": 0.0})["gain"]

    assert found[0, 0] == pytest.approx(gain, abs=0.0006)


@pytest.mark.parametrize(("switch", "level", "factor"), [(0.0, 10.0, 1.0), (1.0, 10.0, 2.954), (1.0, 75.0, 1.0249)])
def test_repletion_brings_the_gain_when_switched_on(switch: float, level: float, factor: float) -> None:
    """From 1 at the own baseline; 20,000 IU a day for a year replete anybody."""
    columns = {"C_0": own(level), "absorption_on": switch, "D3": 20000.0}
    model = compose_response("vitamin_d", columns, {"occupancy": 0.0})
    found = model.run(np.array([0.0, 52 * WEEK]), "vitamin_D_absorption")["vitamin_D_absorption"]

    assert found[0] == pytest.approx(1.0, abs=1e-9)
    assert found[1] == pytest.approx(factor, abs=0.005)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

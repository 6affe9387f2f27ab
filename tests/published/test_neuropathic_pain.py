"""Neuropathic pain: the table of rats at day 14, the lasting state of people, and the keep-in-sight null."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many
from tests.published.responses.neuropathic_pain import ROWS, lasting, rat

WEEK = 168.0


@pytest.mark.parametrize(
    ("injury", "magnesium", "s", "grams"),
    [(0.0, 1.0, 0.0, 15.0), (1.0, 0.783, 0.787, 6.15), (1.0, 1.0, 0.615, 8.08), (1.0, 1.05, 0.604, 8.20)],
)
def test_rats_at_day_14(injury: float, magnesium: float, s: float, grams: float) -> None:
    found = rat(magnesium, injury)

    assert found["s"] == pytest.approx(s, abs=0.00055)
    assert found["MWT"] == pytest.approx(grams, abs=0.0055)


def test_the_untreated_rat_is_the_one_with_the_deficit() -> None:
    found = rat(1.0)

    assert found["MWT_untreated"] == pytest.approx(6.15, abs=0.0055)
    assert rat(0.783)["MWT"] == pytest.approx(found["MWT_untreated"], rel=1e-9)


@pytest.mark.parametrize(
    ("rise", "change", "points"),
    [(0.05, -1.59, -0.10), (0.07, -2.21, -0.13), (0.15, -4.62, -0.28), (0.30, -8.84, -0.53)],
)
def test_lasting_state_of_people(rise: float, change: float, points: float) -> None:
    s, rating = lasting(1.0 + rise)

    assert s == pytest.approx(change, abs=0.0055)
    assert rating == pytest.approx(points, abs=0.0055)


@pytest.mark.parametrize(("level", "change"), [(1.05, -4.1), (1.07, -5.7), (1.15, -11.4), (0.783, 23.0)])
def test_block_at_minus_50_mV(level: float, change: float) -> None:
    columns = {"magnesium_on": 1.0}
    opened = solve_many("neuropathic_pain", columns, [0.0, 1e-3], "opened", ports={"Mg_csf_relative": level})["opened"]

    assert 100.0 * (opened[0, 0] - 1.0) == pytest.approx(change, abs=0.055)


def test_people_start_in_the_lasting_state_and_stay() -> None:
    ports = {"Mg_csf_relative": 1.0}
    found = solve_many("neuropathic_pain", {}, [0.0, 12 * WEEK], "s", "T", ports=ports)

    assert found["s"][0] == pytest.approx(0.625, rel=1e-8)
    assert found["T"][0] == pytest.approx(0.3, rel=1e-8)


def test_off_by_default_and_equal_to_placebo() -> None:
    """CSF magnesium up by a third changes nothing; the rating falls with the placebo course alone."""
    times = np.linspace(0.0, 12 * WEEK, 13)
    ports = {"Mg_csf_relative": 1.3, "treatment_time": 12 * WEEK}
    found = solve_many("neuropathic_pain", {}, times, "NRS", "NRS_untreated", ports=ports)

    np.testing.assert_allclose(found["NRS"], found["NRS_untreated"], rtol=1e-12)
    assert found["NRS"][0, -1] == pytest.approx(6.0 * (1.0 - 0.3 * (1.0 - np.exp(-6.0))), rel=1e-6)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

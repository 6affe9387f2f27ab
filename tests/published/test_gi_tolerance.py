"""Tolerance of the gut: stool volumes, bands of the published recipe, and the draw of the shelf."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from tests.published.many import solve_many
from tests.published.responses.gi_tolerance import REGIMENS, ROWS, chances, recipe
from tests.responses import shelf_with
from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, simulate

STOOL = {
    "MgT 1 g": 17,
    "MgT 2 g": 36,
    "oxide 250 mg": 36,
    "citrate 300 mg": 78,
    "citrate 600 mg": 160,
    "chloride 360 mg": 95,
    "oxide 452 mg": 64,
    "oxide 500 mg": 71,
    "oxide 576 mg": 82,
    "oxide 603 mg": 86,
    "oxide 1000 mg": 145,
}
BANDS = {
    "placebo": (6, 2.6, 11.5),
    "MgT 1 g": (6, 2.6, 12),
    "MgT 2 g": (6, 2.8, 12),
    "oxide 250 mg": (6, 2.7, 13),
    "citrate 300 mg": (8, 3, 18),
    "citrate 600 mg": (13, 5, 42),
    "chloride 360 mg": (9, 3, 22),
    "oxide 452 mg": (7, 3, 17),
    "oxide 500 mg": (8, 3, 18),
    "oxide 576 mg": (8, 3, 22),
    "oxide 603 mg": (8, 3, 23),
    "oxide 1000 mg": (12, 4, 44),
    "antacid 1200 mg": (33, 9, 83),
    "antacid 1200 mg, half dissolved": (14, 5, 44),
}
EXCESS = {
    "placebo": (0, 0, 0),
    "MgT 1 g": (0, 0, 0.3),
    "MgT 2 g": (0, 0, 2),
    "oxide 250 mg": (0, 0, 3),
    "citrate 300 mg": (0.7, 0, 10),
    "citrate 600 mg": (6, 0.1, 36),
    "chloride 360 mg": (1.4, 0, 15),
    "oxide 452 mg": (0.3, 0, 9),
    "oxide 500 mg": (0.5, 0, 11),
    "oxide 576 mg": (0.9, 0, 15),
    "oxide 603 mg": (1.0, 0, 16),
    "oxide 1000 mg": (5, 0, 37),
    "lactate 504 mg": (4, 0, 27),
}


@pytest.mark.parametrize("name", STOOL)
def test_extra_stool(name: str) -> None:
    """Within the rounding of the absorbed share to whole percents."""
    ports = {"unabsorbed_soluble": REGIMENS[name].unabsorbed}
    stool = solve_many("gi_tolerance", {}, [0.0, 1e-3], "stool", ports=ports)["stool"][0, 0]

    assert stool == pytest.approx(STOOL[name], abs=1.3)


@pytest.mark.parametrize("name", BANDS)
def test_band_of_a_new_trial(name: str) -> None:
    middle, low, high = BANDS[name]
    found = np.percentile(chances(name)[0], [50, 5, 95])

    assert found == pytest.approx([middle, low, high], abs=0.6, rel=0.05)


@pytest.mark.parametrize("name", EXCESS)
def test_excess_over_placebo(name: str) -> None:
    middle, low, high = EXCESS[name]
    found = np.percentile(chances(name)[1], [50, 5, 95])

    assert found == pytest.approx([middle, low, high], abs=0.6, rel=0.05)


@pytest.mark.parametrize(
    ("name", "compound", "mg"), [("MgT 2 g", "l_threonate", 144), ("citrate 600 mg", "citrate", 600)]
)
def test_extra_stool_of_the_whole_body(name: str, compound: str, mg: float) -> None:
    """The typical subject on a diet of 300 mg, from swallowing to stool, two doses a day."""
    scenario = Scenario(
        compound=compound, elemental_mg=mg, doses_per_day=2, dietary_mg=300.0, days=21, subjects=1,
        hypothesis="null", endpoints=("stool_water",),
    )  # fmt: skip
    found = simulate(scenario, read_catalogue()).arm(compound, "null").responses
    stool = found.filter(found["endpoint"] == "stool_water")["value"]

    assert stool[-1] == pytest.approx(STOOL[name], abs=1.0)


def test_distribution_function() -> None:
    """The polynomial against the exact normal distribution, from one loose stool in a million to all."""
    stool = 525.0 * np.exp(0.75 * np.linspace(-5.0, 5.0, 201))
    ports = {"unabsorbed_soluble": stool / 7.3}
    found = solve_many("gi_tolerance", {}, [0.0, 1e-3], "excess_chance", ports=ports)["excess_chance"][:, 0]

    np.testing.assert_allclose(found, norm.cdf(np.linspace(-5.0, 5.0, 201)), atol=1e-7)
    assert np.all(np.diff(found) > 0.0)


def test_no_supplement_is_the_background() -> None:
    names = ("loose_stool", "loose_stool_untreated")
    found = solve_many("gi_tolerance", {"p0": [0.02, 0.1]}, [0.0, 1e-3], *names, ports={"unabsorbed_soluble": 0.0})

    np.testing.assert_array_equal(found["loose_stool"], found["loose_stool_untreated"])


def test_the_shelf_draws_the_recipe() -> None:
    """Log-SDs and correlation of midpoint and slope are those of the recipe; the background is close to it."""
    rows = shelf_with("gi_tolerance").responses["gi_tolerance"].parameters
    midpoint, slope, link = (rows[f"gi_tolerance.{name}", "human"] for name in ("W50", "sigma", "sigma_slope"))
    carried = link.value * midpoint.uncertainty_sd
    whole = np.hypot(carried, slope.uncertainty_sd)

    assert midpoint.uncertainty_sd == 0.45
    assert whole == pytest.approx(0.34, abs=0.001)
    assert carried / whole == pytest.approx(0.56, abs=0.002)

    background = rows["gi_tolerance.p0", "human"]
    quantiles = background.value * np.exp(background.uncertainty_sd * norm.ppf([0.05, 0.5, 0.95]))
    assert quantiles == pytest.approx(np.percentile(recipe()["p0"], [5, 50, 95]), abs=0.008)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets

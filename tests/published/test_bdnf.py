"""BDNF in animals: nothing without a gain, and the gain that the reports would need."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.courses import courses
from tests.responses import shelf_with
from threonate.evidence import Species

LONG = (0.0, 24.0 * 14 * 30)


@pytest.mark.parametrize("species", ["human", "rat"])
def test_it_stands_still_without_a_gain(species: Species) -> None:
    found = courses("bdnf", {"nmda_receptors": 1.6}, LONG, "bdnf.B", "bdnf.B_untreated", species=species)

    assert found["bdnf.B"] == pytest.approx(found["bdnf.B_untreated"], abs=0.0)


@pytest.mark.parametrize(("reported", "gain"), [(1.36, 5.6), (1.55, 8.6)])
def test_gain_that_the_reports_would_need(reported: float, gain: float) -> None:
    """SP014 and SP015, with the receptors that the block alone gives at +7 % magnesium."""
    gains = np.linspace(0.0, 12.0, 121)
    found = courses(
        "bdnf", {"Mg_synapse": 0.73 * 1.07, "Mg_ecf_relative": 1.07, "bdnf.e_B": gains}, LONG, "bdnf.B", species="rat"
    )

    assert np.interp(reported, found["bdnf.B"][:, -1], gains) == pytest.approx(gain, abs=0.06)


def test_the_arrow_is_off_and_has_no_number() -> None:
    response = shelf_with("bdnf").responses["bdnf"]

    assert not response.links["receptors_to_bdnf"].default_on
    assert response.parameters["bdnf.e_B", "human"].value == 0.0
    assert response.about.species == ("rat",)

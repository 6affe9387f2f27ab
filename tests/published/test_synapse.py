"""Synapses: density follows receptors in rats, stays put in people, and falls back after stopping."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.courses import courses
from tests.responses import compose_response

DAY = 24.0


def test_density_settles_at_the_root_of_the_receptors() -> None:
    receptors = np.array([1.0, 1.064, 1.138, 1.42])
    found = courses("synapse", {"nmda_receptors": receptors, "synapse.density_on": 1.0}, (0, 20000), "synapse.D")

    assert found["synapse.D"][:, -1] == pytest.approx(np.sqrt(receptors), abs=1e-6)


def test_people_keep_the_synapses_they_have() -> None:
    found = courses("synapse", {"nmda_receptors": 1.4}, (0, 5000), "synapse.D", "synapse.D_untreated")

    assert found["synapse.D"] == pytest.approx(found["synapse.D_untreated"], abs=0.0)


def test_rats_have_both_links_on() -> None:
    found = courses(
        "synapse",
        {"Mg_synapse": 0.73 * 1.07, "Mg_ecf_relative": 1.07},
        (0, 20000),
        "nmda.N",
        "synapse.D",
        species="rat",
    )

    assert found["nmda.N"][0, -1] == pytest.approx(1.064, abs=0.0006)
    assert found["synapse.D"][0, -1] == pytest.approx(1.064**0.5, abs=0.0006)


def test_nine_tenths_of_the_gain_are_left_twelve_days_after_stopping() -> None:
    """Aged rats kept the gain about 12 d, young ones lost it [SP019]: the model has no age and misses the young."""
    level = "piecewise(0.73 * 1.07, time < 1440, 0.73)"
    ratio = "piecewise(1.07, time < 1440, 1)"
    rat = compose_response("synapse", ports={"Mg_synapse": level, "Mg_ecf_relative": ratio}, species="rat")
    gain = rat.run(np.array([0.0, 60.0, 72.0, 150.0]) * DAY, "synapse.D")["synapse.D"] - 1.0

    assert gain[2] / gain[1] == pytest.approx(0.89, abs=0.01)
    assert gain[3] / gain[1] < 0.05


def test_release_falls_where_magnesium_is_higher() -> None:
    found = courses("synapse", {"Mg_ecf_relative": np.array([1.0, 1.07, 1.15])}, (0, 1), "synapse.release")

    assert found["synapse.release"][:, 0] == pytest.approx([1.0, 1 / 1.021, 1 / 1.045])

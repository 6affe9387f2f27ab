"""The flip-flop as published, not calibrated."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.many import solve_many

DAYS = np.arange(0.0, 41 * 24.0, 24.0)


@pytest.mark.parametrize(("cut", "hours"), [(-2.0, 6.4), (-5.0, 6.1)])
def test_sleep_length(cut: float, hours: float) -> None:
    slept = solve_many("flip_flop", {"V_cut": cut}, DAYS, "slept")["slept"][0]

    assert np.diff(slept)[-7:] / 60.0 == pytest.approx(hours, abs=0.05)


@pytest.mark.parametrize("width", [0.02, 0.1])
def test_the_width_of_the_cut_does_not_matter(width: float) -> None:
    slept = solve_many("flip_flop", {"V_width": [width, 0.05]}, DAYS, "slept")["slept"]

    assert np.diff(slept)[0, -1] == pytest.approx(np.diff(slept)[1, -1], abs=0.02)

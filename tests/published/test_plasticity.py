"""Plasticity: the closed form against the printed values, and against calcium stepped in time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import erfc

from tests.published.courses import courses

STRENGTH = "plasticity.strength"
FACTORS = np.array([0.90, 1.00, 1.02, 1.07, 1.20])


def strengths(given: dict[str, np.ndarray | float], *symbols: str) -> dict[str, np.ndarray]:
    whole = {name if name.startswith("nmda_") else f"plasticity.{name}": value for name, value in given.items()}
    found = courses("plasticity", whole, (0.0, 1.0), STRENGTH, *(f"plasticity.{symbol}" for symbol in symbols))
    return {name.removeprefix("plasticity."): values[:, 0] for name, values in found.items()}


def test_sixty_pairs_at_one_hertz() -> None:
    found = strengths({"dt": np.array([10.0, -10.0, -30.0])})["strength"]

    assert found == pytest.approx([1.22, 0.88, 0.78], abs=0.0051)


@pytest.mark.parametrize(
    ("dt", "expected"),
    [(10.0, (1.211, 1.221, 1.223, 1.228, 1.238)), (-10.0, (0.838, 0.882, 0.890, 0.909, 0.951))],
)
def test_change_with_the_calcium_of_the_first_spike(dt: float, expected: tuple[float, ...]) -> None:
    found = strengths({"dt": dt, "C_pre": FACTORS})["strength"]

    assert found == pytest.approx(expected, abs=0.00051)


def test_oral_sizes_hardly_move_it() -> None:
    """Two and seven percent: at most 0.6 % more potentiation, one to three points less depression."""
    up = strengths({"dt": 10.0, "C_pre": np.array([1.0, 1.02, 1.07])})["strength"]
    down = strengths({"dt": -10.0, "C_pre": np.array([1.0, 1.02, 1.07])})["strength"]

    assert np.all(np.diff(up) > 0.0)
    assert up[2] / up[0] - 1.0 < 0.006
    assert 100.0 * (down[1:] - down[0]) == pytest.approx([0.8, 2.7], abs=0.1)


def test_burst_calcium_counts_only_where_the_link_is_on() -> None:
    off = strengths({"nmda_burst_calcium": np.array([1.0, 1.2]), "calcium_on": 0.0})["strength"]
    on = strengths({"nmda_burst_calcium": np.array([1.0, 1.2]), "calcium_on": 1.0})["strength"]

    assert off[0] == off[1] == on[0]
    assert on[1] == pytest.approx(1.238, abs=0.00051)


@pytest.mark.parametrize(
    ("dt", "period"), [(-60.0, 1000.0), (-10.0, 1000.0), (13.0, 1000.0), (-10.0, 60.0), (5.0, 60.0), (14.0, 60.0)]
)
def test_time_above_thresholds_equals_that_of_stepped_calcium(dt: float, period: float) -> None:
    """Calcium of the twelfth period in steps of 1 us; at 60 ms the jumps of one pair still see those of the last."""
    found = strengths({"dt": dt, "period": period}, "share_p", "share_d")
    jumps = sorted([(0.0, 1.0 if dt >= 13.7 else 2.0), (abs(dt - 13.7), 2.0 if dt >= 13.7 else 1.0)])
    clock = np.arange(0.0, period, 0.001) + 0.0005
    calcium = np.zeros_like(clock)
    for start, size in jumps:
        for earlier in range(12):
            since = clock - start + earlier * period
            calcium += np.where(since >= 0.0, size * np.exp(-since / 20.0), 0.0)

    assert found["share_p"][0] == pytest.approx(np.mean(calcium > 1.3), abs=0.003 / period)
    assert found["share_d"][0] == pytest.approx(np.mean(calcium > 1.0), abs=0.003 / period)


def test_the_tail_in_the_text_is_that_of_the_normal() -> None:
    found = strengths({"dt": np.linspace(-60.0, 60.0, 241)}, "z_up", "z_down", "up", "down")
    up, down = 0.5 * erfc(found["z_up"]), 0.5 * erfc(-found["z_down"])

    assert found["up"] == pytest.approx(up, abs=1e-7)
    assert found["down"] == pytest.approx(down, abs=1e-7)
    assert found["strength"] == pytest.approx(0.5 * (1 - up + down + 5 * (up + 1 - down)) / 3.0, abs=1e-6)


def test_the_drift_is_the_solution_for_a_noisy_synapse() -> None:
    """Mean and variance after one minute, written out for +10 ms."""
    gap = 3.7
    peak = 1 + 2 * math.exp(-gap / 20)
    share_p, share_d = ((gap + 20 * math.log(peak / level)) / 1000 for level in (1.3, 1.0))
    pull_p, pull_d = 321.808 * share_p, 200 * share_d
    left = math.exp(-60 * (pull_p + pull_d) / 150)
    mean, variance = pull_p / (pull_p + pull_d), 2.8284**2 * (share_p + share_d) / (pull_p + pull_d) / 2 * (1 - left**2)
    up = 0.5 * math.erfc((0.5 - mean * (1 - left)) / math.sqrt(2 * variance))

    assert strengths({"dt": 10.0}, "up")["up"][0] == pytest.approx(up, abs=1e-6)

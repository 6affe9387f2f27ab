"""What moves what: one constant at a time, the size of each effect as first written down; and slow recoveries."""

from __future__ import annotations

import numpy as np
import pytest

from tests import protocol
from tests.baselines.test_reference_numbers import body_content, daily
from tests.protocol import HEPTAHYDRATE_G_PER_MOL, Drip, Protocol, diet, mealtimes
from threonate.engine import Tolerance


def moved(name: str, factor: float) -> tuple[float, float]:
    """Change of level and of urine on 300 mg a day when one constant is multiplied."""
    constant = protocol.body(()).network.parameters[name]
    before, after = protocol.steady(300), protocol.steady(300, **{name: constant * factor})
    return after.level - before.level, after.urine - before.urine


@pytest.mark.parametrize(
    ("name", "factor", "level"),
    [
        ("kidney_T", 1.03, 0.026),
        ("kidney_T", 0.97, -0.026),
        ("kidney_fu", 1.03, -0.025),
        ("kidney_fu", 0.97, 0.026),
        ("gut_Vm", 1.25, 0.012),
    ],
)
def test_the_level_is_set_by_threshold_and_binding(name: str, factor: float, level: float) -> None:
    assert moved(name, factor)[0] == pytest.approx(level, abs=0.0011)


@pytest.mark.parametrize(
    ("name", "factor", "urine"),
    [
        ("gut_Vm", 0.8, -0.64),
        ("gut_Vm", 1.25, 0.76),
        ("gut_t_transit", 0.8, -0.37),
        ("gut_t_transit", 1.25, 0.41),
        ("gut_k_fed", 0.8, 0.21),
        ("gut_k_fed", 1.25, -0.24),
    ],
)
def test_urine_is_set_by_absorption(name: str, factor: float, urine: float) -> None:
    assert moved(name, factor)[1] == pytest.approx(urine, abs=0.011)


@pytest.mark.parametrize("name", ["soft_tissue_PS", "soft_tissue_eta", "bone_PS", "bone_eta", "bone_B_0"])
def test_tissues_are_not_identified_by_level_and_urine(name: str) -> None:
    assert moved(name, 1.25) == pytest.approx((0.0, 0.0), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "factor", "shift"),
    [("gut_t_transit", 0.8, -0.3), ("gut_t_transit", 1.25, 0.4), ("gut_k_fast", 0.8, 0.25), ("gut_k_fast", 1.25, -0.2)],
)
def test_time_of_the_citrate_peak(name: str, factor: float, shift: float) -> None:
    constant = protocol.body(()).network.parameters[name]
    before = protocol.single_dose(300, "citrate")
    after = protocol.single_dose(300, "citrate", **{name: constant * factor})

    assert after.peak_h - before.peak_h == pytest.approx(shift, abs=0.06)


def test_level_that_balances_one_gram_per_hour() -> None:
    rate = 1000.0 / HEPTAHYDRATE_G_PER_MOL

    assert protocol.balancing_level(24.0 * rate, {}) == pytest.approx(1.66, abs=0.006)
    assert protocol.balancing_level(24.0 * (rate + protocol.background()), {}) == pytest.approx(1.69, abs=0.006)


def test_refeeding_after_severe_depletion() -> None:
    days = 7 + 100 + 28
    doses = diet(300, 7) + diet(10, 100, first_day=7) + diet(300, 28, first_day=107)
    course = protocol.run(Protocol(24.0 * days, doses, meals=mealtimes(days), step_h=24.0, tolerance=Tolerance.TIGHT))
    level, urine = daily(course)
    content = body_content(course)

    assert (level[-1], urine[-1]) == pytest.approx((0.845, 3.92), abs=0.011)
    assert content[-1] - content[107] == pytest.approx(20.0, abs=0.6)
    assert content[7] - content[107] == pytest.approx(38.0, abs=0.6)


def test_plasma_before_breakfast_lies_below_the_mean_of_the_day() -> None:
    doses = diet(327, 7) + diet(107, 72, first_day=7)
    course = protocol.run(Protocol(24.0 * 79, doses, meals=mealtimes(79), step_h=1.0, tolerance=Tolerance.TIGHT))
    last = course.times_h >= 24.0 * 78
    mean = np.diff(course.of("integral_Mg_plasma")[0, [np.argmax(last), -1]])[0] / 24.0
    before = course.of("Mg_plasma")[0, np.searchsorted(course.times_h, 24.0 * 78 + 7.0)]

    assert before - mean == pytest.approx(-0.013, abs=0.0011)


def test_infusion_is_what_moves_the_level_and_nothing_else() -> None:
    flat = protocol.background()
    course = protocol.run(Protocol(48.0, drips=[Drip(0.0, 48.0, flat)], step_h=1.0))

    assert np.ptp(course.of("Mg_plasma")[0]) < 1e-6

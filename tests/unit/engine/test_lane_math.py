"""Own elementary functions against 80-bit ones, in units of the last place."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.lane_calls import apply, compile_function

extended = pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="needs 80-bit floats to compare with")
rng = np.random.default_rng(7)


def units(found, exact):
    """Error in units of the last place."""
    return np.abs((found.astype(np.longdouble) - exact) / np.spacing(np.abs(exact.astype(np.float64)))).astype(float)


@extended
@pytest.mark.parametrize(
    ("name", "reference", "points"),
    [
        ("lane_exp", np.exp, np.concatenate([rng.uniform(-700, 700, 4000), rng.uniform(-1, 1, 4000)])),
        ("lane_log", np.log, np.concatenate([np.exp(rng.uniform(-700, 700, 4000)), rng.uniform(0.4, 2.5, 4000)])),
        ("lane_atan", np.arctan, np.concatenate([rng.uniform(-3, 3, 4000), rng.normal(0, 1e5, 4000)])),
    ],
)
def test_functions_are_right_to_the_last_digits(name, reference, points):
    found = apply(compile_function(name, 1), points)

    assert units(found, reference(points.astype(np.longdouble))).max() < 2.0


@extended
@pytest.mark.parametrize(("name", "reference"), [("lane_sin", np.sin), ("lane_cos", np.cos)])
def test_circular_functions(name, reference):
    points = np.concatenate([rng.uniform(-10, 10, 4000), rng.uniform(-1e6, 1e6, 4000)])
    found = apply(compile_function(name, 1), points)

    assert np.abs(found - reference(points.astype(np.longdouble))).max() < 2.3e-16


@extended
def test_power():
    a, b = np.exp(rng.uniform(-5, 5, 8000)), rng.uniform(-8, 8, 8000)
    found = apply(compile_function("lane_pow", 3), a, b, np.log(a))
    exact = a.astype(np.longdouble) ** b

    assert (units(found, exact) / (1.0 + np.abs(b * np.log(a)))).max() < 2.0


def test_edges():
    inf, nan = np.inf, np.nan
    points = np.array([0.0, inf, -inf, nan, -1.0, 5e-324, 1e-310, 1.0])
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(apply(compile_function("lane_log", 1), points), np.log(points), rtol=1e-15)
        np.testing.assert_allclose(apply(compile_function("lane_exp", 1), points), np.exp(points), rtol=1e-15)
        np.testing.assert_allclose(apply(compile_function("lane_atan", 1), points), np.arctan(points), rtol=1e-15)
        low = np.array([-746.0, -745.0, -720.0, 709.78, 710.0])
        np.testing.assert_allclose(apply(compile_function("lane_exp", 1), low), np.exp(low), rtol=1e-12)
        a = np.array([0.0, 0.0, 0.0, -2.0, -2.0, -2.0, 1.5, nan])
        b = np.array([2.0, 0.0, -1.5, 3.0, 2.0, 0.5, 0.0, 2.0])
        found = apply(compile_function("lane_pow", 3), a, b, np.log(np.abs(a)))
        np.testing.assert_allclose(found, np.power(a, b), rtol=1e-15)
    assert np.isnan(apply(compile_function("lane_sin", 1), np.array([1e7, nan, inf]))).all()


@pytest.mark.parametrize("odd", [0.0, -2.0, 5e-324, np.inf, np.nan])
def test_an_odd_number_in_one_lane_does_not_change_the_others(odd):
    """With one lane that is not an ordinary positive number, all lanes go another way to the same digits."""
    usual = np.exp(rng.uniform(-50, 50, 80))
    mixed = usual.copy()
    mixed[3::8] = odd
    kept = np.arange(80) % 8 != 3
    b = rng.uniform(-3, 3, 80)
    with np.errstate(all="ignore"):
        for name, rest in (
            ("lane_log", ()),
            ("lane_pow", (b, np.log(usual))),
            ("lane_known_pow", (b, np.log(usual), b)),
        ):
            code = compile_function(name, 1 + len(rest))
            alone, among = apply(code, usual, *rest), apply(code, mixed, *rest)
            np.testing.assert_array_equal(alone[kept], among[kept], err_msg=name)


@pytest.mark.parametrize("name", ["lane_sin", "lane_cos"])
def test_a_wave_without_amplitude_is_not_computed(name):
    points, amplitude = rng.uniform(-1e3, 1e3, 64), np.where(np.arange(64) % 3 == 0, 0.0, 0.7)
    amplitude[:16] = 0.0
    points[5] = 1e300
    found = apply(compile_function(f"{name}_where", 2), points, amplitude)

    with np.errstate(invalid="ignore"):
        plain = apply(compile_function(name, 1), points)
    np.testing.assert_array_equal(found, np.where(amplitude == 0.0, 0.0, plain))

"""Own elementary functions against 80-bit ones, in units of the last place."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import log

import numpy as np
import pytest

from tests.unit.engine.lane_calls import apply, compile_function
from threonate.engine.codegen.llvm_math import _EXP

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


def chebyshev_points(count: int, end: Decimal) -> list[Decimal]:
    """Zeros of the polynomial of Chebyshev on (-end, end), to the digits of the context, by Newton from doubles."""
    found = []
    for i in range(count):
        x = Decimal(float(np.cos(np.pi * (2 * i + 1) / (2 * count))))
        for _ in range(4):
            before, value, slope_before, slope = Decimal(1), x, Decimal(0), Decimal(1)
            for _ in range(count - 1):
                before, value, slope_before, slope = (
                    value,
                    2 * x * value - before,
                    slope,
                    2 * value + 2 * x * slope - slope_before,
                )
            x -= value / slope
        found.append(x * end)
    return found


def test_the_polynomial_of_exp_is_the_one_that_it_says():
    with localcontext() as context:
        context.prec = 60
        end = Decimal(2).ln() / 2 * Decimal("1.0005")
        points = chebyshev_points(10, end)
        divided = [(x.exp() - 1 - x) / x**2 for x in points]
        for j in range(1, len(points)):
            for i in range(len(points) - 1, j - 1, -1):
                divided[i] = (divided[i] - divided[i - 1]) / (points[i] - points[i - j])
        powers = [divided[-1]]  # lowest first
        for value, x in zip(divided[-2::-1], points[-2::-1], strict=True):
            powers = [a - x * b for a, b in zip([Decimal(0), *powers], [*powers, Decimal(0)], strict=True)]
            powers[0] += value
        worst = Decimal(0)
        for step in range(-200, 201):
            r, series = end * step / 200, Decimal(0)
            for coefficient in _EXP:
                series = series * r + Decimal(coefficient)
            worst = max(worst, abs(series / r.exp() - 1))

    assert _EXP[:-2] == tuple(float(value) for value in reversed(powers))
    assert _EXP[-2:] == (1.0, 1.0)
    assert float(end) == pytest.approx(log(2.0) / 2, rel=1e-3)
    assert worst < Decimal("2e-17")

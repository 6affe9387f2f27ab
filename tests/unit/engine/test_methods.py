"""Published coefficients keep what they promise: order of the step, of its error estimate and of the dense output."""

from __future__ import annotations

import numpy as np
import pytest

from threonate.engine.kernels.methods import all_methods, method_named
from threonate.engine.kernels.tableau import Tableau
from threonate.engine.stiffness import EXPLICIT_METHOD, STABLE_PRODUCT
from threonate.errors import EngineError


def slope(t, y):
    """Explicit time enters both rows; the first solves to exp(sin t)."""
    return np.array([y[0] * np.cos(t), -2.0 * y[1] * y[0] + np.sin(t)])


def matrices(t, y):
    by_state = np.array([[np.cos(t), 0.0], [-2.0 * y[1], -2.0 * y[0]]])
    return by_state, np.array([-y[0] * np.sin(t), np.cos(t)])


def stages(method, t, y, h):
    by_state, by_time = matrices(t, y)
    matrix = np.eye(2) / (h * method.gamma) - by_state
    found: list[np.ndarray] = []
    for i in range(method.stages):
        inner = y + sum((a * k for a, k in zip(method.a[i], found, strict=True)), np.zeros(2))
        coupled = sum((c * k for c, k in zip(method.coupling[i], found, strict=True)), np.zeros(2)) / h
        right = slope(t + method.nodes[i] * h, inner) + coupled + h * method.drift[i] * by_time
        found.append(np.linalg.solve(matrix, right))
    return inner + found[-1], np.array(found)


def between(method, y, new, found, u):
    bend = sum(u**power * (np.array(row) @ found) for power, row in enumerate(method.dense))
    return (1 - u) * y + u * (new + (1 - u) * bend)


def solve(method, steps, end=1.0):
    y, h, middles, errors = np.array([1.0, 0.5]), end / steps, [], []
    for n in range(steps):
        new, found = stages(method, n * h, y, h)
        middles.append(between(method, y, new, found, 0.37))
        errors.append(np.abs(found[-1]).max())
        y = new
    return y, np.array(middles), max(errors)


def reference(steps):
    """The same with far smaller steps, at the end and inside every coarse step."""
    method, fine = method_named("rodas5p"), 8
    y, h, inside = np.array([1.0, 0.5]), 1.0 / steps, []
    for n in range(steps):
        for share, keep in ((0.37, True), (0.63, False)):
            step = share * h / fine
            begin = n * h + (0.0 if keep else 0.37 * h)
            for m in range(fine):
                y, _ = stages(method, begin + m * step, y, step)
            if keep:
                inside.append(y)
    return y, np.array(inside)


ROSENBROCK = sorted(name for name, method in all_methods().items() if isinstance(method, Tableau))
EXPLICIT = sorted(set(all_methods()) - set(ROSENBROCK))


@pytest.mark.parametrize("name", ROSENBROCK)
def test_orders(name):
    method = method_named(name)
    coarse, fine = 24, 48
    ends, middles, estimates = [], [], []
    for steps in (coarse, fine):
        exact_end, exact_middle = reference(steps)
        end, middle, estimate = solve(method, steps)
        ends.append(np.abs(end - exact_end).max())
        middles.append(np.abs(middle - exact_middle).max())
        estimates.append(estimate)
    order = np.log2(np.array([ends, middles, estimates])[:, 0] / np.array([ends, middles, estimates])[:, 1])

    assert order[0] > method.order - 0.4
    assert order[1] > method.dense_order + 0.7  # of the error inside a step
    assert order[2] > method.error_order - 0.5


@pytest.mark.parametrize("name", ROSENBROCK)
def test_damps_what_is_stiff(name):
    """The stability function vanishes at infinity."""
    method = method_named(name)
    z = -1e9
    found: list[float] = []
    for i in range(method.stages):
        inner = 1.0 + sum(a * k for a, k in zip(method.a[i], found, strict=True))
        coupled = sum(c * k for c, k in zip(method.coupling[i], found, strict=True))
        found.append((z * inner + coupled) / (1.0 / method.gamma - z))

    assert abs(inner + found[-1]) < 1e-6


def explicit_step(method, t, y, h):
    """End of the step, the larger estimate of the error, and the value inside by the interpolation of the method."""
    nodes = [*method.nodes, 1.0, *(node for _, node in method.extra)]
    rows = [*method.a, method.b, *(row for row, _ in method.extra)]
    slopes = []
    for row, node in zip(rows, nodes, strict=True):
        slopes.append(slope(t + node * h, y + h * sum((w * k for w, k in zip(row, slopes, strict=False)), 0.0 * y)))
    weighted = lambda row: h * sum(w * k for w, k in zip(row, slopes, strict=False))  # noqa: E731
    end = y + weighted(method.b)
    rise = end - y
    last = slopes[method.stages]
    terms = [rise, h * slopes[0] - rise, 2 * rise - h * (last + slopes[0]), *map(weighted, method.dense)]
    u, inside = 0.37, 0.0 * y
    for number, term in reversed(list(enumerate(terms))):
        inside = (inside + term) * (u if number % 2 == 0 else 1.0 - u)
    return end, [np.abs(weighted(row)).max() for row in method.errors], y + inside


def explicit_run(method, steps, end=2.0):
    y, h, inside, errors = np.array([1.0, 0.5], dtype=np.longdouble), np.longdouble(end) / steps, [], []
    for n in range(steps):
        y, error, middle = explicit_step(method, n * h, y, h)
        inside.append(middle)
        errors.append(error)
    return y, np.array(inside), np.array(errors).max(axis=0)


@pytest.mark.parametrize("name", EXPLICIT)
def test_orders_of_explicit_methods(name):
    method = method_named(name)
    exact = explicit_run(method, 1024)[0]
    ends, middles, estimates = [], [], []
    for steps in (8, 16):
        y, inside, errors = explicit_run(method, steps)
        ends.append(np.abs(y - exact).max())
        h = np.longdouble(2.0) / steps
        begins = [np.array([1.0, 0.5], dtype=np.longdouble)]
        for n in range(steps):
            begins.append(explicit_step(method, n * h, begins[-1], h)[0])
        true = []
        for n, begin in enumerate(begins[:-1]):
            point = begin
            for m in range(4):
                point = explicit_step(method, n * h + m * 0.37 * h / 4, point, 0.37 * h / 4)[0]
            true.append(point)
        middles.append(np.abs(inside - np.array(true)).max())
        estimates.append(errors)
    order = np.log2(float(ends[0] / ends[1]))
    inner = np.log2(float(middles[0] / middles[1]))
    of_estimates = np.log2(np.array(estimates, dtype=float)[0] / np.array(estimates, dtype=float)[1])

    assert order > method.order - 0.5
    assert inner > method.dense_order + 0.6  # of the error inside a step
    assert of_estimates[0] > 5.5  # h times a local error of order 5
    assert of_estimates[1] > 3.5


def growth(method, z):
    """What one step of an explicit method makes of 1 on y' = z y, with steps of length 1."""
    slopes: list[float] = []
    for row in (*method.a, method.b):
        inner = 1.0 + sum(w * k for w, k in zip(row, slopes, strict=False))
        slopes.append(z * inner)
    return inner


def test_the_explicit_method_damps_every_decay_that_it_is_given():
    """Its limit on the real axis is computed from the coefficients; the bound in use lies inside."""
    method = method_named(EXPLICIT_METHOD)
    products = np.linspace(0.0, 8.0, 8001)
    sizes = np.abs([growth(method, -product) for product in products])
    limit = products[np.argmax(sizes > 1.0)]

    assert abs(growth(method, -STABLE_PRODUCT)) <= 1.0
    assert limit > STABLE_PRODUCT
    assert limit == pytest.approx(6.39, abs=0.005)


def test_unknown_method_names_the_nearest():
    with pytest.raises(EngineError, match="Nearest: 'rodas5p'"):
        method_named("rodas5")

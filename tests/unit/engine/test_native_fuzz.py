"""Whatever is asked: a finite course or a status, never a crash, and the parts of a cohort as the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.test_native import CHAIN, people, table
from threonate.engine import Tolerance, compile_network
from threonate.engine.native import native_solver, solve_native, solve_with
from threonate.physiology import read_sbml
from threonate.schedule import ADD, SET

COMPILED = compile_network(read_sbml(CHAIN), ("G", "P"))
METHODS = ("rodas5p", "rodas4p", "dop853")
HOURS = np.linspace(0.0, 12.0, 5)
values = st.one_of(st.floats(1e-3, 50.0), st.sampled_from([0.0, -1.0, np.inf, np.nan, 1e300]))
times = st.sampled_from([0.0, 0.5, 1.0, 7.3, 12.0, 12.0000001])


@st.composite
def cohorts(draw):
    size = draw(st.integers(1, 65))
    rates = [[draw(values), draw(values)] for _ in range(min(size, 6))]
    rows = []
    for subject in range(size):
        for time in sorted(draw(st.lists(times, max_size=3)) if subject < 6 else [0.5]):
            rows.append((subject, time, *draw(st.sampled_from([(ADD, "G"), (SET, "inflow"), (SET, "k")])), 1.5))
    return [rates[i % len(rates)] for i in range(size)], rows


@settings(max_examples=40, deadline=None)
@given(cohorts(), st.sampled_from([1, 2, 4, 8]), st.integers(1, 3), st.sampled_from(METHODS))
def test_finite_or_a_status(cohort, lanes, threads, method):
    rates, rows = cohort
    course = solve_with(
        native_solver(COMPILED.network.sbml, COMPILED.observables, method, lanes),
        COMPILED,
        (people(rates), table(rows), HOURS),
        threads=threads,
    )

    for subject, status in enumerate(course.status):
        assert np.isfinite(course.values[subject]).all() == status.ok
        assert status.ok or status.sentence.endswith(".")


sound = st.floats(1e-3, 20.0)


@st.composite
def infusions(draw):
    """Doses and infusions that overlap, at the start, at the end and twice at one time."""
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        begin, length, rate = draw(times), draw(st.sampled_from([0.0, 0.5, 6.0])), draw(sound)
        rows += [(0, begin, ADD, "inflow", rate), (0, begin + length, ADD, "inflow", -rate)]
    rows += [(0, draw(times), ADD, "G", draw(sound)) for _ in range(draw(st.integers(0, 3)))]
    return sorted(rows, key=lambda row: row[1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(sound, sound), min_size=1, max_size=65), infusions(), st.sampled_from([1, 2, 4, 8]))
def test_methods_agree_on_every_width(rates, rows, lanes):
    """To what they promise, as a share of the peak, which dense rows find; and a width changes no bit."""
    question = (people([list(one) for one in rates]), table(rows), np.linspace(0.0, 12.0, 241))
    found = []
    for method in METHODS:
        one, other = (
            solve_with(
                native_solver(COMPILED.network.sbml, COMPILED.observables, method, width),
                COMPILED,
                question,
                tolerance=Tolerance.REFERENCE,
                threads=1,
            )
            for width in (lanes, 8)
        )
        assert one.ok.all()
        np.testing.assert_array_equal(one.values, other.values)
        found.append(one.values)

    size = np.abs(found[0]).max(axis=1, keepdims=True) + 1e-3
    for values_of_method in found[1:]:
        assert (np.abs(values_of_method - found[0]) / size).max() <= Tolerance.REFERENCE.promise


def test_nobody():
    course = solve_native(COMPILED, people(np.empty((0, 2))), table([]), np.array([0.0, 1.0]))

    assert course.values.shape == (0, 2, 2)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 64, 65])
def test_any_size(size):
    course = solve_native(COMPILED, people([[0.7, 0.3]] * size), table([]), np.array([0.0, 1.0]))

    assert course.ok.all()
    assert (course.values == course.values[0]).all()

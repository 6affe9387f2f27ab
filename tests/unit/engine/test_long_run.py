"""Years of a constant regimen: against plain stepping, within the promise, with fewer steps, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.event_rows import table
from tests.oracle.questions import body_question
from tests.unit.engine.sbml_texts import DERIVED, sbml
from tests.unit.engine.steady_texts import FLOW, inputs, network
from threonate.engine import native
from threonate.engine.long_run import LongRun, solve_long
from threonate.engine.native import solve_native
from threonate.engine.regimen_period import NotPeriodic
from threonate.engine.tolerance import Bounds
from threonate.errors import EngineError
from threonate.schedule import ADD, SET
from threonate.simulation import Scenario

TIGHT = Bounds(1e-9, 1e-12)
YEARS = 730
RHYTHM = sbml(
    """
model rhythm()
  hours = 24;
  x = 0; x' = 1 + 0.5 * sin(2 * pi * time / hours) - 0.002 * x - 1e-6 * x ^ 2;
end
"""
)


def largest_error(course, exact) -> np.ndarray:
    """(subject,) as a share of the largest value of each observable, or of 1e-6 where it is smaller, as promised."""
    size = np.maximum(np.abs(exact.values).max(axis=1, keepdims=True), 1e-6)
    return np.asarray((np.abs(course.values - exact.values) / size).max(axis=(1, 2)))


def daily(subjects: int, days: int):
    rows = [(s, 24.0 * d + 8.0, ADD, "A", 1.0 + s) for s in range(subjects) for d in range(days)]
    rows += [(s, 24.0 * d + 9.0, SET, "k", 1.5) for s in range(subjects) for d in range(days)]
    return rows + [(s, 24.0 * d + 20.0, SET, "k", 0.7) for s in range(subjects) for d in range(days)]


@pytest.mark.parametrize("accuracy", [1e-3, 1e-5])
def test_error_is_within_the_promise(accuracy):
    """A saturable way out and a store that fills over years."""
    flow = network(FLOW, "leave")
    given = inputs(flow, 3, inflow=[0.0, 0.2, 0.5], v=[0.0, 0.5, 3.0], e=[0.05, 0.02, 0.001])
    events = table(daily(3, YEARS))
    run = LongRun(24.0, YEARS, accuracy=accuracy, bounds=TIGHT)
    course = solve_long(flow, given, events, run)
    plain = solve_native(flow, given, events, course.times_h, tolerance=TIGHT)

    assert all(status.ok for status in course.status)
    assert (largest_error(course, plain) <= accuracy).all()
    assert (course.error <= accuracy).all()
    assert (course.mapped < YEARS / 4).all()


def test_the_first_days_may_differ():
    """A first week of double portions, then the constant regimen."""
    flow = network(FLOW)
    rows = daily(1, 200) + [(0, 24.0 * day + 12.0, ADD, "A", 1.0) for day in range(7)]
    course = solve_long(flow, inputs(flow), table(rows), LongRun(24.0, 200, bounds=TIGHT))
    plain = solve_native(flow, inputs(flow), table(rows), course.times_h, tolerance=TIGHT)

    assert largest_error(course, plain)[0] <= 1e-4


def test_an_infusion_over_midnight_repeats_from_the_second_day():
    """The rate goes up before midnight and down after it, added and taken away."""
    flow = network(FLOW, "feed")
    rows = [(0, 24.0 * d + 22.0, ADD, "inflow", 1.0) for d in range(120)]
    rows += [(0, 24.0 * d + 2.0, ADD, "inflow", -1.0) for d in range(1, 120)]
    course = solve_long(flow, inputs(flow, inflow=0.5), table(rows), LongRun(24.0, 120, settle=2, bounds=TIGHT))
    plain = solve_native(flow, inputs(flow, inflow=0.5), table(rows), course.times_h, tolerance=TIGHT)

    assert course.of("feed")[0].tolist() == [0.5, *[1.5] * 120]
    assert largest_error(course, plain)[0] <= 1e-4


def test_a_rhythm_of_the_model_itself():
    model = network(RHYTHM)
    course = solve_long(model, inputs(model), table([]), LongRun(24.0, 300, bounds=TIGHT))
    plain = solve_native(model, inputs(model), table([]), course.times_h, tolerance=TIGHT)

    assert largest_error(course, plain)[0] <= 1e-4
    with pytest.raises(NotPeriodic, match="'x' depends on time with another period"):
        solve_long(model, inputs(model, hours=25.0), table([]), LongRun(24.0, 300))


@pytest.mark.parametrize("rows", [[], [(s, 240.0, SET, "base", 2.0) for s in range(2)]], ids=["left alone", "moved"])
def test_a_parameter_by_formula_stays_as_the_start_made_it(rows):
    """Also when an event later moves what it was made of."""
    model = network(DERIVED, "y", "k")
    course = solve_long(model, inputs(model, 2, base=[1.0, 3.0]), table(rows), LongRun(24.0, 60, settle=20))

    np.testing.assert_allclose(course.values[:, 15], [[3.0, 6.0, 2.0], [1.0, 6.0, 6.0]], rtol=1e-4)
    np.testing.assert_allclose(course.values[:, -1], [[3.0, 6.0, 2.0], [1.0, 6.0, 6.0]], rtol=1e-4)


MISSED = [row for row in daily(1, 50) if row[1] != 24.0 * 30 + 8.0]
LARGER = [*daily(1, 50), (0, 24.0 * 30 + 8.0, ADD, "A", 0.1)]
LATER = [row if row[1] != 24.0 * 30 + 8.0 else (0, 24.0 * 30 + 8.5, *row[2:]) for row in daily(1, 50)]
DRIFT = [(0, 24.0 * day + 6.0, ADD, "inflow", 0.1) for day in range(50)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [(MISSED, "do not repeat"), (LARGER, "do not repeat"), (LATER, "do not repeat"), (DRIFT, "must end as it began")],
    ids=["missed", "larger", "later", "drift"],
)
def test_a_regimen_that_does_not_repeat_is_refused(rows, reason):
    flow = network(FLOW)
    with pytest.raises(NotPeriodic, match=reason):
        solve_long(flow, inputs(flow), table(rows), LongRun(24.0, 50))


@pytest.mark.parametrize("change", [{"period_h": 0.0}, {"settle": 0}, {"settle": 50}, {"accuracy": 0.0}])
def test_settings_that_make_no_sense(change):
    with pytest.raises(EngineError, match="it must be"):
        LongRun(**{"period_h": 24.0, "periods": 50, **change})


def test_failure_is_a_status():
    flow = network(FLOW)
    course = solve_long(flow, inputs(flow, 2, k=[np.nan, 0.7], e=0.3), table([]), LongRun(24.0, 60))

    assert [status.ok for status in course.status] == [False, True]
    assert np.isnan(course.values[0]).all()


def test_a_subject_depends_on_nobody_else():
    flow = network(FLOW)
    events = table(daily(2, 100))
    both = solve_long(flow, inputs(flow, 2, v=[0.0, 3.0]), events, LongRun(24.0, 100))
    one = solve_long(flow, inputs(flow, 1, v=[0.0]), table(daily(1, 100)), LongRun(24.0, 100))

    np.testing.assert_array_equal(both.values[0], one.values[0])


# ---- the product's own body

OBSERVED = ("Mg_plasma", "kidney_Mg_urine", "bone_Mg_deep", "soft_tissue_Mg_muscle", "csf_Mg_ecf", "gut_absorbed")


def two_years(subjects: int):
    """A supplement twice a day for two years."""
    scenario = Scenario(subjects=subjects, seed=4, days=YEARS - 1, run_in_days=1, hypothesis="threonate")
    return body_question(scenario, OBSERVED)[:3]


def test_two_years_of_the_body_in_a_fraction_of_the_steps(monkeypatch):
    compiled, given, events = two_years(3)
    steps = {"taken": 0}
    original = native.run_subjects

    def counted(solver, subjects, *rest):
        original(solver, subjects, *rest)
        steps["taken"] += int(subjects.counts.sum())

    monkeypatch.setattr(native, "run_subjects", counted)
    course = solve_long(compiled, given, events, LongRun(24.0, YEARS))
    few, steps["taken"] = steps["taken"], 0
    plain = solve_native(compiled, given, events, course.times_h, tolerance=Bounds(1e-5, 1e-8))
    many = steps["taken"]
    exact = solve_native(compiled, given, events, course.times_h, tolerance=TIGHT)

    assert all(status.ok for status in course.status)
    assert plain.ok.all()
    assert (largest_error(course, exact) <= 1e-4).all()
    assert (course.error <= 1e-4).all()
    assert many > 8 * few

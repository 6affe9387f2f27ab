"""Ten thousand people with three times the usual variability: each is solved, or has a sentence; and lanes agree."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from tests.oracle.questions import Question, relative_errors
from threonate.engine import SubjectInputs, Tolerance, Trajectories, compile_network
from threonate.engine.kernels.object_code import this_machine
from threonate.engine.native import native_solver, solve_with
from threonate.evidence import read_catalogue
from threonate.population import individual_parameters
from threonate.simulation import Scenario
from threonate.simulation.arms import solid_rates
from threonate.simulation.body import COURSE_COLUMNS, Body, build_body, subject_inputs
from threonate.simulation.plan import plan_arm
from threonate.simulation.run import draw

MANY = 10_000
WIDER = 3.0
TIMES = np.array([0.0, 24.0, 24.0 + 8.25, 48.0])


@lru_cache(maxsize=1)
def body() -> Body:
    return build_body(read_catalogue())


@lru_cache(maxsize=4)
def wild(count: int) -> Question:
    """People whose deviations are all tripled, on food and two portions a day, with an infusion."""
    catalogue = read_catalogue()
    scenario = Scenario(days=1, run_in_days=1, subjects=count, seed=5, iv_mgso4_g=4.0, compound_mg=2000.0,
                        compound="l_threonate")  # fmt: skip
    drawn = draw(scenario, catalogue)
    cohort = replace(
        drawn,
        between={name: WIDER * one for name, one in drawn.between.items()},
        uncertainty={name: WIDER * one for name, one in drawn.uncertainty.items()},
    )
    table = individual_parameters(cohort, catalogue, conditions=[])
    inputs = subject_inputs(body(), table, solid_rates(body(), cohort))
    events = plan_arm(scenario, cohort, catalogue, "l_threonate").events
    return Question(compile_network(body().network, tuple(COURSE_COLUMNS.values())), inputs, events, TIMES)


def solve(
    question: Question,
    lanes: int | None = None,
    method: str = "rodas5p",
    threads: int = 1,
    tolerance: Tolerance = Tolerance.DEFAULT,
) -> Trajectories:
    compiled = question.compiled
    solver = native_solver(compiled.network.sbml, compiled.observables, method, lanes)
    return solve_with(solver, compiled, question[1:], tolerance=tolerance, threads=threads)


def test_each_is_solved_or_has_a_sentence():
    question = wild(MANY)
    course = solve(question, threads=2)

    for row, status in enumerate(course.status):
        assert np.isfinite(course.values[row]).all() == status.ok
        assert status.ok or status.sentence.endswith(".")
    assert course.ok.mean() > 0.99


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_lanes_agree_and_company_does_not_count(lanes):
    """Bits are equal for any threads, order and company; between widths the last digits may differ."""
    question = wild(MANY).of(np.arange(65))
    whole = solve(question, lanes)
    order = np.random.default_rng(3).permutation(65)

    np.testing.assert_array_equal(solve(question, lanes, threads=2).values, whole.values)
    np.testing.assert_array_equal(solve(shuffled(question, order), lanes).values, whole.values[order])
    assert relative_errors(whole.values, solve(question, this_machine().lanes).values).max() < 1e-9


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65])
def test_any_number_of_people(size):
    whole = solve(wild(MANY).of(np.arange(65)))

    np.testing.assert_array_equal(solve(wild(MANY).of(np.arange(size))).values, whole.values[:size])


def test_two_methods_agree_and_the_promise_is_kept():
    question = wild(MANY).of(np.arange(200))
    first = solve(question, tolerance=Tolerance.REFERENCE)
    second = solve(question, method="rodas4p", tolerance=Tolerance.REFERENCE)
    usual = solve(question)

    solved = first.ok
    assert solved.mean() > 0.99
    np.testing.assert_array_equal(second.ok, solved)
    np.testing.assert_array_equal(usual.ok, solved)
    assert relative_errors(second.values[solved], first.values[solved]).max() <= Tolerance.REFERENCE.promise
    assert relative_errors(usual.values[solved], first.values[solved]).max() <= Tolerance.DEFAULT.promise


def shuffled(question: Question, order: np.ndarray) -> Question:
    """The same people in another order."""
    place = np.argsort(order)
    events, inputs = question.events, question.inputs
    subject = place[events.subject]
    rows = np.argsort(subject, kind="stable")
    moved = replace(
        events,
        subject=subject[rows],
        times_h=events.times_h[rows],
        target=events.target[rows],
        operation=events.operation[rows],
        value=events.value[rows],
    )
    people = SubjectInputs(inputs.symbols, inputs.values[order], inputs.states, inputs.start[order])
    return Question(question.compiled, people, moved, question.times_h)

"""Ten thousand people with three times the usual variability: each is solved, or has a sentence; and lanes agree."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from tests.oracle.questions import Question, relative_errors
from threonate.engine import SubjectInputs, Tolerance, Trajectories, compile_network
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
METHODS = ("rodas5p", "rodas4p", "dop853")
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


@pytest.mark.parametrize("method", METHODS)
def test_who_is_given_up_has_been_emptied(method):
    """A loss that does not lessen as the pool empties: sweat of a hundred times the usual, a kidney without threshold.

    With the median of these two values the same people are solved.
    """
    question = wild(MANY)
    few = question.of(np.flatnonzero(~solve(question, method=method).ok))
    values = few.inputs.values.copy()
    for name in ("plasma_sweat", "kidney_s"):
        column = question.inputs.symbols.index(name)
        values[:, column] = np.median(question.inputs.values[:, column])
    mended = SubjectInputs(few.inputs.symbols, values, few.inputs.states, few.inputs.start)

    assert 0 < len(values) < 0.002 * MANY
    assert all("singularity" in status.sentence for status in solve(few, method=method).status)
    assert solve(few._replace(inputs=mended), method=method).ok.all()


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_lanes_agree_and_company_does_not_count(lanes):
    """Bits are equal for any threads, order, company and width."""
    question = wild(MANY).of(np.arange(65))
    whole = solve(question, lanes)
    order = np.random.default_rng(3).permutation(65)

    np.testing.assert_array_equal(solve(question, lanes, threads=2).values, whole.values)
    np.testing.assert_array_equal(solve(shuffled(question, order), lanes).values, whole.values[order])
    np.testing.assert_array_equal(whole.values, solve(question).values)


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_any_number_of_workers(threads):
    question = wild(MANY).of(np.arange(700))

    np.testing.assert_array_equal(solve(question, threads=threads).values, solve(question).values)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65])
def test_any_number_of_people(size):
    whole = solve(wild(MANY).of(np.arange(65)))

    np.testing.assert_array_equal(solve(wild(MANY).of(np.arange(size))).values, whole.values[:size])


@pytest.mark.parametrize("other", METHODS[1:])
def test_two_methods_agree(other):
    question = wild(MANY).of(np.arange(200))
    first = solve(question, tolerance=Tolerance.REFERENCE)
    second = solve(question, method=other, tolerance=Tolerance.REFERENCE)

    solved = first.ok
    assert solved.mean() > 0.99
    np.testing.assert_array_equal(second.ok, solved)
    assert relative_errors(second.values[solved], first.values[solved]).max() <= Tolerance.REFERENCE.promise


def test_the_default_promise_among_wild_people():
    """Rodas5P keeps it for everybody; with explicit steps it is missed by a few whose rates lie far out."""
    question = wild(MANY).of(np.arange(200))
    truth = solve(question, tolerance=Tolerance.REFERENCE)
    solved = truth.ok
    errors = {
        method: relative_errors(solve(question, method=method).values[solved], truth.values[solved]).max(axis=1)
        for method in ("rodas5p", "dop853")
    }

    assert errors["rodas5p"].max() <= Tolerance.DEFAULT.promise
    assert (errors["dop853"] <= Tolerance.DEFAULT.promise).mean() >= 0.98
    assert errors["dop853"].max() <= 10.0 * Tolerance.DEFAULT.promise


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

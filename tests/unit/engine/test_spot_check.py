"""The spot check: who is chosen, what is found, and that it touches nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.engine.decay import dose, network, subjects, table
from threonate.engine import Tolerance, Trajectories, checked_numbers, solve_cohort
from threonate.engine.spot_check import AchievedError, check_course, largest_of
from threonate.engine.tolerance import tolerance_names
from threonate.errors import EngineError

TIMES = np.linspace(0.0, 24.0, 13)
ROWS = np.array([1, 4])


@pytest.fixture(scope="module")
def question():
    return subjects(6), table([dose(row, 1.0, 10.0 + row) for row in range(6)]), TIMES


@pytest.fixture(scope="module")
def course(question) -> Trajectories:
    return solve_cohort(network(), *question)


def test_who_is_checked_does_not_hang_on_who_else_is_there():
    many = checked_numbers(100_000)

    for count in (1000, 5000, 20_000):
        np.testing.assert_array_equal(checked_numbers(count), many[many < count])
    assert 900 < len(many) < 1100
    assert len(checked_numbers(24)) == 3
    assert checked_numbers(2).tolist() == [0, 1]


def test_a_sound_course_keeps_the_promise_and_is_not_touched(question, course):
    before = course.values.copy()
    found = check_course(network(), question, course, ROWS)

    assert found.kept
    assert found.warning == ""
    assert 0.0 < found.worst <= Tolerance.DEFAULT.promise
    assert (found.checked, found.subjects) == (2, 6)
    np.testing.assert_array_equal(course.values, before)


def test_a_spoiled_course_is_found_out(question, course):
    values = course.values.copy()
    values[4, 3, 0] *= 1.01
    found = check_course(network(), question, replace(course, values=values), ROWS)

    assert not found.kept
    assert found.warning.startswith(f"The error of {course.observables[0]} is ")
    assert found.worst == pytest.approx(0.01 * course.values[4, 3, 0] / course.values[4, :, 0].max(), rel=1e-3)


def test_only_who_was_solved_is_checked(question, course):
    status = tuple(replace(one, ok=row != 4) for row, one in enumerate(course.status))
    found = check_course(network(), question, replace(course, status=status), ROWS)
    nobody = check_course(network(), question, course, np.empty(0, dtype=np.int64))

    assert found.checked == 1
    assert nobody.sentence == "no spot check of 6 subjects was possible"


def test_who_cannot_be_confirmed_is_told():
    lost = AchievedError(("x",), (1e-9,), 3, 1, 100, 1e-5)

    assert not lost.kept
    assert lost.warning.startswith("1 of 3 subjects could not be solved tighter")


def test_several_solves_are_one_answer():
    first = AchievedError(("x", "y"), (1e-6, 3e-6), 3, 0, 100, 1e-5)
    second = AchievedError(("x", "z"), (2e-6, 1e-7), 3, 0, 100, 1e-5)

    assert largest_of([first, second]) == AchievedError(("x", "y", "z"), (2e-6, 3e-6, 1e-7), 3, 0, 100, 1e-5)
    assert largest_of([]) is None


def test_names_of_tolerances():
    assert tolerance_names() == ("fast", "default", "reference")
    with pytest.raises(EngineError, match="There is no tolerance 'tight'"):
        Tolerance.named("tight")
